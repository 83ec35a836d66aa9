import InputText
import SimulationKernel

extension Faults {
  var tree: JSONTree {
    switch self {
    case .drawn(let budget): budget.tree
    case .scripted(let faults): .array(faults.map(\.tree))
    }
  }
}

extension DrawnFaults {
  var tree: JSONTree {
    .object([
      .init("crashes", .integer(crashes)),
      .init("restarts", .integer(restarts)),
      .init("powerLosses", .integer(powerLosses)),
      .init("clusterPowerLosses", .integer(clusterPowerLosses)),
      .init("partitions", .integer(partitions)),
      .init("oneWayCuts", .integer(oneWayCuts)),
      .init("slowLinks", .integer(slowLinks)),
      .init("nodes", .array(nodes.map { .string($0.name) })),
      .init("window", window.tree),
      .init("restartAfter", restartAfter.tree),
      .init("partitionFor", partitionFor.tree),
      .init("swarm", .boolean(variation == .swarm)),
    ])
  }
}

extension ScriptedFault {
  var tree: JSONTree {
    .object(trigger.members(besides: ScenarioReader.target(action)) + action.members)
  }
}

extension FaultTrigger {
  /// - Parameter target: the node that the fault hits, which need not be named again.
  func members(besides target: NodeReference?) -> [JSONTree.Member] {
    func passing(_ node: NodeReference?) -> [JSONTree.Member] {
      guard let node, node != target else { return [] }
      return [.init("node", .string(node.name))]
    }
    switch self {
    case .after(let time):
      return [.init("after", time.tree)]
    case .crashPoint(let label, let node, let occurrence):
      return [.init("at", .string(label)), .init("occurrence", .integer(occurrence))]
        + passing(node)
    case .request(let number, let label, let node):
      return [.init("request", .integer(number)), .init("label", .string(label))] + passing(node)
    case .effect(let effect, let step, let node):
      return [.init("step", .integer(step)), .init("effect", .integer(effect))] + passing(node)
    }
  }
}

extension FaultAction {
  var members: [JSONTree.Member] {
    func node(_ tag: String, _ node: NodeReference) -> JSONTree.Member {
      .init(tag, .string(node.name))
    }
    func link(_ tag: String, _ first: NodeReference, _ second: NodeReference) -> JSONTree.Member {
      .init(tag, .array([.string(first.name), .string(second.name)]))
    }
    func end(_ until: VirtualDuration?) -> [JSONTree.Member] {
      until.map { [.init("to", $0.tree)] } ?? []
    }
    switch self {
    case .crash(let hit): return [node("crash", hit)]
    case .restart(let hit): return [node("restart", hit)]
    case .powerLoss(let hit): return [node("powerLoss", hit)]
    case .powerLossOfAll: return [.init("powerLoss", .string("all"))]
    case .cut(let first, let second, let direction, let until):
      return [link("cut", first, second)] + end(until)
        + [.init("oneWay", .boolean(direction == .oneWay))]
    case .heal(let first, let second): return [link("heal", first, second)]
    case .isolate(let hit, let until): return [node("isolate", hit)] + end(until)
    }
  }
}

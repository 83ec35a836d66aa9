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
    .object(
      [
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
        .init("slowBy", slowBy.tree),
      ] + (storage.isEmpty ? [] : [.init("storage", .object(storage.map(\.member)))])
        + [.init("swarm", .boolean(variation == .swarm))])
  }
}

extension ScriptedFault {
  var tree: JSONTree {
    func node(_ tag: String, _ node: NodeReference) -> JSONTree.Member {
      .init(tag, .string(node.name))
    }
    func link(_ tag: String, _ first: NodeReference, _ second: NodeReference) -> JSONTree.Member {
      .init(tag, .array([.string(first.name), .string(second.name)]))
    }
    func ends(_ from: VirtualDuration, _ to: VirtualDuration?) -> [JSONTree.Member] {
      [.init("from", from.tree)] + (to.map { [.init("to", $0.tree)] } ?? [])
    }
    switch self {
    case .failure(let server, let cause, let trigger):
      return .object(trigger.members + [node(cause == .crash ? "crash" : "powerLoss", server)])
    case .powerLossOfAll(let after):
      return .object([.init("after", after.tree), .init("powerLoss", .string("all"))])
    case .restart(let server, let after):
      return .object([.init("after", after.tree), node("restart", .server(server))])
    case .cut(let first, let second, let direction, let from, let to):
      return .object(
        [link("cut", first, second)] + ends(from, to)
          + [.init("oneWay", .boolean(direction == .oneWay))])
    case .heal(let first, let second, let after):
      return .object([link("heal", first, second), .init("after", after.tree)])
    case .isolation(let isolated, let from, let to):
      return .object([node("isolate", isolated)] + ends(from, to))
    case .storage(let server, let request, let after):
      return .object(
        [node(request.fault.word.key, server), .init("after", after.tree)] + request.members)
    }
  }
}

extension FaultTrigger {
  var members: [JSONTree.Member] {
    switch self {
    case .after(let time):
      return [.init("after", time.tree)]
    case .crashPoint(let label, let request, let occurrence):
      let occurrence = JSONTree.Member("occurrence", .integer(occurrence))
      guard let request else { return [.init("at", .string(label)), occurrence] }
      return [.init("request", .integer(request)), .init("label", .string(label)), occurrence]
    case .effect(let effect, let step):
      return [.init("step", .integer(step)), .init("effect", .integer(effect))]
    }
  }
}

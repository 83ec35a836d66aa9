import ClusterSimulation
import ScenarioFiles
import SimulationKernel

extension ScenarioConversion {
  var faults: FaultPlan {
    switch scenario.faults {
    case .drawn(let drawn): .drawn(convert(drawn))
    case .scripted(let faults): .scripted(faults.compactMap { convert($0) })
    }
  }

  private func convert(_ drawn: ScenarioFiles.DrawnFaults) -> ClusterSimulation.DrawnFaults {
    var faults = ClusterSimulation.DrawnFaults()
    faults.crashes = drawn.crashes
    faults.restarts = drawn.restarts
    faults.powerLosses = drawn.powerLosses
    faults.clusterPowerLosses = drawn.clusterPowerLosses
    faults.partitions = drawn.partitions
    faults.oneWayCuts = drawn.oneWayCuts
    faults.slowLinks = drawn.slowLinks
    faults.targets = drawn.nodes.compactMap { selector($0) }
    faults.largestDown = scenario.assumptions.down
    faults.window = drawn.window
    faults.restartAfter = DurationRange(drawn.restartAfter.min, drawn.restartAfter.max)
    faults.partitionFor = DurationRange(drawn.partitionFor.min, drawn.partitionFor.max)
    faults.slowBy = DurationRange(drawn.slowBy.min, drawn.slowBy.max)
    faults.storage = drawn.storage.map { kind in
      var storage = DrawnStorageFaults(kind.word, count: kind.count)
      storage.file = kind.file
      storage.pages = kind.pages
      storage.remains = kind.remains
      storage.stall = DurationRange(kind.stall.min, kind.stall.max)
      return storage
    }
    faults.drawsSubset = drawn.variation == .swarm
    return faults
  }

  private func convert(_ fault: ScenarioFiles.ScriptedFault) -> ClusterSimulation.ScriptedFault? {
    switch fault {
    case .failure(let server, let cause, let trigger):
      selector(server).map { failure(of: $0, cause == .crash ? .process : .powerLoss, trigger) }
    case .powerLossOfAll(let after): .clusterPowerLoss(at: .start + after)
    case .restart(let number, let after): .restart(layout.server(number - 1), at: .start + after)
    case .cut(let first, let second, let direction, let from, let to):
      link(first, second).map {
        .cut(
          from: $0.0, to: $0.1, oneWay: direction == .oneWay, start: .start + from, end: end(to))
      }
    case .heal(let first, let second, let after):
      link(first, second).map { .heal($0.0, $0.1, at: .start + after) }
    case .isolation(let node, let from, let to):
      node.node(in: layout).map { .isolate($0, start: .start + from, end: end(to)) }
    case .storage(let server, let request, let after):
      selector(server).map { .storage($0, request, at: .start + after) }
    }
  }

  private func failure(
    of server: ServerSelector, _ kind: CrashKind, _ trigger: FaultTrigger
  ) -> ClusterSimulation.ScriptedFault {
    switch trigger {
    case .after(let delay): .crash(server, kind, at: .start + delay)
    case .crashPoint(let label, let request, let occurrence):
      .crashAtLabel(
        server, kind, LabelTrigger(label: label, requestOrdinal: request),
        occurrence: occurrence)
    case .effect(let effect, let step): .crashInStep(server, kind, step: step, effect: effect)
    }
  }

  private func end(_ until: VirtualDuration?) -> VirtualTime {
    until.map { .start + $0 } ?? .never
  }

  private func link(_ first: NodeReference, _ second: NodeReference) -> (NodeID, NodeID)? {
    guard let from = first.node(in: layout), let to = second.node(in: layout) else { return nil }
    return (from, to)
  }

  private func selector(_ reference: NodeReference) -> ServerSelector? {
    switch reference {
    case .server(let number): .server(layout.server(number - 1))
    case .role(let name): ServerRole(named: name).map { .role($0) }
    case .client, .coordinator, .host: nil
    }
  }
}

extension ServerRole {
  init?(named name: String) {
    let roles: [ServerRole] = [
      .idle, .primary, .backup, .head, .middle, .tail, .single, .joining,
    ]
    guard let role = roles.first(where: { "\($0)" == name }) else { return nil }
    self = role
  }
}

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
    faults.drawsSubset = drawn.variation == .swarm
    return faults
  }

  private func convert(_ fault: ScenarioFiles.ScriptedFault) -> ClusterSimulation.ScriptedFault? {
    switch fault.action {
    case .crash(let node): crash(node, .process, fault.trigger)
    case .powerLoss(let node): crash(node, .powerLoss, fault.trigger)
    case .powerLossOfAll: time(fault.trigger).map { .clusterPowerLoss(at: $0) }
    case .restart(let node):
      server(node).flatMap { node in time(fault.trigger).map { .restart(node, at: $0) } }
    case .cut(let first, let second, let direction, let until):
      link(first, second).flatMap { link in
        time(fault.trigger).map {
          .cut(
            from: link.0, to: link.1, oneWay: direction == .oneWay, start: $0, end: end(until))
        }
      }
    case .heal(let first, let second):
      link(first, second).flatMap { link in
        time(fault.trigger).map { .heal(link.0, link.1, at: $0) }
      }
    case .isolate(let node, let until):
      node.node(in: layout).flatMap { node in
        time(fault.trigger).map { .isolate(node, start: $0, end: end(until)) }
      }
    }
  }

  private func crash(
    _ node: NodeReference, _ kind: CrashKind, _ trigger: FaultTrigger
  ) -> ClusterSimulation.ScriptedFault? {
    switch trigger {
    case .after(let delay):
      return selector(node).map { .crash($0, kind, at: .start + delay) }
    case .crashPoint(let label, let place, let occurrence):
      return selector(place ?? node).map {
        .crashAtLabel($0, kind, LabelTrigger(label: label), occurrence: occurrence)
      }
    case .request(let ordinal, let label, let place):
      return selector(place ?? node).map {
        .crashAtLabel(
          $0, kind, LabelTrigger(label: label, requestOrdinal: ordinal), occurrence: 1)
      }
    case .effect(let effect, let step, let place):
      return selector(place).map { .crashInStep($0, kind, step: step, effect: effect) }
    }
  }

  private func time(_ trigger: FaultTrigger) -> VirtualTime? {
    if case .after(let delay) = trigger { .start + delay } else { nil }
  }

  private func end(_ until: VirtualDuration?) -> VirtualTime {
    until.map { .start + $0 } ?? .never
  }

  private func server(_ reference: NodeReference) -> NodeID? {
    if case .server(let number) = reference { layout.server(number - 1) } else { nil }
  }

  private func link(_ first: NodeReference, _ second: NodeReference) -> (NodeID, NodeID)? {
    guard let from = first.node(in: layout), let to = second.node(in: layout) else { return nil }
    return (from, to)
  }

  private func selector(_ reference: NodeReference) -> ServerSelector? {
    switch reference {
    case .server(let number): .server(layout.server(number - 1))
    case .role(let name): ServerRole(named: name).map { .role($0) }
    case .client, .coordinator: nil
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

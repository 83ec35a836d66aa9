import ClusterSimulation
import NetworkSimulation
import ScenarioFiles
import SimulationKernel

/// From what a scenario of mode `measure` says to what one run does.
struct MeasureConversion {
  let scenario: Scenario
  let entry: CatalogEntry

  private var settings: MeasureSettings { scenario.measure }

  /// With several volumes each has one client node, which speaks for all clients.
  func runner() -> ClusterRunner {
    let conversion = ScenarioConversion(scenario, entry)
    var setting = conversion.setting
    if settings.volumes > 1 { setting.clients = 1 }
    guard let runner = entry.makeRunner(setting, conversion.plan) else {
      programmingError("the vocabulary lets a variant through that the protocol does not have")
    }
    return runner
  }

  var plan: MeasurePlan {
    let conversion = ScenarioConversion(scenario, entry).plan
    var plan = MeasurePlan()
    plan.workload = conversion.workload
    plan.updaterCount = settings.updaters
    plan.latency = conversion.network.latency
    plan.detectAfter = conversion.network.detectAfter
    plan.dispatch = settings.dispatch
    plan.giveUpAfter = settings.giveUpAfter
    plan.warmUp = settings.warmUp
    plan.duration = settings.duration
    plan.timeline = settings.timeline
    plan.windows = settings.windows.map {
      MeasurePlan.Window(name: $0.name, start: .start + $0.from, end: .start + $0.to)
    }
    plan.volumeCount = settings.volumes
    plan.hosts = hosts
    plan.messages = messages
    plan.faults = faults
    if entry.summary.roleNames.contains("tail") { plan.copiesFrom = .tail }
    return plan
  }

  private var hosts: HostPlan {
    var plan = HostPlan()
    plan.count = settings.hosts.count
    plan.cores = settings.hosts.cores
    plan.switching = settings.hosts.switching
    plan.rebootAfter = settings.hosts.rebootAfter
    plan.placement = settings.hosts.placement == .ring ? .ring : .random
    if !settings.hosts.servers.isEmpty {
      plan.placement = .fixed(
        (1...scenario.serverCount).map { server in
          settings.hosts.servers.firstIndex { $0.contains(server) } ?? 0
        })
    }
    return plan
  }

  private var messages: MessagePlan {
    var plan = MessagePlan()
    plan.costs = settings.messageCosts.map {
      MessagePlan.Cost(
        kind: $0.kind, role: $0.role.flatMap { ServerRole(named: $0) }, duration: $0.duration)
    }
    for size in settings.transfer.sizes { plan.sizes[size.kind] = size.bytes }
    plan.bandwidth = settings.transfer.bandwidth
    return plan
  }

  private var faults: [MeasuredFault] {
    guard case .scripted(let list) = scenario.faults else { return [] }
    return list.compactMap { fault in
      switch fault {
      case .failure(let node, let cause, .after(let time)):
        self.fault(node, cause == .crash ? .process : .powerLoss, at: .start + time)
      case .restart(let server, let time):
        .restart(NodeID(server - 1), at: .start + time)
      default: nil
      }
    }
  }

  private func fault(
    _ node: NodeReference, _ kind: CrashKind, at time: VirtualTime
  ) -> MeasuredFault? {
    switch node {
    case .host(let number): .hostFailure(number - 1, at: time)
    case .server(let number): .crash(.server(NodeID(number - 1)), kind, at: time)
    case .role(let role):
      ServerRole(named: role).map { .crash(.role($0), kind, at: time) }
    default: nil
    }
  }
}

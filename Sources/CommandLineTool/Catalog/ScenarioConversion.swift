import ClusterSimulation
import LinearizabilityChecking
import NetworkSimulation
import ScenarioFiles
import SimulationKernel

/// From what a scenario file says to what a campaign runs.
struct ScenarioConversion {
  let scenario: Scenario
  let summary: ProtocolSummary
  let layout: ClusterLayout

  init(_ scenario: Scenario, _ entry: CatalogEntry) {
    self.scenario = scenario
    summary = entry.summary
    layout = ClusterLayout(
      serverCount: scenario.serverCount, coordinatorName: entry.summary.coordinatorName,
      clientCount: scenario.clients.count)
  }

  var setting: RunnerSetting {
    RunnerSetting(
      servers: scenario.serverCount, clients: scenario.clients.count,
      deviations: scenario.variant == "correct" ? [] : [scenario.variant],
      options: scenario.protocolOptions,
      retry: RetryTiming(
        after: scenario.clients.retry.after, factor: scenario.clients.retry.factor,
        limit: scenario.clients.retry.limit),
      costs: scenario.costs, detector: scenario.assumptions.detector,
      diskProfile: scenario.assumptions.diskProfile,
      writeBackInterval: scenario.diskWriteBack > .zero ? scenario.diskWriteBack : nil,
      checks: CheckSet(scenario.checks.compactMap { CheckName(rawValue: $0) }),
      assumedNetwork: Set(scenario.assumptions.network),
      assumedStorage: Set(scenario.assumptions.storage),
      powerLoss: isDrawn ? .drawn : .open)
  }

  private var isDrawn: Bool {
    [.simulate, .measure].contains(scenario.run.mode)
      && scenario.run.powerLossDecision == .whenItStrikes
  }

  var plan: RunPlan {
    var plan = RunPlan()
    plan.workload = workload
    plan.network = network
    plan.faults = faults
    plan.limits.steps = scenario.run.stepBudget
    plan.limits.healWithin = scenario.run.healWithin
    plan.limits.settle = summary.typicalFailover * 2
    plan.isSwarm = scenario.run.variation == .swarm
    return plan
  }

  /// How the scenario enumerates crash points.
  var crashPointPlan: CrashPointPlan {
    var plan = CrashPointPlan()
    plan.depth = scenario.run.depth
    plan.includesScriptedFaults = true
    if case .drawn(let faults) = scenario.faults {
      plan.restartAfter = faults.restartAfter.min
    }
    return plan
  }

  // MARK: Network

  private var network: NetworkPlan {
    var network = NetworkPlan()
    let settings = scenario.network
    network.latency = LatencyModel(
      LatencyModel.Distribution(rawValue: settings.distribution.rawValue) ?? .uniform,
      from: settings.latency.min, to: settings.latency.max)
    network.loss = settings.loss
    network.duplication = settings.duplication
    network.reordering = settings.reordering
    network.slowness = settings.slowness.rate
    network.slowBy = range(settings.slowness.by)
    network.detectAfter = range(scenario.assumptions.detectAfter)
    if case .scripted(let script) = scenario.workload {
      network.delays = script.delays.compactMap { delay in
        guard let from = delay.sender.node(in: layout), let to = delay.receiver.node(in: layout)
        else { return nil }
        return LinkDelay(
          from: from, to: to, extra: delay.by, start: .start + delay.from,
          end: delay.to.map { .start + $0 } ?? .never)
      }
    }
    return network
  }

  private func range(_ span: DurationSpan) -> DurationRange {
    DurationRange(span.min, span.max)
  }

  // MARK: Workload

  private var workload: ClusterSimulation.Workload {
    var workload = ClusterSimulation.Workload()
    workload.clientCount = scenario.clients.count
    workload.openPerClient = scenario.clients.openOperations
    workload.readsAtEnd = scenario.clients.finalRead == .allKeys
    switch scenario.clients.space {
    case .keys(let count): workload.object = .keys(count)
    case .blocks(let count): workload.object = .blocks(count)
    }
    switch scenario.workload {
    case .drawn(let drawn):
      workload.operationsPerClient = drawn.operationsPerClient
      workload.mix = mix(drawn)
      workload.pattern =
        ClusterSimulation.Workload.Pattern(rawValue: drawn.pattern.rawValue) ?? .uniform
      workload.unaligned = drawn.unalignedFraction
      workload.think = range(drawn.think)
    case .scripted(let script): workload.script = operations(script)
    }
    return workload
  }

  private func mix(_ drawn: DrawnWorkload) -> ClusterSimulation.Workload.Mix {
    func weight(_ kind: OperationKind) -> Double {
      drawn.mix.filter { $0.kind == kind }.reduce(0) { $0 + $1.weight }
    }
    var mix = ClusterSimulation.Workload.Mix()
    mix.write = weight(.write)
    mix.read = weight(.read)
    mix.append = weight(.append)
    mix.draw = weight(.draw)
    mix.swap = weight(.swap)
    return mix
  }

  private func operations(_ script: Script) -> [[PlannedOperation]] {
    var planned: [[PlannedOperation]] = Array(repeating: [], count: scenario.clients.count)
    for (index, scripted) in script.operations.enumerated() {
      planned[scripted.client - 1].append(
        PlannedOperation(
          operation(scripted.kind, index: index), earliest: .start + scripted.notBefore,
          waits: scripted.wait == .prior))
    }
    return planned
  }

  private func operation(_ kind: ScriptedOperation.Kind, index: Int) -> Operation {
    switch kind {
    case .put(let key, let value): .put(key: key, value: value)
    case .get(let key): .get(key: key)
    case .append(let key, let value): .append(key: key, value: value)
    case .draw(let key): .putDrawn(key: key, value: "<d\(index + 1)>", outcomes: 4)
    case .swap(let key, let expected, let value):
      .compareAndSet(key: key, expected: expected, new: value)
    case .readBlocks(let first, let count): .readBlocks(first: first, count: count)
    case .writeBlocks(let first, let count, let value):
      .writeBlocks(first: first, count: count, value: value)
    }
  }
}

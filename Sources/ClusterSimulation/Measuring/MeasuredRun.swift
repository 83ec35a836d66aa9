import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// A driver over ``Cluster/apply(_:at:crash:)`` for long runs under load: machines have queues,
/// clients never run out of operations, and what counts is how long everything takes.
///
/// It differs from a ``SeededRun`` in three things. Work waits in one first-come-first-served queue
/// for each host, in place of being put off. There may be several volumes, clusters of their own
/// that share hosts and clients. And the run ends at a time, whatever is open.
///
/// Streams of the seed: `network`, `workload`, `placement` (which hosts servers run on), and
/// `choices` with the volume's number.
public struct MeasuredRun<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  @usableFromInline let plan: MeasurePlan
  @usableFromInline let layout: ClusterLayout
  @usableFromInline var volumes: [Cluster<Subject>]
  @usableFromInline var queue = EventQueue<MeasuredEvent>()
  @usableFromInline var now = VirtualTime.start
  @usableFromInline var networkStream: SeededStream
  @usableFromInline var workload: WorkloadSource
  @usableFromInline var placementStream: SeededStream

  @usableFromInline var hosts: [MeasuredHost]
  /// By server of all volumes: its host, by position.
  @usableFromInline var hostOfServer: [UInt16]
  /// By server of all volumes: whether it takes a step.
  @usableFromInline var isTakingStep: [Bool]
  /// By ordered pair of nodes of all volumes: the latest arrival so far.
  @usableFromInline var lastArrival: [VirtualTime]
  @usableFromInline var clients: [MeasuredClient]
  /// Clients that begin their next operation as soon as the step is done that completed the last.
  @usableFromInline var readyClients: [Int] = []
  @usableFromInline var meter: Meter
  @usableFromInline var recoveries: RecoveryQueue
  @usableFromInline var stepCount = 0
  /// The volume whose cluster had a violation first.
  @usableFromInline var violated: Int?
  @usableFromInline var isOver = false
  /// Notes the steps of one volume, if somebody asks.
  @usableFromInline var recorder: VolumeRecorder?
  /// What messages cost beyond their latency, if anything.
  @usableFromInline let weighsMessages: Bool
  @usableFromInline let sizesMessages: Bool

  public init(_ setting: ClusterSetting<Subject>, _ plan: MeasurePlan, seed: UInt64) {
    self.plan = plan
    networkStream = SeededStream(seed: seed, name: "network")
    placementStream = SeededStream(seed: seed, name: "placement")
    let count = min(max(1, plan.volumeCount), Int(UInt16.max))
    volumes = (0..<count).map { volume in
      let name = count == 1 ? "choices" : "choices \(volume)"
      return Cluster(setting, choices: Choices(stream: SeededStream(seed: seed, name: name)))
    }
    layout = volumes[0].layout
    // At the end at-most-once looks for what was appended twice.
    let checksHistory =
      setting.checks.contains(.linearizability) || setting.checks.contains(.atMostOnce)
    for volume in volumes.indices {
      volumes[volume].keepsHistory = checksHistory
      volumes[volume].keepsDigest = false
    }
    workload = WorkloadSource(plan, seed: seed)
    hostOfServer = HostPlacement(plan.hosts, layout.serverCount, volumeCount: count)
      .hosts(&placementStream)
    let hostCount = plan.hosts.count > 0 ? plan.hosts.count : count * layout.serverCount
    hosts = (0..<hostCount).map { _ in MeasuredHost(cores: max(1, plan.hosts.cores)) }
    isTakingStep = Array(repeating: false, count: hostOfServer.count)
    lastArrival = Array(
      repeating: .start, count: count * layout.nodeCount * layout.nodeCount)
    clients = (0..<plan.workload.clientCount).map { _ in MeasuredClient() }
    meter = Meter(plan)
    recoveries = RecoveryQueue()
    weighsMessages = !plan.messages.costs.isEmpty
    sizesMessages = plan.messages.bandwidth != nil && !plan.messages.sizes.isEmpty
    for host in hostOfServer { hosts[Int(host)].serverCount += 1 }
    // A milestone is worth its price where somebody may look for it.
    volumes[0].notesCrashPoints = plan.faults.contains { fault in
      if case .restart = fault { true } else { false }
    }
    begin(setting)
  }

  /// Runs to the end, or until the caller has enough.
  @inlinable
  public mutating func run(
    _ checker: inout StoreChecker, isCancelled: () -> Bool
  ) -> Measurement {
    while !isOver, let (time, event) = queue.popFirst() {
      now = time
      handle(event)
      while let client = readyClients.popLast() { invoke(client) }
      if violated != nil { break }
      if stepCount & 0xFFFF == 0, isCancelled() { return cancelled() }
    }
    return finish(&checker)
  }

  @inlinable
  mutating func handle(_ event: MeasuredEvent) {
    switch event {
    case .deliver(_, _, let node, _), .fire(_, let node, _, _), .resume(_, let node, _, _):
      if node.index < layout.serverCount {
        queueWork(event, server: node)
      } else {
        takeStep(event)
      }
    case .invoke(let client): invoke(Int(client))
    case .giveUp(let client, let number): giveUp(Int(client), number)
    case .coreFree(let host):
      hosts[Int(host)].noteCoreFree(now, meter.isOn)
      runWaiting(on: Int(host))
    case .serverFree(let server, let core):
      isTakingStep[Int(server)] = false
      if core != MeasuredEvent.noHost { hosts[Int(core)].noteCoreFree(now, meter.isOn) }
      runWaiting(on: Int(hostOfServer[Int(server)]))
    case .rare(let rare): handleRare(rare)
    }
  }

  /// Does what the event says, if it is still possible, and puts the consequences on the calendar.
  @inlinable
  mutating func takeStep(_ event: MeasuredEvent) {
    switch event {
    case .deliver(let volume, let sender, let receiver, let number):
      perform(.deliver(from: sender, to: receiver, number: number), Int(volume))
    case .fire(let volume, let node, let timer, let generation):
      guard volumes[Int(volume)].timers[node.index].generation(of: timer) == generation
      else { return }
      perform(.fire(node, timer), Int(volume))
    case .resume(let volume, let node, let continuation, let start):
      guard volumes[Int(volume)].processes[node.index].starts == Int(start) else { return }
      perform(.resume(node, Int(continuation)), Int(volume))
    default: break
    }
  }

  @inlinable
  mutating func perform(_ action: ClusterAction, _ volume: Int) {
    if weighsMessages { volumes[volume].serviceTime = serviceTime(of: action, volume) }
    guard volumes[volume].apply(action, at: now) else { return }
    stepCount += 1
    if recorder != nil { record(action, volume) }
    schedule(action, volume)
    if volumes[volume].violation != nil, violated == nil { violated = volume }
  }
}

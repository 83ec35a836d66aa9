import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// One run of a cluster whose every decision is drawn from a seed: a driver over
/// ``Cluster/apply(_:at:crash:)`` that keeps a calendar.
///
/// Streams of the seed: `network` (latency, loss, duplication, reordering), `faults` (what strikes,
/// when, whom), `workload` (operations and pauses), `choices` (what protocols and disks leave
/// open), `storage` (faults of disks, if there are any) and `swarm` (which of all these the seed
/// uses).
public struct SeededRun<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  public let seed: UInt64
  /// The plan as this seed uses it, swarm draws included.
  public let plan: RunPlan
  public var cluster: Cluster<Subject>
  /// Notes every step if it is to be replayed or told.
  public var recorder: StepRecorder?
  /// Collects what the run reaches, if anybody asks.
  public var coverage: Coverage?

  @usableFromInline var queue = EventQueue<ScheduledEvent>()
  @usableFromInline var networkStream: SeededStream
  @usableFromInline var workloadStream: SeededStream
  var faultStream: SeededStream
  var storageStream: SeededStream

  /// By node: when it has finished its last step.
  @usableFromInline var busyUntil: [VirtualTime]
  /// By ordered pair: the latest arrival so far, which later parcels do not undercut.
  @usableFromInline var lastArrival: [VirtualTime]
  @usableFromInline var disturbance: NetworkDisturbance
  @usableFromInline var phase = Phase.faults
  @usableFromInline var invocations: InvocationSchedule
  @usableFromInline var faults: FaultState
  @usableFromInline var exhausted: String?
  @usableFromInline var lastInvocation = VirtualTime.start
  var healTime = VirtualTime.never
  var lastCompletion = VirtualTime.start
  var settleTime = VirtualTime.start

  public init(_ setting: ClusterSetting<Subject>, _ scenarioPlan: RunPlan, seed: UInt64) {
    self.seed = seed
    var swarm = SeededStream(seed: seed, name: "swarm")
    plan = scenarioPlan.forSeed(&swarm)
    networkStream = SeededStream(seed: seed, name: "network")
    workloadStream = SeededStream(seed: seed, name: "workload")
    faultStream = SeededStream(seed: seed, name: "faults")
    storageStream = SeededStream(seed: seed, name: "storage")
    cluster = Cluster(
      setting, choices: Choices(stream: SeededStream(seed: seed, name: "choices")))
    let nodeCount = cluster.layout.nodeCount
    busyUntil = Array(repeating: .start, count: nodeCount)
    lastArrival = Array(repeating: .start, count: nodeCount * nodeCount)
    disturbance = NetworkDisturbance(plan.network)
    invocations = InvocationSchedule(plan.workload, &workloadStream)
    faults = FaultState()
    faults.hasStorage = plan.faults.hasStorageFaults && !cluster.disks.isEmpty
    if faults.hasStorage {
      cluster.disks.stream = SeededStream(seed: seed, name: "storage outcomes")
    }
  }

  /// Runs to the end and gives the verdict.
  @inlinable
  public mutating func run(_ checker: inout StoreChecker) -> RunResult {
    begin()
    while let (time, event) = queue.popFirst() {
      handle(event, at: time)
      if phase == .over || cluster.violation != nil { break }
      if cluster.stepCount >= plan.limits.steps {
        exhaust()
        break
      }
    }
    return finish(&checker)
  }

  @inlinable
  mutating func handle(_ event: ScheduledEvent, at time: VirtualTime) {
    switch event {
    case .deliver(let sender, let receiver, let number):
      if isPutOff(event, receiver, time) { return }
      deliver(number, from: sender, to: receiver, time)
    case .fire(let node, let timer, let generation):
      guard cluster.timers[node.index].generation(of: timer) == generation else { return }
      if isPutOff(event, node, time) { return }
      perform(.fire(node, timer), at: time)
    case .resume(let node, let continuation, let start):
      guard cluster.processes[node.index].starts == Int(start) else { return }
      if isPutOff(event, node, time) { return }
      perform(.resume(node, Int(continuation)), at: time)
    case .invoke(let client):
      let node = cluster.layout.client(Int(client))
      if isPutOff(event, node, time) { return }
      guard let operation = invocations.takeNext(client: Int(client)) else { return }
      lastInvocation = time
      perform(.invoke(node, operation), at: time)
      scheduleInvocations(client: Int(client))
    default: handleRare(event, at: time)
    }
  }

  /// A node that is busy meets the event when it has finished.
  @inlinable
  mutating func isPutOff(
    _ event: ScheduledEvent, _ node: NodeID, _ time: VirtualTime
  ) -> Bool {
    guard busyUntil[node.index] > time else { return false }
    queue.insert(event, at: busyUntil[node.index])
    return true
  }

  /// Delivers the first parcel of the channel, or this very one if the network reorders. A parcel
  /// that arrives over a cut link is lost.
  @inlinable
  mutating func deliver(
    _ number: UInt32, from sender: NodeID, to receiver: NodeID, _ time: VirtualTime
  ) {
    var parcel = number
    if !disturbance.reorders {
      guard let first = cluster.network.firstNumber(from: sender, to: receiver), first <= number
      else { return }
      parcel = first
      if first != number {
        queue.insert(.deliver(from: sender, to: receiver, number: number), at: time)
      }
    }
    if cluster.network.isCut(from: sender, to: receiver) {
      lose(parcel, from: sender, to: receiver, time)
    } else {
      perform(.deliver(from: sender, to: receiver, number: parcel), at: time)
    }
  }

  /// Applies an action and puts what it brought about on the calendar.
  @inlinable
  mutating func perform(_ action: ClusterAction, at time: VirtualTime) {
    var crash: CrashRequest?
    if faults.mayStrikeWithinStep { crash = crashRequest(action, time) }
    if recorder != nil { noteBefore(action) }
    if coverage != nil { coverBefore(action) }
    guard cluster.apply(action, at: time, crash: crash) else { return }
    if recorder != nil { noteAfter(action) }
    if coverage != nil { coverAfter() }
    schedule(action)
  }

  @usableFromInline
  mutating func exhaust() {
    exhausted = "the run took more than \(plan.limits.steps) steps"
  }
}

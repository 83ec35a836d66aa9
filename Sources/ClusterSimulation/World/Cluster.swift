import DiskSimulation
import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// The whole simulated world as a value: nodes, network, timers, disks, clients' open operations,
/// the history so far and the monitors that watch it.
///
/// A cluster does nothing by itself. `enabledActions` says what could happen next,
/// ``apply(_:at:crash:)`` makes one of those things happen; a driver chooses.
public struct Cluster<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  public let setting: ClusterSetting<Subject>
  public let layout: ClusterLayout

  public var now = VirtualTime.start
  public var servers: [Subject.Server]
  public var coordinator: Subject.Coordinator
  public var clients: [Subject.Client]
  /// By node index.
  public var processes: [ProcessState]
  public var timers: [TimerTable]
  /// Continuations that each node has put off, oldest first.
  public var postponed: [[Int]]
  public var network: Network<Subject.Message>
  public var disks: DiskShelf
  @usableFromInline var host: Host<Subject.Message>
  @usableFromInline var offeredDecisions: [UInt32] = []

  public var history = StoreHistory()
  @usableFromInline var openOperations: OpenOperations
  @usableFromInline var monitors: Monitors
  /// What the last action brought about.
  public var report = StepReport()
  @usableFromInline var digest: StableHasher
  public var stepCount = 0
  /// The first violation that a monitor saw.
  public var violation: Violation?
  /// When the disk is free for the next step's work, and what steps have asked of disks so far.
  @usableFromInline var fileWork = FileWork()
  /// Keeps the server that takes the next step busy before its first effect, beyond the handler's
  /// cost; a driver's.
  @usableFromInline var serviceTime = VirtualDuration.zero
  /// Whether steps are hashed; without, ``traceDigest`` says nothing.
  @usableFromInline var keepsDigest = true
  /// Whether operations are kept for a check of the history; without, the history stays empty.
  @usableFromInline var keepsHistory = true

  /// A cluster whose processes have not started.
  /// - Parameters:
  ///   - setting: what stays the same through all runs.
  ///   - choices: where outcomes of `choose` come from.
  public init(_ setting: ClusterSetting<Subject>, choices: Choices) {
    self.setting = setting
    let nodes = setting.nodes
    layout = nodes.layout
    servers = layout.servers.map { Subject.makeServer($0, nodes) }
    coordinator = Subject.makeCoordinator(nodes)
    clients = layout.clients.map { Subject.makeClient($0, nodes) }
    processes = Array(repeating: ProcessState(), count: layout.nodeCount)
    timers = Array(repeating: TimerTable(), count: layout.nodeCount)
    postponed = Array(repeating: [], count: layout.nodeCount)
    network = Network(nodeCount: layout.nodeCount)
    disks = DiskShelf(
      count: Subject.usesDisk ? layout.serverCount : 0, setting.diskProfile,
      checksummed: Subject.summary.checksummedFiles)
    if let study = setting.fileStudy, !disks.isEmpty {
      disks.study = FileStudyState(study, serverCount: layout.serverCount)
    }
    host = Host(layout: layout, costs: nodes.costs, choices: choices)
    openOperations = OpenOperations(clientCount: layout.clientCount)
    monitors = Monitors(setting.checks, layout: layout)
    digest = StableHasher(seed: 0)
  }

  /// The stable hash of every step so far: action, time, choices and the messages it sent.
  public var traceDigest: UInt64 { digest.finalize() }

  /// What the last step decided about an open disk, or about a storage fault, in order.
  public var lastDecisions: [DiskDecision] { disks.decisions }

  /// Makes the next step of a server, or of its disk, decide so about the disk.
  public mutating func offerDecisions(_ list: [UInt32]) {
    offeredDecisions = list
  }

  /// Whether what a driver does not decide is the first possibility, rather than drawn.
  public var explores: Bool {
    get { host.choices.explores }
    set { host.choices.explores = newValue }
  }

  /// Whether named crash points are noted in every step, for coverage.
  @usableFromInline var notesCrashPoints = false

  /// How many outcomes each choice of the last step had.
  public var lastBounds: [UInt32] { host.choices.bounds }

  /// The named crash points on a boundary of the last step.
  public func crashPoints(atBoundary effectCount: Int) -> [PassedCrashPoint] {
    host.crashPoints.filter { $0.effectCount == effectCount }
  }

  /// The stable hash of what monitors were told, kept while exploring.
  public var observationDigest: UInt64 { monitors.digest.finalize() }

  /// The outcomes that were chosen in the last step.
  public var lastChoices: [UInt32] { host.choices.taken }

  /// Whether the last step asked for other choices than a replay offered.
  public var choicesDiverged: Bool { host.choices.hasDiverged || host.choices.hasLeftovers }

  /// Makes the next step take its choices from a list.
  public mutating func offerChoices(_ list: [UInt32]) {
    host.choices.offer(list)
  }

  @usableFromInline
  mutating func finishDecisions() {
    for decision in disks.decisions { digest.combine(UInt64(decision.choice) | 1 << 32) }
    if !offeredDecisions.isEmpty { offeredDecisions.removeAll() }
  }

  /// Operations invoked and not completed, over all clients.
  public var openOperationCount: Int { openOperations.count }

  /// The requests that are open, by client and then by age.
  public var openRequests: [RequestID] { openOperations.requests }

  @inlinable
  public func isUp(_ node: NodeID) -> Bool { processes[node.index].isUp }

  /// The state that a protocol's assumptions speak about.
  public var facts: ClusterFacts<Subject> {
    ClusterFacts(
      layout: layout, servers: servers,
      isUp: layout.servers.map { isUp($0) },
      coordinator: layout.coordinator == nil ? nil : coordinator)
  }

  @inlinable
  var context: RunContext { RunContext(seed: 0, time: now) }
}

extension Cluster: Fingerprintable {
  /// Everything that can influence a later step, but not the time, the history or the monitors.
  public func fingerprint(into hasher: inout StableHasher) {
    for server in servers { hasher.combine(server) }
    hasher.combine(coordinator)
    for client in clients { hasher.combine(client) }
    for process in processes {
      hasher.combine(process.isUp)
      hasher.combine(process.starts)
    }
    for node in 0..<layout.nodeCount {
      for timer in timers[node].armed { hasher.combine(timer) }
      for continuation in postponed[node] { hasher.combine(continuation) }
      hasher.combine(postponed[node].count)
    }
    hasher.combine(network)
    hasher.combine(disks)
  }
}

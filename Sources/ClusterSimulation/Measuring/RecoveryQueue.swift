import SimulationKernel

/// Replicas that were lost with their hosts and are being made anew elsewhere, and what a restarted
/// server has reached so far.
@usableFromInline
struct RecoveryQueue: Sendable {
  /// A server of a volume that has to be placed on a host again.
  struct Lost: Hashable, Sendable {
    var volume: Int
    var node: NodeID
  }

  /// A replica that is being copied.
  struct Running: Hashable, Sendable {
    var replica: Lost
    var source: Int
    var target: Int
  }

  /// A named point that a restarted server has reached.
  struct Milestone: Hashable, Sendable {
    var label: String
    var time: VirtualTime
  }

  /// In the order in which they will be tried.
  var lost: [Lost] = []
  var running: [Running] = []
  var restartsWaiting: [NodeID] = []

  // What a restarted server of the first volume reaches.
  private(set) var watched: NodeID?
  private(set) var restarted = VirtualTime.start
  private(set) var milestones: [Milestone] = []
  private(set) var recovered: VirtualTime?

  /// Whether steps may be ones that count here.
  @usableFromInline var isWatching = false

  init() {}

  mutating func watch(_ node: NodeID, from time: VirtualTime) {
    watched = node
    restarted = time
    milestones = []
    recovered = nil
    isWatching = true
  }

  /// The first passing of each label counts.
  mutating func note(_ label: String, at time: VirtualTime) {
    guard !milestones.contains(where: { $0.label == label }) else { return }
    milestones.append(Milestone(label: label, time: time))
  }

  mutating func noteRecovered(at time: VirtualTime) {
    recovered = time
    updateWatching()
  }

  mutating func updateWatching() {
    isWatching = !running.isEmpty || (watched != nil && recovered == nil)
  }

  /// Whether a step of this server may be one that counts here.
  func concerns(_ volume: Int, _ node: NodeID) -> Bool {
    if volume == 0, node == watched { return true }
    return running.contains { $0.replica.volume == volume && $0.replica.node == node }
  }

  /// Whether a host is the source, or the target, of a copy.
  func isSource(_ host: Int) -> Bool { running.contains { $0.source == host } }
  func isTarget(_ host: Int) -> Bool { running.contains { $0.target == host } }
}

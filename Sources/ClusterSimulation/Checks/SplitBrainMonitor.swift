import SimulationKernel

/// Watches for two servers that answer clients on their own authority.
///
/// Reads: `accepted` and `answered` observations. An operation that was accepted in view n after an
/// answer had been given in a later view m must never be answered in n; and in one view only one
/// server answers. An answer of view n that comes late is no violation if its operation was
/// accepted before: it took effect before the later view began.
///
/// Rejects: s2, alone in view 2, answers c1; then s1, which still believes in view 1, accepts an
/// operation of c2 and answers it.
struct SplitBrainMonitor: Sendable {
  private struct Acceptance: Sendable {
    var request: Int32
    var epoch: Int
    /// The largest view in which anybody had answered when the operation was accepted.
    var largestAnswered: Int
  }

  private let layout: ClusterLayout
  private var largestAnswered = 0
  /// By client: acceptances of its latest requests.
  private var acceptances: [[Acceptance]]
  /// The server that answered in each of the latest views.
  private var answerers: [(epoch: Int, server: NodeID)] = []

  init(layout: ClusterLayout) {
    self.layout = layout
    acceptances = Array(repeating: [], count: layout.clientCount)
  }

  mutating func accepted(_ request: RequestID, epoch: Int) {
    let client = layout.clientIndex(of: request.client)
    for known in acceptances[client]
    where known.request == request.number && known.epoch == epoch { return }
    if acceptances[client].count >= 64 { acceptances[client].removeFirst(32) }
    acceptances[client].append(
      Acceptance(request: request.number, epoch: epoch, largestAnswered: largestAnswered))
  }

  mutating func answered(_ request: RequestID, epoch: Int, by server: NodeID) -> Violation? {
    let client = layout.clientIndex(of: request.client)
    largestAnswered = max(largestAnswered, epoch)
    for known in acceptances[client]
    where known.request == request.number && known.epoch == epoch && known.largestAnswered > epoch {
      return Violation(
        .splitBrain,
        "\(layout.name(of: server)) answered request \(request.number) of "
          + "\(layout.name(of: request.client)) in view \(epoch), accepted after answers had been "
          + "given in view \(known.largestAnswered)")
    }
    return other(than: server, epoch).map { other in
      Violation(
        .splitBrain,
        "both \(layout.name(of: other)) and \(layout.name(of: server)) answered in view \(epoch)")
    }
  }

  /// Another server that has answered in this view.
  private mutating func other(than server: NodeID, _ epoch: Int) -> NodeID? {
    if let last = answerers.last, last.epoch == epoch, last.server == server { return nil }
    for known in answerers where known.epoch == epoch {
      return known.server == server ? nil : known.server
    }
    if answerers.count >= 64 { answerers.removeFirst(32) }
    answerers.append((epoch, server))
    return nil
  }
}

extension SplitBrainMonitor: ClientRenamable {
  func renamed(by renaming: ClientRenaming) -> SplitBrainMonitor {
    var monitor = self
    monitor.acceptances = renaming.permuted(acceptances, firstNode: layout.client(0).index)
    return monitor
  }
}

extension SplitBrainMonitor {
  /// All that decides about later answers. Of an acceptance it matters only whether it came too
  /// late for its view, and of acceptances and answers not in which order they came; as long as
  /// nothing is forgotten, monitors that combine the same words find the same.
  func fingerprintOfFuture(into hasher: inout StableHasher) {
    hasher.combine(largestAnswered)
    for known in acceptances {
      for acceptance in known.sorted(by: { ($0.request, $0.epoch) < ($1.request, $1.epoch) }) {
        hasher.combine(Int(acceptance.request))
        hasher.combine(acceptance.epoch)
        hasher.combine(acceptance.largestAnswered > acceptance.epoch)
      }
      hasher.combine(known.count)
    }
    for answerer in answerers.sorted(by: { $0.epoch < $1.epoch }) {
      hasher.combine(answerer.epoch)
      hasher.combine(answerer.server)
    }
    hasher.combine(answerers.count)
  }
}

extension SplitBrainMonitor: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(largestAnswered)
    for known in acceptances {
      for acceptance in known {
        hasher.combine(Int(acceptance.request))
        hasher.combine(acceptance.epoch)
        hasher.combine(acceptance.largestAnswered)
      }
      hasher.combine(known.count)
    }
    for answerer in answerers {
      hasher.combine(answerer.epoch)
      hasher.combine(answerer.server)
    }
  }
}

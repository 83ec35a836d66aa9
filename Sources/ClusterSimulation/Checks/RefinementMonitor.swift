import SimulationKernel

/// Every step of a chain does one of the paper's transitions to the object as its clients see it,
/// or nothing (van Renesse and Schneider, OSDI 2004, section 2.2 and figure 1):
///
/// - T1, a request becomes pending; T2, a pending request is ignored: neither changes `Hist`;
/// - T3, a pending request is processed: an update is appended to `Hist`.
///
/// `Hist` is what the tail has applied, the tail being the replica that believes so. A server that
/// answers an update acts as tail through that update. So `Hist` only ever grows, by updates that
/// it did not contain. A step may do several transitions: the new tail of a shorter chain has what
/// its dead successor had not applied yet.
///
/// A joining server to which the old tail has handed its role over believes that it is the tail
/// before anybody else does. If the old tail dies now, the predecessor becomes the tail, with more
/// updates, while the other one still waits to be confirmed. What that one has applied is not
/// `Hist`, and need not grow to it; only its answers count.
///
/// Reads: `history`, `role` and `isReplica` of the servers, and `answered`. Rejects, for example: a
/// head answers an update and dies before it forwards it, so the next tail has a `Hist` without it.
struct RefinementMonitor: Sendable {
  /// `Hist`.
  private var object = UpdateLog()
  /// Answered in the step that is being looked at, whose history is not known yet.
  private var answers: [RequestID] = []
  private let layout: ClusterLayout

  init(layout: ClusterLayout) {
    self.layout = layout
  }

  /// A server answers a request; what it has applied by then is told at the end of the step.
  mutating func answered(_ request: RequestID) {
    answers.append(request)
  }

  /// The end of a step of a running server, with what it has applied.
  /// - Parameter isTail: whether the server is a replica and believes that it is the tail.
  mutating func stepped(
    _ server: NodeID, isTail: Bool, _ history: UpdateLog
  ) -> Violation? {
    var found: Violation?
    if isTail { found = become(history, at: server) }
    for request in answers where found == nil { found = processed(request, history, by: server) }
    answers.removeAll()
    return found
  }

  /// Who answers an update acts as tail through that update. It may do so late: another server has
  /// become the tail, with that update and more.
  private mutating func processed(
    _ request: RequestID, _ history: UpdateLog, by server: NodeID
  ) -> Violation? {
    guard let place = history.entries.firstIndex(where: { $0.request == request }) else {
      return nil
    }
    var log = UpdateLog()
    for entry in history.entries[...place] { log.append(entry) }
    return log.isPrefix(of: object) ? nil : become(log, at: server)
  }

  mutating func died() {
    answers.removeAll()
  }

  private mutating func become(_ log: UpdateLog, at server: NodeID) -> Violation? {
    let name = layout.name(of: server)
    if log.count == object.count, log.isPrefix(of: object) { return nil }
    guard object.isPrefix(of: log) else {
      return Violation(
        .refinement,
        "the object had \(object.count) updates and now has what \(name) applied, \(log.count) "
          + "updates that do not begin with them: no transition of the specification does that")
    }
    var seen = Set(object.entries.map(\.request))
    for entry in log.entries[object.count...] where !seen.insert(entry.request).inserted {
      let client = layout.name(of: entry.request.client)
      return Violation(
        .refinement,
        "\(name) processes request \(entry.request.number) of \(client) a second time: it is not "
          + "pending any more, so T3 cannot be")
    }
    object = log
    return nil
  }
}

extension RefinementMonitor: ClientRenamable {
  func renamed(by renaming: ClientRenaming) -> RefinementMonitor {
    var monitor = self
    monitor.object = object.renamed(by: renaming)
    monitor.answers = answers.renamed(by: renaming)
    return monitor
  }
}

extension RefinementMonitor: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(object)
    for request in answers { hasher.combine(request) }
  }
}

extension ServerNode {
  /// Whether the object that clients see is what this server has applied.
  @inlinable
  var actsAsTail: Bool { isReplica && (role == .tail || role == .single) }
}

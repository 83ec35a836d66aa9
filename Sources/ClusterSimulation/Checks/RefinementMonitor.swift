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
  /// `Hist`. It has its own storage: a replica's log would be copied as a whole with its next
  /// update if this were the same.
  private var object = UpdateLog()
  /// Where each request stands in `Hist`.
  private var places: [RequestID: Int] = [:]
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
    if isTail { found = become(history, upTo: history.count, at: server) }
    for request in answers where found == nil { found = processed(request, history, by: server) }
    answers.removeAll(keepingCapacity: true)
    return found
  }

  /// Who answers an update acts as tail through that update. It may do so late: another server has
  /// become the tail, with that update and more.
  private mutating func processed(
    _ request: RequestID, _ history: UpdateLog, by server: NodeID
  ) -> Violation? {
    if let place = places[request], isPrefix(place + 1, of: history) { return nil }
    guard let place = history.entries.firstIndex(where: { $0.request == request }) else {
      return nil
    }
    return isPrefix(place + 1, of: history)
      ? nil : become(history, upTo: place + 1, at: server)
  }

  /// Whether the first `count` updates of `history` exist and are those of `Hist`.
  private func isPrefix(_ count: Int, of history: UpdateLog) -> Bool {
    count <= history.count && count <= object.count
      && history.digest(ofFirst: count) == object.digest(ofFirst: count)
  }

  mutating func died() {
    answers.removeAll()
  }

  /// The object now has the first `count` updates of `log`.
  private mutating func become(_ log: UpdateLog, upTo count: Int, at server: NodeID) -> Violation? {
    guard count >= object.count, isPrefix(object.count, of: log) else {
      let name = layout.name(of: server)
      return Violation(
        .refinement,
        "the object had \(object.count) updates and now has what \(name) applied, \(count) "
          + "updates that do not begin with them: no transition of the specification does that")
    }
    for place in object.count..<count {
      let entry = log.entries[place]
      guard places.updateValue(place, forKey: entry.request) == nil else {
        let client = layout.name(of: entry.request.client)
        return Violation(
          .refinement,
          "\(layout.name(of: server)) processes request \(entry.request.number) of \(client) a "
            + "second time: it is not pending any more, so T3 cannot be")
      }
      object.append(entry)
    }
    return nil
  }
}

extension RefinementMonitor: ClientRenamable {
  func renamed(by renaming: ClientRenaming) -> RefinementMonitor {
    var monitor = self
    monitor.object = object.renamed(by: renaming)
    monitor.places = [:]
    for (place, entry) in monitor.object.entries.enumerated() {
      monitor.places[entry.request] = place
    }
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

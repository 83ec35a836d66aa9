import SimulationKernel

/// The two invariants of the chain replication paper (van Renesse and Schneider, OSDI 2004,
/// section 3), checked after every step for every pair of live servers of the current chain that
/// the step can have changed.
///
/// Reads: `currentView` of the coordinator, `history` and `sent` of the servers.
extension Cluster {
  @inlinable
  mutating func checkInvariants(after node: NodeID) {
    if monitors.checksRefinement { checkRefinement(after: node) }
    guard monitors.checksUpdatePropagation || monitors.checksInProcessRequests,
      violation == nil
    else { return }
    let chain = coordinator.currentView.members
    if layout.role(of: node) == .server {
      guard isUp(node), let position = chain.firstIndex(of: node) else { return }
      for other in chain.indices where other != position {
        checkPair(chain[min(position, other)], chain[max(position, other)])
      }
    } else {
      for first in chain.indices {
        for second in chain.indices where first < second {
          checkPair(chain[first], chain[second])
        }
      }
    }
  }

  @usableFromInline
  mutating func checkRefinement(after node: NodeID) {
    guard layout.role(of: node) == .server, isUp(node), let history = servers.history(of: node)
    else { return }
    let isTail = servers.actsAsTail(node)
    if let found = monitors.stepped(node, isTail: isTail, history: history) {
      reportViolation(found)
    }
  }

  /// Checks a server and one that comes after it in the chain.
  @inlinable
  mutating func checkPair(_ first: NodeID, _ second: NodeID) {
    guard isUp(first), isUp(second), let longer = servers.history(of: first),
      let shorter = servers.history(of: second)
    else { return }
    if !shorter.isPrefix(of: longer) {
      if monitors.checksUpdatePropagation { reportBrokenPrefix(first, second) }
      return
    }
    guard monitors.checksInProcessRequests else { return }
    let sent = servers.sent(of: first)
    if !isOrderedUnion(longer, shorter, sent) { reportBrokenSent(first, second) }
  }

  @usableFromInline
  mutating func reportBrokenPrefix(_ first: NodeID, _ second: NodeID) {
    let longer = servers[first.index].history?.entries ?? []
    let shorter = servers[second.index].history?.entries ?? []
    let common = zip(longer, shorter).prefix { $0 == $1 }.count
    let names = (layout.name(of: first), layout.name(of: second))
    var message =
      "the history of \(names.1) is not a prefix of \(names.0)'s: at place \(common + 1) "
    message += "\(names.1) has \(text(shorter, common)), \(names.0) has \(text(longer, common))"
    reportViolation(Violation(.updatePropagation, message))
  }

  @usableFromInline
  mutating func reportBrokenSent(_ first: NodeID, _ second: NodeID) {
    let names = (layout.name(of: first), layout.name(of: second))
    let counts = (
      servers[first.index].history?.count ?? 0, servers[second.index].history?.count ?? 0
    )
    reportViolation(
      Violation(
        .inProcessRequests,
        "\(names.0) has applied \(counts.0) updates and \(names.1) \(counts.1), but Sent of "
          + "\(names.0) holds \(servers[first.index].sent.count) and does not account for the "
          + "difference"))
  }

  private func text(_ entries: [UpdateLog.Entry], _ index: Int) -> String {
    guard entries.indices.contains(index) else { return "nothing" }
    let request = entries[index].request
    return "request \(request.number) of \(layout.name(of: request.client))"
  }
}

/// Answers of servers where they stand: a property of an array's element would copy the whole
/// server first, and these are asked after every step. Mutating, for what is changed in place is
/// not copied; they change nothing.
extension Array where Element: ServerNode {
  @inlinable
  mutating func history(of node: NodeID) -> UpdateLog? { self[node.index].historyInPlace() }

  @inlinable
  mutating func sent(of node: NodeID) -> [UpdateLog.Entry] { self[node.index].sentInPlace() }

  @inlinable
  mutating func actsAsTail(_ node: NodeID) -> Bool { self[node.index].actsAsTailInPlace() }
}

extension ServerNode {
  @inlinable
  mutating func historyInPlace() -> UpdateLog? { history }

  @inlinable
  mutating func sentInPlace() -> [UpdateLog.Entry] { sent }

  @inlinable
  mutating func actsAsTailInPlace() -> Bool { actsAsTail }
}

/// Whether `longer` is `shorter` followed by what `sent` adds to it: the last entries of `sent`
/// are the ones that `shorter` lacks, in order, and its other entries are in `shorter`.
@usableFromInline
func isOrderedUnion(
  _ longer: UpdateLog, _ shorter: UpdateLog, _ sent: [UpdateLog.Entry]
) -> Bool {
  let missing = longer.count - shorter.count
  if missing == 0, sent.isEmpty { return true }
  guard sent.count >= missing else { return false }
  let entries = longer.entries
  let known = sent.count - missing
  for index in 0..<missing where sent[known + index] != entries[shorter.count + index] {
    return false
  }
  for index in 0..<known {
    let expected = shorter.count - known + index
    if expected >= 0, entries[expected] == sent[index] { continue }
    if !entries[..<shorter.count].contains(sent[index]) { return false }
  }
  return true
}

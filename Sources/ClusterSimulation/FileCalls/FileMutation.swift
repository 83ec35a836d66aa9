import SimulationKernel

/// A small change to the order in which a protocol uses its files, made by the file service and not
/// by the protocol: what a slip in the protocol's source would do.
public enum FileMutation: Hashable, Sendable {
  /// The fsync at this site does nothing.
  case drop(CallSite)
  /// Two neighbouring calls of one step change places. Between two operations there may be reads,
  /// which keep their answers; if one of the two reads, it is answered from the other state.
  case swap(CallSite, CallSite)
  /// The same for what two neighbouring lines of one function do, each more than one call: a helper
  /// with all its calls, or a loop. Given by the lines and their callers, outermost first.
  case swapLines([CallSite.Place], [CallSite.Place])
  /// The last operation of a step comes after the first one of its continuation.
  case delay(CallSite, CallSite)
}

extension FileMutation: Comparable {
  /// In the order of the source: by the first site, then by the second, then by kind.
  public static func < (left: FileMutation, right: FileMutation) -> Bool {
    let (leftKey, rightKey) = (left.sortKey, right.sortKey)
    if leftKey.places != rightKey.places {
      return leftKey.places.lexicographicallyPrecedes(rightKey.places)
    }
    return leftKey.kind < rightKey.kind
  }

  private var sortKey: (places: [CallSite.Place], kind: Int) {
    switch self {
    case .drop(let site): (site.places, 0)
    case .swap(let first, let second): (first.places + second.places, 1)
    case .swapLines(let first, let second): (first + second, 2)
    case .delay(let first, let second): (first.places + second.places, 3)
    }
  }
}

// MARK: - Which there are

extension FileMutation {
  /// What can be mutated in the calls of one step, with the calls that it is about. The same
  /// mutation may come more than once.
  static func all(in calls: [FileCall]) -> [(FileMutation, first: FileCall, second: FileCall?)] {
    var found: [(FileMutation, first: FileCall, second: FileCall?)] = []
    for (index, call) in calls.enumerated() {
      if let operation = call.operation, operation.isSync {
        found.append((.drop(call.site), call, nil))
      }
      for partner in partners(of: index, in: calls) {
        let other = calls[partner]
        if call.kind == other.kind { continue }
        found.append((.swap(call.site, other.site), call, other))
      }
      if index + 1 < calls.count, let (first, second) = lines(calls[index], calls[index + 1]) {
        let mutation = FileMutation.swapLines(first, second)
        if isGroup(first, second, around: index, in: calls) {
          found.append((mutation, call, calls[index + 1]))
        }
      }
    }
    return found
  }

  /// The neighbours of a call: the next one, and for an operation the next operation, with only
  /// reads between. Two reads are no pair: their order changes nothing.
  static func partners(of index: Int, in calls: [FileCall]) -> [Int] {
    guard index + 1 < calls.count else { return [] }
    if calls[index].isRead { return calls[index + 1].isRead ? [] : [index + 1] }
    var partners = [index + 1]
    if calls[index + 1].isRead,
      let next = calls[(index + 1)...].firstIndex(where: { !$0.isRead })
    {
      partners.append(next)
    }
    return partners
  }

  /// The lines of one function under which two calls happen, with their callers; `nil` if that
  /// cannot be told apart from the calls themselves.
  private static func lines(
    _ first: FileCall, _ second: FileCall
  ) -> ([CallSite.Place], [CallSite.Place])? {
    let (left, right) = (first.site.places, second.site.places)
    let common = zip(left, right).prefix { $0 == $1 }.count
    guard common < left.count, common < right.count,
      left[common].isInSameFile(as: right[common])
    else { return nil }
    return (Array(left[...common]), Array(right[...common]))
  }

  private static func isGroup(
    _ first: [CallSite.Place], _ second: [CallSite.Place], around index: Int,
    in calls: [FileCall]
  ) -> Bool {
    let (left, right) = groups(first, second, around: index, in: calls)
    guard left.contains(where: { !calls[$0].isRead }), right.contains(where: { !calls[$0].isRead })
    else { return false }
    return left.count + right.count > 2
  }

  /// The calls under two neighbouring lines, the first of which end with the call at `index`.
  static func groups(
    _ first: [CallSite.Place], _ second: [CallSite.Place], around index: Int,
    in calls: [FileCall]
  ) -> (Range<Int>, Range<Int>) {
    var start = index
    while start > 0, calls[start - 1].site.isUnder(first) { start -= 1 }
    var end = index + 1
    while end < calls.count, calls[end].site.isUnder(second) { end += 1 }
    return (start..<(index + 1), (index + 1)..<end)
  }
}

extension CallSite {
  /// Whether the call happens under this line with these callers.
  func isUnder(_ line: [Place]) -> Bool { places.starts(with: line) }
}

extension CallSite.Place {
  fileprivate func isInSameFile(as other: Self) -> Bool { "\(file)" == "\(other.file)" }
}

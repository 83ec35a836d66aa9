/// What a fast path says about a part.
enum FastPathAnswer: Equatable, Sendable {
  /// It is linearizable, and the order is known.
  case ordered
  /// It is not. Operations are numbered by their place in the part.
  case violation(ViolationCertificate.Reason)
  /// The theory does not cover it: a value that several updates may have written was observed, or
  /// an operation tells too little.
  case notCovered
}

extension ViolationCertificate.Reason {
  /// The cycle that `source` leads to from operation `start`: each operation comes after its
  /// source.
  static func cycle(of source: [Int32], through start: Int) -> Self {
    // After as many steps as there are operations the walk is on the cycle.
    var operation = start
    for _ in source.indices { operation = Int(source[operation]) }
    var cycle = [Int32(operation)]
    while source[Int(cycle[cycle.count - 1])] != cycle[0] {
      cycle.append(source[Int(cycle[cycle.count - 1])])
    }
    cycle.reverse()
    return .cycle(cycle, why: cycle.map { _ in .readsFrom })
  }

  /// The same with operations numbered by `rename`.
  func mapped(_ rename: (Int32) -> Int32) -> Self {
    switch self {
    case .impossibleAnswer(let only): return .impossibleAnswer(rename(only))
    case .neverWritten(let read): return .neverWritten(read: rename(read))
    case .readBeforeWrite(let read, let write):
      return .readBeforeWrite(read: rename(read), write: rename(write))
    case .overwritten(let read, let writes, let by):
      return .overwritten(read: rename(read), writes: writes.map(rename), by: rename(by))
    case .twoSuccesses(let write, let first, let second):
      return .twoSuccesses(
        write: write.map(rename), first: rename(first), second: rename(second))
    case .divergentReads(let write, let first, let second):
      return .divergentReads(
        write: write.map(rename), first: rename(first), second: rename(second))
    case .observedTwice(let update, let first, let second):
      return .observedTwice(
        update: rename(update), first: rename(first), second: rename(second))
    case .chainAgainstTime(let earlier, let later, let links):
      return .chainAgainstTime(
        earlier: rename(earlier), later: rename(later), links: links.map(rename))
    case .mutualConflict(let one, let other):
      return .mutualConflict(one.mapped(rename), other.mapped(rename))
    case .cycle(let operations, let why):
      return .cycle(operations.map(rename), why: why.map { $0.mapped(rename) })
    case .exhausted(let explained, let unexplained):
      return .exhausted(explained: explained.map(rename), unexplained: rename(unexplained))
    }
  }
}

extension ViolationCertificate.ConflictingGroup {
  fileprivate func mapped(_ rename: (Int32) -> Int32) -> Self {
    Self(
      write: write.map(rename), firstReturned: firstReturned.map(rename),
      lastCalled: lastCalled.map(rename))
  }
}

extension ViolationCertificate.Precedence {
  fileprivate func mapped(_ rename: (Int32) -> Int32) -> Self {
    switch self {
    case .realTime, .readsFrom, .implied: self
    case .overwrittenBefore(let reader): .overwrittenBefore(reader: rename(reader))
    case .readBeforeOverwrite(let write): .readBeforeOverwrite(write: rename(write))
    }
  }
}

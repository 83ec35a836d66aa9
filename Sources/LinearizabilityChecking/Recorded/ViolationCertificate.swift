/// Why a history is not linearizable: the reason and the few operations that show it.
///
/// The operations of a certificate contradict each other whatever else the history holds, given
/// what ``Reason`` says about the rest (for example that nobody else writes a value).
public struct ViolationCertificate: Hashable, Sendable {
  /// The keys of the partition: ids of ``RecordedHistory/keys``, for `block` numbers of blocks.
  public var keys: Range<Int>
  /// Indices of the operations involved, ascending, each once.
  public var operations: [Int32]
  /// What is wrong with them.
  public var reason: Reason

  /// A certificate; the operations are those that `reason` names.
  public init(keys: Range<Int>, reason: Reason) {
    self.keys = keys
    self.reason = reason
    operations = Array(Set(reason.operations)).sorted()
  }

  /// What is wrong. Payloads are operation indices.
  public enum Reason: Hashable, Sendable {
    /// The answer is impossible whatever happened before: a failed compare-and-swap that found
    /// the value it asked for, a list with an element twice.
    case impossibleAnswer(Int32)
    /// An answer holds a value that no operation wrote and that was not there initially.
    case neverWritten(read: Int32)
    /// An answer holds a value whose only write was called after the answer was given.
    case readBeforeWrite(read: Int32, write: Int32)
    /// Two compare-and-swaps (or more than one) took the place of one written value, which `write`
    /// wrote; `nil` for the initial value.
    case twoSuccesses(write: Int32?, first: Int32, second: Int32)
    /// Two answers show states of one list or text of which neither extends the other; both stem
    /// from `write`, `nil` for the initial value.
    case divergentReads(write: Int32?, first: Int32, second: Int32)
    /// Values link these operations into a chain, each state the outcome of the one before; `later`
    /// comes after `earlier` in it, but had returned before `earlier` was called.
    case chainAgainstTime(earlier: Int32, later: Int32, links: [Int32])
    /// Two groups that must each be contiguous: a written value with what was done before the next
    /// write. Each has an operation that returned before one of the other was called.
    case mutualConflict(ConflictingGroup, ConflictingGroup)
    /// Each operation must precede the next one, and the last the first; `why` says so for each
    /// operation and its successor.
    case cycle([Int32], why: [Precedence])
    /// The search found no order. `explained` is the longest order met that explains every return
    /// of the partition before that of `unexplained`, which no order explains.
    case exhausted(explained: [Int32], unexplained: Int32)
  }

  /// A group of ``Reason/mutualConflict(_:_:)``.
  public struct ConflictingGroup: Hashable, Sendable {
    /// The operation that wrote the value; `nil` for the initial value.
    public var write: Int32?
    /// The operation that returned first; `nil` for the initial value, there from the beginning.
    public var firstReturned: Int32?
    /// The operation that was called last; `nil` for the initial value.
    public var lastCalled: Int32?
  }

  /// Why one operation precedes another in every explanation.
  public enum Precedence: Hashable, Sendable {
    /// It returned before the other was called.
    case realTime
    /// The other read a value that it wrote.
    case readsFrom
    /// Both write what `reader` read from the second; the first precedes the reader.
    case overwrittenBefore(reader: Int32)
    /// The first read a value that the other overwrote later.
    case readBeforeOverwrite(write: Int32)
  }
}

extension ViolationCertificate.Reason {
  /// The operations named, some of them perhaps more than once.
  var operations: [Int32] {
    switch self {
    case .impossibleAnswer(let only), .neverWritten(let only): [only]
    case .readBeforeWrite(let read, let write): [read, write]
    case .twoSuccesses(let write, let first, let second),
      .divergentReads(let write, let first, let second):
      [write, first, second].compactMap { $0 }
    case .chainAgainstTime(let earlier, let later, let links): [earlier, later] + links
    case .mutualConflict(let one, let other):
      [one, other].flatMap { [$0.write, $0.firstReturned, $0.lastCalled].compactMap { $0 } }
    case .cycle(let operations, let why):
      operations
        + why.compactMap {
          switch $0 {
          case .overwrittenBefore(let other), .readBeforeOverwrite(let other): other
          case .realTime, .readsFrom: nil
          }
        }
    case .exhausted(let explained, let unexplained): explained + [unexplained]
    }
  }
}

/// The outcomes of `choose(n)` within one step: drawn from a stream and written down, taken from a
/// list that was written down earlier, or explored: a list, and then always the first outcome.
public struct Choices: Sendable {
  /// Outcomes taken so far in this step, in order.
  public private(set) var taken: [UInt32] = []
  /// For each outcome taken, how many there were to choose from.
  public private(set) var bounds: [UInt32] = []
  /// Whether what a list does not decide is the first outcome, rather than drawn.
  public var explores = false
  @usableFromInline var given: [UInt32] = []
  @usableFromInline var offered: [UInt32] = []
  @usableFromInline var isReplaying = false
  @usableFromInline var stream: SeededStream
  /// Set when a replayed list was too short or named an outcome that is not on offer: the code has
  /// changed since the list was written.
  public private(set) var hasDiverged = false

  public init(stream: SeededStream) {
    self.stream = stream
  }

  /// Starts a step: its outcomes are those of the list offered last, or else drawn.
  @inlinable
  public mutating func begin() {
    if isReplaying || !taken.isEmpty { reset() }
  }

  /// Makes the next step take its outcomes from `list`; a missing one counts as 0 and as diverged.
  public mutating func offer(_ list: [UInt32]) {
    offered = list
    isReplaying = true
  }

  /// An outcome in `0..<count`; 0, unrecorded, if there is nothing to choose.
  public mutating func choose(_ count: Int) -> Int {
    guard count > 1 else { return 0 }
    var outcome = 0
    if explores {
      outcome = taken.count < given.count ? min(Int(given[taken.count]), count - 1) : 0
    } else if !isReplaying {
      outcome = stream.below(count)
    } else if taken.count < given.count, Int(given[taken.count]) < count {
      outcome = Int(given[taken.count])
    } else {
      hasDiverged = true
    }
    taken.append(UInt32(outcome))
    bounds.append(UInt32(clamping: count))
    return outcome
  }

  /// Whether a replayed list has outcomes that the step did not ask for.
  public var hasLeftovers: Bool { isReplaying && taken.count < given.count }

  @usableFromInline
  mutating func reset() {
    taken.removeAll(keepingCapacity: true)
    bounds.removeAll(keepingCapacity: true)
    given = offered
    offered = []
    hasDiverged = false
  }
}

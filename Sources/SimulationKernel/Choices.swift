/// The outcomes of `choose(n)` within one step: drawn from a stream and written down, or taken from
/// a list that was written down earlier.
public struct Choices: Sendable {
  /// Outcomes taken so far in this step, in order.
  public private(set) var taken: [UInt32] = []
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
    if !isReplaying {
      outcome = stream.below(count)
    } else if taken.count < given.count, Int(given[taken.count]) < count {
      outcome = Int(given[taken.count])
    } else {
      hasDiverged = true
    }
    taken.append(UInt32(outcome))
    return outcome
  }

  /// Whether a replayed list has outcomes that the step did not ask for.
  public var hasLeftovers: Bool { isReplaying && taken.count < given.count }

  @usableFromInline
  mutating func reset() {
    taken.removeAll(keepingCapacity: true)
    given = offered
    offered = []
    hasDiverged = false
  }
}

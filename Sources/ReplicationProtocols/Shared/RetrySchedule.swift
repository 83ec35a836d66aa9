import SimulationKernel

/// How long to wait before sending again: exponential back-off with an upper bound.
struct RetrySchedule: Hashable, Sendable, Fingerprintable {
  private let first: VirtualDuration
  private let longest: VirtualDuration
  /// Waits handed out since the last ``reset()``; stops counting when the wait stops growing, so
  /// that a node that waits for ever has finitely many states.
  private(set) var attempts: Int = 0

  /// - Parameters:
  ///   - first: the first wait; positive.
  ///   - longest: no wait is longer.
  init(first: VirtualDuration, longest: VirtualDuration) {
    require(first > .zero, "a retry must wait")
    self.first = first
    self.longest = longest
  }

  /// The wait before the next attempt: twice as long as the one before, up to the bound.
  mutating func next() -> VirtualDuration {
    let wait = first * (1 << Int64(attempts))
    if wait < longest {
      attempts += 1
      return wait
    }
    return longest
  }

  /// Starts over after an answer.
  mutating func reset() {
    attempts = 0
  }

  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(attempts)
  }
}

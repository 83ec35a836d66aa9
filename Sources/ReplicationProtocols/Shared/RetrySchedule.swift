import SimulationKernel

/// Where a node stands in its retries of one thing.
struct RetrySchedule: Hashable, Sendable, Fingerprintable {
  private let timing: RetryTiming
  /// Waits handed out since the last ``reset()``; stops counting when the wait stops growing, so
  /// that a node that waits for ever has finitely many states.
  private(set) var attempts = 0

  init(_ timing: RetryTiming) {
    self.timing = timing
  }

  /// The wait before the next attempt: longer than the one before, up to the limit.
  mutating func next() -> VirtualDuration {
    let wait = timing.wait(attempt: attempts)
    if wait < timing.limit { attempts += 1 }
    return wait
  }

  /// Starts over after an answer.
  mutating func reset() {
    attempts = 0
  }

  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(attempts)
  }
}

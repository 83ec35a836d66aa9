/// When a client sends a request again: first after `after`, then each wait `factor` times as long
/// as the one before, up to `limit`.
public struct RetryTiming: Hashable, Sendable {
  public var after: VirtualDuration
  /// At least 1.
  public var factor: Int
  public var limit: VirtualDuration

  public init(
    after: VirtualDuration = .milliseconds(50), factor: Int = 2,
    limit: VirtualDuration = .milliseconds(800)
  ) {
    self.after = after
    self.factor = factor
    self.limit = limit
  }

  /// The wait before retry number `attempt` (from 0).
  public func wait(attempt: Int) -> VirtualDuration {
    var wait = after
    for _ in 0..<min(max(0, attempt), 64) where wait < limit { wait = wait * Int64(factor) }
    return min(wait, limit)
  }
}

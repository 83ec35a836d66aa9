/// What a timer is for. The exhaustive search bounds each kind by its own budget.
public enum TimerKind: UInt8, Hashable, Sendable, CaseIterable {
  /// Sends again what was not answered.
  case retry
  /// Keeps a rhythm: a heartbeat, a tick, a periodic scan.
  case pace
  /// Suspects that somebody has failed because nothing was heard.
  case suspicion
}

/// Names one timer of a node; a node has at most one armed timer of a name.
public struct TimerID: Hashable, Sendable, Fingerprintable {
  public var kind: TimerKind
  /// Tells timers of one kind apart, for example by request number.
  public var tag: Int32

  @inlinable
  public init(_ kind: TimerKind, tag: Int = 0) {
    self.kind = kind
    self.tag = Int32(truncatingIfNeeded: tag)
  }

  @inlinable
  public static func retry(_ tag: Int = 0) -> TimerID { TimerID(.retry, tag: tag) }
  @inlinable
  public static func pace(_ tag: Int = 0) -> TimerID { TimerID(.pace, tag: tag) }
  @inlinable
  public static func suspicion(_ tag: Int = 0) -> TimerID { TimerID(.suspicion, tag: tag) }

  @inlinable
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(UInt64(kind.rawValue) &<< 32 | UInt64(UInt32(bitPattern: tag)))
  }
}

extension TimerID: CustomStringConvertible {
  public var description: String { "\(kind)/\(tag)" }
}

/// How far a search has come. Rates are the caller's business: a search has no clock.
public struct SearchProgress: Hashable, Sendable {
  public var states = 0
  public var transitions = 0
  /// Of the level that is being expanded.
  public var depth = 0
  /// States of that level that wait, and states of the next that were found.
  public var frontier = 0
  public var bytes = 0
  public var lookUps = 0
  public var systemCalls = 0
  public var components = 0
  public var signals = 0
  public var leftHalves = 0
  public var rightHalves = 0

  /// The share of look-ups that were answered from memory, in 0...1.
  public var hitRate: Double {
    lookUps == 0 ? 1 : 1 - Double(systemCalls) / Double(lookUps)
  }
}

/// When a campaign that goes on after its first failure stops: what comes first.
public struct HitSampling: Hashable, Sendable {
  /// Seeds that fail, the first included; at least 1.
  public var hits: Int
  /// Steps from the first failure on, at least 1.
  public var steps: Int
  /// The checks whose violation counts; empty: every check.
  public var checks: Set<CheckName>

  public init(hits: Int, steps: Int, checks: Set<CheckName> = []) {
    self.hits = hits
    self.steps = steps
    self.checks = checks
  }

  func counts(_ check: CheckName) -> Bool { checks.isEmpty || checks.contains(check) }
}

/// How many of the first seeds of a scenario fail.
public struct HitSample: Hashable, Sendable {
  /// Seeds run; at least 1.
  public var seeds: Int
  /// Seeds that failed; 1 to ``seeds``.
  public var hits: Int

  public init(seeds: Int, hits: Int) {
    self.seeds = seeds
    self.hits = hits
  }
}

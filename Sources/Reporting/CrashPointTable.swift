import ClusterSimulation

/// The crash points of a scenario of mode `crashpoints`: how many there were, and what trying each
/// of them out came to.
public struct CrashPointTable: Hashable, Sendable {
  /// One crash point and one kind of crash.
  public struct Row: Hashable, Sendable {
    /// The seed of the schedule.
    public var seed: UInt64
    /// The step of the schedule, from 1, and what it does.
    public var step: Int
    public var node: String
    public var action: String
    /// Effects of the step that happened before the crash.
    public var effectCount: Int
    /// Named crash points that lie here.
    public var labels: [String]
    public var kind: CrashKind
    /// Runs to the end, and runs that led to a world known from an earlier one.
    public var outcomes: Int
    public var merged: Int
    public var loss: DiskLoss
    public var verdict: ScenarioReport.Verdict
    /// The checks that failed; empty unless the verdict is a violation.
    public var checks: [String]

    public init(
      seed: UInt64, step: Int, node: String, action: String, effectCount: Int, labels: [String],
      kind: CrashKind, outcomes: Int, merged: Int, loss: DiskLoss = DiskLoss(),
      verdict: ScenarioReport.Verdict = .pass, checks: [String] = []
    ) {
      self.seed = seed
      self.step = step
      self.node = node
      self.action = action
      self.effectCount = effectCount
      self.labels = labels
      self.kind = kind
      self.outcomes = outcomes
      self.merged = merged
      self.loss = loss
      self.verdict = verdict
      self.checks = checks
    }
  }

  /// Of the schedules, ascending.
  public var seeds: [UInt64]
  /// How many crash points there are, each kind of crash counted.
  public var total: Int
  /// Those that were tried, in the order of ``Row``'s first members.
  public var rows: [Row]

  public init(seeds: [UInt64], total: Int, rows: [Row]) {
    self.seeds = seeds
    self.total = total
    self.rows = rows
  }

  public var outcomes: Int { Statistics.sum(rows.map(\.outcomes)) }
  public var merged: Int { Statistics.sum(rows.map(\.merged)) }
  /// What all power losses could leave, over those of which it could be counted.
  public var loss: DiskLoss {
    var sum = DiskLoss()
    sum.closedSets = Statistics.sum(rows.compactMap(\.loss.closedSets))
    sum.images = Statistics.sum(rows.compactMap(\.loss.images))
    sum.leaves = Statistics.sum(rows.map(\.loss.leaves))
    return sum
  }

  /// Power losses that could leave more than what is counted.
  public var uncountedLosses: Int {
    rows.count { $0.loss.closedSets == nil || $0.loss.images == nil }
  }
  public var failedCount: Int { rows.count { $0.verdict == .violation } }
  public var undecidedCount: Int { rows.count { $0.verdict == .undecided } }

  /// The tables of the shards of one scenario as one; the order of the parts does not matter.
  static func merged(_ parts: [CrashPointTable]) -> CrashPointTable? {
    guard !parts.isEmpty else { return nil }
    return CrashPointTable(
      seeds: Set(parts.flatMap(\.seeds)).sorted(), total: Statistics.sum(parts.map(\.total)),
      rows: parts.flatMap(\.rows).sorted { $0.precedes($1) })
  }
}

extension CrashPointTable.Row {
  /// A total order: equal rows apart, none depends on where it stood.
  fileprivate func precedes(_ other: Self) -> Bool {
    let numbers = [\Self.step, \.effectCount, \.outcomes, \.merged]
    if seed != other.seed { return seed < other.seed }
    for number in numbers.prefix(2) where self[keyPath: number] != other[keyPath: number] {
      return self[keyPath: number] < other[keyPath: number]
    }
    if kind != other.kind { return kind == .process }
    for number in numbers.dropFirst(2) where self[keyPath: number] != other[keyPath: number] {
      return self[keyPath: number] < other[keyPath: number]
    }
    let texts = [\Self.node, \.action, \.verdict.rawValue]
    for text in texts where self[keyPath: text] != other[keyPath: text] {
      return self[keyPath: text] < other[keyPath: text]
    }
    return (labels + checks).lexicographicallyPrecedes(other.labels + other.checks)
  }
}

// MARK: - In words

extension CrashPointTable {
  /// `494 of 494 crash points`, `968 outcomes`, `843 merged`, and what was found.
  public var figures: [String] {
    var figures = [
      "\(ReportText.grouped(rows.count)) of \(ReportText.count(total, "crash point"))",
      ReportText.count(outcomes, "outcome"), "\(ReportText.grouped(merged)) merged",
    ]
    if seeds.count > 1 { figures.append(ReportText.count(seeds.count, "schedule")) }
    if failedCount > 0 { figures.append("\(ReportText.grouped(failedCount)) violated") }
    if undecidedCount > 0 { figures.append("\(ReportText.grouped(undecidedCount)) undecided") }
    return figures
  }

  /// `power losses: 12 closed sets, 8 images, 3 lazy leaves`; `nil` if there were no power losses,
  /// or no disks.
  public var lossPhrase: String? {
    let loss = loss
    guard loss.leaves > 0 else { return nil }
    var phrases = [
      ReportText.count(loss.closedSets ?? 0, "closed set"),
      ReportText.count(loss.images ?? 0, "image"),
      ReportText.count(loss.leaves, "lazy leaf", "lazy leaves"),
    ]
    if uncountedLosses > 0 {
      let points = ReportText.count(uncountedLosses, "crash point")
      phrases.append("beside \(points) with too many sets")
    }
    return "power losses: " + phrases.joined(separator: ", ")
  }
}

extension CrashPointTable.Row {
  /// `pass`, `violation of durability`, `undecided`.
  var ending: String {
    guard verdict == .violation else { return verdict.rawValue }
    return "violation of " + checks.joined(separator: " and ")
  }

  /// `3 outcomes + 2 merged, pass`.
  var cell: String {
    let others = merged > 0 ? " + \(ReportText.grouped(merged)) merged" : ""
    return "\(ReportText.count(outcomes, "outcome"))\(others), \(ending)"
  }
}

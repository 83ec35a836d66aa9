import Testing

@testable import LinearizabilityChecking

@Suite("Explanations: minimal by brute force")
struct ConflictMinimalityTests {
  /// The history that says only what operations of `set` say, written down plainly.
  static func weakened(_ history: RecordedHistory, to set: Set<Int32>) -> RecordedHistory {
    var weaker = history
    for index in history.operations.indices where !set.contains(Int32(index)) {
      guard history.operations[index].outcome != .failed else { continue }
      if history.operations[index].kind.isRead {
        weaker.operations[index].outcome = .failed
      } else {
        weaker.operations[index].outcome = .unknown
        weaker.operations[index].returned = .max
      }
    }
    return weaker
  }

  /// The first `count` events.
  static func prefix(_ history: RecordedHistory, _ count: Int) -> RecordedHistory {
    var prefix = history
    prefix.operations.removeAll { $0.call >= count }
    for index in prefix.operations.indices where prefix.operations[index].returned >= count {
      prefix.operations[index].outcome = .unknown
      prefix.operations[index].returned = .max
    }
    return prefix
  }

  static func isLinearizable(_ history: RecordedHistory) -> Bool {
    BruteForce(history).isLinearizable
  }

  /// Histories of every kind: with and without equal values, unknown outcomes and failures.
  static func plan(_ model: ObjectModel, _ seed: UInt64) -> DrawnHistories {
    var plan = DrawnHistories(model)
    plan.operations = 4 + Int(seed % 4)
    plan.clients = 2 + Int(seed % 3)
    plan.keys = model == .block ? 3 : 1 + Int(seed / 3 % 2)
    plan.values = seed % 2 == 0 ? 0 : 2
    plan.lieOneIn = 3
    plan.unknownOneIn = seed / 2 % 3 == 0 ? 6 : 0
    plan.failedOneIn = seed / 6 % 4 == 0 ? 6 : 0
    plan.tellsMore = seed / 5 % 2 == 0
    plan.seed = seed
    return plan
  }

  /// Locks answer nothing that could be a lie: there one operation asks for the opposite.
  static func draw(_ model: ObjectModel, _ seed: UInt64) -> RecordedHistory {
    var history = plan(model, seed).draw()
    guard model == .mutex, !history.operations.isEmpty else { return history }
    let index = Int(seed / 7) % history.operations.count
    let isAcquire = history.operations[index].kind == .acquire
    history.operations[index].kind = isAcquire ? .release : .acquire
    return history
  }

  @Test("a conflict is one, no operation of it can go, and the prefix is the longest")
  func minimality() throws {
    for model in ObjectModel.allCases {
      var illegal = 0
      var seed: UInt64 = 0
      while illegal < 250, seed < 20_000 {
        seed += 1
        let history = Self.draw(model, seed)
        var checker = HistoryChecker()
        let checked = checker.check(history)
        let explanation = HistoryExplainer().explain(history, checked)
        guard !checked.verdict.isLinearizable else {
          #expect(explanation == nil)
          continue
        }
        illegal += 1
        let found = try #require(explanation, "\(model.rawValue) seed \(seed)")
        try verify(found, history, "\(model.rawValue) seed \(seed): \(found)")
      }
      #expect(illegal == 250, "\(model.rawValue): only \(illegal) illegal histories")
    }
  }

  private func verify(
    _ found: ViolationExplanation, _ history: RecordedHistory, _ context: String
  ) throws {
    let conflict = Set(found.conflict)
    try #require(found.isMinimal, "\(context)")
    try #require(found.conflict == conflict.sorted(), "\(context)")
    try #require(conflict.isDisjoint(with: found.sources), "\(context)")
    for index in found.conflict {
      try #require(history.operations[Int(index)].outcome == .ok, "\(context)")
    }
    try #require(!Self.isLinearizable(Self.weakened(history, to: conflict)), "\(context)")
    for index in found.conflict {
      let smaller = Self.weakened(history, to: conflict.subtracting([index]))
      try #require(Self.isLinearizable(smaller), "\(context): \(index) can go")
    }
    try #require(found.prefix.isExact, "\(context)")
    let length = found.prefix.eventCount
    try #require(Self.isLinearizable(Self.prefix(history, length)), "\(context)")
    try #require(!Self.isLinearizable(Self.prefix(history, length + 1)), "\(context)")
    try #require(!found.sentence.isEmpty && !found.sentence.hasSuffix("."), "\(context)")
  }
}

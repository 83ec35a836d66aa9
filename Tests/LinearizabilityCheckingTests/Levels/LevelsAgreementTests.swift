import LinearizabilityChecking
import Testing

/// Sequential consistency and session guarantees of drawn histories are what brute force finds.
@Suite struct LevelsAgreementTests {
  /// Histories whose answers are often old, drawn from the values around.
  private func history(
    _ model: ObjectModel, _ seed: Int, operations: Int
  ) -> RecordedHistory {
    DrawnRecordedHistory(
      model: model, processes: 2 + seed % 2, keys: 1 + seed % 2, valueCount: 2 + seed % 4,
      unknownOneIn: [0, 5][seed / 2 % 2], failedOneIn: 0, lieOneIn: 2, seed: UInt64(seed)
    ).build(operations)
  }

  @Test(arguments: ObjectModel.allCases)
  func `sequential consistency: 100 histories of each object`(model: ObjectModel) {
    var counts = [0, 0, 0]
    for seed in 1...100 {
      let history = history(model, seed, operations: 5 + seed % 2)
      let levels = ConsistencyLevels(history)
      let expected = PlainLevels(history).isSequential
      #expect((levels.sequential == .holds) == expected, "\(model), seed \(seed)")
      #expect(!levels.sequential.isOpen)
      counts[levels.linearizable == .holds ? 0 : expected ? 1 : 2] += 1
    }
    #expect(counts.allSatisfy { $0 > 1 }, "\(model) \(counts)")
  }

  static let withSessions: [ObjectModel] = [
    .register, .casRegister, .keyValue, .listAppend, .block, .set,
  ]

  @Test(arguments: withSessions)
  func `session guarantees: all sixteen sets, 12 histories of each object`(model: ObjectModel) {
    var counts: [SessionGuarantees: Int] = [:]
    for seed in 1...12 {
      let history = history(model, seed, operations: 5)
      let levels = ConsistencyLevels(history)
      let plain = PlainLevels(history)
      let held = (0..<16).map { SessionGuarantees(rawValue: UInt8($0)) }.filter(plain.holds)
      let singles = levels.singleSessions.filter { $0.answer == .holds }.map(\.guarantee)
      #expect(singles == SessionGuarantees.all.members.filter(held.contains), "\(model) \(seed)")
      let most = held.map(\.members.count).max() ?? 0
      #expect(levels.heldSessions.members.count == most, "\(model) \(seed)")
      #expect(held.isEmpty || held.contains(levels.heldSessions), "\(model) \(seed)")
      if levels.sequential == .holds { #expect(levels.heldSessions == .all) }
      counts[levels.heldSessions, default: 0] += 1
    }
    #expect(counts.count >= 2, "\(model) \(counts)")
  }
}

import Testing

@testable import LinearizabilityChecking

/// Theories, hints, search and monitors say what brute force says: 4,800 drawn histories, 600 of
/// each named object. `crashproof benchmark check --verify` goes on from there.
@Suite struct VerdictAgreementTests {
  @Test(arguments: ObjectModel.allCases)
  func `600 histories of each object`(model: ObjectModel) {
    var agreement = VerdictAgreement(model)
    var seed: UInt64 = 0
    while agreement.tally.histories < 600 {
      seed += 1
      // Longer ones have too many orders for a debug build.
      if VerdictAgreement.history(model, seed: seed).operations.count > 5 { continue }
      if let found = agreement.compare(seed: seed) {
        Issue.record("\(model), seed \(found.seed): \(found.sentence)")
      }
    }
    let tally = agreement.tally
    #expect(tally.linearizable > 240 && tally.linearizable < 588, "\(tally)")
    #expect(tally.withUnknown > 48 && tally.withFailed > 48, "\(tally)")
    if model != .mutex { #expect(tally.withDuplicates > 24, "\(tally)") }
    #expect(tally.bySearch > 2, "\(tally)")
    switch model {
    case .register, .casRegister, .keyValue, .listAppend, .block, .fifoQueue:
      #expect(tally.byTheory > 72, "\(tally)")
    case .set, .mutex: break
    }
  }

  @Test(arguments: ObjectModel.allCases)
  func `a checker that accepts everything is caught, and one that rejects everything`(
    model: ObjectModel
  ) {
    let nothing = ViolationCertificate(
      keys: 0..<1, reason: .exhausted(explained: [], unexplained: 0), support: [])
    let opinions: [@Sendable (HistoryVerdict) -> HistoryVerdict] = [
      { _ in .linearizable(witness: []) }, { _ in .violation(nothing) },
      { _ in .undecided(explored: 0) },
      { verdict in
        guard case .linearizable(let witness) = verdict, witness.count > 1 else { return verdict }
        return .linearizable(witness: witness.reversed())
      },
    ]
    for opinion in opinions {
      var agreement = VerdictAgreement(model)
      agreement.opinion = opinion
      let small = (1...400).lazy.map { UInt64($0) }.filter {
        VerdictAgreement.history(model, seed: $0).operations.count <= 5
      }
      #expect(small.contains { agreement.compare(seed: $0) != nil })
    }
  }

  @Test func `a seed gives the same history again`() {
    for model in ObjectModel.allCases {
      let one = VerdictAgreement.history(model, seed: 7)
      let other = VerdictAgreement.history(model, seed: 7)
      #expect(one.operations == other.operations && one.lists == other.lists)
    }
  }
}

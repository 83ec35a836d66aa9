import Testing

@testable import LinearizabilityChecking

/// Theories, hints, search and monitors say what brute force says: 20,000 drawn histories, 2,500 of
/// each named object. `crashproof benchmark check --verify` goes on from there.
@Suite struct VerdictAgreementTests {
  @Test(arguments: ObjectModel.allCases)
  func `2,500 histories of each object`(model: ObjectModel) {
    var agreement = VerdictAgreement(model)
    for seed in 1...2_500 {
      if let found = agreement.compare(seed: UInt64(seed)) {
        Issue.record("\(model), seed \(found.seed): \(found.sentence)")
      }
    }
    let tally = agreement.tally
    #expect(tally.histories == 2_500)
    #expect(tally.linearizable > 1_000 && tally.linearizable < 2_300, "\(tally)")
    #expect(tally.withUnknown > 500 && tally.withFailed > 400, "\(tally)")
    if model != .mutex { #expect(tally.withDuplicates > 300, "\(tally)") }
    #expect(tally.bySearch > 50, "\(tally)")
    switch model {
    case .register, .casRegister, .keyValue, .listAppend, .block, .fifoQueue:
      #expect(tally.byTheory > 500, "\(tally)")
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
      #expect((1...200).contains { agreement.compare(seed: UInt64($0)) != nil })
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

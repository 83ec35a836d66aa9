import ClusterSimulation
import LinearizabilityChecking
import Testing

@testable import CommandLineTool

@Suite("Recorded runs and swarms of every protocol")
struct RecordedRunTests {
  @Test(
    "a recorded run replays from the text of its steps", arguments: ProtocolUnderTest.all)
  func replays(subject: ProtocolUnderTest) throws {
    for variant in subject.entry.variants.map(\.name) {
      var scenario = try subject.worstScenario()
      scenario.variant = variant
      let (_, runner) = try subject.runner(scenario)
      let text = StepText(runner.layout)
      for seed: UInt64 in 1...(variant == "correct" ? 2 : 1) {
        let recording = runner.record(seed, true)
        let steps = try recording.steps.map { try text.decode(text.encode($0)) }
        #expect(steps == recording.steps)
        var expectsProgress = false
        if case .violation(let violation) = recording.result.verdict {
          expectsProgress = violation.check == .progress
        }
        let replay = runner.replay(
          ReplayRequest(steps: steps, expectsProgress: expectsProgress, detail: .steps))
        #expect(replay.result.divergedAt == nil, "\(variant), seed \(seed)")
        #expect(replay.result.digest == recording.result.digest, "\(variant), seed \(seed)")
        #expect(replay.result.steps == recording.result.steps)
        #expect(replay.lines == recording.lines)
        #expect(kind(replay.result.verdict) == kind(recording.result.verdict))
      }
    }
  }

  /// A message may say how long operations were waited for; a replay waits for nothing.
  private func kind(_ verdict: RunVerdict) -> String {
    switch verdict {
    case .pass: "pass"
    case .undecided: "undecided"
    case .violation(let violation): violation.check.rawValue
    }
  }

  @Test("a replay of fewer steps stops there", arguments: ProtocolUnderTest.all)
  func partialReplay(subject: ProtocolUnderTest) throws {
    let (_, runner) = try subject.runner(try subject.worstScenario())
    let steps = runner.record(1, false).steps
    let replay = runner.replay(ReplayRequest(steps: steps, limit: 17))
    #expect(replay.result.steps == 17)
    #expect(replay.result.divergedAt == nil)
  }

  @Test(
    "the correct variant passes whatever its summary allows", arguments: ProtocolUnderTest.all)
  func swarm(subject: ProtocolUnderTest) throws {
    let (_, runner) = try subject.runner(try subject.worstScenario())
    let seeds = SeedSequence(first: 1, count: 40)
    let result = Campaign(runner: runner, seeds: seeds, jobs: 2, verifiesDeterminism: true).run()
    #expect(result.failure == nil)
    #expect(result.undecided == nil)
    #expect(result.leak == nil)
    #expect(result.runs == 40)
    #expect(result.faults.crashes > 20)
    #expect(result.faults.restarts > 10)
    let words = subject.entry.summary.network
    if words.contains(.lossy) { #expect(result.faults.losses > 40) }
    if words.contains(.duplicating) { #expect(result.faults.duplications > 30) }
    if words.contains(.partitions) { #expect(result.faults.cuts > 15) }
  }

  @Test(
    "a run does not depend on what ran before it or beside it", arguments: ProtocolUnderTest.all)
  func independence(subject: ProtocolUnderTest) throws {
    let (_, runner) = try subject.runner(try subject.worstScenario())
    var checker = StoreChecker(limit: runner.plan.limits.configurations)
    let alone = (1...10).map { seed -> RunResult in
      var fresh = StoreChecker(limit: runner.plan.limits.configurations)
      return runner.run(UInt64(seed), &fresh)
    }
    let backwards = (1...10).reversed().map { runner.run(UInt64($0), &checker) }
    #expect(Array(backwards.reversed()) == alone)
  }
}

import ClusterSimulation
import CommandLineTool
import Testing

@Suite("Handlers are pure")
struct HandlerPurityTests {
  @Test("the suite covers every protocol of the catalog")
  func coverage() {
    #expect(ProtocolUnderTest.all.map(\.name) == ProtocolCatalog.entries.map(\.name))
  }

  @Test(
    "each step of a recorded run comes to the same in a copied and in a rebuilt world",
    arguments: ProtocolUnderTest.all)
  func sameEverywhere(subject: ProtocolUnderTest) throws {
    let (setting, runner) = try subject.runner(try subject.worstScenario())
    for seed: UInt64 in 1...2 {
      let recording = runner.record(seed, false)
      #expect(recording.steps.count > 30)
      let difference = subject.difference(setting, recording.steps)
      #expect(difference == nil, "seed \(seed)")
    }
  }

  @Test(
    "equal runs have equal fingerprints, different histories different ones",
    arguments: ProtocolUnderTest.all)
  func fingerprints(subject: ProtocolUnderTest) throws {
    let (setting, runner) = try subject.runner(try subject.worstScenario())
    var seen: [UInt64: UInt64] = [:]
    for seed: UInt64 in 1...8 {
      let steps = runner.record(seed, false).steps
      let fingerprint = subject.fingerprint(setting, steps)
      #expect(subject.fingerprint(setting, steps) == fingerprint, "seed \(seed)")
      let twin = seen.updateValue(seed, forKey: fingerprint)
      #expect(twin == nil, "seeds \(twin ?? 0) and \(seed) end in the same state")
    }
  }

  @Test(
    "a step without consequences aside, every step changes the fingerprint",
    arguments: ProtocolUnderTest.all)
  func stepsShow(subject: ProtocolUnderTest) throws {
    let (setting, runner) = try subject.runner(try subject.worstScenario())
    let steps = Array(runner.record(3, false).steps.prefix(120))
    let prints = (0...steps.count).map { subject.fingerprint(setting, Array(steps.prefix($0))) }
    for (index, step) in steps.enumerated() {
      // These take a message or a process away, or bring one.
      let mustShow =
        switch step.action {
        case .deliver, .lose, .duplicate, .start, .crash, .invoke, .cut, .heal: true
        default: false
        }
      if mustShow { #expect(prints[index] != prints[index + 1], "step \(index + 1): \(step)") }
    }
  }
}

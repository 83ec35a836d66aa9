import ClusterSimulation
import InputText
import Reporting
import ScenarioFiles
import SimulationKernel
import Testing

@testable import CommandLineTool

/// A violation under load leaves a file that replays without hosts, queues or other volumes.
@Suite struct MeasuredFailureTests {
  private func outcome(
    _ text: String, shrinks: Bool
  ) throws -> (ScenarioRun.Outcome, FailureInput) {
    let file = SourceFile(path: "measured.json5", text: text)
    let loaded = try #require(
      try ScenarioCase.read(file, vocabulary: ProtocolCatalog.vocabulary).first)
    var options = RunOptions()
    options.shrinks = shrinks
    let run = ScenarioRun(
      LoadedScenario(path: file.path, scenario: loaded.scenario), options,
      FailureNames(files: [file.path]))
    let outcome = try run.run { _ in }
    let failure = try #require(outcome.failure)
    #expect(outcome.history != nil)
    return (outcome, try FailureInput(SourceFile(path: failure.name, text: failure.text)))
  }

  private func scenario(_ rest: String, clients: Int = 3, keys: Int = 2, variant: String) -> String
  {
    """
    {
      title: "Reads at any server", protocol: "chain", servers: 3, variant: "\(variant)",
      clients: { count: \(clients), keys: \(keys), mix: { write: 0.5 } },
      run: { mode: "measure", warmUp: "100ms", duration: "1500ms" },
      expect: { violation: ["linearizability"] },
      \(rest)
    }
    """
  }

  @Test(arguments: [true, false])
  func `a queue's delays are among the steps`(shrinks: Bool) throws {
    let (outcome, input) = try outcome(scenario("", variant: Self.weak), shrinks: shrinks)
    #expect(outcome.report.endedAsExpected)
    #expect(outcome.report.failureFile != nil)
    #expect(input.failure.scenario.run.mode == .simulate)
    let replayed = input.runner.replay(input.replayRequest())
    #expect(replayed.result.divergedAt == nil)
    #expect(DigestText.text(replayed.result.digest) == input.failure.digest)
    guard case .violation(let violation) = replayed.result.verdict else {
      Issue.record("the replay passes")
      return
    }
    #expect(violation.check == .linearizability)
    #expect((outcome.report.shrinking != nil) == shrinks)
  }

  @Test func `one volume of many replays without the others`() throws {
    let text = scenario(
      """
      volumes: 2, hosts: { count: 4 }, faults: [{ after: "1s", crash: "h1" }],
      sweep: { "clients.mix.write": [0, 0.5] },
      """, clients: 8, keys: 1, variant: Self.weak)
    let (outcome, input) = try outcome(text, shrinks: false)
    #expect(outcome.report.endedAsExpected)
    #expect(input.runner.layout.clientCount == 1)
    let replayed = input.runner.replay(input.replayRequest())
    #expect(replayed.result.divergedAt == nil)
    #expect(DigestText.text(replayed.result.digest) == input.failure.digest)
    #expect(replayed.result.verdict != .pass)
  }

  /// Reads are answered by servers that have not heard of the latest update.
  private static let weak = "CR-06"
}

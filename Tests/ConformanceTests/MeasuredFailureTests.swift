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
    expectReplay(input, .linearizability)
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
    expectReplay(input, .linearizability)
  }

  private func expectReplay(_ input: FailureInput, _ check: CheckName) {
    let replayed = input.runner.replay(input.replayRequest())
    #expect(replayed.result.divergedAt == nil, "\(replayed.result.divergence ?? "")")
    #expect(DigestText.text(replayed.result.digest) == input.failure.digest)
    guard case .violation(let violation) = replayed.result.verdict else {
      Issue.record("the replay passes")
      return
    }
    #expect(violation.check == check)
  }

  @Test func `what a power loss left is among the steps`() throws {
    let text = """
      {
        protocol: "two-node-store", variant: "approach-3-drawn",
        clients: {
          count: 4, blocks: 3, mix: { write: 1, read: 2 },
          retry: { after: "50ms", factor: 1, limit: "50ms" },
        },
        faults: [
          { after: "200ms", powerLoss: "s1" }, { after: "201ms", powerLoss: "s2" },
          { after: "400ms", restart: "s1" }, { after: "410ms", restart: "s2" },
        ],
        run: { mode: "measure", seeds: 6, warmUp: "0s", duration: "700ms" },
        expect: { violation: ["linearizability"] },
      }
      """
    let (_, input) = try outcome(text, shrinks: false)
    expectReplay(input, .linearizability)
  }

  @Test func `a monitor sees it at once, whether or not histories are judged`() throws {
    let text = """
      {
        protocol: "chain", servers: 3, variant: "CR-01",
        check: ["in-process-requests", "refinement"], clients: { mix: { write: 1 } },
        run: { mode: "measure", warmUp: "0s", duration: "300ms" },
        expect: { violation: ["in-process-requests"] },
      }
      """
    let (outcome, input) = try outcome(text, shrinks: false)
    #expect(outcome.report.stepsToFailure == input.steps.count)
    expectReplay(input, .inProcessRequests)
  }

  /// Reads are answered by servers that have not heard of the latest update.
  private static let weak = "CR-06"
}

import Foundation
import SimulationKernel
import Testing

@testable import Reporting

@Suite struct BaselineComparisonTests {
  private func passed(_ file: String, recovery: Int64 = 0, runs: Int = 200) -> ScenarioReport {
    var report = Samples.scenario(file, runs: runs)
    report.longestRecovery = VirtualDuration(nanoseconds: recovery)
    return report
  }

  private func failed(_ file: String) -> ScenarioReport {
    Samples.scenario(file, verdict: .violation, check: "progress", message: "m", seed: 1)
  }

  private func open(_ file: String) -> ScenarioReport {
    Samples.scenario(file, verdict: .undecided, message: "m", seed: 1)
  }

  private func report(_ scenarios: [ScenarioReport]) -> RunReport {
    RunReport(version: "1", scenarios: scenarios, wallSeconds: [])
  }

  private func comparison(
    _ now: [ScenarioReport], _ before: [ScenarioReport]
  ) -> BaselineComparison {
    BaselineComparison(report(now), against: report(before), source: "old.json") {
      $0.hasPrefix("gone")
    }
  }

  private var everything: BaselineComparison {
    comparison(
      [
        passed("same"), failed("worse"), open("doubtful"), passed("better"), failed("bad"),
        passed("new"), failed("newAndBad"), passed("slow", recovery: 12_000_001),
      ],
      [
        passed("same"), passed("worse"), passed("doubtful"), open("better"), failed("bad"),
        passed("gone 1"), passed("elsewhere"), passed("slow", recovery: 10_000_000),
      ])
  }

  @Test func everyKindOfDifference() {
    let found = everything
    #expect(found.newFailures == ["worse", "doubtful", "newAndBad"])
    #expect(found.fixed == ["better"])
    #expect(found.stillFailing == ["bad"])
    #expect(found.newScenarios == ["new", "newAndBad"])
    #expect(found.gone == ["gone 1"])
    #expect(found.notRun == ["elsewhere"])
    #expect(found.sharedCount == 6)
    #expect(found.slower.map(\.file) == ["slow"])
    #expect(
      found.headline
        == "against old.json: 3 new failures, 1 still failing, 1 fixed, 1 slower to recover, "
        + "2 new scenarios, 1 gone (6 scenarios in both, 1 of it not run now)")
    #expect(
      found.lines(limit: 2) == [
        "new failure: worse", "new failure: doubtful", "new failures: 1 more",
        "still failing: bad", "fixed: better",
        "slower to recover: slow: 12.000001ms instead of 10ms",
        "new scenario: new", "new scenario: newAndBad", "gone: gone 1",
      ])
  }

  @Test func noDifference() {
    let same = comparison([passed("a"), failed("b")], [passed("a"), failed("b")])
    #expect(same.headline == "against old.json: 1 still failing (2 scenarios in both)")
    let empty = comparison([passed("a")], [passed("a")])
    #expect(empty.headline == "against old.json: no difference (1 scenario in both)")
    #expect(empty.lines(limit: 9) == [])
  }

  /// More than a fifth and more than a millisecond.
  @Test(arguments: [
    (10_000_000, 12_000_000, false), (10_000_000, 12_000_001, true),
    (5_000_004, 6_000_004, false), (4_000_000, 5_000_000, false), (4_000_000, 5_000_001, true),
    (4_999_999, 6_000_000, true), (10, 1_000_010, false), (10, 1_000_011, true),
    (0, 9_000_000, false), (9_000_000, 1, false), (Int64.max - 5, Int64.max, false),
    (1, Int64.max, true),
  ])
  func slowness(before: Int64, now: Int64, isSlower: Bool) {
    let found = comparison([passed("a", recovery: now)], [passed("a", recovery: before)])
    #expect(found.slower.isEmpty != isSlower)
  }

  @Test func theLongestOfMoreRunsIsNotCompared() {
    let before = passed("a", recovery: 10_000_000, runs: 100)
    #expect(comparison([passed("a", recovery: 90_000_000, runs: 101)], [before]).slower.isEmpty)
    #expect(!comparison([passed("a", recovery: 90_000_000, runs: 99)], [before]).slower.isEmpty)
  }

  @Test func everyReportTellsOfIt() throws {
    var now = report([passed("a")])
    now.baseline = everything
    let terminal = TerminalReport.text(of: now)
    #expect(terminal.contains("\nagainst old.json: 3 new failures, 1 still failing, 1 fixed, "))
    #expect(terminal.contains("\n  new failure: worse\n  new failure: doubtful\n"))
    let markdown = MarkdownReport.text(of: now)
    #expect(markdown.contains("## Against the baseline\n\nagainst old.json: 3 new failures"))
    #expect(markdown.contains("**slower to recover**\n\n- `slow: 12.000001ms instead of 10ms`\n"))
    #expect(markdown.contains("more than 20 % and more than 1ms of virtual time"))
    let text = ResultsJSON.text(of: now, wallTimes: .leftOut)
    let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let baseline = try #require(document?["baseline"] as? [String: Any])
    #expect(baseline["newFailures"] as? [String] == ["worse", "doubtful", "newAndBad"])
    #expect(baseline["gone"] as? [String] == ["gone 1"])
    let slower = try #require(baseline["slowerToRecover"] as? [[String: Any]])
    #expect(slower.first?["nanoseconds"] as? Int == 12_000_001)
    #expect(slower.first?["baselineNanoseconds"] as? Int == 10_000_000)
  }

  @Test func manyDifferencesStayReadable() {
    let files = (0..<500).map { "s\($0)" }
    var now = report(files.map(failed))
    now.baseline = comparison(files.map(failed), files.map { passed($0) })
    let lines = TerminalReport().summary(of: now).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("  new failure: ") } == 10)
    #expect(lines.contains("  new failures: 490 more"))
    #expect(MarkdownReport.text(of: now).contains("- and 450 more; see results.json"))
  }
}

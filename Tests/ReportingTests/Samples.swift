import ClusterSimulation
import Foundation
import Reporting
import SimulationKernel

/// Scenario reports that the tests share.
enum Samples {
  static func scenario(
    _ file: String, title: String = "A title", verdict: ScenarioReport.Verdict = .pass,
    expectation: String = "pass", check: String? = nil, message: String? = nil, runs: Int = 200,
    seed: UInt64? = nil
  ) -> ScenarioReport {
    let expected = ExpectedVerdict(words: expectation)
    return ScenarioReport(
      file: file, title: title, protocolName: "chain", variant: "correct", mode: "simulate",
      verdict: verdict, expectation: expectation,
      endedAsExpected: expected?.isMet(verdict: verdict, check: check) ?? false, check: check,
      message: message, runs: runs, steps: 41_234, operations: 2_400, faults: faults(crashes: 187),
      seed: seed, checks: ["linearizability", "progress"])
  }

  static func faults(crashes: Int = 0, powerLosses: Int = 0, losses: Int = 0) -> FaultCounts {
    var faults = FaultCounts()
    faults.crashes = crashes
    faults.powerLosses = powerLosses
    faults.losses = losses
    return faults
  }

  static var headDies: ScenarioReport {
    var report = scenario("Scenarios/chain/head-dies.json5", title: "Head dies")
    report.longestRecovery = .milliseconds(120)
    return report
  }

  static var knownBug: ScenarioReport {
    var report = scenario(
      "Scenarios/chain/known-bugs/cr-01.json5", title: "Known bug", verdict: .violation,
      expectation: "violation of update-propagation", check: "update-propagation",
      message: "s2 is ahead of s1", runs: 4, seed: 3)
    report.variant = "CR-01"
    report.failureFile = "Reports/failures/cr-01-3.json"
    return report
  }

  static var violated: ScenarioReport {
    var report = scenario(
      "Scenarios/chain/x.json5", title: "Odd <&\"'|`]]> \u{1}\u{1B}[31m title",
      verdict: .violation, check: "linearizability",
      message: "get of \"k\" by c2 returned 1 although a put of 2 had ended before it began, and "
        + "no order of the operations explains it\nsee client 2", runs: 8, seed: 7)
    report.stepsToFailure = 812
    report.failureFile = "Reports/failures/x-7.json"
    report.historyFile = "Reports/failures/x-7.history.jsonl"
    report.withinAssumptions = false
    report.faults = faults(crashes: 1, powerLosses: 2, losses: 1_234)
    return report
  }

  static var undecided: ScenarioReport {
    var report = scenario(
      "Scenarios/vm/slow.json5", title: "Slow", verdict: .undecided,
      message: "the step budget of 1000 ran out", runs: 10, seed: 4)
    report.protocolName = "vm-log"
    report.undecidedRuns = 2
    return report
  }

  static var missedBug: ScenarioReport {
    scenario(
      "Scenarios/chain/known-bugs/cr-05.json5", title: "",
      expectation: "violation of durability or progress", runs: 1_000)
  }

  static var report: RunReport {
    RunReport(
      version: "0.2.0", scenarios: [headDies, knownBug, missedBug, violated, undecided],
      wallSeconds: [1.5, 0.25, 2, 0.0014, 0])
  }
}

/// A folder of its own for a test, removed at its end.
final class TemporaryFolder {
  let path: String

  init(_ name: String = #function) {
    let safe = name.filter { $0.isLetter }
    let pid = ProcessInfo.processInfo.processIdentifier
    path = NSTemporaryDirectory() + "/crashproof-reporting-\(pid)-\(safe)"
    try? FileManager.default.removeItem(atPath: path)
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

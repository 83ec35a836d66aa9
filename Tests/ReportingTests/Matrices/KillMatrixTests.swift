import ClusterSimulation
import Testing

@testable import Reporting

@Suite("the kill matrix")
struct KillMatrixTests {
  private static let bugs = ["CR-01", "CR-05", "CR-06"].map {
    KnownBug(protocolName: "chain", id: $0, change: "the change of \($0)")
  }

  private func hunt(
    _ bug: String, _ mode: String = "simulate", check: String? = "durability", steps: Int = 9
  ) -> ScenarioReport {
    var report = Samples.scenario(
      "Scenarios/chain/known-bugs/\(bug)-\(mode)-\(steps).json5",
      verdict: check == nil ? .pass : .violation, expectation: "violation of durability",
      check: check, seed: 3)
    report.variant = bug
    report.mode = mode
    report.stepsToFailure = steps
    return report
  }

  private func matrix(_ scenarios: [ScenarioReport]) throws -> KillMatrix {
    var report = RunReport(
      version: "1", scenarios: scenarios, wallSeconds: scenarios.map { _ in 0 })
    report.knownBugs = Self.bugs
    return try #require(KillMatrix(report))
  }

  @Test("the shortest trace and the fewest seeds count")
  func best() throws {
    var often = hunt("CR-01", steps: 30)
    often.sample = HitSample(seeds: 40, hits: 20)
    var rare = hunt("CR-01", steps: 5)
    rare.sample = HitSample(seeds: 400, hits: 20)
    var search = hunt("CR-01", "explore", steps: 12)
    search.states = 1_234
    let matrix = try matrix([rare, often, hunt("CR-01", "explore", steps: 14), search])
    let row = matrix.rows[0]
    #expect(row.kills[.seeds]?.steps == 30)
    #expect(row.kills[.search]?.effort == "trace of 12 steps, 1,234 states")
    #expect(row.kills[.seeds]?.effort == "median 1 seed (1 to 2), 20 of 40 fail")
    #expect(row.isCaughtWithoutLuck)
    #expect(
      matrix.shortForm
        == "chain CR-01: seeds durability; search durability in 12 steps\n"
        + "chain CR-05: not run\nchain CR-06: not run\n")
  }

  @Test("a bug that its scenarios miss is red, one without scenarios is not run")
  func missed() throws {
    let matrix = try matrix([hunt("CR-05", check: nil), hunt("CR-01")])
    #expect(matrix.missed.map(\.bug.id) == ["CR-05"])
    #expect(
      matrix.summary
        == "2 known bugs: 1 caught, 0 of them by a search or an enumeration of crash points; "
        + "NOT CAUGHT: chain CR-05; 1 not run")
    #expect(matrix.markdown.joined().contains("🔴 | `chain CR-05`"))
    #expect(matrix.text.contains("MISS  chain CR-05"))
  }

  @Test("a violation of another check than the expected one is no catch")
  func otherCheck() throws {
    let matrix = try matrix([hunt("CR-06", check: "progress")])
    #expect(matrix.missed.map(\.bug.id) == ["CR-06"])
  }

  @Test("a violation within the assumptions counts more than any outside")
  func assumptions() throws {
    var outside = hunt("CR-01", "explore", steps: 4)
    outside.withinAssumptions = false
    let both = try matrix([outside, hunt("CR-01", "explore", steps: 20)])
    #expect(both.rows[0].kills[.search]?.steps == 20)
    let alone = try matrix([outside])
    #expect(alone.shortForm.hasPrefix("chain CR-01: search durability (outside the assumptions)"))
  }

  @Test("without a scenario about a bug there is no matrix")
  func none() {
    var report = RunReport(version: "1", scenarios: [Samples.headDies], wallSeconds: [0])
    report.knownBugs = Self.bugs
    #expect(KillMatrix(report) == nil)
  }
}

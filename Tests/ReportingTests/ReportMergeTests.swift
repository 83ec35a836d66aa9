import InputText
import Testing

@testable import Reporting

@Suite struct ReportMergeTests {
  private func input(
    _ name: String, _ scenarios: [ScenarioReport], seconds: [Double] = [], version: String = "1"
  ) -> ReportMerge.Input {
    .init(
      name: name,
      report: RunReport(version: version, scenarios: scenarios, wallSeconds: seconds))
  }

  private func passed(_ file: String = "a", runs: Int = 10) -> ScenarioReport {
    Samples.scenario(file, runs: runs)
  }

  private func violated(seed: UInt64, _ check: String = "progress") -> ScenarioReport {
    Samples.scenario(
      "a", verdict: .violation, check: check, message: "m\(seed)", runs: 3, seed: seed)
  }

  @Test func shardsOfAScenarioAreSummed() throws {
    var second = passed(runs: 32)
    second.longestRecovery = .milliseconds(5)
    second.faults = Samples.faults(crashes: 3, powerLosses: 1)
    let merged = try ReportMerge.merge([
      input("1", [passed()], seconds: [0.1]), input("2", [second], seconds: [0.2]),
    ])
    #expect(merged.scenarios.count == 1)
    let sum = try #require(merged.scenarios.first)
    #expect([sum.runs, sum.steps, sum.operations] == [42, 82_468, 4_800])
    #expect(sum.faults == Samples.faults(crashes: 190, powerLosses: 1))
    #expect(sum.longestRecovery == .milliseconds(5))
    #expect(sum.verdict == .pass && sum.endedAsExpected)
    #expect(merged.wallSeconds == [0.3])
  }

  @Test func theDecisiveVerdictWins() throws {
    let undecided = Samples.scenario("a", verdict: .undecided, message: "budget", seed: 1)
    let pairs = [
      ([passed(), undecided], ScenarioReport.Verdict.undecided, 1 as UInt64),
      ([undecided, violated(seed: 9)], .violation, 9),
      ([violated(seed: 9), violated(seed: 5), passed()], .violation, 5),
    ]
    for (scenarios, verdict, seed) in pairs {
      let merged = try ReportMerge.merge(scenarios.map { input("i", [$0]) })
      #expect(merged.scenarios.map(\.verdict) == [verdict])
      #expect(merged.scenarios.map(\.seed) == [seed])
      #expect(!(merged.scenarios.first?.endedAsExpected ?? true))
    }
  }

  @Test func aBugThatOneShardCatchesIsCaught() throws {
    var caught = violated(seed: 70)
    caught.expectation = "violation of progress"
    caught.endedAsExpected = true
    var missed = passed()
    missed.expectation = "violation of progress"
    missed.endedAsExpected = false
    let merged = try ReportMerge.merge([input("1", [missed]), input("2", [caught])])
    #expect(merged.expectedCount == 1)
    #expect(merged.exitCode == 0)
  }

  @Test func differentFilesStandSortedSideBySide() throws {
    let merged = try ReportMerge.merge([
      input("1", [passed("c"), passed("a")], seconds: [3, 1]),
      input("2", [passed("b")], seconds: [2]),
    ])
    #expect(merged.scenarios.map(\.file) == ["a", "b", "c"])
    #expect(merged.wallSeconds == [1, 2, 3])
  }

  @Test func neitherOrderNorGroupingMatters() throws {
    var outside = violated(seed: 5)
    outside.withinAssumptions = false
    var weak = passed(runs: 7)
    weak.withinAssumptions = false
    let inputs = [
      input("1", [passed(), passed("b")], seconds: [0.1, 0.7]),
      input("2", [violated(seed: 5, "durability")], seconds: [0.2]),
      input("3", [outside, weak], seconds: [1.1, 0.333]),
      input("4", [Samples.scenario("b", verdict: .undecided, seed: 2)], seconds: [0.001]),
    ]
    let all = ResultsJSON.text(of: try ReportMerge.merge(inputs), wallTimes: .included)
    for order in permutations(inputs) {
      #expect(ResultsJSON.text(of: try ReportMerge.merge(order), wallTimes: .included) == all)
      for split in 1..<order.count {
        let first = try ReportMerge.merge(Array(order[..<split]))
        let text = ResultsJSON.text(of: first, wallTimes: .included)
        let read = try ResultsJSON.read(SourceFile(path: "f", text: text))
        let rest = order[split...] + [.init(name: "first", report: read)]
        let merged = try ReportMerge.merge(Array(rest))
        #expect(ResultsJSON.text(of: merged, wallTimes: .included) == all)
      }
    }
  }

  @Test func conflictsAreToldTogether() {
    var other = passed()
    other.title = "Another"
    other.variant = "CR-01"
    let inputs = [input("x.json", [passed()]), input("y.json", [other], version: "2")]
    for order in permutations(inputs) {
      #expect(throws: conflicts) { try ReportMerge.merge(order) }
    }
    let nothing = ReportMerge.Conflicts(messages: ["there are no results to merge"])
    #expect(throws: nothing) { try ReportMerge.merge([]) }
  }

  private let conflicts = ReportMerge.Conflicts(messages: [
    "the version of CrashProof is \"1\" in x.json and \"2\" in y.json",
    "a: the title is \"A title\" in x.json and \"Another\" in y.json",
    "a: the variant is \"CR-01\" in y.json and \"correct\" in x.json",
  ])

  @Test func failureFilesAreFoundInTheFolderThatWasRead() {
    let report = RunReport(
      version: "1", scenarios: [Samples.violated, Samples.headDies], wallSeconds: [])
    let moved = ReportMerge.relocated(report, to: "shard-2/")
    #expect(moved.scenarios.map(\.failureFile) == ["shard-2/failures/x-7.json", nil])
    #expect(moved.scenarios[0].historyFile == "shard-2/failures/x-7.history.jsonl")
  }

  private func permutations<Element>(_ elements: [Element]) -> [[Element]] {
    guard let last = elements.last else { return [[]] }
    return permutations(Array(elements.dropLast())).flatMap { shorter in
      (0...shorter.count).map { position in
        var longer = shorter
        longer.insert(last, at: position)
        return longer
      }
    }
  }
}

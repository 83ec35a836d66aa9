import InputText
import ScenarioFiles
import Testing

@testable import ClusterSimulation
@testable import CommandLineTool
@testable import Reporting

/// Every outcome tried one by one is the oracle for runs that are merged.
@Suite("Crash points of whole protocols")
struct MergedCrashPointTests {
  static let protocols = ProtocolCatalog.entries.filter { $0.summary.crashTable != nil }

  @Test(
    "merged or one by one, the named crash points of every variant of a crash table end the same",
    arguments: protocols.flatMap { entry in
      (entry.summary.crashTable?.variants ?? []).map { (entry.name, $0) }
    })
  func sameEnds(name: String, variant: String) throws {
    let entry = try #require(ProtocolCatalog.entry(named: name))
    let text = """
      { protocol: "\(name)", variant: "\(variant)", clients: { count: 1 },
        script: [{ client: 1, write: 0, count: 2, value: "x" }], run: { mode: "crashpoints" } }
      """
    let scenario = try Scenario.read(
      SourceFile(path: "a.json5", text: text), vocabulary: ProtocolCatalog.vocabulary)
    let run = ScenarioRun(
      LoadedScenario(path: "a.json5", scenario: scenario), RunOptions(jobs: 2),
      FailureNames(files: ["a.json5"]),
      EnumerationOptions(labels: entry.summary.crashPoints))
    var request = run.crashPointRequest
    request.plan.thoroughness = .everyFate
    let merged = run.runner().crashPoints(request).results.map(\.tally)
    request.plan.mergesEqualWorlds = false
    let all = run.runner().crashPoints(request).results.map(\.tally)
    #expect(merged.count == all.count && !all.isEmpty)
    #expect(merged.map(\.verdict) == all.map(\.verdict))
    #expect(merged.map(\.fates) == all.map(\.fates))
  }
}

import ClusterSimulation
import InputText
import Testing

@testable import Reporting

@Suite("Coverage and certificates in reports")
struct CoverageTableTests {
  private static let rows = [
    Coverage.Row(.message, "Forward", isReached: true),
    Coverage.Row(.message, "Copy", isReached: false),
    Coverage.Row(.crashPoint, "replied", isReached: true),
    Coverage.Row(.crash, "crash at replied", isReached: false),
    Coverage.Row(.handler, "server starts again", isReached: true),
  ]

  private static var report: ScenarioReport {
    var report = Samples.headDies
    report.mode = "explore"
    report.certificate = [
      .init(name: "states", value: "21293"), .init(name: "transitions", value: "46943"),
    ]
    report.coverage = rows
    return report
  }

  @Test("a sentence counts, and names what was never reached")
  func sentence() {
    #expect(
      CoverageTable(Self.rows).sentence
        == "1 of 2 kinds of message, 1 of 1 crash points passed, 0 of 1 crashed at; never: Copy, "
        + "crash at replied")
  }

  @Test("the table of report.md tells what was reached from what was not")
  func markdown() {
    let run = RunReport(version: "1", scenarios: [Self.report], wallSeconds: [0])
    let text = MarkdownReport.text(of: run)
    #expect(text.contains("| messages received | Copy | Forward |"))
    #expect(text.contains("| crashes at crash points | crash at replied |  |"))
    #expect(text.contains("## Certificate of `Scenarios/chain/head-dies.json5`"))
    #expect(text.contains("| states | 21293 |"))
  }

  @Test("a search counts states and transitions where a campaign counts runs and steps")
  func figures() {
    #expect(OutcomePhrases(Self.report).figures == ["21,293 states", "46,943 transitions"])
  }

  @Test("certificate and coverage come back from results.json")
  func roundTrip() throws {
    let run = RunReport(version: "1", scenarios: [Self.report], wallSeconds: [0])
    let text = ResultsJSON.text(of: run, wallTimes: .included)
    let read = try ResultsJSON.read(SourceFile(path: "results.json", text: text))
    #expect(read.scenarios == run.scenarios)
    let broken = text.replacing("\"crash point\"", with: "\"crash pint\"")
    #expect(throws: Diagnostics.self) {
      try ResultsJSON.read(SourceFile(path: "results.json", text: broken))
    }
  }

  @Test("parts of a scenario have reached what any of them has")
  func merged() throws {
    var other = Self.report
    other.coverage = Self.rows.map { Coverage.Row($0.kind, $0.name, isReached: !$0.isReached) }
    let parts = [Self.report, other].enumerated().map { index, scenario in
      ReportMerge.Input(
        name: "\(index)",
        report: RunReport(version: "1", scenarios: [scenario], wallSeconds: [0]))
    }
    let merged = try ReportMerge.merge(parts)
    #expect(merged.scenarios.first?.coverage.allSatisfy(\.isReached) == true)
  }
}

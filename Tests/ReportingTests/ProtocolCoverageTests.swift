import ClusterSimulation
import InputText
import Testing

@testable import Reporting

@Suite struct ProtocolCoverageTests {
  private func rows(reached: Set<String>) -> [Coverage.Row] {
    [
      Coverage.Row(.message, "Update", isReached: reached.contains("Update")),
      Coverage.Row(.message, "Join", isReached: reached.contains("Join")),
      Coverage.Row(.crashPoint, "forwarded", isReached: reached.contains("forwarded")),
      Coverage.Row(.crash, "crash at forwarded", isReached: reached.contains("crash")),
      Coverage.Row(.branch, "copy begun", isReached: reached.contains("copy begun")),
      Coverage.Row(.handler, "server retry timer", isReached: true),
    ]
  }

  private func coverage(_ name: String, _ reached: Set<String>) -> ProtocolCoverage {
    ProtocolCoverage(protocolName: name, rows: rows(reached: reached))
  }

  @Test func theUnionDoesNotDependOnTheOrder() {
    let parts = [
      coverage("vm", ["Update"]), coverage("chain", ["Update"]), coverage("chain", ["crash"]),
    ]
    var forward: [ProtocolCoverage] = []
    for part in parts { forward.add(part) }
    var backward: [ProtocolCoverage] = []
    for part in parts.reversed() { backward.add(part) }
    #expect(forward == backward)
    #expect(forward.map(\.protocolName) == ["chain", "vm"])
    #expect(forward[0].missing == ["message Join", "crash point forwarded", "branch copy begun"])
    #expect(forward[1].missing.count == 4)
  }

  @Test func aSentenceForTheTerminal() {
    var all: [ProtocolCoverage] = []
    #expect(all.sentence == nil)
    all.add(coverage("chain", ["Update", "Join", "forwarded", "crash", "copy begun"]))
    #expect(
      all.sentence == "reached: every kind of message, crash point and branch of chain")
    all.add(coverage("vm", ["Update", "Join"]))
    #expect(
      all.sentence
        == "never reached in what was observed: vm: crash point forwarded, crash at forwarded, "
        + "branch copy begun")
    for name in ["a", "b"] { all.add(coverage(name, [])) }
    #expect(
      all.sentence
        == "never reached in what was observed: a: message Join, message Update, "
        + "crash point forwarded, crash at forwarded, branch copy begun and 8 more (report.md)")
  }

  @Test func everyReportTellsOfIt() throws {
    var report = RunReport(version: "1", scenarios: [Samples.headDies], wallSeconds: [0])
    report.coverage = [coverage("chain", ["Update"])]
    #expect(TerminalReport.text(of: report).contains("\nnever reached in what was observed: chain"))
    #expect(
      MarkdownReport.text(of: report).contains(
        "| chain | 1 of 5 | message Join, crash point forwarded, crash at forwarded, branch copy "
          + "begun |\n"))
    let text = ResultsJSON.text(of: report, wallTimes: .included)
    let back = try ResultsJSON.read(SourceFile(path: "r", text: text))
    #expect(back.coverage == report.coverage)
    #expect(ResultsJSON.text(of: back, wallTimes: .included) == text)
  }

  @Test func shardsAreMerged() throws {
    func input(_ reached: Set<String>) -> ReportMerge.Input {
      var report = RunReport(version: "1", scenarios: [], wallSeconds: [])
      report.coverage = [coverage("chain", reached)]
      return .init(name: "i", report: report)
    }
    let merged = try ReportMerge.merge([input(["Update"]), input(["Join", "crash"])])
    #expect(merged.coverage == [coverage("chain", ["Update", "Join", "crash"])])
  }
}

import ClusterSimulation
import InputText
import Testing

@testable import Reporting

@Suite struct MeasurementReportTests {
  private var measured: MeasurementReport {
    MeasurementReport(
      axes: [
        .init(name: "design", labels: ["a, \"b\"", "<c>"], numbers: []),
        .init(name: "servers", labels: ["1", "3"], numbers: [1, 3]),
      ],
      quantities: [
        .init(name: "throughput.total", unit: "1/s"), .init(name: "queue.longest", unit: ""),
      ],
      points: [
        .init(
          indices: [0, 0], values: [.init(mean: 10.25, margin: 0.5), nil], timeline: [[1, 2]]),
        .init(indices: [0, 1], values: [.init(mean: 20, margin: 0), nil]),
        .init(indices: [1, 0], values: [nil, .init(mean: 3, margin: nil)]),
        .init(indices: [1, 1], values: [.init(mean: 0, margin: 1e9), nil]),
      ],
      timeline: .init(bucket: 60, series: [.init(name: "throughput.total", unit: "1/s")]),
      charts: [
        .init(title: "T & U", x: "servers", y: ["throughput.total"], hasLogarithmicY: true),
        .init(title: "over time", x: "time", y: ["throughput.total"], isFittedY: true),
        .init(title: "nothing", x: "nowhere", y: ["no such thing"]),
      ],
      claims: [
        .init(
          text: "c", source: "s", standing: "reproduced", basis: "predicted", because: "",
          expected: "about 2", found: "3", holds: false, objection: "3 at servers 1")
      ],
      seeds: 2, seconds: 10)
  }

  private var report: RunReport {
    var scenario = ScenarioReport(
      file: "Scenarios/m.json5", title: "m", protocolName: "chain", variant: "correct",
      mode: "measure", verdict: .pass, expectation: "pass", endedAsExpected: false, runs: 8,
      steps: 100, operations: 10, faults: FaultCounts(), checks: [])
    scenario.measurement = measured
    return RunReport(version: "1", scenarios: [scenario], wallSeconds: [1])
  }

  @Test func `results.json is read back as it was`() throws {
    let text = ResultsJSON.text(of: report, wallTimes: .included)
    let again = try ResultsJSON.read(SourceFile(path: "results.json", text: text))
    #expect(again.scenarios.first?.measurement == measured)
    #expect(ResultsJSON.text(of: again, wallTimes: .included) == text)
  }

  @Test func `the CSV file quotes what needs it`() {
    let lines = MeasurementCSV.text(of: measured).split(separator: "\n")
    let head = """
      design,servers,throughput.total (1/s),throughput.total (1/s) ±,\
      queue.longest,queue.longest ±
      """
    #expect(lines.first.map(String.init) == head)
    #expect(lines[1] == "\"a, \"\"b\"\"\",1,10.25,0.5,,")
    #expect(lines[3] == "<c>,1,,,3,")
  }

  @Test func `every format shows the claim that does not hold`() {
    let markdown = MarkdownReport.text(of: report)
    #expect(markdown.contains("❌ | c | s | about 2 | 3"))
    #expect(markdown.contains("(measurements/m.svg)"))
    let page = HTMLReport.text(of: report)
    #expect(page.contains("no: 3 at servers 1"))
    #expect(page.contains("&lt;c&gt;"))
    #expect(TerminalReport.text(of: report).contains("1 did not"))
  }

  @Test func `charts of odd values are drawn all the same`() {
    let files = MeasurementFiles.files(of: report)
    #expect(files.map(\.name) == ["m.csv", "m.svg", "m-2.svg", "m-3.svg"])
    for file in files.dropFirst() {
      #expect(file.text.hasPrefix("<svg") && file.text.hasSuffix("</svg>\n"))
      #expect(!file.text.contains("nan") && !file.text.contains("inf\""))
    }
    #expect(files[1].text.contains("T &amp; U"))
  }

  @Test(arguments: [
    (0.0, "0"), (94, "94"), (10.25, "10.25"), (1_609.4, "1,609"), (0.0012, "0.001200"),
    (-2.5, "-2.500"), (Double.nan, "–"), (Double.infinity, "–"),
  ])
  func `numbers as people read them`(number: Double, text: String) {
    #expect(MeasuredNumber.text(number) == text)
  }
}

import InputText
import Reporting
import ScenarioFiles
import Testing

@testable import CommandLineTool

/// Claims about a table of two designs on 1, 2 and 4 servers.
@Suite struct ClaimCheckTests {
  private var file: String {
    """
    { sweep: { design: { a: { protocol: "chain" }, b: { protocol: "master-backup" } },
      servers: [1, 2, 4] }, run: { mode: "measure" }, expectMeasure: [ CLAIM ] }
    """
  }

  private func claim(_ text: String) throws -> MeasurementReport.Claim {
    let wording = "claim: \"c\", source: \"s\", standing: \"reproduced\", basis: \"predicted\", "
    let content = file.replacing(
      "CLAIM", with: "{ \(wording) measure: \"throughput.total\", \(text) }")
    let scenario = try #require(
      try ScenarioCase.read(
        SourceFile(path: "s.json5", text: content), vocabulary: ProtocolCatalog.vocabulary
      ).first
    ).scenario
    let values: [Double?] = [10, 20, 40, 5, 5, nil]
    let points = scenario.measure.points.enumerated().map { number, point in
      MeasurementReport.Point(
        indices: point.indices,
        values: [values[number].map { .init(mean: $0, margin: nil) }])
    }
    let report = MeasurementReport(
      axes: scenario.measure.axes.map {
        .init(name: $0.name, labels: $0.values.map(\.label), numbers: [])
      },
      quantities: [.init(name: "throughput.total", unit: "1/s")], points: points, seeds: 1,
      seconds: 1)
    return try #require(ClaimCheck(scenario.measure, report).claims.first)
  }

  @Test(arguments: [
    ("at: { design: \"a\", servers: 2 }, about: 20.1, within: \"1%\"", true),
    ("at: { design: \"a\", servers: 2 }, about: 21, within: \"1%\"", false),
    ("at: { design: \"a\" }, between: [10, 40]", true),
    ("at: { design: \"a\" }, between: [11, 40]", false),
    ("at: { design: \"b\" }, between: [1, 10]", false),
    ("at: { design: \"a\" }, shape: \"rising\", along: \"servers\"", true),
    ("at: { design: \"a\" }, shape: \"falling\", along: \"servers\"", false),
    (
      "at: { design: \"b\", servers: [1, 2] }, shape: \"flat\", along: \"servers\", within: 0",
      true
    ),
    (
      "at: { design: \"a\", servers: [1, 2] }, per: { at: { design: \"b\" } }, between: [2, 4]",
      true
    ),
    ("at: { design: \"a\" }, per: { at: { design: \"b\" } }, between: [0, 100]", false),
    (
      "at: { design: \"a\" }, curve: { along: \"servers\", values: [[1, 10], [4, 41]], "
        + "within: \"3%\", meanWithin: \"2%\" }", true
    ),
    (
      "at: { design: \"a\" }, curve: { along: \"servers\", values: [[1, 10], [4, 41]], "
        + "within: \"3%\", meanWithin: \"1%\" }", false
    ),
    (
      "at: { design: \"a\" }, curve: { along: \"servers\", values: [[1, 10], [4, 50]], "
        + "within: \"3%\" }", false
    ),
  ])
  func `a claim holds or is refused with a reason`(text: String, holds: Bool) throws {
    let claim = try claim(text)
    #expect(claim.holds == holds, "\(claim.objection)")
    #expect(claim.objection.isEmpty == holds)
  }
}

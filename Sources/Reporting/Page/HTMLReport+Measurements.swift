/// Measurements in report.html: charts, what documents claim beside what came out, and the table.
extension HTMLReport {
  /// The rules of charts, if there are any.
  static func chartRules(_ report: RunReport) -> String {
    let hasCharts = report.scenarios.contains { $0.measurement?.charts.isEmpty == false }
    return hasCharts ? ChartStyle.rules + "\n" : ""
  }

  static func measurements(_ report: RunReport) -> [String] {
    let measured = report.scenarios.filter { $0.measurement != nil }
    guard !measured.isEmpty else { return [] }
    var blocks = ["<section id=\"measurements\"><h2>Measurements</h2>"]
    let tally = ClaimTally(measured)
    if tally.count > 0 { blocks.append("<p>\(escaped(tally.sentence))</p>") }
    for scenario in measured {
      guard let measurement = scenario.measurement else { continue }
      blocks += details(scenario, measurement)
    }
    blocks.append("</section>")
    return blocks
  }

  private static func details(
    _ scenario: ScenarioReport, _ measurement: MeasurementReport
  ) -> [String] {
    var blocks = [
      "<article><h3>\(escaped(scenario.title))</h3>",
      "<p>\(code(scenario.file)): \(escaped(measurement.extent))</p>",
    ]
    for chart in measurement.charts {
      blocks.append(
        "<figure class=\"wide\">\(ChartSVG.embedded(chart, in: measurement))</figure>")
    }
    if !measurement.claims.isEmpty { blocks.append(claims(measurement.claims)) }
    let table = MeasurementTable(measurement)
    let rows = table.rows.map { row in
      row.enumerated().map { index, text in
        index == 0 ? escaped(text) : cell(escaped(text), index < table.axisCount ? "" : "number")
      }
    }
    blocks.append(
      "<details><summary>\(ReportText.count(rows.count, "point")) as a table</summary>")
    blocks.append(Self.table("What was measured", head: table.head, rows: rows))
    blocks += ["</details>", "</article>"]
    return blocks
  }

  private static func claims(_ claims: [MeasurementReport.Claim]) -> String {
    let rows = claims.map { claim in
      [
        escaped(claim.text), cell(escaped(claim.source)), cell(escaped(claim.expected)),
        cell(escaped(claim.found)), cell(escaped(claim.basis)),
        cell(
          escaped(claim.standing)
            + (claim.because.isEmpty ? "" : "<br><small>\(escaped(claim.because))</small>")),
        cell(claim.holds ? "yes" : "no: " + escaped(claim.objection), claim.holds ? "ok" : "bad"),
      ]
    }
    return table(
      "The document and the simulation",
      head: ["claim", "source", "expected", "simulated", "basis", "standing", "as said"],
      rows: rows)
  }
}

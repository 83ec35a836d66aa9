/// Measurements in report.md: first what documents claim beside what came out, then each scenario's
/// charts and table.
enum MeasurementMarkdown {
  /// Rows of a table, at most; the CSV file has all.
  static let rowLimit = 60

  static func blocks(of report: RunReport) -> [String] {
    let measured = report.scenarios.filter { $0.measurement != nil }
    guard !measured.isEmpty else { return [] }
    var blocks = ["## Measurements"]
    blocks += overview(measured)
    let names = FailureNames(files: report.scenarios.map(\.file))
    for scenario in measured {
      guard let measurement = scenario.measurement else { continue }
      blocks += details(scenario, measurement, names.stem(of: scenario.file))
    }
    return blocks
  }

  // MARK: Claims

  /// How many claims of all scenarios came out, and which.
  private static func overview(_ measured: [ScenarioReport]) -> [String] {
    let tally = ClaimTally(measured)
    guard tally.count > 0 else { return [] }
    return [MarkdownReport.escaped(tally.sentence)]
  }

  private static func claims(_ claims: [MeasurementReport.Claim]) -> [String] {
    guard !claims.isEmpty else { return [] }
    var lines = [
      "| | claim | source | expected | simulated | basis | standing |",
      "|---|---|---|---|---|---|---|",
    ]
    for claim in claims {
      lines.append("| \(claim.holds ? "✅" : "❌") " + row(claim))
    }
    return [lines.joined(separator: "\n")]
  }

  /// `| claim | source | expected | simulated | basis | standing |`.
  static func row(_ claim: MeasurementReport.Claim) -> String {
    let because = claim.because.isEmpty ? "" : ": " + claim.because
    let cells = [
      claim.text, claim.source, claim.expected, claim.found, claim.basis,
      claim.standing + because,
    ].map(MarkdownReport.escaped)
    return "| " + cells.joined(separator: " | ") + " |"
  }

  // MARK: Tables and charts

  private static func details(
    _ scenario: ScenarioReport, _ measurement: MeasurementReport, _ stem: String
  ) -> [String] {
    var blocks = ["### \(MarkdownReport.escaped(scenario.title))"]
    blocks.append(
      "\(MarkdownReport.code(scenario.file)): \(MarkdownReport.escaped(measurement.extent)). All "
        + "quantities: [\(MarkdownReport.escaped(stem)).csv]"
        + "(measurements/\(FailureNames.safe(stem + ".csv")))")
    for (number, chart) in measurement.charts.enumerated() {
      blocks.append(
        "![\(MarkdownReport.escaped(chart.title))]"
          + "(measurements/\(MeasurementFiles.chartName(stem, number)))")
    }
    blocks += claims(measurement.claims)
    blocks.append(table(MeasurementTable(measurement)))
    return blocks
  }

  private static func table(_ table: MeasurementTable) -> String {
    var lines = [
      "| " + table.head.map(MarkdownReport.escaped).joined(separator: " | ") + " |",
      "|" + table.head.indices.map { $0 < table.axisCount ? "---|" : "--:|" }.joined(),
    ]
    for row in table.rows.prefix(rowLimit) {
      lines.append("| " + row.map(MarkdownReport.escaped).joined(separator: " | ") + " |")
    }
    if table.rows.count > rowLimit {
      lines.append("\n… and \(table.rows.count - rowLimit) further points in the CSV file.")
    }
    return lines.joined(separator: "\n")
  }
}

/// How many claims came out, over several scenarios.
struct ClaimTally {
  private let claims: [MeasurementReport.Claim]

  init(_ scenarios: [ScenarioReport]) {
    claims = scenarios.compactMap(\.measurement).flatMap(\.claims)
  }

  var count: Int { claims.count }

  /// `41 claims: 20 reproduced, 15 in shape, 6 not reproduced; all as the scenarios say`.
  var sentence: String {
    let parts = ["reproduced", "in shape", "not reproduced"].compactMap { standing -> String? in
      let number = claims.count { $0.standing == standing }
      return number == 0 ? nil : "\(number) \(standing)"
    }
    let wrong = claims.count { !$0.holds }
    let ending =
      wrong == 0
      ? "all came out as the scenarios say"
      : "\(ReportText.count(wrong, "claim")) did not come out as the scenarios say"
    return "\(ReportText.count(claims.count, "claim")) of documents: "
      + parts.joined(separator: ", ") + "; " + ending
  }
}

extension MeasurementReport {
  /// `2 seeds of 500 virtual seconds for each of 144 points`.
  var extent: String {
    let length =
      "\(ReportText.count(seeds, "seed")) of \(MeasuredNumber.text(seconds)) virtual seconds"
    return points.count == 1 ? length : "\(length) for each of \(points.count) points"
  }
}

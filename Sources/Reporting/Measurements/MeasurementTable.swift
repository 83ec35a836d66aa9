/// A measurement as a table of text: a row for each point, the axes first, then the quantities that
/// people look for. All quantities are in the CSV file and in results.json.
struct MeasurementTable {
  let head: [String]
  let rows: [[String]]
  /// How many columns are axes.
  let axisCount: Int

  init(_ report: MeasurementReport) {
    let shown = Self.shown(report)
    axisCount = report.axes.count
    head =
      report.axes.map(\.name)
      + shown.map { index in
        let quantity = report.quantities[index]
        return quantity.unit.isEmpty ? quantity.name : "\(quantity.name) (\(quantity.unit))"
      }
    rows = report.points.map { point in
      zip(report.axes, point.indices).map { axis, index in
        axis.labels.indices.contains(index) ? axis.labels[index] : ""
      }
        + shown.map { index in
          MeasuredNumber.text(point.values.indices.contains(index) ? point.values[index] : nil)
        }
    }
  }

  /// The usual quantities.
  private static let usual = [
    "throughput.total", "latency.reads.p50", "latency.reads.p99", "latency.updates.p50",
    "latency.updates.p99",
  ]

  /// Positions of the quantities that charts show, and of the usual ones; those that were measured
  /// at no point are left out.
  private static func shown(_ report: MeasurementReport) -> [Int] {
    let wanted = report.charts.filter { $0.x != "time" }.flatMap(\.y) + usual
    var shown: [Int] = []
    for name in wanted {
      guard let index = report.quantities.firstIndex(where: { $0.name == name }),
        !shown.contains(index),
        report.points.contains(where: {
          $0.values.indices.contains(index) && $0.values[index] != nil
        })
      else { continue }
      shown.append(index)
    }
    return shown
  }
}

/// A measurement as comma-separated values, for spreadsheets and plotting programs: one line for
/// each point, with all digits, and for each quantity its mean and the half width of its 95 %
/// confidence interval.
enum MeasurementCSV {
  /// RFC 4180, with line feeds.
  static func text(of report: MeasurementReport) -> String {
    let hasMargins = report.seeds > 1
    let heads =
      report.axes.map(\.name)
      + report.quantities.flatMap { quantity in
        let name = quantity.unit.isEmpty ? quantity.name : "\(quantity.name) (\(quantity.unit))"
        return hasMargins ? [name, name + " ±"] : [name]
      }
    var lines = [heads.map(cell).joined(separator: ",")]
    for point in report.points {
      let labels = zip(report.axes, point.indices).map { axis, index in
        axis.labels.indices.contains(index) ? axis.labels[index] : ""
      }
      let values = report.quantities.indices.flatMap { index -> [String] in
        let value = point.values.indices.contains(index) ? point.values[index] : nil
        let mean = value.map { MeasuredNumber.exact($0.mean) } ?? ""
        guard hasMargins else { return [mean] }
        return [mean, value?.margin.map(MeasuredNumber.exact) ?? ""]
      }
      lines.append((labels + values).map(cell).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func cell(_ text: String) -> String {
    let needsQuotes = text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    guard needsQuotes else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}

/// The files of the folder `measurements`.
enum MeasurementFiles {
  static func files(of report: RunReport) -> [(name: String, text: String)] {
    let names = FailureNames(files: report.scenarios.map(\.file))
    return report.scenarios.flatMap { scenario -> [(name: String, text: String)] in
      guard let measured = scenario.measurement else { return [] }
      let stem = names.stem(of: scenario.file)
      let charts = measured.charts.enumerated().map { number, chart in
        (chartName(stem, number), ChartSVG.text(of: chart, in: measured))
      }
      return [(FailureNames.safe(stem + ".csv"), MeasurementCSV.text(of: measured))] + charts
    }
  }

  /// `figure-4.svg`; further charts of a scenario are numbered.
  static func chartName(_ stem: String, _ number: Int) -> String {
    FailureNames.safe(number == 0 ? stem + ".svg" : "\(stem)-\(number + 1).svg")
  }
}

/// A measurement on a terminal: an aligned table of at most 100 columns.
struct MeasurementLines {
  private let report: MeasurementReport
  /// Whether all came out as expected, so that a few rows are enough.
  private let isShort: Bool

  init(_ report: MeasurementReport, isShort: Bool) {
    self.report = report
    self.isShort = isShort
  }

  private var rowLimit: Int { isShort ? 12 : 40 }
  private static let indentation = "      "

  /// Without line feeds.
  var lines: [String] {
    let table = MeasurementTable(report)
    guard !table.rows.isEmpty else { return [] }
    let rows = Array(table.rows.prefix(rowLimit))
    let heads = table.head.map(ReportText.oneLine)
    let columns = fitting(heads, rows)
    var lines = aligned([heads] + rows, columns, table.axisCount)
    if table.rows.count > rows.count {
      lines.append("... \(table.rows.count - rows.count) further points in the CSV file")
    }
    let wrong = report.claims.filter { !$0.holds }.count
    if !report.claims.isEmpty {
      let right = report.claims.count - wrong
      lines.append(
        "\(ReportText.count(report.claims.count, "claim")): \(right) came out as the scenario says"
          + (wrong > 0 ? ", \(wrong) did not" : ""))
    }
    return lines.map { Self.indentation + $0 }
  }

  /// As many columns from the left as have room.
  private func fitting(_ heads: [String], _ rows: [[String]]) -> [(index: Int, width: Int)] {
    var columns: [(index: Int, width: Int)] = []
    var used = Self.indentation.count
    for index in heads.indices {
      let width = ([heads] + rows).map { min(40, LineLayout.columns($0[index])) }.max() ?? 0
      guard used + width + 2 <= TerminalReport.width else { break }
      columns.append((index, width))
      used += width + 2
    }
    return columns
  }

  /// Words to the left, numbers to the right.
  private func aligned(
    _ rows: [[String]], _ columns: [(index: Int, width: Int)], _ axisCount: Int
  ) -> [String] {
    rows.map { row in
      let cells = columns.map { column in
        let text = ReportText.shortened(ReportText.oneLine(row[column.index]), to: column.width)
        let gap = String(
          repeating: " ", count: max(0, column.width - LineLayout.columns(text)))
        return column.index < axisCount ? text + gap : gap + text
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

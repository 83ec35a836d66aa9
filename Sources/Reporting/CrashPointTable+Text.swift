import ClusterSimulation

// The table for people: a line for each crash point, a column for each kind of crash.
extension CrashPointTable {
  /// The rows of one boundary of one step.
  private struct Line {
    var first: Row
    var rows: [Row]

    /// Whether it has a name, or something was found there.
    var isRemarkable: Bool { !first.labels.isEmpty || rows.contains { $0.verdict != .pass } }

    func cell(_ kind: CrashKind) -> String { rows.first { $0.kind == kind }?.cell ?? "" }
  }

  public enum Selection: Hashable, Sendable {
    case all
    /// Crash points that have a name, or at which something was found.
    case remarkable
  }

  private func lines(_ selection: Selection) -> [Line] {
    var lines: [Line] = []
    for row in rows {
      if let last = lines.last?.first, last.seed == row.seed, last.step == row.step,
        last.effectCount == row.effectCount
      {
        lines[lines.count - 1].rows.append(row)
      } else {
        lines.append(Line(first: row, rows: [row]))
      }
    }
    return selection == .all ? lines : lines.filter(\.isRemarkable)
  }

  /// Columns: step and effects of the schedule, node, names, outcome of each kind of crash, action.
  private static let header = [
    "step", "after", "node", "point", "crash", "power loss", "in the step",
  ]

  private func cells(_ line: Line) -> [String] {
    let row = line.first
    let seed = seeds.count > 1 ? "\(row.seed):" : ""
    return [
      "\(seed)\(row.step)", "\(row.effectCount)", row.node,
      row.labels.joined(separator: " "), line.cell(.process), line.cell(.powerLoss), row.action,
    ]
  }

  /// An aligned table, empty if there is nothing to show. The last column is cut where the terminal
  /// ends; no other is.
  public func text(_ selection: Selection) -> String {
    let lines = lines(selection)
    guard !lines.isEmpty else { return "" }
    let table = [Self.header] + lines.map { cells($0).map(ReportText.oneLine) }
    let widths = Self.header.indices.dropLast().map { column in
      table.map { $0[column].count }.max() ?? 0
    }
    return table.map { cells in
      var line = "  "
      for (cell, width) in zip(cells, widths) {
        line += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      line += (cells.last ?? "").prefix(max(0, TerminalReport.width - line.count))
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// Lines of all scenarios together that a job summary has room for: a mebibyte.
  static let markdownLimit = 5_000

  /// The table of GitHub's Markdown, folded up.
  /// - Parameter room: how many lines may still be shown; those that are count.
  func markdown(room: inout Int) -> String {
    let lines = lines(.all)
    let shown = lines.prefix(max(0, room))
    room -= shown.count
    var text = "<details><summary>The crash points</summary>\n\n"
    let rows = [Self.header, Self.header.map { _ in "---" }]
    for row in rows + shown.map({ cells($0).map(MarkdownReport.escaped) }) {
      text += "| \(row.joined(separator: " | ")) |\n"
    }
    if lines.count > shown.count {
      text += "\nAnd \(ReportText.grouped(lines.count - shown.count)) more; see results.json.\n"
    }
    return text + "\n</details>"
  }
}

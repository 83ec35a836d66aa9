extension KillMatrix {
  /// The section of report.md: the summary, a table, and how to read it.
  var markdown: [String] {
    var lines = [
      "| | bug | seeds | crash points | search | check |", "|---|---|---|---|---|---|",
    ]
    for row in hunted {
      let cells = Engine.allCases.map { row.kills[$0]?.effort ?? "" }
      var checks: [String] = []
      for engine in Engine.allCases {
        guard let verdict = row.kills[engine]?.verdict, !checks.contains(verdict) else { continue }
        checks.append(verdict)
      }
      let name = MarkdownReport.code("\(row.bug.protocolName) \(row.bug.id)")
      let bug = "\(name) \(MarkdownReport.escaped(row.bug.change))"
      let caught = row.isMissed ? "**not caught**" : checks.joined(separator: ", ")
      let mark = row.isMissed ? "🔴" : "✅"
      lines.append("| \(mark) | \(bug) | " + (cells + [caught]).joined(separator: " | ") + " |")
    }
    return [
      "## Known bugs", "\(MarkdownReport.escaped(summary)).", lines.joined(separator: "\n"),
      Self.guide,
    ]
  }

  private static var guide: String {
    """
    Each row is the protocol with one thing changed, and who caught it: the best scenario of each \
    engine. Seeds: how many a search that draws seeds needs in half of all cases, with the 95 % \
    interval that the counted hits allow. Crash points: how many of the enumerated ones led to a \
    violation. Search: the length of the shortest trace there is within the bounds, and the states \
    seen. A red row is a bug that nobody caught, and a defect of the tests.
    """
  }
}

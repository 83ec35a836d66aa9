import ClusterSimulation

extension HTMLReport {
  static func table(
    _ caption: String, head: [String], rows: [[String]], kind: String = ""
  ) -> String {
    let heads = head.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
    let lines = rows.map { cells in
      let first = cells.first.map { "<th scope=\"row\">\($0)</th>" } ?? ""
      return "<tr>\(first)" + cells.dropFirst().joined() + "</tr>"
    }
    return "<div class=\"wide\"><table class=\"\(kind)\"><caption>\(escaped(caption))</caption>\n"
      + "<thead><tr>\(heads)</tr></thead>\n<tbody>\n\(lines.joined(separator: "\n"))\n</tbody>"
      + "</table></div>"
  }

  static func cell(_ text: String, _ kind: String = "") -> String {
    kind.isEmpty ? "<td>\(text)</td>" : "<td class=\"\(kind)\">\(text)</td>"
  }

  // MARK: Scenarios

  /// Every scenario, with controls to filter them.
  static func scenarios(_ report: RunReport, _ failures: FailureSections) -> String {
    let rows = report.scenarios.enumerated().map { index, scenario -> String in
      let phrases = OutcomePhrases(scenario)
      let (kind, sign) = mark(scenario)
      let name =
        failures.contains(index)
        ? "<a href=\"#failure-\(index)\">\(code(scenario.file))</a>" : code(scenario.file)
      let bound =
        Statistics.isCleanSample(scenario)
        ? "≤ " + Statistics.failureRateBound(runs: scenario.runs) : ""
      let cells = [
        cell(sign, kind),
        "<th scope=\"row\">\(name)<br><small>\(escaped(scenario.title))</small></th>",
        cell(escaped(scenario.protocolName)), cell(escaped(scenario.variant)),
        cell(escaped(scenario.mode)), cell(ReportText.grouped(scenario.runs), "number"),
        cell(ReportText.grouped(scenario.steps), "number"), cell(escaped(phrases.ending)),
        cell(escaped(bound), "number"),
      ]
      return "<tr data-kind=\"\(kind)\">" + cells.joined() + "</tr>"
    }
    let head = [
      "", "scenario", "protocol", "variant", "mode", "runs", "steps", "ended",
      "failing seeds, 95 % bound",
    ].map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
    return """
      <section id="scenarios"><h2>Scenarios</h2>
      <form class="filter" hidden>
      <label>Text <input type="search" id="filter-text"></label>
      <label>Ended <select id="filter-kind"><option value="">in any way</option>\
      <option value="ok">as expected</option><option value="bad">not as expected</option>\
      <option value="open">undecided</option></select></label>
      <output id="filter-count" aria-live="polite"></output>
      </form>
      <div class="wide"><table id="scenario-table"><thead><tr>\(head)</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div></section>
      """
  }

  static func mark(_ scenario: ScenarioReport) -> (kind: String, sign: String) {
    if scenario.endedAsExpected { return ("ok", "ok") }
    return scenario.verdict == .undecided ? ("open", "open") : ("bad", "FAIL")
  }

  // MARK: Matrices

  static func matrices(_ report: RunReport) -> [String] {
    var blocks: [String] = []
    if let matrix = FrontierMatrix(report) { blocks.append(frontier(matrix)) }
    if let matrix = KillMatrix(report) { blocks.append(kills(matrix)) }
    return blocks
  }

  private static func frontier(_ matrix: FrontierMatrix) -> String {
    let columns = FrontierMatrix.Column.all
    let rows = matrix.rows.map { row in
      [escaped(row.plainName)]
        + columns.map { column in
          let cell = row.cells[column] ?? FrontierMatrix.Cell()
          return frontierCell(cell, matrix.plainText(cell, column, row))
        }
    }
    return "<section id=\"frontier\"><h2>What each design survives</h2>\n"
      + "<p>\(escaped(FrontierMatrix.guide.replacing("*", with: "")))</p>\n"
      + table(
        "Design by what goes wrong, one kind at a time",
        head: ["design"] + columns.map(\.title), rows: rows, kind: "matrix")
      + profiles(matrix) + "</section>"
  }

  private static func profiles(_ matrix: FrontierMatrix) -> String {
    let own = matrix.rows.filter { !$0.profiles.isEmpty }
    guard !own.isEmpty else { return "" }
    let names = Set(own.flatMap(\.profiles.keys)).sorted()
    let rows = own.map { row in
      [escaped(row.plainName)]
        + names.map { name in
          guard let cell = row.profiles[name] else { return Self.cell("") }
          return frontierCell(cell, matrix.plainText(cell, .powerLoss, row))
        }
    }
    return table(
      "Losses of power, by what the disk may do to unsynced data", head: ["design"] + names,
      rows: rows, kind: "matrix")
  }

  private static func frontierCell(_ cell: FrontierMatrix.Cell, _ text: String) -> String {
    let isBroken = cell.violations.first?.withinAssumptions == true
    let isOutside = !cell.violations.isEmpty && cell.sampled == 0 && cell.exhausted == nil
    let kind =
      isBroken
      ? "bad" : isOutside ? "open" : cell.exhausted != nil ? "sure" : cell.isEmpty ? "empty" : "ok"
    let command = cell.violations.first?.replayCommand.map { " title=\"\(escaped($0))\"" } ?? ""
    return "<td class=\"\(kind)\"\(command)>\(escaped(text))</td>"
  }

  private static func kills(_ matrix: KillMatrix) -> String {
    let rows = matrix.hunted.map { row in
      let name = "\(row.bug.protocolName) \(row.bug.id)"
      let efforts = KillMatrix.Engine.allCases.map { engine -> String in
        guard let kill = row.kills[engine] else { return cell("", "empty") }
        return cell("\(escaped(kill.effort))<br><small>\(escaped(kill.verdict))</small>", "ok")
      }
      let sign = row.isMissed ? cell("NOT CAUGHT", "bad") : cell("caught", "ok")
      return ["\(code(name))<br><small>\(escaped(row.bug.change))</small>"] + efforts + [sign]
    }
    return "<section id=\"bugs\"><h2>Known bugs</h2>\n<p>\(escaped(matrix.summary)).</p>\n"
      + table(
        "Which engine caught which bug, what it needed and by which check",
        head: ["bug"] + KillMatrix.Engine.allCases.map(\.title) + [""], rows: rows, kind: "matrix")
      + "</section>"
  }

  // MARK: Searches

  static func certificates(_ report: RunReport) -> [String] {
    let own = report.scenarios.filter { !$0.certificate.isEmpty }
    guard !own.isEmpty else { return [] }
    let items = own.map { scenario in
      let entries = scenario.certificate.map {
        "<dt>\(escaped($0.name))</dt><dd>\(escaped($0.value))</dd>"
      }
      return "<details><summary>\(code(scenario.file))</summary><dl>"
        + entries.joined(separator: "\n") + "</dl></details>"
    }
    return [
      "<section id=\"certificates\"><h2>Certificates of searches</h2>",
      items.joined(separator: "\n"), "</section>",
    ]
  }

  /// What nobody reached.
  static func coverage(_ report: RunReport) -> [String] {
    let own = report.scenarios.filter { !$0.coverage.isEmpty }
    guard !own.isEmpty else { return [] }
    let items = own.map { scenario in
      "<li>\(code(scenario.file)): \(escaped(CoverageTable(scenario.coverage).sentence))</li>"
    }
    return [
      "<section id=\"coverage\"><h2>What was reached</h2>\n<ul>", items.joined(separator: "\n"),
      "</ul></section>",
    ]
  }
}

/// report.md: the summary of a CI job.
public enum MarkdownReport {
  /// Failures in detail, at most: a job summary has room for a mebibyte.
  static let detailLimit = 50
  /// Failures drawn, at most.
  static let pictureLimit = 10
  /// Characters of a message, at most.
  static let messageLimit = 2_000

  public static func text(of report: RunReport) -> String {
    var blocks = ["# CrashProof: \(report.exitPhrase)", counts(report)]
    if report.wasInterrupted {
      blocks.append("**Interrupted:** scenarios that had not ended are missing.")
    }
    let missed = report.scenarios.filter { !$0.endedAsExpected }
    if !missed.isEmpty {
      blocks.append("## Not as expected")
      for (index, scenario) in missed.prefix(detailLimit).enumerated() {
        blocks.append(details(scenario))
        // A summary has no room for many pictures.
        if index < pictureLimit, let story = report.stories[scenario.file] {
          blocks.append(fenced(MermaidSequence.text(of: story), "mermaid"))
        }
      }
      if missed.count > detailLimit {
        blocks.append("And \(missed.count - detailLimit) more; see results.json.")
      }
    }
    if let baseline = report.baseline { blocks += baseline.markdown }
    if let matrix = FrontierMatrix(report) { blocks += matrix.markdown }
    if let matrix = KillMatrix(report) { blocks += matrix.markdown }
    if !report.scenarios.isEmpty {
      blocks.append("## Scenarios")
      blocks.append(table(report.scenarios))
    }
    var room = CrashPointTable.markdownLimit
    for scenario in report.scenarios { blocks += crashPoints(scenario, room: &room) }
    blocks += MeasurementMarkdown.blocks(of: report)
    blocks += report.coverage.markdown
    blocks += report.scenarios.flatMap(\.searchMarkdown)
    blocks.append("## How to read this")
    blocks.append(guide)
    if report.scenarios.contains(where: { $0.crashPoints != nil }) {
      blocks.append(crashPointGuide)
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private static func counts(_ report: RunReport) -> String {
    var lines = ["- \(report.headline)", "- \(report.totals)"]
    if let slowest = report.slowestRecovery {
      lines.append(
        "- slowest recovery, in virtual time: \(slowest.longestRecovery) in \(code(slowest.file))")
    }
    if let confidence = report.confidence { lines.append("- \(confidence)") }
    lines.append("- CrashProof \(escaped(report.version))")
    return lines.joined(separator: "\n")
  }

  private static func details(_ scenario: ScenarioReport) -> String {
    let phrases = OutcomePhrases(scenario)
    var blocks = ["### \(code(scenario.file))"]
    let title = scenario.title.isEmpty ? "" : ": " + escaped(scenario.title)
    let variant = scenario.variant == "correct" ? "" : ", variant \(code(scenario.variant))"
    blocks.append(
      "Protocol \(code(scenario.protocolName))\(variant), mode \(code(scenario.mode))\(title)")
    var ending = "**\(escaped(phrases.ending))**"
    let notes = [
      phrases.missedExpectation, phrases.assumptionNote, phrases.undecidedNote, scenario.remark,
    ]
    for note in notes.compactMap({ $0 }) { ending += "  \n\(escaped(note))" }
    blocks.append(ending)
    if let message = scenario.message {
      let text = ReportText.printable(ReportText.shortened(message, to: messageLimit))
      blocks.append(fenced(text, "text"))
    }
    if let command = scenario.replayCommand {
      blocks.append("Replay it:")
      blocks.append(fenced(ReportText.oneLine(command), "sh"))
    }
    if let command = scenario.checkCommand {
      blocks.append("What its clients saw, for this checker or another:")
      blocks.append(fenced(ReportText.oneLine(command), "sh"))
    }
    return blocks.joined(separator: "\n\n")
  }

  private static func table(_ scenarios: [ScenarioReport]) -> String {
    var lines = [
      "| | scenario | protocol | variant | runs | steps | ended | slowest recovery "
        + "| failing seeds, 95 % bound |",
      "|---|---|---|---|--:|--:|---|--:|--:|",
    ]
    for scenario in scenarios {
      let bound =
        Statistics.isCleanSample(scenario)
        ? "≤ " + Statistics.failureRateBound(runs: scenario.runs) : ""
      let cells = [
        mark(scenario), codeCell(scenario.file), escaped(scenario.protocolName),
        escaped(scenario.variant), ReportText.grouped(scenario.runs),
        ReportText.grouped(scenario.steps), escaped(OutcomePhrases(scenario).ending),
        scenario.recoveryPhrase ?? "", bound,
      ]
      lines.append("| " + cells.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n")
  }

  /// What an enumeration of crash points tried, and a crash table if there is one.
  private static func crashPoints(_ scenario: ScenarioReport, room: inout Int) -> [String] {
    var blocks: [String] = []
    if let table = scenario.crashPoints {
      let sentences: [String?] = [table.figures.joined(separator: ", "), table.lossPhrase]
      blocks = ["## Crash points of \(code(scenario.file))"]
      blocks.append(sentences.compactMap { $0 }.joined(separator: "  \n"))
      if !table.rows.isEmpty { blocks.append(table.markdown(room: &room)) }
    }
    if let table = scenario.crashTable {
      blocks.append("## Promised and observed: \(code(scenario.file))")
      blocks.append("Promises: \(escaped(table.source)). \(CrashTableReport.legend)")
      blocks.append(table.markdown)
    }
    return blocks
  }

  private static var guide: String {
    """
    ✅ ended as the scenario expects (a known bug is expected to be caught), ❌ did not, ❔ has no \
    verdict because a budget ran out. A violation names the check that failed and the seed; the \
    replay command runs exactly that schedule again, step by step. The bound: if all of N seeds \
    passed, at most 1-0.05^(1/N) of all seeds of that scenario fail, with 95 % confidence.
    """
  }

  private static var crashPointGuide: String {
    """
    A crash point is a boundary between two effects of one step, with one kind of crash. Its \
    outcomes are the runs that differ in what the crash left; merged are runs that reached a world \
    known from an earlier one. A power loss may keep any closed set of unsynced operations; they \
    leave so many different images, of which recovery told the lazy leaves apart.
    """
  }

  private static func mark(_ scenario: ScenarioReport) -> String {
    if scenario.endedAsExpected { return "✅" }
    return scenario.verdict == .undecided ? "❔" : "❌"
  }
}

/// Text as it stands in Markdown with GitHub's tables.
extension MarkdownReport {
  /// One line of plain text: nothing in it is markup.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in ReportText.oneLine(text).unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      // A reference does not make a link or notify a person.
      case "@": result += "&#64;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "$":
        result += "\\"
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A code span in a table, which takes away the backslash before a bar.
  private static func codeCell(_ text: String) -> String {
    code(text).split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  /// A code span on one line.
  static func code(_ text: String) -> String {
    let line = ReportText.oneLine(text)
    guard !line.isEmpty else { return "" }
    let fence = String(repeating: "`", count: longestRun(of: "`", in: line) + 1)
    let needsSpace = line.hasPrefix("`") || line.hasSuffix("`")
    return needsSpace ? "\(fence) \(line) \(fence)" : fence + line + fence
  }

  static func fenced(_ text: String, _ language: String) -> String {
    let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: text) + 1))
    return "\(fence)\(language)\n\(text)\n\(fence)"
  }

  private static func longestRun(of character: Character, in text: String) -> Int {
    var longest = 0
    var run = 0
    for next in text {
      run = next == character ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}

extension RunReport {
  /// `all as expected`, `2 of 31 scenarios not as expected`, `no verdict in 1 of 31 scenarios`.
  fileprivate var exitPhrase: String {
    let total = ReportText.count(scenarios.count, "scenario")
    if unexpectedCount > 0 {
      return "\(ReportText.grouped(unexpectedCount)) of \(total) not as expected"
    }
    if undecidedCount > 0 {
      return "no verdict in \(ReportText.grouped(undecidedCount)) of \(total)"
    }
    return wasInterrupted ? "interrupted" : "all as expected"
  }
}

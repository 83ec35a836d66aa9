/// Lines for people: one or a few for each scenario as it ends, and a summary.
///
/// No line is wider than ``width`` columns, except commands, which stay whole so that they
/// can be copied.
public struct TerminalReport: Sendable {
  public enum Colors: Hashable, Sendable {
    case none
    case ansi
  }

  public enum Detail: Hashable, Sendable {
    case everyScenario
    /// Only scenarios that did not end as expected.
    case unexpectedOnly
  }

  public static let width = 100
  /// Columns of the longest file name that the other columns are aligned with.
  static let widestName = 40
  /// Scenarios of each kind that differ from the baseline, one a line.
  static let baselineLimit = 10

  public let colors: Colors
  public let detail: Detail
  /// What all file names start with and the lines leave away; empty or ending in a slash.
  private let commonFolder: String
  private let nameWidth: Int
  private let layout = LineLayout(width: Self.width, indentation: 6)

  /// - Parameter files: all the files of the run, which decide the width of the first column; a
  ///   name that is not among them is shown as well.
  public init(colors: Colors = .none, detail: Detail = .everyScenario, files: [String] = []) {
    self.colors = colors
    self.detail = detail
    let folder = "Scenarios/"
    let commonFolder = files.allSatisfy { $0.hasPrefix(folder) } ? folder : ""
    self.commonFolder = commonFolder
    let widths = files.map { LineLayout.columns(Self.name($0, without: commonFolder)) }
    self.nameWidth = widths.filter { $0 <= Self.widestName }.max() ?? 0
  }

  /// The whole report: every scenario and the summary.
  public static func text(
    of report: RunReport, colors: Colors = .none, detail: Detail = .everyScenario
  ) -> String {
    let files = report.scenarios.map(\.file)
    let terminal = TerminalReport(colors: colors, detail: detail, files: files)
    return report.scenarios.map(terminal.text).joined() + terminal.summary(of: report)
  }

  /// What to print when a scenario has ended: lines that end in a line feed, or nothing.
  public func text(of scenario: ScenarioReport) -> String {
    if detail == .unexpectedOnly, scenario.endedAsExpected { return "" }
    let phrases = OutcomePhrases(scenario)
    var lines = headLines(scenario, phrases)
    for note in notes(scenario, phrases) {
      lines += indented(note)
    }
    if let measured = scenario.measurement {
      lines += MeasurementLines(measured, isShort: scenario.endedAsExpected).lines
    }
    if !scenario.endedAsExpected, let command = scenario.replayCommand {
      lines.append("      replay: " + ReportText.oneLine(command))
    }
    if !scenario.endedAsExpected, let command = scenario.checkCommand {
      lines.append("      history: " + ReportText.oneLine(command))
    }
    lines[0] = painted(lines[0], scenario)
    return lines.map { $0 + "\n" }.joined()
  }

  /// What to print at the end.
  public func summary(of report: RunReport) -> String {
    var lines: [String] = []
    let hasScenarioLines =
      detail == .everyScenario
      ? !report.scenarios.isEmpty : report.scenarios.contains { !$0.endedAsExpected }
    if hasScenarioLines { lines.append("") }
    lines += wrapped("\(report.headline) (\(report.totals))")
    if let slowest = report.slowestRecovery {
      let name = Self.name(slowest.file, without: commonFolder)
      lines += wrapped(
        "slowest recovery, in virtual time: \(slowest.longestRecovery) in \(name)")
    }
    if let baseline = report.baseline {
      lines += wrapped(baseline.headline)
      lines += baseline.lines(limit: Self.baselineLimit).flatMap { wrapped("  " + $0) }
    }
    if let matrix = KillMatrix(report) { lines += wrapped(matrix.summary) }
    if let coverage = report.coverage.sentence { lines += wrapped(coverage) }
    if let confidence = report.confidence { lines += wrapped(confidence) }
    if report.wasInterrupted {
      lines += wrapped("interrupted: scenarios that had not ended are missing")
    }
    if let command = report.firstReplayCommand {
      lines.append("replay the first failure: " + ReportText.oneLine(command))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The lines with the mark, the name and how it ended.
  private func headLines(_ scenario: ScenarioReport, _ phrases: OutcomePhrases) -> [String] {
    let mark = Self.mark(scenario)
    let name = Self.name(scenario.file, without: commonFolder)
    let gap = String(repeating: " ", count: max(0, nameWidth - LineLayout.columns(name)) + 2)
    let start = mark + String(repeating: " ", count: 6 - mark.count)
    guard LineLayout.columns(start + name) <= 60 else {
      let nameLines = layout.lines(prefix: start, words: [name])
      return nameLines + ending(scenario, phrases, after: "      ")
    }
    return ending(scenario, phrases, after: start + name + gap)
  }

  private func ending(
    _ scenario: ScenarioReport, _ phrases: OutcomePhrases, after prefix: String
  ) -> [String] {
    switch scenario.verdict {
    case .pass:
      return layout.lines(
        prefix: prefix, words: phrases.figures + [phrases.ending], separator: "  ")
    case .violation, .undecided:
      if scenario.endedAsExpected {
        return layout.lines(prefix: prefix, words: words(phrases.ending + " (as expected)"))
      }
      let message = scenario.message.map { ": " + ReportText.printable($0) } ?? ""
      var paragraphs = (phrases.ending + message).split(whereSeparator: \.isNewline)
      let first = layout.lines(prefix: prefix, words: words(String(paragraphs.removeFirst())))
      return first + paragraphs.flatMap { indented(String($0)) }
    }
  }

  private func notes(_ scenario: ScenarioReport, _ phrases: OutcomePhrases) -> [String] {
    var notes: [String] = []
    if let expected = phrases.missedExpectation { notes.append(expected) }
    if let note = phrases.assumptionNote { notes.append(note) }
    if let note = phrases.passObjection { notes.append(note) }
    if let note = phrases.coverageNote { notes.append(note) }
    if let remark = scenario.remark { notes.append(ReportText.printable(remark)) }
    if !scenario.endedAsExpected {
      if scenario.verdict != .violation, let note = phrases.undecidedNote { notes.append(note) }
      if scenario.verdict != .pass { notes.append(phrases.figures.joined(separator: ", ")) }
      if !scenario.title.isEmpty { notes.append("title: " + ReportText.oneLine(scenario.title)) }
    }
    return notes
  }

  private func indented(_ text: String) -> [String] {
    layout.lines(prefix: "      ", words: words(text))
  }

  private func wrapped(_ text: String) -> [String] {
    let margin = String(text.prefix { $0 == " " })
    return LineLayout(width: Self.width, indentation: 2 + margin.count)
      .lines(prefix: margin, words: words(text))
  }

  private func words(_ text: String) -> [String] {
    text.split(separator: " ").map(String.init)
  }

  private static func name(_ file: String, without folder: String) -> String {
    ReportText.oneLine(file.hasPrefix(folder) ? String(file.dropFirst(folder.count)) : file)
  }

  private static func mark(_ scenario: ScenarioReport) -> String {
    if scenario.endedAsExpected { return "ok" }
    return scenario.verdict == .undecided ? "open" : "FAIL"
  }

  /// Colours the mark at the start of a line: what the colour says, the word says as well.
  private func painted(_ line: String, _ scenario: ScenarioReport) -> String {
    guard colors == .ansi else { return line }
    let mark = Self.mark(scenario)
    let code = scenario.endedAsExpected ? "32" : scenario.verdict == .undecided ? "33" : "1;31"
    return "\u{1B}[\(code)m\(mark)\u{1B}[0m" + line.dropFirst(mark.count)
  }
}

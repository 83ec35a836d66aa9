/// What did not end as expected, as GitHub shows it beside the lines of a change: workflow commands
/// (`::error file=...,line=...,title=...::...`), one a line.
///
/// A violation is an error, and a scenario without a verdict a warning. GitHub shows ten
/// annotations of each kind for one step and drops the others, so the tenth sums up the rest.
public enum GitHubAnnotations {
  /// Of each kind, for one step.
  static let limit = 10
  /// Characters of a title and of a message, at most.
  static let titleLimit = 200
  static let messageLimit = 2_000

  /// - Parameter path: the path of a scenario file from the top of the repository, given the path
  ///   that the user named.
  /// - Returns: lines that end in a line feed; empty if all is well.
  public static func text(
    of report: RunReport, path: (String) -> String = { $0 }
  ) -> String {
    let missed = report.scenarios.filter { !$0.endedAsExpected }
    let errors = missed.filter { $0.verdict != .undecided }.map { annotation($0, .error, path) }
    var warnings = missed.filter { $0.verdict == .undecided }.map { annotation($0, .warning, path) }
    if report.wasInterrupted {
      let message = "The run was interrupted: scenarios that had not ended are missing."
      warnings.insert(command(.warning, [("title", "CrashProof")], message), at: 0)
    }
    return (limited(errors, .error) + limited(warnings, .warning)).joined()
  }

  private enum Kind: String {
    case error
    case warning
  }

  private static func annotation(
    _ scenario: ScenarioReport, _ kind: Kind, _ path: (String) -> String
  ) -> String {
    let phrases = OutcomePhrases(scenario)
    var properties: [(String, String)] = []
    if let place = scenario.place {
      properties = [("file", path(place.file)), ("line", "\(place.line)")]
    }
    let title = "\(scenario.file): \(phrases.ending)"
    properties.append(("title", ReportText.shortened(ReportText.oneLine(title), to: titleLimit)))
    let details = [
      phrases.missedExpectation, scenario.message, phrases.assumptionNote, phrases.undecidedNote,
      scenario.replayCommand.map { "replay: \($0)" },
    ]
    var message = details.compactMap { $0 }.joined(separator: "\n")
    if message.isEmpty { message = phrases.ending }
    return command(kind, properties, ReportText.shortened(message, to: messageLimit))
  }

  /// The first annotations, and one for the rest.
  private static func limited(_ commands: [String], _ kind: Kind) -> [String] {
    guard commands.count > limit else { return commands }
    let rest = commands.count - (limit - 1)
    let what = kind == .error ? "did not end as expected" : "have no verdict"
    let message = "\(ReportText.grouped(rest)) more scenarios \(what); report.md names them."
    return commands.prefix(limit - 1) + [command(kind, [("title", "CrashProof")], message)]
  }

  private static func command(
    _ kind: Kind, _ properties: [(String, String)], _ message: String
  ) -> String {
    let list = properties.map { "\($0)=\(escapedProperty($1))" }.joined(separator: ",")
    return "::\(kind.rawValue) \(list)::\(escaped(ReportText.printable(message)))\n"
  }

  /// A message: a workflow command ends with its line.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The value of a property, which a comma or a colon would end.
  static func escapedProperty(_ text: String) -> String {
    var result = ""
    for scalar in escaped(ReportText.oneLine(text)).unicodeScalars {
      switch scalar {
      case ":": result += "%3A"
      case ",": result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

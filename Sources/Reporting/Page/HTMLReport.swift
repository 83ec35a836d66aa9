import ClusterSimulation

/// report.html: one self-contained page that fetches nothing.
///
/// Everything can be read without JavaScript; with it, tables can be filtered, a failure's steps
/// stepped through, and commands copied. Equal reports give equal bytes.
public enum HTMLReport {
  /// Failures shown with a picture, at most.
  static let failureLimit = 120
  /// Bytes that all failures may take together: the page is to open at once.
  static let failureBytes = 4_000_000
  /// Bytes of one failure's states, at most.
  static let stateBytes = 400_000

  public static func text(of report: RunReport) -> String {
    let failures = FailureSections(report)
    var blocks = [
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<meta name=\"color-scheme\" content=\"light dark\">",
      "<title>CrashProof: \(escaped(report.headline))</title>",
      "<style>\n\(PageStyle.text)\(PageStyle.pictures)\(chartRules(report))</style>",
      "</head>\n<body>",
      "<a class=\"skip\" href=\"#scenarios\">to the scenarios</a>",
      header(report, failures),
      "<main>",
    ]
    blocks += notExpected(report)
    blocks += matrices(report)
    blocks.append(scenarios(report, failures))
    blocks += measurements(report)
    blocks += certificates(report) + coverage(report)
    blocks.append(failures.html)
    blocks += ["</main>", "<script>\n\(PageScript.text)</script>", "</body>\n</html>"]
    return blocks.joined(separator: "\n") + "\n"
  }

  private static func header(_ report: RunReport, _ failures: FailureSections) -> String {
    let isGood = report.unexpectedCount == 0 && report.undecidedCount == 0
    let links = [
      ("frontier", "What each design survives", FrontierMatrix(report) != nil),
      ("bugs", "Known bugs", KillMatrix(report) != nil),
      ("scenarios", "Scenarios", true),
      ("measurements", "Measurements", report.scenarios.contains { $0.measurement != nil }),
      ("failures", "Failures", !failures.isEmpty),
    ].filter(\.2)
    let navigation = links.map { "<a href=\"#\($0.0)\">\($0.1)</a>" }.joined(separator: "\n")
    var facts = [report.headline, report.totals]
    if let slowest = report.slowestRecovery {
      facts.append(
        "slowest recovery, in virtual time: \(slowest.longestRecovery) in \(slowest.file)")
    }
    if let confidence = report.confidence { facts.append(confidence) }
    if report.wasInterrupted {
      facts.append("interrupted: scenarios that had not ended are missing")
    }
    let list = facts.map { "<li>\(escaped($0))</li>" }.joined(separator: "\n")
    return """
      <header class="\(isGood ? "good" : "bad")">
      <h1>CrashProof</h1>
      <ul class="facts">
      \(list)
      </ul>
      <nav aria-label="Sections">
      \(navigation)
      </nav>
      <p class="version">version \(escaped(report.version))</p>
      </header>
      """
  }

  /// What a reader wants to know first.
  private static func notExpected(_ report: RunReport) -> [String] {
    let missed = report.scenarios.enumerated().filter { !$0.element.endedAsExpected }
    guard !missed.isEmpty else { return [] }
    let items = missed.map { index, scenario in
      let phrases = OutcomePhrases(scenario)
      let message = scenario.message.map { "<br>\(escaped($0))" } ?? ""
      let name =
        scenario.failureFile == nil
        ? code(scenario.file) : "<a href=\"#failure-\(index)\">\(code(scenario.file))</a>"
      let expected = phrases.missedExpectation.map { "<br><em>\(escaped($0))</em>" } ?? ""
      return "<li>\(name): \(escaped(phrases.ending))\(message)\(expected)</li>"
    }
    return [
      "<section id=\"unexpected\"><h2>Not as expected</h2>\n<ul>",
      items.joined(separator: "\n"), "</ul></section>",
    ]
  }

  // MARK: Text

  static func escaped(_ text: String) -> String { SVGText.escaped(text) }

  static func code(_ text: String) -> String { "<code>\(escaped(text))</code>" }

  /// A command with a button that copies it, where there is JavaScript.
  static func command(_ command: String) -> String {
    "<p class=\"command\"><code>\(escaped(command))</code> "
      + "<button type=\"button\" class=\"copy\" data-copy=\"\(escaped(command))\">copy</button></p>"
  }
}

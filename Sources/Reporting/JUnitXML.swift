/// junit.xml: a test suite for each protocol, a test case for each scenario.
///
/// A scenario that did not end as expected is a `failure`, one without a verdict an `error`, and
/// one that stays undecided as expected is `skipped`.
///
/// Only what the schema of Jenkins' xUnit plugin allows is written: readers that check a document
/// refuse it whole for one attribute more. So `testcase` has no `file` and no `line`, which some
/// readers know (its `name` starts with the file, and a failure names the line), and `testsuites`
/// no `skipped`. Times and host names, which the schema leaves open, are left out, so that equal
/// results give equal bytes.
public enum JUnitXML {
  public static func text(of report: RunReport) -> String {
    var suites = Dictionary(grouping: report.scenarios, by: \.protocolName)
      .sorted { $0.key < $1.key }
      .map { suite(name: $0.key, cases: $0.value.map(testCase)) }
    if report.wasInterrupted {
      let message = "The run was interrupted: scenarios that had not ended are missing."
      let element = Element("error", [("message", message), ("type", "interrupted")])
      let lost = TestCase(
        attributes: [("classname", "crashproof"), ("name", "run")], outcome: element, output: nil)
      suites.append(suite(name: "crashproof", cases: [lost]))
    }
    let totals = suites.reduce(into: Totals()) { $0.add($1.totals) }
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    let name = [("name", "crashproof \(report.version)")]
    text += Element("testsuites", name + totals.counts).opening + "\n"
    text += suites.map(\.text).joined()
    return text + "</testsuites>\n"
  }

  private static func testCase(_ scenario: ScenarioReport) -> TestCase {
    let phrases = OutcomePhrases(scenario)
    let name = scenario.title.isEmpty ? scenario.file : "\(scenario.file): \(scenario.title)"
    let figures = (phrases.figures + [phrases.bound].compactMap { $0 }).joined(separator: ", ")
    return TestCase(
      attributes: [
        ("classname", "crashproof.\(scenario.protocolName)"), ("name", name),
      ],
      outcome: outcome(scenario, phrases), output: "\(phrases.ending) (\(figures))")
  }

  private static func outcome(_ scenario: ScenarioReport, _ phrases: OutcomePhrases) -> Element? {
    if scenario.endedAsExpected {
      guard scenario.verdict == .undecided else { return nil }
      return Element("skipped", [("message", "undecided, as expected")])
    }
    let details = [
      scenario.message, phrases.assumptionNote, phrases.undecidedNote,
      scenario.replayCommand.map { "replay: \($0)" },
      scenario.checkCommand.map { "history: \($0)" },
      scenario.place.map { "scenario: \($0.file):\($0.line)" },
    ]
    let body = details.compactMap { $0 }.joined(separator: "\n")
    let message = [phrases.ending, phrases.missedExpectation].compactMap { $0 }
    let name = scenario.verdict == .undecided ? "error" : "failure"
    let type = scenario.check ?? scenario.verdict.rawValue
    return Element(
      name, [("message", message.joined(separator: "; ")), ("type", type)], body: body)
  }

  private static func suite(name: String, cases: [TestCase]) -> Suite {
    var totals = Totals()
    var lines = ""
    for testCase in cases {
      totals.add(testCase)
      lines += testCase.text
    }
    let opening = Element("testsuite", [("name", name)] + totals.attributes).opening
    return Suite(totals: totals, text: "  \(opening)\n\(lines)  </testsuite>\n")
  }

  private struct Suite {
    let totals: Totals
    let text: String
  }

  private struct Totals {
    var tests = 0
    var failures = 0
    var errors = 0
    var skipped = 0

    mutating func add(_ other: Totals) {
      tests += other.tests
      failures += other.failures
      errors += other.errors
      skipped += other.skipped
    }

    mutating func add(_ testCase: TestCase) {
      tests += 1
      switch testCase.outcome?.name {
      case "failure": failures += 1
      case "error": errors += 1
      case "skipped": skipped += 1
      default: break
      }
    }

    var counts: [(String, String)] {
      [("tests", "\(tests)"), ("failures", "\(failures)"), ("errors", "\(errors)")]
    }

    /// Of one suite.
    var attributes: [(String, String)] { counts + [("skipped", "\(skipped)")] }
  }

  private struct TestCase {
    let attributes: [(String, String)]
    let outcome: Element?
    let output: String?

    var text: String {
      var text = "    " + Element("testcase", attributes).opening + "\n"
      if let outcome { text += "      \(outcome.text)\n" }
      if let output { text += "      \(Element("system-out", [], body: output).text)\n" }
      return text + "    </testcase>\n"
    }
  }

  private struct Element {
    let name: String
    let attributes: [(String, String)]
    let body: String

    init(_ name: String, _ attributes: [(String, String)], body: String = "") {
      self.name = name
      self.attributes = attributes
      self.body = body
    }

    private var start: String {
      "<" + name + attributes.map { " \($0)=\"\(XMLText.attribute($1))\"" }.joined()
    }

    var opening: String { start + ">" }

    var text: String {
      body.isEmpty ? start + "/>" : "\(opening)\(XMLText.content(body))</\(name)>"
    }
  }
}

/// Text as it stands in XML 1.0. Characters that XML 1.0 cannot hold become U+FFFD.
enum XMLText {
  static func content(_ text: String) -> String {
    escaped(text, keeping: ["\n", "\t"])
  }

  /// As content, with line ends and tabs as references: a reader turns bare ones into spaces.
  static func attribute(_ text: String) -> String {
    escaped(text, keeping: [])
  }

  private static func escaped(_ text: String, keeping kept: [Unicode.Scalar]) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case _ where kept.contains(scalar): result.unicodeScalars.append(scalar)
      case "\n", "\r", "\t": result += "&#\(scalar.value);"
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        result += "\u{FFFD}"
      case _ where (0x7F...0x9F).contains(scalar.value):
        // Allowed, yet discouraged; a reference survives every tool.
        result += "&#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

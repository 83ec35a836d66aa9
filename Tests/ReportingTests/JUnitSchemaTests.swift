import Foundation
import Testing

@testable import Reporting

@Suite struct JUnitSchemaTests {
  private var interrupted: RunReport {
    var report = Samples.report
    let open = Samples.scenario("a", title: "", verdict: .undecided, expectation: "undecided")
    report.scenarios.append(open)
    report.wasInterrupted = true
    return report
  }

  private var hostile: RunReport {
    var scenario = Samples.violated
    let all = (0...0x2FF).compactMap(Unicode.Scalar.init) + ["\u{FFFE}", "\u{FFFF}", "\u{1F4A5}"]
    let text = String(String.UnicodeScalarView(all))
    scenario.file = text
    scenario.title = text
    scenario.message = text
    scenario.check = text
    scenario.protocolName = text
    scenario.failureFile = text
    return RunReport(version: text, scenarios: [scenario], wallSeconds: [])
  }

  @Test func reportsAreWhatTheSchemaAllows() {
    let empty = RunReport(version: "1", scenarios: [], wallSeconds: [])
    for report in [Samples.report, interrupted, hostile, empty] {
      #expect(JUnitSchema.objections(to: JUnitXML.text(of: report)) == [])
    }
  }

  /// The table refuses what it should: each change breaks one rule.
  @Test(arguments: [
    ("<testcase ", "<testcase file=\"x\" ", "testcase may not have file"),
    ("<testcase ", "<testcase line=\"3\" ", "testcase may not have line"),
    ("<testsuites ", "<testsuites skipped=\"0\" ", "testsuites may not have skipped"),
    (" tests=\"4\"", "", "testsuite lacks tests"),
    (" tests=\"4\"", " tests=\"5\"", "testsuite says 5 tests, there are 4"),
    (" type=\"pass\"", "", "failure lacks type"),
    ("</testcase>", "<failure type=\"x\"/></testcase>", "failure comes after system-out"),
    ("</testcase>", "<system-out/></testcase>", "testcase holds system-out twice"),
    ("<system-out>", "<trace/><system-out>", "testcase may not hold trace"),
    ("<testcase ", "words<testcase ", "testsuite may not hold text"),
    ("</testsuites>", "", "not well-formed at line"),
  ])
  func theSchemaRefuses(part: String, change: String, objection: String) {
    let text = JUnitXML.text(of: Samples.report)
    let objections = JUnitSchema.objections(to: text.replacing(part, with: change))
    #expect(objections.contains { $0.hasPrefix(objection) }, "\(objections)")
  }
}

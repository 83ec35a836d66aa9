import Foundation
import Testing

@testable import Reporting

@Suite struct JUnitXMLTests {
  @Test func aTestCaseForEachScenario() {
    var report = Samples.report
    report.scenarios[0].title = ""
    let expected = #"""
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="crashproof 0.2.0" tests="5" failures="2" errors="1">
        <testsuite name="chain" tests="4" failures="2" errors="0" skipped="0">
          <testcase classname="crashproof.chain" name="Scenarios/chain/head-dies.json5">
            <system-out>pass (200 runs, 41,234 steps, 187 crashes, \#
      at most 1.5 % of all seeds fail (95 % confidence))</system-out>
          </testcase>
          <testcase classname="crashproof.chain" \#
      name="Scenarios/chain/known-bugs/cr-01.json5: Known bug">
            <system-out>violation of update-propagation in seed 3 \#
      (4 runs, 41,234 steps, 187 crashes)</system-out>
          </testcase>
          <testcase classname="crashproof.chain" name="Scenarios/chain/known-bugs/cr-05.json5">
            <failure message="pass; expected: a violation of durability or progress" type="pass"/>
            <system-out>pass (1,000 runs, 41,234 steps, 187 crashes)</system-out>
          </testcase>
          <testcase classname="crashproof.chain" \#
      name="Scenarios/chain/x.json5: Odd &lt;&amp;&quot;'|`]]&gt; ??[31m title">
            <failure message="violation of linearizability in seed 7 after 812 steps" \#
      type="linearizability">get of &quot;k&quot; by c2 returned 1 although a put of 2 had ended \#
      before it began, and no order of the operations explains it
      see client 2
      outside the stated assumptions: the faults went beyond what the scenario promises
      replay: crashproof replay Reports/failures/x-7.json
      history: crashproof check Reports/failures/x-7.history.jsonl</failure>
            <system-out>violation of linearizability in seed 7 after 812 steps \#
      (8 runs, 41,234 steps, 1 crash, 2 power losses, 1,234 lost messages)</system-out>
          </testcase>
        </testsuite>
        <testsuite name="vm-log" tests="1" failures="0" errors="1" skipped="0">
          <testcase classname="crashproof.vm-log" name="Scenarios/vm/slow.json5: Slow">
            <error message="undecided in seed 4" type="undecided">the step budget of 1000 ran out
      no verdict in 2 of 10 runs</error>
            <system-out>undecided in seed 4 (10 runs, 41,234 steps, 187 crashes)</system-out>
          </testcase>
        </testsuite>
      </testsuites>

      """#
    let body = expected.split(separator: "\n", maxSplits: 1)[1]
    #expect(
      JUnitXML.text(of: report)
        == #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
        + body.replacing("??", with: "\u{FFFD}\u{FFFD}"))
  }

  @Test func undecidedAsExpectedIsSkippedAndAnInterruptionIsAnError() {
    let scenario = Samples.scenario("a", title: "", verdict: .undecided, expectation: "undecided")
    let report = RunReport(
      version: "1", scenarios: [scenario], wallSeconds: [], wasInterrupted: true)
    let text = JUnitXML.text(of: report)
    #expect(text.contains(#"tests="2" failures="0" errors="1">"#))
    #expect(text.contains(#"tests="1" failures="0" errors="0" skipped="1">"#))
    #expect(text.contains(#"<skipped message="undecided, as expected"/>"#))
    #expect(text.contains(#"<error message="The run was interrupted: "#))
  }

  @Test func textOfEveryScalarIsWellFormed() {
    let all = (0...0x2FF).compactMap(Unicode.Scalar.init) + ["\u{FFFE}", "\u{FFFF}", "\u{1F4A5}"]
    let text = String(String.UnicodeScalarView(all))
    for escaped in [XMLText.content(text), XMLText.attribute(text)] {
      for scalar in escaped.unicodeScalars {
        let isAllowed =
          scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        #expect(isAllowed || scalar == "\n" || scalar == "\t")
        #expect(scalar != "<" && scalar != "\"")
      }
    }
    #expect(XMLText.attribute("a\tb\r\nc\u{85}") == "a&#9;b&#13;&#10;c&#133;")
    #expect(XMLText.content("a\tb\r\nc\0") == "a\tb&#13;\nc\u{FFFD}")
  }
}

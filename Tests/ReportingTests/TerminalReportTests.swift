import ClusterSimulation
import Testing

@testable import Reporting

@Suite struct TerminalReportTests {
  private let unexpected = #"""
    FAIL  chain/known-bugs/cr-05.json5  1,000 runs  41,234 steps  187 crashes  pass
          expected: a violation of durability or progress
    FAIL  chain/x.json5                 violation of linearizability in seed 7 after 812 steps: get of
          "k" by c2 returned 1 although a put of 2 had ended before it began, and no order of the
          operations explains it
          see client 2
          outside the stated assumptions: the faults went beyond what the scenario promises
          8 runs, 41,234 steps, 1 crash, 2 power losses, 1,234 lost messages
          title: Odd <&"'|`]]> ??[31m title
          replay: crashproof replay Reports/failures/x-7.json
          history: crashproof check Reports/failures/x-7.history.jsonl
    open  vm/slow.json5                 undecided in seed 4: the step budget of 1000 ran out
          no verdict in 2 of 10 runs
          10 runs, 41,234 steps, 187 crashes
          title: Slow

    """#.replacing("?", with: "\u{FFFD}")

  private let summary = """

    5 scenarios: 2 as expected, 2 not, 1 undecided (1,222 runs, 206,170 steps, 12,000 operations, 749
      crashes, 2 power losses, 1,234 lost messages)
    slowest recovery, in virtual time: 120ms in chain/head-dies.json5
    where all of N seeds passed, at most 1-0.05^(1/N) of all seeds fail (95 % confidence): 1.5 % for 200
      seeds
    replay the first failure: crashproof replay Reports/failures/x-7.json

    """

  @Test func everyScenarioAndTheSummary() {
    let expected = """
      ok    chain/head-dies.json5         200 runs  41,234 steps  187 crashes  pass
      ok    chain/known-bugs/cr-01.json5  violation of update-propagation in seed 3 (as expected)

      """
    #expect(TerminalReport.text(of: Samples.report) == expected + unexpected + summary)
  }

  @Test func quietShowsWhatIsUnexpected() {
    let text = TerminalReport.text(of: Samples.report, detail: .unexpectedOnly)
    #expect(text == unexpected + summary)
    let fine = RunReport(version: "1", scenarios: [Samples.headDies], wallSeconds: [1])
    #expect(
      TerminalReport.text(of: fine, detail: .unexpectedOnly) == """
        1 scenario: 1 as expected (200 runs, 41,234 steps, 2,400 operations, 187 crashes)
        slowest recovery, in virtual time: 120ms in chain/head-dies.json5
        where all of N seeds passed, at most 1-0.05^(1/N) of all seeds fail (95 % confidence): 1.5 % for 200
          seeds

        """)
  }

  @Test func colourAddsNothingButColour() {
    let plain = TerminalReport.text(of: Samples.report)
    var colored = TerminalReport.text(of: Samples.report, colors: .ansi)
    #expect(colored.hasPrefix("\u{1B}[32mok\u{1B}[0m    chain/head"))
    #expect(colored.contains("\u{1B}[1;31mFAIL\u{1B}[0m  chain/x"))
    #expect(colored.contains("\u{1B}[33mopen\u{1B}[0m  vm/slow"))
    for code in ["\u{1B}[32m", "\u{1B}[1;31m", "\u{1B}[33m", "\u{1B}[0m"] {
      colored = colored.replacing(code, with: "")
    }
    #expect(colored == plain)
  }

  @Test func noLineIsWiderThanTheTerminal() {
    let words = ["a", "word", "長い名前", "x\u{301}", String(repeating: "y", count: 230), "\u{1F4A5}"]
    for length in 1...130 {
      var report = Samples.violated
      report.file = "Scenarios/" + String(repeating: "f", count: length)
      report.title = (0..<length).map { words[$0 % words.count] }.joined(separator: " ")
      report.message = (0..<length).map { words[$0 * 5 % 6] }.joined(separator: " \n")
      report.failureFile = nil
      var passed = Samples.missedBug
      passed.file = String(repeating: "字", count: length)
      let run = RunReport(version: "1", scenarios: [report, passed], wallSeconds: [])
      for line in TerminalReport.text(of: run).split(separator: "\n") {
        #expect(LineLayout.columns(String(line)) <= 100, "\(length): \(line)")
        #expect(line.last != " ")
      }
    }
  }

  @Test func aReplayCommandIsNeverBrokenAndSafeToPaste() {
    var report = Samples.violated
    report.failureFile = "Re ports/" + String(repeating: "long/", count: 30) + "it's.json"
    let command = "crashproof replay 'Re ports/" + String(repeating: "long/", count: 30)
    let text = TerminalReport().text(of: report)
    #expect(text.contains("      replay: \(command)it'\\''s.json'\n"))
  }

  @Test func anInterruptedRunSaysSo() {
    let run = RunReport(version: "1", scenarios: [], wallSeconds: [], wasInterrupted: true)
    #expect(
      TerminalReport.text(of: run) == """
        0 scenarios: 0 as expected (0 runs, 0 steps, 0 operations)
        interrupted: scenarios that had not ended are missing

        """)
  }

  @Test func groupedNumbers() {
    let numbers = [0, 7, 999, 1_000, 12_345, 1_234_567, -1_000]
    let texts = ["0", "7", "999", "1,000", "12,345", "1,234,567", "-1,000"]
    #expect(numbers.map(ReportText.grouped) == texts)
  }

  @Test(arguments: [
    "pass", "undecided", "violation of a", "violation of a or b", "violation of a, b or c",
  ])
  func expectationsInWords(words: String) {
    #expect(ExpectedVerdict(words: words)?.words == words)
  }

  @Test(arguments: [
    "", "Pass", "violation", "violation of ", "violation of or", "violation of a, b", "a or b",
  ])
  func noExpectation(words: String) {
    #expect(ExpectedVerdict(words: words) == nil)
  }
}

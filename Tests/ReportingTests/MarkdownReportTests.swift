import Testing

@testable import Reporting

@Suite struct MarkdownReportTests {
  private let guide = """
    ✅ ended as the scenario expects (a known bug is expected to be caught), ❌ did not, ❔ has no \
    verdict because a budget ran out. A violation names the check that failed and the seed; the \
    replay command runs exactly that schedule again, step by step. The bound: if all of N seeds \
    passed, at most 1-0.05^(1/N) of all seeds of that scenario fail, with 95 % confidence.
    """

  @Test func failuresFirstThenTheTable() {
    let report = RunReport(
      version: "0.2.0", scenarios: [Samples.headDies, Samples.violated], wallSeconds: [])
    let expected = #"""
      # CrashProof: 1 of 2 scenarios not as expected

      - 2 scenarios: 1 as expected, 1 not
      - 208 runs, 82,468 steps, 4,800 operations, 188 crashes, 2 power losses, 1,234 lost messages
      - slowest recovery, in virtual time: 120ms in `Scenarios/chain/head-dies.json5`
      - where all of N seeds passed, at most 1-0.05^(1/N) of all seeds fail (95 % confidence): \#
      1.5 % for 200 seeds
      - CrashProof 0.2.0

      ## Not as expected

      ### `Scenarios/chain/x.json5`

      Protocol `chain`, mode `simulate`: Odd &lt;&amp;"'\|\`\]\]&gt; ??\[31m title

      **violation of linearizability in seed 7 after 812 steps**  
      outside the stated assumptions: the faults went beyond what the scenario promises

      ```text
      get of "k" by c2 returned 1 although a put of 2 had ended before it began, and no order of \#
      the operations explains it
      see client 2
      ```

      Replay it:

      ```sh
      crashproof replay Reports/failures/x-7.json
      ```

      What its clients saw, for this checker or another:

      ```sh
      crashproof check Reports/failures/x-7.history.jsonl
      ```

      ## Scenarios

      | | scenario | protocol | variant | runs | steps | ended | slowest recovery | failing seeds, \#
      95 % bound |
      |---|---|---|---|--:|--:|---|--:|--:|
      | ✅ | `Scenarios/chain/head-dies.json5` | chain | correct | 200 | 41,234 | pass | 120ms | \#
      ≤ 1.5 % |
      | ❌ | `Scenarios/chain/x.json5` | chain | correct | 8 | 41,234 | violation of \#
      linearizability in seed 7 after 812 steps |  |  |

      ## How to read this


      """#.replacing("??", with: "\u{FFFD}\u{FFFD}")
    #expect(MarkdownReport.text(of: report) == expected + guide + "\n")
  }

  @Test func titlesByOutcome() {
    func title(_ scenarios: [ScenarioReport], interrupted: Bool = false) -> Substring? {
      let report = RunReport(
        version: "1", scenarios: scenarios, wallSeconds: [], wasInterrupted: interrupted)
      return MarkdownReport.text(of: report).split(separator: "\n").first
    }
    #expect(title([Samples.headDies]) == "# CrashProof: all as expected")
    #expect(title([Samples.undecided]) == "# CrashProof: no verdict in 1 of 1 scenario")
    #expect(title([], interrupted: true) == "# CrashProof: interrupted")
  }

  @Test func manyFailuresFitIntoAJobSummary() {
    var scenario = Samples.violated
    scenario.message = String(repeating: "`", count: 100_000)
    let report = RunReport(
      version: "1", scenarios: Array(repeating: scenario, count: 300), wallSeconds: [])
    let text = MarkdownReport.text(of: report)
    #expect(text.contains("And 250 more; see results.json."))
    #expect(text.utf8.count < 1_000_000)
  }

  @Test func codeKeepsWhatItHolds() {
    #expect(MarkdownReport.code("a`b``c") == "```a`b``c```")
    #expect(MarkdownReport.code("`a") == "`` `a ``")
    #expect(MarkdownReport.code("a\nb\u{1B}") == "`a b\u{FFFD}`")
    #expect(MarkdownReport.fenced("```\n````", "text") == "`````text\n```\n````\n`````")
    #expect(MarkdownReport.escaped("@me [x](y) $z$") == "&#64;me \\[x\\](y) \\$z\\$")
  }
}

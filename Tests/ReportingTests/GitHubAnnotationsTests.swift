import Testing

@testable import Reporting

@Suite struct GitHubAnnotationsTests {
  private func report(_ scenarios: [ScenarioReport], interrupted: Bool = false) -> RunReport {
    RunReport(version: "1", scenarios: scenarios, wallSeconds: [], wasInterrupted: interrupted)
  }

  @Test func oneForEachScenarioThatDidNotEndAsExpected() {
    var report = Samples.report
    for index in report.scenarios.indices {
      let file = report.scenarios[index].file
      report.scenarios[index].place = SourcePlace(file: file, line: index + 7)
    }
    let expected = """
      ::error file=top/Scenarios/chain/known-bugs/cr-05.json5,line=9,\
      title=Scenarios/chain/known-bugs/cr-05.json5%3A pass::\
      expected: a violation of durability or progress
      ::error file=top/Scenarios/chain/x.json5,line=10,\
      title=Scenarios/chain/x.json5%3A violation of linearizability in seed 7 after 812 steps::\
      get of "k" by c2 returned 1 although a put of 2 had ended before it began, and no order of \
      the operations explains it%0Asee client 2%0A\
      outside the stated assumptions: the faults went beyond what the scenario promises%0A\
      replay: crashproof replay Reports/failures/x-7.json
      ::warning file=top/Scenarios/vm/slow.json5,line=11,\
      title=Scenarios/vm/slow.json5%3A undecided in seed 4::\
      the step budget of 1000 ran out%0Ano verdict in 2 of 10 runs

      """
    #expect(GitHubAnnotations.text(of: report) { "top/" + $0 } == expected)
  }

  @Test func aRunThatIsFineSaysNothing() {
    #expect(GitHubAnnotations.text(of: report([Samples.headDies, Samples.knownBug])) == "")
  }

  @Test func withoutAPlaceThereIsATitleOnly() {
    let text = GitHubAnnotations.text(of: report([Samples.undecided]))
    #expect(text.hasPrefix("::warning title=Scenarios/vm/slow.json5%3A undecided in seed 4::"))
  }

  @Test func whatGitHubReadsAsMarkupIsEscaped() {
    #expect(GitHubAnnotations.escaped("50% a,b:c\r\nd") == "50%25 a,b:c%0D%0Ad")
    #expect(GitHubAnnotations.escapedProperty("50%0A a,b:c\nd") == "50%250A a%2Cb%3Ac d")
    var scenario = Samples.violated
    scenario.message = "one\r\n::error::two\u{85}three\u{2028}four\u{0}100%"
    scenario.file = "a,b\n::c.json5"
    scenario.place = SourcePlace(file: scenario.file, line: 3)
    let text = GitHubAnnotations.text(of: report([scenario]))
    #expect(text.hasPrefix("::error file=a%2Cb %3A%3Ac.json5,line=3,title=a%2Cb %3A%3Ac.json5%3A "))
    #expect(text.contains("::one\u{FFFD}%0A::error::two\u{FFFD}three\u{2028}four\u{FFFD}100%25%0A"))
    #expect(text.split(separator: "\n").count == 1)
  }

  @Test func tenOfEachKindAtMostAndTheLastSumsUpTheRest() {
    for count in [9, 10, 11, 25, 2_000] {
      let scenarios =
        Array(repeating: Samples.violated, count: count)
        + Array(repeating: Samples.undecided, count: count)
      let text = GitHubAnnotations.text(of: report(scenarios))
      let lines = text.split(separator: "\n")
      for kind in ["error", "warning"] {
        #expect(lines.count { $0.hasPrefix("::\(kind) ") } == min(count, 10))
      }
      let rest = ReportText.grouped(count - 9)
      let sum = "::error title=CrashProof::\(rest) more scenarios did not end as expected; "
      #expect(lines.count { $0.hasPrefix(sum) } == (count > 10 ? 1 : 0))
      let open = "::warning title=CrashProof::\(rest) more scenarios have no verdict; "
      #expect(lines.count { $0.hasPrefix(open) } == (count > 10 ? 1 : 0))
    }
  }

  @Test func anInterruptionIsAWarning() {
    let text = GitHubAnnotations.text(of: report([Samples.headDies], interrupted: true))
    #expect(text.hasPrefix("::warning title=CrashProof::The run was interrupted: "))
  }

  @Test func longTextsAreShortened() {
    var scenario = Samples.violated
    scenario.message = String(repeating: "%", count: 100_000)
    scenario.file = String(repeating: "f", count: 5_000)
    #expect(GitHubAnnotations.text(of: report([scenario])).count < 10_000)
  }
}

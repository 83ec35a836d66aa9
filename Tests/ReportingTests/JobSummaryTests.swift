import Testing

@testable import Reporting

@Suite struct JobSummaryTests {
  private let text = """
    # Title

    ````text
    one
    ```
    two
    ````

    | a |
    |---|
    | ü |

    \(String(repeating: "z", count: 200))

    """

  @Test func whatFitsIsWhole() {
    #expect(JobSummary.cut(text, to: text.utf8.count) == text)
    #expect(JobSummary.text(of: Samples.report) == MarkdownReport.text(of: Samples.report))
  }

  @Test func aCutIsBetweenLinesAndClosesABlock() {
    let note = "\n" + JobSummary.note
    #expect(JobSummary.cut(text, to: text.utf8.count - 1).hasSuffix("| ü |\n\n" + note))
    let block = "# Title\n\n````text\none\n```\n````\n" + note
    #expect(JobSummary.cut(text, to: block.utf8.count) == block)
  }

  @Test func everyRoomIsKept() {
    for room in 0..<text.utf8.count {
      let cut = JobSummary.cut(text, to: room)
      #expect(cut.utf8.count <= room)
      let fences = cut.split(separator: "\n").count { $0.hasPrefix("````") }
      #expect(fences.isMultiple(of: 2), "\(room)")
      if room > JobSummary.note.utf8.count { #expect(cut.hasSuffix(JobSummary.note)) }
    }
  }

  @Test func aHugeReportFitsIntoAStep() {
    var scenario = Samples.headDies
    scenario.title = ""
    let many = RunReport(
      version: "1", scenarios: Array(repeating: scenario, count: 15_000), wallSeconds: [])
    #expect(MarkdownReport.text(of: many).utf8.count > JobSummary.room)
    let text = JobSummary.text(of: many)
    #expect(text.utf8.count <= 1_048_576)
    #expect(text.utf8.count > 1_048_000)
    #expect(text.hasSuffix(JobSummary.note))
  }
}

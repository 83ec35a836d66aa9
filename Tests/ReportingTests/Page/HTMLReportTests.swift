import Foundation
import InputText
import Testing

@testable import ClusterSimulation
@testable import Reporting

@Suite("report.html")
struct HTMLReportTests {
  private func report(failures: Int, scenarios: Int = 0) -> RunReport {
    var all: [ScenarioReport] = []
    var stories: [String: FailureStory] = [:]
    for number in 0..<failures {
      var scenario = Samples.violated
      scenario.file = "Scenarios/x/failing-\(number).json5"
      scenario.failureFile = "Reports/failures/failing-\(number).json"
      var story = StorySamples.round(servers: 3, steps: 60)
      story.story.parts = ["memory of s1"]
      story.story.initial = [StoryLine(part: 0, path: "value", text: "</script><b>")]
      story.story.steps[3].changes = [StoryLine(part: 0, path: "value", text: nil)]
      stories[scenario.file] = story
      all.append(scenario)
    }
    for number in 0..<scenarios {
      var scenario = Samples.headDies
      scenario.file = "Scenarios/x/passing-\(number).json5"
      all.append(scenario)
    }
    var report = RunReport(version: "1", scenarios: all, wallSeconds: all.map { _ in 0 })
    report.stories = stories
    return report
  }

  @Test("nothing is fetched, and no text of a scenario becomes markup")
  func safety() {
    let text = HTMLReport.text(of: report(failures: 1))
    let outside = text.components(separatedBy: "http").dropFirst().filter {
      !$0.hasPrefix("://www.w3.org/2000/svg")
    }
    #expect(outside.isEmpty)
    #expect(!text.contains("<script src") && !text.contains("@import") && !text.contains("url("))
    #expect(!text.contains("</script><b>"))
    #expect(text.contains("\\u003c/script>\\u003cb>"))
    #expect(text.contains("Odd &lt;&amp;&quot;"))
  }

  @Test("every tag that is opened is closed")
  func tags() {
    let text = HTMLReport.text(of: report(failures: 2, scenarios: 3))
    for tag in [
      "section", "article", "details", "table", "tbody", "thead", "tr", "td", "th", "ul", "li",
      "header", "main", "nav", "svg", "form", "label", "select", "button", "script", "style",
    ] {
      let opened =
        text.components(separatedBy: "<\(tag)>").count
        + text.components(separatedBy: "<\(tag) ").count - 2
      let closed = text.components(separatedBy: "</\(tag)>").count - 1
      #expect(opened == closed, "\(tag)")
    }
  }

  @Test("200 scenarios and 50 failures stay under 5 MB")
  func size() {
    let fifty = HTMLReport.text(of: report(failures: 50, scenarios: 200))
    #expect(fifty.utf8.count < 5_000_000)
    #expect(fifty.components(separatedBy: "<article").count - 1 == 50)
    let many = HTMLReport.text(of: report(failures: 400, scenarios: 200))
    #expect(many.utf8.count < 5_000_000)
    #expect(many.contains("further failures stand in the folder failures only."))
  }

  @Test("failures that nobody expected come first")
  func order() {
    var report = report(failures: 2)
    report.scenarios[0].endedAsExpected = true
    let text = HTMLReport.text(of: report)
    let first = text.range(of: "<article class=\"failure bad\"")
    let second = text.range(of: "<article class=\"failure ok\"")
    #expect(first != nil && second != nil)
    if let first, let second { #expect(first.lowerBound < second.lowerBound) }
  }

  @Test("the states of the slider are JSON")
  func states() throws {
    let story = report(failures: 1).stories.values.first?.story
    let text = try #require(story.flatMap(StoryJSON.text))
    let value = try JSONReader.read(SourceFile(path: "s.json", text: text))
    guard case .array(let steps)? = value.member("steps")?.value.content else {
      Issue.record("no steps")
      return
    }
    #expect(steps.count == 60)
  }

  @Test("the same report gives the same bytes")
  func determinism() {
    #expect(
      HTMLReport.text(of: report(failures: 3, scenarios: 2))
        == HTMLReport.text(of: report(failures: 3, scenarios: 2)))
  }

  @Test("a row for each scenario, with its kind for the filter")
  func rows() {
    let text = HTMLReport.text(of: Samples.report)
    for kind in ["ok", "bad", "open"] { #expect(text.contains("<tr data-kind=\"\(kind)\">")) }
  }
}

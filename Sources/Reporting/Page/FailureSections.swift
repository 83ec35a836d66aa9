import ClusterSimulation
import InputText

/// The part of the page about failures: a picture, the replay command and the steps of each, those
/// that nobody expected first, as far as there is room.
struct FailureSections {
  private let report: RunReport
  /// Positions in the report's scenarios, in the order of the page.
  private let shown: [Int]
  private let sections: [String]
  private let omitted: Int

  init(_ report: RunReport) {
    self.report = report
    let all = report.scenarios.indices.filter { report.scenarios[$0].failureFile != nil }
    let sorted =
      all.filter { !report.scenarios[$0].endedAsExpected }
      + Self.expected(all.filter { report.scenarios[$0].endedAsExpected }, report)
    var room = HTMLReport.failureBytes
    var shown: [Int] = []
    var sections: [String] = []
    for index in sorted.prefix(HTMLReport.failureLimit) {
      guard let story = report.stories[report.scenarios[index].file] else { continue }
      let section = Self.section(index, report.scenarios[index], story)
      guard section.utf8.count <= room else { continue }
      room -= section.utf8.count
      shown.append(index)
      sections.append(section)
    }
    self.shown = shown
    self.sections = sections
    omitted = all.count - shown.count
  }

  /// Of each known bug its shortest failure, and then the others.
  private static func expected(_ all: [Int], _ report: RunReport) -> [Int] {
    func length(_ index: Int) -> Int {
      report.stories[report.scenarios[index].file]?.story.steps.count ?? .max
    }
    var best: [[String]: Int] = [:]
    for index in all {
      let key = [report.scenarios[index].protocolName, report.scenarios[index].variant]
      if best[key].map({ length(index) < length($0) }) ?? true { best[key] = index }
    }
    let first = best.values.sorted()
    return first + all.filter { !first.contains($0) }
  }

  var isEmpty: Bool { shown.isEmpty }
  func contains(_ index: Int) -> Bool { shown.contains(index) }

  var html: String {
    guard !shown.isEmpty else { return "" }
    var blocks = ["<section id=\"failures\"><h2>Failures</h2>"]
    if omitted > 0 {
      blocks.append(
        "<p>\(ReportText.count(omitted, "further failure")) "
          + "stand in the folder failures only.</p>")
    }
    return (blocks + sections + ["</section>"]).joined(separator: "\n")
  }

  private static func section(
    _ index: Int, _ scenario: ScenarioReport, _ story: FailureStory
  ) -> String {
    let phrases = OutcomePhrases(scenario)
    let (kind, _) = HTMLReport.mark(scenario)
    let title = scenario.title.isEmpty ? scenario.file : scenario.title
    var blocks = [
      "<article class=\"failure \(kind)\" id=\"failure-\(index)\" "
        + "aria-labelledby=\"failure-title-\(index)\">",
      "<h3 id=\"failure-title-\(index)\">\(HTMLReport.escaped(title))</h3>",
      "<p>\(HTMLReport.code(scenario.file)): \(HTMLReport.escaped(phrases.ending))"
        + (scenario.endedAsExpected ? " (as expected)" : "") + "</p>",
      "<p class=\"sentence\">\(HTMLReport.escaped(story.sentence))</p>",
    ]
    if let note = phrases.assumptionNote { blocks.append("<p>\(HTMLReport.escaped(note))</p>") }
    if let command = scenario.replayCommand { blocks.append(HTMLReport.command(command)) }
    if let command = scenario.checkCommand { blocks.append(HTMLReport.command(command)) }
    blocks.append(
      "<details\(scenario.endedAsExpected ? "" : " open")><summary>Picture and steps</summary>")
    blocks.append("<div class=\"wide\">\(SpaceTimeSVG.embedded(story))</div>")
    if let states = StoryJSON.text(of: story.story) { blocks.append(slider(index, story, states)) }
    blocks.append("</details></article>")
    return blocks.joined(separator: "\n")
  }

  /// Shows what each part of the world looked like after a step; nothing without JavaScript.
  private static func slider(_ index: Int, _ story: FailureStory, _ states: String) -> String {
    let count = story.story.steps.count
    return """
      <div class="stepper" hidden data-states="states-\(index)">
      <label for="step-\(index)">After step</label>
      <button type="button" class="back" aria-label="one step back">◀</button>
      <input type="range" id="step-\(index)" min="0" max="\(count)" value="\(count)">
      <button type="button" class="next" aria-label="one step on">▶</button>
      <output for="step-\(index)" aria-live="polite"></output>
      <div class="parts"></div>
      </div>
      <script type="application/json" id="states-\(index)">\(states)</script>
      """
  }
}

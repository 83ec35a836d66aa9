import ClusterSimulation
import SimulationKernel

/// A failing run as a space-time diagram: a self-contained SVG document for light and dark
/// backgrounds.
///
/// A lane a node with its role and view as a band, a thin lane beside it for its disk (amber while
/// something is pending), arrows for messages (a lost one ends in a cross), bars for the clients'
/// operations, crosses for deaths; what contradicts what is red, and stands in a sentence on top.
public struct SpaceTimeSVG {
  /// Steps shown, at most.
  static let stepLimit = 150

  let failure: FailureStory
  let rows: DiagramRows
  let layout: SpaceTimeLayout
  let headLines: [String]
  var story: RunStory { failure.story }

  /// The document, ending in a line feed. Equal stories give equal bytes.
  public static func text(of failure: FailureStory) -> String {
    SpaceTimeSVG(failure).document(style: [SVGText.style])
  }

  init(_ failure: FailureStory) {
    self.failure = failure
    rows = DiagramRows(failure, limit: Self.stepLimit)
    let lanes = SpaceTimeLayout(failure, rows: rows, headLines: 0)
    let columns = Int(Double(lanes.width - 48) / SpaceTimeLayout.characterWidth) - 4
    var heads = LineLayout(width: columns, indentation: 0).lines(
      prefix: "", words: failure.sentence.split(whereSeparator: \.isWhitespace).map(String.init))
    if rows.hiddenCount > 0 {
      heads.append(
        "\(ReportText.count(rows.hiddenCount, "step")) of "
          + "\(ReportText.grouped(failure.story.steps.count)) left out: shown are faults, changes "
          + "of role, the conflict and what led to it")
    }
    headLines = heads
    layout = SpaceTimeLayout(failure, rows: rows, headLines: heads.count)
  }

  private var height: Int { layout.bottom + 64 + SpaceTimeLayout.border }

  /// The picture as a part of a page that has the rules of ``SVGText/rules`` for `.spacetime`.
  static func embedded(_ failure: FailureStory) -> String {
    SpaceTimeSVG(failure).document(style: [])
  }

  private func document(style: [String]) -> String {
    var lines =
      [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"spacetime\" role=\"img\" aria-label=\""
          + SVGText.escaped(failure.title) + "\" viewBox=\"0 0 \(layout.width) \(height)\" "
          + "width=\"\(layout.width)\" height=\"\(height)\">",
        "<title>\(SVGText.escaped(failure.title))</title>",
        "<desc>\(SVGText.escaped(failure.sentence))</desc>",
      ] + style + [
        "<rect class=\"paper\" width=\"\(layout.width)\" height=\"\(height)\" rx=\"8\"/>",
        SVGText.text(failure.title, "heading", SpaceTimeLayout.border, 32),
      ]
    for (row, line) in headLines.enumerated() {
      lines.append(SVGText.text(line, "caption", SpaceTimeLayout.border, 56 + 18 * row))
    }
    lines += rowLines + laneLines + diskLines + linkLines + operationLines + messageLines
    lines += eventLines + footLines
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Rows

  /// A stripe behind what is highlighted, and the words of each step.
  private var rowLines: [String] {
    rows.rows.enumerated().flatMap { row, content -> [String] in
      let y = layout.y(ofRow: row)
      switch content {
      case .gap(let count):
        let text = "… \(ReportText.count(count, "step")) left out"
        return [
          "<line class=\"gap\" x1=\"\(SpaceTimeLayout.border)\" y1=\"\(y)\" "
            + "x2=\"\(layout.textX - 16)\" y2=\"\(y)\"/>",
          SVGText.text(text, "quiet", layout.textX, y + 4),
        ]
      case .step(let index):
        let step = story.steps[index]
        let isLit = failure.isHighlighted(index)
        let shown = ReportText.shortened(
          ReportText.oneLine(step.text), to: SpaceTimeLayout.textColumns)
        var lines: [String] = []
        if isLit {
          lines.append(
            "<rect class=\"lit\" x=\"8\" y=\"\(y - 11)\" width=\"\(layout.width - 16)\" "
              + "height=\"22\" rx=\"3\"/>")
        }
        lines.append(SVGText.text("\(index + 1)", "quiet", layout.textX, y + 4))
        lines.append(
          "<text class=\"\(isLit ? "bold" : "words")\" x=\"\(layout.textX + 36)\" y=\"\(y + 4)\" "
            + "xml:space=\"preserve\">\(SVGText.escaped(shown))"
            + "<title>\(SVGText.escaped("\(step.time): \(step.text)"))</title></text>")
        return lines
      }
    }
  }

  // MARK: Lanes

  private var laneLines: [String] {
    var lines: [String] = []
    for (index, lane) in story.lanes.enumerated() {
      let x = layout.laneX[index]
      lines.append(
        SVGText.text(lane.name, "bold middle", x, layout.top - 14))
      lines.append(
        "<line class=\"lane\" x1=\"\(x)\" y1=\"\(layout.top)\" x2=\"\(x)\" "
          + "y2=\"\(layout.bottom)\"/>"
      )
    }
    for band in LaneBand.all(of: story) where story.lanes[band.lane].role != .client {
      let x = layout.laneX[band.lane] - SpaceTimeLayout.bandWidth / 2
      let from = layout.y(ofStep: band.from)
      let to = band.to.map { layout.y(ofStep: $0) } ?? layout.bottom
      guard to > from else { continue }
      let kind = band.role.map { "role-\(Self.colour(of: $0))" } ?? "role-none"
      let name = band.role.map { "\($0) in \(band.epoch ?? 0)" } ?? "no role yet"
      lines.append(
        "<rect class=\"band \(kind)\" x=\"\(x)\" y=\"\(from)\" "
          + "width=\"\(SpaceTimeLayout.bandWidth)\" height=\"\(to - from)\">"
          + "<title>\(story.lanes[band.lane].name): \(name)</title></rect>")
      guard let role = band.role, let epoch = band.epoch, to - from > 14 else { continue }
      lines.append(
        SVGText.text("\(role) \(epoch)", "tiny", x + SpaceTimeLayout.bandWidth + 10, from + 12))
    }
    return lines
  }

  /// Who answers clients, who follows, who is on the way in.
  private static func colour(of role: ServerRole) -> String {
    switch role {
    case .primary, .head, .single: "first"
    case .tail: "last"
    case .backup, .middle: "follower"
    case .idle, .joining: "waiting"
    }
  }

  /// Amber where a power loss could take something.
  private var diskLines: [String] {
    var lines: [String] = []
    for (lane, content) in story.lanes.enumerated() where content.hasDisk {
      let x = layout.laneX[lane] + SpaceTimeLayout.bandWidth / 2 + 2
      lines.append(
        "<line class=\"disk\" x1=\"\(x + 3)\" y1=\"\(layout.top)\" x2=\"\(x + 3)\" "
          + "y2=\"\(layout.bottom)\"/>")
      var since: Int?
      for (index, step) in story.steps.enumerated() {
        guard step.deaths.contains(lane) || step.lane == lane, let pending = step.pending
        else { continue }
        if pending > 0, since == nil { since = index }
        if pending == 0, let start = since {
          lines.append(pendingBar(x, from: start, to: index))
          since = nil
        }
        lines += marks(of: step, at: layout.y(ofStep: index), x, lane)
      }
      if let start = since { lines.append(pendingBar(x, from: start, to: nil)) }
    }
    return lines
  }

  private func pendingBar(_ x: Int, from: Int, to: Int?) -> String {
    let start = layout.y(ofStep: from)
    let end = max(start + 3, to.map { layout.y(ofStep: $0) } ?? layout.bottom)
    return
      "<rect class=\"pending\" x=\"\(x)\" y=\"\(start)\" width=\"\(SpaceTimeLayout.diskWidth)\" "
      + "height=\"\(end - start)\"><title>something is not durable</title></rect>"
  }

  private func marks(of step: StoryStep, at y: Int, _ x: Int, _ lane: Int) -> [String] {
    if step.dropped > 0 {
      let text = "-\(step.dropped)"
      return [
        SVGText.text(text, "tiny bad", x + 10, y + 12),
        "<circle class=\"dropped\" cx=\"\(x + 3)\" cy=\"\(y)\" r=\"4\"><title>"
          + "\(ReportText.count(step.dropped, "change")) not durable when the power went"
          + "</title></circle>",
      ]
    }
    guard step.forced > 0 else { return [] }
    return [
      "<circle class=\"forced\" cx=\"\(x + 3)\" cy=\"\(y)\" r=\"3\"><title>"
        + "\(ReportText.count(step.forced, "fsync"))</title></circle>"
    ]
  }
}

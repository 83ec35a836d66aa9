import LinearizabilityChecking

/// A conflict as a picture: a self-contained SVG document, for light and dark backgrounds.
public struct TimelineSVG {
  private let timeline: ConflictTimeline
  private let layout: TimelineLayout
  private let words: OperationWords
  private let explanation: ViolationExplanation
  private let title: String
  private let margin: Int
  private let caption: [String]

  private static let laneHeight = 34
  private static let barHeight = 24
  /// Points that a character of 12 points takes at most.
  private static let characterWidth = 7.4
  private static let border = 24

  /// - Parameter name: what the history is called, for the title.
  public init(_ history: RecordedHistory, _ explanation: ViolationExplanation, name: String) {
    self.explanation = explanation
    var words = OperationWords(history)
    words.valueWidth = 24
    self.words = words
    title = "\(name) is not linearizable"
    timeline = Self.fitting(history, explanation)
    let measures = TimelineLayout.Measures(step: 18, gap: 34, between: 10)
    layout = TimelineLayout(timeline, measures) { bar in
      Self.points(Self.label(bar, words)) + (bar.end == nil ? 34 : 18)
    }
    margin = Self.border + (timeline.lanes.map { Self.points(Self.name($0)) }.max() ?? 0) + 16
    let columns = max(70, Int(Double(margin + layout.width) / Self.characterWidth) - 6)
    caption = LineLayout(width: columns, indentation: 0).lines(
      prefix: "",
      words: Self.upperFirst(explanation.sentence).split(separator: " ").map(String.init))
  }

  /// Fewer neighbours if the picture would become too wide to take in.
  private static func fitting(
    _ history: RecordedHistory, _ explanation: ViolationExplanation
  ) -> ConflictTimeline {
    var extent = ConflictTimeline.Extent()
    var words = OperationWords(history)
    words.valueWidth = 24
    while true {
      let timeline = ConflictTimeline(history, explanation, extent)
      let measures = TimelineLayout.Measures(step: 18, gap: 34, between: 10)
      let layout = TimelineLayout(timeline, measures) { points(label($0, words)) + 18 }
      if layout.width <= 1100 || extent.neighbours <= 2 { return timeline }
      extent.neighbours -= 2
    }
  }

  private static func label(_ bar: ConflictTimeline.Bar, _ words: OperationWords) -> String {
    "\(bar.operation) \(words.label(bar.operation))"
  }

  private static func name(_ process: String) -> String {
    process.count <= 16 ? process : process.prefix(7) + ".." + process.suffix(7)
  }

  private static func points(_ text: String) -> Int {
    Int((Double(LineLayout.columns(text)) * characterWidth).rounded(.up))
  }

  private static func upperFirst(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  // MARK: Places

  private var captionTop: Int { Self.border + 34 }
  private var top: Int { captionTop + 20 * caption.count + (timeline.faults.isEmpty ? 14 : 34) }
  private var bottom: Int { top + Self.laneHeight * timeline.lanes.count }
  private var notes: [String] {
    var notes: [String] = []
    for (number, fault) in timeline.faults.enumerated() {
      notes.append("\(number + 1)  \(fault.text)")
    }
    if timeline.omittedFaultCount > 0 {
      notes.append("further faults not shown: \(timeline.omittedFaultCount)")
    }
    if let omissions = timeline.omissions { notes.append(omissions) }
    return notes
  }
  private var height: Int { bottom + 44 + 18 * notes.count + Self.border }
  private var width: Int {
    max(margin + layout.width + Self.border + 8, 640)
  }
  private func x(_ event: Int) -> Int { margin + layout.positions[event] }
  private func y(_ lane: Int) -> Int { top + Self.laneHeight * lane }

  // MARK: Text

  /// The document. Equal histories give equal bytes.
  public var text: String {
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\" "
        + "viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" height=\"\(height)\">",
      "<title id=\"title\">\(SVGText.escaped(title))</title>",
      "<desc id=\"desc\">\(SVGText.escaped(description))</desc>",
      Self.style,
      "<rect class=\"paper\" width=\"\(width)\" height=\"\(height)\" rx=\"8\"/>",
      SVGText.text(title, "heading", Self.border, Self.border + 8),
    ]
    for (row, line) in caption.enumerated() {
      lines.append(SVGText.text(line, "caption", Self.border, captionTop + 20 * row))
    }
    lines += laneLines + gapLines + faultLines
    for bar in timeline.bars { lines += self.lines(bar) }
    lines += footLines
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private static let style = """
    <style>
    text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #24292f; }
    .heading { font-size: 15px; font-weight: bold; }
    .caption { font-size: 13px; }
    .quiet { fill: #57606a; }
    .paper { fill: #ffffff; stroke: #d0d7de; }
    .lane { stroke: #d8dee4; }
    .neighbour { fill: #f6f8fa; stroke: #8c959f; }
    .source { fill: #ddf4ff; stroke: #0969da; stroke-width: 1.5; }
    .conflict { fill: #cf222e; stroke: #82071e; stroke-width: 1.5; }
    text.on-conflict { fill: #ffffff; font-weight: bold; }
    .open { stroke-dasharray: 4 3; }
    .gap { stroke: #8c959f; stroke-dasharray: 2 4; }
    .fault { stroke: #9a6700; stroke-width: 1.5; stroke-dasharray: 5 3; }
    .mark { fill: #9a6700; }
    text.on-mark { fill: #ffffff; font-weight: bold; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .quiet { fill: #9198a1; }
      .paper { fill: #0d1117; stroke: #3d444d; }
      .lane { stroke: #262c36; }
      .neighbour { fill: #151b23; stroke: #656c76; }
      .source { fill: #121d2f; stroke: #4493f8; }
      .conflict { fill: #da3633; stroke: #ff7b72; }
      .gap { stroke: #656c76; }
      .fault { stroke: #d29922; }
    }
    </style>
    """

  /// The picture in words.
  private var description: String {
    let conflict = explanation.conflict.prefix(14).map { words.phrase($0) }
    return Self.upperFirst(explanation.sentence) + ". Highlighted: "
      + conflict.joined(separator: "; ") + "."
  }

  private var laneLines: [String] {
    timeline.lanes.indices.flatMap { lane in
      let middle = y(lane) + Self.laneHeight / 2
      return [
        "<line class=\"lane\" x1=\"\(margin - 8)\" y1=\"\(middle)\" "
          + "x2=\"\(width - Self.border)\" y2=\"\(middle)\"/>",
        SVGText.text(Self.name(timeline.lanes[lane]), "quiet", Self.border, middle + 4),
      ]
    }
  }

  private var gapLines: [String] {
    timeline.gaps.keys.sorted().flatMap { event in
      let x = x(event) - 22
      let count = ReportText.grouped(timeline.gaps[event] ?? 0)
      return [
        "<line class=\"gap\" x1=\"\(x)\" y1=\"\(top)\" x2=\"\(x)\" y2=\"\(bottom)\"/>",
        SVGText.text("+" + count, "quiet", x - Self.points("+" + count) / 2, bottom + 14),
      ]
    }
  }

  private var faultLines: [String] {
    timeline.faults.enumerated().flatMap { number, fault in
      let x = x(fault.event)
      return [
        "<line class=\"fault\" x1=\"\(x)\" y1=\"\(top - 8)\" x2=\"\(x)\" y2=\"\(bottom)\"/>",
        "<circle class=\"mark\" cx=\"\(x)\" cy=\"\(top - 14)\" r=\"8\"/>",
        SVGText.text("\(number + 1)", "on-mark", x - 4, top - 10),
      ]
    }
  }

  private func lines(_ bar: ConflictTimeline.Bar) -> [String] {
    let kind =
      switch bar.emphasis {
      case .conflict: "conflict"
      case .source: "source"
      case .neighbour: "neighbour"
      }
    let left = x(bar.call)
    let right = bar.end.map { x($0) } ?? width - Self.border
    let upper = y(bar.lane) + (Self.laneHeight - Self.barHeight) / 2
    let open = bar.end == nil ? " open" : ""
    let label = Self.label(bar, words) + (bar.end == nil ? " ?" : "")
    return [
      "<rect class=\"\(kind)\(open)\" x=\"\(left)\" y=\"\(upper)\" width=\"\(right - left)\" "
        + "height=\"\(Self.barHeight)\" rx=\"4\"><title>"
        + "\(SVGText.escaped(words.phrase(bar.operation)))</title></rect>",
      SVGText.text(label, "on-\(kind)", left + 8, upper + 16),
    ]
  }

  private var footLines: [String] {
    let y = bottom + 34
    var lines: [String] = []
    var x = Self.border
    var keys = [("conflict", "the conflict")]
    if timeline.bars.contains(where: { $0.emphasis == .source }) {
      keys.append(("source", "wrote a value of it"))
    }
    if timeline.bars.contains(where: { $0.emphasis == .neighbour }) {
      keys.append(("neighbour", "nearby"))
    }
    for (kind, name) in keys {
      lines.append(
        "<rect class=\"\(kind)\" x=\"\(x)\" y=\"\(y - 10)\" width=\"18\" height=\"12\" rx=\"3\"/>")
      lines.append(SVGText.text(name, "quiet", x + 24, y))
      x += 24 + Self.points(name) + 24
    }
    lines.append(SVGText.text("time runs to the right", "quiet", x, y))
    for (row, note) in notes.enumerated() {
      lines.append(SVGText.text(note, "quiet", Self.border, y + 22 + 18 * row))
    }
    return lines
  }
}

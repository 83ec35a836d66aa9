import LinearizabilityChecking

/// A conflict as a picture of characters: a line for each process, time from left to right.
///
///     p0  [=0 write "1"=]  [=1 write "2"=]
///     p1                                    [=2 read "1"=]
public struct TimelineText {
  private let history: RecordedHistory
  private let explanation: ViolationExplanation
  private let width: Int

  /// A picture of at most `width` columns, 60 or more.
  public init(
    _ history: RecordedHistory, _ explanation: ViolationExplanation, width: Int = 100
  ) {
    self.history = history
    self.explanation = explanation
    self.width = width
  }

  /// A drawing that fits, or not.
  private struct Drawing {
    var timeline: ConflictTimeline
    var layout: TimelineLayout
    var labels: [Int32: String]
    var margin: Int
  }

  /// The lines, without line feeds; none is wider than the width.
  public var lines: [String] {
    let drawing = fitting()
    var lines = faultLines(drawing)
    lines += rows(drawing)
    lines += legend(drawing)
    return lines.map { cut($0) }
  }

  private func cut(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    while LineLayout.columns(line) > width { line.removeLast() }
    return line
  }

  // MARK: What fits

  /// The most of the neighbourhood, then the longest values, that fit into the width.
  private func fitting() -> Drawing {
    var last: Drawing?
    for involved in [14, 10, 7, 5, 4, 3, 2] {
      for neighbours in [8, 6, 4, 2, 0] where neighbours == 0 || involved == 14 {
        for valueWidth in [16, 10, 6] {
          let drawing = draw(involved, neighbours, valueWidth)
          if drawing.margin + drawing.layout.width < width { return drawing }
          last = drawing
        }
      }
    }
    return last ?? draw(2, 0, 6)
  }

  private func draw(_ involved: Int, _ neighbours: Int, _ valueWidth: Int) -> Drawing {
    var extent = ConflictTimeline.Extent()
    extent.involved = involved
    extent.neighbours = neighbours
    let timeline = ConflictTimeline(history, explanation, extent)
    var words = OperationWords(history)
    words.valueWidth = valueWidth
    var labels: [Int32: String] = [:]
    for bar in timeline.bars {
      labels[bar.operation] = "\(bar.operation) \(words.label(bar.operation))"
    }
    let names = timeline.lanes.map { LineLayout.columns(name($0)) }
    let measures = TimelineLayout.Measures(step: 1, gap: 3, between: 2)
    let layout = TimelineLayout(timeline, measures) { bar in
      let label = LineLayout.columns(labels[bar.operation] ?? "")
      return label + 3
    }
    return Drawing(
      timeline: timeline, layout: layout, labels: labels, margin: (names.max() ?? 0) + 2)
  }

  private func name(_ process: String) -> String {
    process.count <= 12 ? process : process.prefix(5) + ".." + process.suffix(5)
  }

  // MARK: Drawing

  private func rows(_ drawing: Drawing) -> [String] {
    drawing.timeline.lanes.indices.map { lane in
      let label = name(drawing.timeline.lanes[lane])
      var row = Row(width: drawing.layout.width + 1)
      for event in drawing.timeline.gaps.keys {
        row.put("~", at: drawing.layout.positions[event] - 2)
      }
      for bar in drawing.timeline.bars where bar.lane == lane { draw(bar, drawing, &row) }
      let padding = String(repeating: " ", count: drawing.margin - LineLayout.columns(label))
      return label + padding + row.text
    }
  }

  private func draw(_ bar: ConflictTimeline.Bar, _ drawing: Drawing, _ row: inout Row) {
    let fill: Character =
      switch bar.emphasis {
      case .conflict: "="
      case .source: "-"
      case .neighbour: "."
      }
    let start = drawing.layout.positions[bar.call]
    let end = bar.end.map { drawing.layout.positions[$0] } ?? drawing.layout.width
    for column in start...max(start, end) { row.put(fill, at: column) }
    row.put("[", at: start)
    row.put(bar.end == nil ? ">" : "]", at: end)
    for event in drawing.timeline.gaps.keys where event > bar.call && event <= bar.end ?? .max {
      row.put("~", at: drawing.layout.positions[event] - 2)
    }
    row.put(drawing.labels[bar.operation] ?? "", at: start + 2)
  }

  /// Faults above the lanes: a mark each, told below in the same order.
  private func faultLines(_ drawing: Drawing) -> [String] {
    guard !drawing.timeline.faults.isEmpty else { return [] }
    var row = Row(width: drawing.layout.width + 1)
    for fault in drawing.timeline.faults {
      row.put("!", at: drawing.layout.positions[fault.event])
    }
    let label = "!"
    let padding = String(repeating: " ", count: drawing.margin - label.count)
    return [label + padding + row.text]
  }

  private func legend(_ drawing: Drawing) -> [String] {
    let timeline = drawing.timeline
    var lines: [String] = []
    if !timeline.faults.isEmpty {
      let texts = timeline.faults.map(\.text).joined(separator: "; ")
      let rest = timeline.omittedFaultCount
      let more = rest > 0 ? " (\(rest) more not shown)" : ""
      lines += LineLayout(width: width, indentation: 3).lines(
        prefix: "!  ", words: (texts + more).split(separator: " ").map(String.init))
    }
    var keys = ["== the conflict"]
    if timeline.bars.contains(where: { $0.emphasis == .source }) {
      keys.append("-- wrote a value of it")
    }
    if timeline.bars.contains(where: { $0.emphasis == .neighbour }) { keys.append(".. nearby") }
    if timeline.bars.contains(where: { $0.end == nil }) { keys.append("> outcome unknown") }
    if !timeline.gaps.isEmpty { keys.append("~ time left out") }
    lines.append(keys.joined(separator: "   "))
    if let note = timeline.omissions { lines.append(note) }
    return lines
  }
}

/// A line that is being drawn.
private struct Row {
  /// By column; the second column of a wide character is `nil`.
  private var cells: [Character?]

  init(width: Int) {
    cells = Array(repeating: " ", count: width)
  }

  mutating func put(_ character: Character, at column: Int) {
    guard cells.indices.contains(column) else { return }
    cells[column] = character
  }

  mutating func put(_ text: String, at column: Int) {
    var column = column
    for character in text {
      put(character, at: column)
      let width = LineLayout.columns(String(character))
      if width == 2, cells.indices.contains(column + 1) { cells[column + 1] = nil }
      column += width
    }
  }

  var text: String { String(cells.compactMap { $0 }) }
}

extension ConflictTimeline {
  /// What is not shown; `nil` if everything is.
  var omissions: String? {
    var parts: [String] = []
    if omittedConflictCount > 0 {
      parts.append(ReportText.count(omittedConflictCount, "operation") + " of the conflict")
    }
    let others = omittedCount - omittedConflictCount
    if others > 0 { parts.append(ReportText.count(others, "other operation")) }
    return parts.isEmpty ? nil : "not shown: " + parts.joined(separator: " and ")
  }
}

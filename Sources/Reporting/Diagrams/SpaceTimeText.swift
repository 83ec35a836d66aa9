import ClusterSimulation

/// A failing run as text: a column a node, a line a step, time downwards, at most 100 columns.
///
/// ```
///  c1   s1   s2
///   *    |    |   c1 invokes put(0, "x")
///   o--->*    |   s1 receives Update(1/1) from c1
///   |    X    |   s1 CRASHES
///        .    *   s2 receives unavailable from s1
/// ```
public struct SpaceTimeText {
  public static let width = 100
  /// Steps shown, at most.
  static let stepLimit = 150

  private let failure: FailureStory
  private let pitch: Int
  private let isLit: [Bool]

  public static func text(of failure: FailureStory) -> String {
    SpaceTimeText(failure).text
  }

  private init(_ failure: FailureStory) {
    self.failure = failure
    let lanes = failure.story.lanes
    let longest = lanes.map { LineLayout.columns($0.name) }.max() ?? 2
    // At least half of the width belongs to the words.
    pitch = max(3, min(longest + 2, 56 / max(1, lanes.count)))
    isLit = failure.story.steps.indices.map(failure.isHighlighted)
  }

  private var text: String {
    let story = failure.story
    let rows = DiagramRows(failure, limit: Self.stepLimit)
    var lines = sentences(failure.title) + sentences(failure.sentence) + [""]
    lines.append(header)
    var state = story.lanes.map { $0.role == .server ? Character(" ") : Character("|") }
    var lastRow = -1
    for index in story.steps.indices {
      let row = rows.rowOfStep[index]
      switch rows.rows[row] {
      case .gap(let count):
        // What happens to processes meanwhile shows afterwards.
        note(story.steps[index], &state)
        if row != lastRow { lines.append("  ~ \(ReportText.count(count, "step")) left out ~") }
      case .step: lines += self.lines(of: index, &state)
      }
      lastRow = row
    }
    lines += [
      "",
      "  * step   o sends   > receives   x lost   X dies   ^ starts   | runs   ! the conflict",
    ]
    return lines.map { trimmed($0) + "\n" }.joined()
  }

  private func sentences(_ text: String) -> [String] {
    LineLayout(width: Self.width, indentation: 2).lines(
      prefix: "",
      words: ReportText.printable(text).split(whereSeparator: \.isWhitespace).map(
        String.init))
  }

  private var header: String {
    var line = "  "
    for lane in failure.story.lanes {
      let name = String(lane.name.prefix(pitch - 1))
      line += name + String(repeating: " ", count: max(1, pitch - LineLayout.columns(name)))
    }
    return line
  }

  private func note(_ step: StoryStep, _ state: inout [Character]) {
    if case .start = step.event, let lane = step.lane { state[lane] = "|" }
    for lane in step.deaths { state[lane] = " " }
  }

  private func lines(of index: Int, _ state: inout [Character]) -> [String] {
    let step = failure.story.steps[index]
    var cells = state.map { [$0] + Array(repeating: Character(" "), count: pitch - 1) }
      .flatMap { $0 }
    func place(_ lane: Int) -> Int { lane * pitch }
    if let lane = step.lane { cells[place(lane)] = "*" }
    if case .start = step.event, let lane = step.lane { cells[place(lane)] = "^" }
    switch step.event {
    case .receive(let position) where failure.story.messages.indices.contains(position):
      let message = failure.story.messages[position]
      draw(from: place(message.sender), to: place(message.receiver), in: &cells)
    case .lose(let position) where failure.story.messages.indices.contains(position):
      let message = failure.story.messages[position]
      draw(from: place(message.sender), to: place(message.receiver), in: &cells, isLost: true)
    default: break
    }
    note(step, &state)
    for lane in step.deaths { cells[place(lane)] = "X" }
    let margin = (isLit[index] ? "! " : "  ") + String(cells)
    let number = "\(index + 1)"
    let prefix = margin + " " + String(repeating: " ", count: max(0, 3 - number.count)) + number
    return LineLayout(width: Self.width, indentation: min(70, margin.count + 6)).lines(
      prefix: prefix + " ",
      words: ReportText.printable(step.text).split(separator: " ").map(
        String.init)
    ).enumerated().map { line, text in
      line == 0 ? text : continued(text, state, indentation: min(70, margin.count + 6))
    }
  }

  /// The lanes go on beside a text of several lines.
  private func continued(_ text: String, _ state: [Character], indentation: Int) -> String {
    var margin = "  "
    for cell in state { margin += String(cell) + String(repeating: " ", count: pitch - 1) }
    let start = text.index(text.startIndex, offsetBy: min(indentation, text.count))
    let padding = String(repeating: " ", count: max(0, indentation - margin.count))
    return margin + padding + text[start...]
  }

  /// A lost message stops before its receiver.
  private func draw(
    from start: Int, to end: Int, in cells: inout [Character], isLost: Bool = false
  ) {
    guard start != end else { return }
    for place in (min(start, end) + 1)..<max(start, end) { cells[place] = "-" }
    cells[start] = "o"
    let tip = start < end ? end - 1 : end + 1
    cells[tip] = isLost ? "x" : start < end ? ">" : "<"
    if !isLost { cells[end] = "*" }
  }

  private func trimmed(_ line: String) -> String {
    var line = line[...]
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}

import LinearizabilityChecking

/// An explanation as text for a terminal: what contradicts what, the operations involved, how far
/// the history can be explained, and a picture.
public struct ExplanationText {
  private let history: RecordedHistory
  private let explanation: ViolationExplanation
  private let words: OperationWords
  private let width: Int
  /// Operations of a conflict that are listed at most.
  private static let listLimit = 12

  /// - Parameter width: columns of a line at most, 60 or more.
  public init(
    _ history: RecordedHistory, _ explanation: ViolationExplanation, width: Int = 100
  ) {
    self.history = history
    self.explanation = explanation
    self.width = width
    words = OperationWords(history)
  }

  /// The sentence, in lines.
  public var sentence: [String] { wrapped(explanation.sentence) }

  /// What is known beside the sentence, and the picture.
  public var details: [String] {
    wrapped(claim) + list + wrapped(prefix) + [""] + picture
  }

  /// The picture alone.
  public var picture: [String] {
    TimelineText(history, explanation, width: width).lines
  }

  private func wrapped(_ text: String) -> [String] {
    LineLayout(width: width, indentation: 0).lines(
      prefix: "", words: text.split(separator: " ").map(String.init))
  }

  private var claim: String {
    let count = explanation.conflict.count
    if count == 1, explanation.isMinimal {
      return "the conflict is one operation, whatever became of all others:"
    }
    let operations = ReportText.count(count, "operation")
    return explanation.isMinimal
      ? "the conflict is \(operations), and without any one of them the others can be explained:"
      : "the conflict is \(operations); whether fewer would do was not found out:"
  }

  private var list: [String] {
    let shown = explanation.conflict.suffix(Self.listLimit)
    let rows = shown.map { index in
      let operation = history.operations[Int(index)]
      let process = OperationWords.plain(history.processes[operation.process])
      return (
        place: operation.line > 0 ? "line \(operation.line)" : "",
        process: process.count <= 16 ? process : process.prefix(7) + ".." + process.suffix(7),
        text: words.phrase(index)
      )
    }
    let places = rows.map { LineLayout.columns($0.place) }.max() ?? 0
    let processes = rows.map { LineLayout.columns($0.process) }.max() ?? 0
    var lines = rows.flatMap { row in
      var head = "  "
      if places > 0 { head += padded(row.place, places) + "  " }
      head += padded(row.process, processes) + "  "
      return LineLayout(width: width, indentation: min(head.count, width / 2)).lines(
        prefix: head, words: row.text.split(separator: " ").map(String.init))
    }
    let more = explanation.conflict.count - shown.count
    if more > 0 { lines.append("  and \(ReportText.count(more, "earlier one"))") }
    return lines
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - LineLayout.columns(text)))
  }

  private var prefix: String {
    let known = explanation.prefix
    let all = ReportText.count(Int(history.eventCount), "event")
    let first = "the first \(ReportText.grouped(known.eventCount)) of \(all) are linearizable"
    guard known.isExact else {
      return "\(first), the first \(ReportText.grouped(known.illegalEvent + 1)) are not"
    }
    guard let operation = known.operation else { return first }
    let end = history.operations[Int(operation)].outcome == .failed ? "failure" : "return"
    return "\(first); the next one, the \(end) of \(words.name(operation)), makes them illegal"
  }
}

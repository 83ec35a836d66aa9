import HistoryFiles
import InputText
import LinearizabilityChecking
import Reporting

/// What `crashproof check` says about one history.
struct HistoryAnswer: Sendable {
  enum Verdict: String, Sendable {
    case linearizable
    case violation
    case undecided
  }

  let file: String
  let model: ObjectModel
  let operationCount: Int
  let verdict: Verdict
  /// The ways in which its parts were decided, in the order of ``DecisionMethod``; of a violation
  /// the one that found it.
  let decidedBy: [DecisionMethod]
  /// Configurations that were tried in searches.
  let explored: Int
  /// Why it is no linearizable history; `nil` unless the verdict is a violation.
  let explanation: ViolationExplanation?
  /// The explanation for people: the sentence, what else is known, and a picture in SVG.
  private let sentence: [String]
  private let details: [String]
  let picture: String?
  /// The operations of the conflict, for machines.
  private let conflict: [JSONTree]

  /// - Parameter drawsPicture: whether ``picture`` is wanted.
  init(
    _ file: String, _ history: RecordedHistory, _ checked: CheckedHistory, drawsPicture: Bool
  ) {
    self.file = file
    explanation = HistoryExplainer().explain(history, checked)
    let text = explanation.map { ExplanationText(history, $0, width: 94) }
    sentence = text?.sentence ?? []
    details = text?.details ?? []
    conflict = explanation.map { Self.conflict($0, history) } ?? []
    picture =
      drawsPicture
      ? explanation.map { TimelineSVG(history, $0, name: Self.title(of: file)).text } : nil
    model = history.model
    operationCount = history.operations.count
    explored = checked.explored
    switch checked.verdict {
    case .linearizable:
      verdict = .linearizable
      decidedBy = DecisionMethod.allCases.filter { method in
        checked.partitions.contains { $0.decidedBy == method }
      }
    case .violation:
      verdict = .violation
      decidedBy = checked.partitions.last.map { [$0.decidedBy] } ?? []
    case .undecided:
      verdict = .undecided
      decidedBy = []
    }
  }

  /// `fast path`, `fast path and search`.
  private var way: String { decidedBy.map(\.rawValue).joined(separator: " and ") }

  /// The last part of a path.
  private static func title(of file: String) -> String {
    guard file != "-" else { return "the history" }
    return OperationWords.plain(file.split(separator: "/").last.map(String.init) ?? file)
  }

  private static func conflict(
    _ explanation: ViolationExplanation, _ history: RecordedHistory
  ) -> [JSONTree] {
    let words = OperationWords(history)
    return explanation.conflict.map { index in
      let operation = history.operations[Int(index)]
      return .object([
        .init("operation", .integer(Int(index))),
        .init("line", operation.line > 0 ? .integer(Int(operation.line)) : .null),
        .init("process", .string(history.processes[operation.process])),
        .init("text", .string(words.phrase(index))),
      ])
    }
  }

  // MARK: Output

  /// A line, and an explanation below it.
  /// - Parameter isQuiet: whether one sentence is enough.
  func text(usesColor: Bool, isQuiet: Bool) -> String {
    let (mark, color) =
      switch verdict {
      case .linearizable: ("ok", "32")
      case .violation: ("FAIL", "1;31")
      case .undecided: ("open", "33")
      }
    let painted = usesColor ? "\u{1B}[\(color)m\(mark)\u{1B}[0m" : mark
    let padding = String(repeating: " ", count: 6 - mark.count)
    let count = "\(operationCount) operation\(operationCount == 1 ? "" : "s")"
    var text = "\(painted)\(padding)\(file): \(model.rawValue), \(count): \(ending)\n"
    for line in isQuiet ? sentence : sentence + details {
      text += line.isEmpty ? "\n" : "      \(line)\n"
    }
    return text
  }

  private var ending: String {
    let effort = explored > 0 ? ", \(explored) configuration\(explored == 1 ? "" : "s")" : ""
    switch verdict {
    case .linearizable where decidedBy.isEmpty: return "linearizable"
    case .linearizable, .violation: return "\(verdict.rawValue) (\(way)\(effort))"
    case .undecided: return "undecided after \(explored) configurations; --limit raises this"
    }
  }

  var json: JSONTree {
    .object(
      [
        .init("file", .string(file)),
        .init("model", .string(model.rawValue)),
        .init("operations", .integer(operationCount)),
        .init("verdict", .string(verdict.rawValue)),
        .init("decidedBy", decidedBy.isEmpty ? .null : .string(way)),
        .init("explored", .integer(explored)),
        .init("explanation", explanation.map { .string($0.sentence) } ?? .null),
      ] + (explanation.map(members) ?? []))
  }

  /// What is known about a violation beside the sentence.
  private func members(_ explanation: ViolationExplanation) -> [JSONTree.Member] {
    let prefix = explanation.prefix
    return [
      .init("conflict", .array(conflict)),
      .init("isMinimal", .boolean(explanation.isMinimal)),
      .init("sources", .array(explanation.sources.map { .integer(Int($0)) })),
      .init(
        "linearizablePrefix",
        .object([
          .init("events", .integer(prefix.eventCount)),
          .init("illegalEvent", .integer(prefix.illegalEvent)),
          .init("operation", prefix.operation.map { .integer(Int($0)) } ?? .null),
          .init("isExact", .boolean(prefix.isExact)),
        ])),
    ]
  }
}

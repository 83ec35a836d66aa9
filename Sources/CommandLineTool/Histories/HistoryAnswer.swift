import HistoryFiles
import InputText
import LinearizabilityChecking

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
  let explanation: String?

  init(_ file: String, _ history: RecordedHistory, _ checked: CheckedHistory) {
    self.file = file
    model = history.model
    operationCount = history.operations.count
    explored = checked.explored
    switch checked.verdict {
    case .linearizable:
      verdict = .linearizable
      decidedBy = DecisionMethod.allCases.filter { method in
        checked.partitions.contains { $0.decidedBy == method }
      }
      explanation = nil
    case .violation(let certificate):
      verdict = .violation
      decidedBy = checked.partitions.last.map { [$0.decidedBy] } ?? []
      explanation = ViolationSentence(history).text(certificate)
    case .undecided:
      verdict = .undecided
      decidedBy = []
      explanation = nil
    }
  }

  /// `fast path`, `fast path and search`.
  private var way: String { decidedBy.map(\.rawValue).joined(separator: " and ") }

  // MARK: Output

  /// A line, and an explanation below it.
  func text(usesColor: Bool) -> String {
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
    if let explanation { text += "      \(explanation)\n" }
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
    .object([
      .init("file", .string(file)),
      .init("model", .string(model.rawValue)),
      .init("operations", .integer(operationCount)),
      .init("verdict", .string(verdict.rawValue)),
      .init("decidedBy", decidedBy.isEmpty ? .null : .string(way)),
      .init("explored", .integer(explored)),
      .init("explanation", explanation.map { .string($0) } ?? .null),
    ])
  }
}

/// Operations and reasons in words.
extension RecordedHistory {
  /// What operation `index` was, who did it and where it stands: `p2's read of x, "1" (operation
  /// 7)`; with the line where there is one.
  func phrase(_ index: Int32) -> String {
    let operation = operations[Int(index)]
    let place = operation.line > 0 ? "line \(operation.line)" : "operation \(index)"
    let process = processes[operation.process]
    return "\(what(operation, answer(of: Int(index)))) by \(process) (\(place))"
  }

  private func what(_ operation: RecordedOperation, _ answer: RecordedAnswer?) -> String {
    let key = model == .block ? "\(operation.key)" : keys[operation.key]
    func quoted(_ value: Int32) -> String { "\"\(values[value])\"" }
    var told = ""
    switch answer {
    case .value(let value) where operation.kind == .contains: told = value == 1 ? "yes" : "no"
    case .value(let value): told = quoted(value)
    case .values(let list): told = "[" + list.map(quoted).joined(separator: ", ") + "]"
    case .empty: told = "nothing"
    case .swapped(let did, let found):
      told = did ? "done" : found < 0 ? "refused" : "refused, found \(quoted(found))"
    case .done, nil: break
    }
    let arrow = told.isEmpty ? "" : " -> \(told)"
    switch operation.kind {
    case .read, .readList: return "read \(key)\(arrow)"
    case .readTwo: return "read \(key) and \(Int(operation.key) + 1)\(arrow)"
    case .write: return "write \(key) \(quoted(operation.argument))"
    case .writeTwo:
      return "write \(key) and \(Int(operation.key) + 1) \(quoted(operation.argument))"
    case .append: return "append \(key) \(quoted(operation.argument))\(arrow)"
    case .compareAndSwap:
      let change = "\(quoted(operation.expected)) to \(quoted(operation.argument))"
      return "compare-and-swap \(key) from \(change)\(arrow)"
    case .enqueue: return "enqueue \(key) \(quoted(operation.argument))"
    case .dequeue: return "dequeue \(key)\(arrow)"
    case .add: return "add \(quoted(operation.argument)) to \(key)"
    case .remove: return "remove \(quoted(operation.argument)) from \(key)"
    case .contains: return "\(quoted(operation.argument)) in \(key)?\(arrow)"
    case .acquire: return "acquire \(key)"
    case .release: return "release \(key)"
    }
  }

  /// Why no choice of sources helps, in one sentence without a full stop.
  func sentence(
    _ contradiction: SourceChoice.Contradiction, _ observations: [ValueSources.Observation]
  ) -> String {
    switch contradiction {
    case .noSource(let number):
      return "no update can have led to the answer of \(phrase(observations[number].operation))"
    case .mustSee(let reader, let update, let sight):
      return "\(phrase(reader)) does not show \(phrase(update)), although \(sentence(sight))"
    case .cycle(let edges): return sentence(edges)
    }
  }

  /// A cycle of orders as a chain of claims.
  func sentence(_ cycle: [OrderGraph.Edge]) -> String {
    cycle.map { "\(phrase($0.from)) comes before \(phrase($0.to)): \(sentence($0.reason))" }
      .joined(separator: "; ")
  }

  private func sentence(_ reason: OrderGraph.Reason) -> String {
    switch reason {
    case .process: "the same process did it first"
    case .observed: "its effect was observed"
    case .shown(let reader): "\(phrase(reader)) shows this order"
    case .knownTo(let observer): "it was known from \(phrase(observer))"
    case .overwritten(let reader, let sight):
      "\(phrase(reader)) shows the later value, although \(sentence(sight))"
    case .beforeReader(let reader): "it comes before \(phrase(reader)), which shows the other"
    case .readBefore(nil): "it still saw the initial value"
    case .readBefore(let overwritten?): "it still saw \(phrase(overwritten))"
    }
  }

  private func sentence(_ sight: OrderGraph.Sight) -> String {
    switch sight {
    case .shown: "the same answer shows it"
    case .own: "the same process did it before"
    case .seenBefore(let earlier): "the same process had seen it in \(phrase(earlier))"
    case .precedes(let later): "it sees \(phrase(later)), which the same process did later"
    case .knownTo(let observer, let update) where observer == update:
      "it sees \(phrase(update)), which found it"
    case .knownTo(let observer, let update):
      "it sees \(phrase(update)), whose process had seen it in \(phrase(observer))"
    }
  }
}

import LinearizabilityChecking

/// Says in a sentence why a history is not linearizable, from the checker's certificate.
struct ViolationSentence {
  private let history: RecordedHistory

  init(_ history: RecordedHistory) {
    self.history = history
  }

  func text(_ certificate: ViolationCertificate) -> String {
    switch certificate.reason {
    case .impossibleAnswer(let only):
      return "no object can ever say what \(phrase(only)) says"
    case .neverWritten(let read):
      return "\(phrase(read)), which nobody ever wrote"
    case .readBeforeWrite(let read, let write):
      return "\(phrase(read)) before \(phrase(write)) began"
    case .twoSuccesses(let write, let first, let second):
      return "both \(phrase(first)) and \(phrase(second)) took the place of \(source(write))"
    case .divergentReads(_, let first, let second):
      return "\(phrase(first)) and \(phrase(second)): neither continues the other"
    case .chainAgainstTime(let earlier, let later, _):
      return "by the values, \(phrase(earlier)) comes before \(phrase(later)), which had returned "
        + "before it was called"
    case .mutualConflict(let one, let other):
      return mutual(one, other)
    case .exhausted(let explained, let unexplained):
      return "no order explains that \(phrase(unexplained)), after \(explained.count) operations "
        + "on the same data"
    default:
      let all = certificate.operations.map { phrase($0) }.joined(separator: "; ")
      return "these operations contradict each other: \(all)"
    }
  }

  /// Each of two values was there before the other had gone.
  private func mutual(
    _ one: ViolationCertificate.ConflictingGroup, _ other: ViolationCertificate.ConflictingGroup
  ) -> String {
    var text = "\(value(one)) and \(value(other)) cannot both have been there at a stretch"
    if let last = one.lastCalled, let first = other.firstReturned, last != first {
      text += ": \(phrase(last)) was called after \(phrase(first)) had returned"
    }
    if let last = other.lastCalled, let first = one.firstReturned, last != first {
      text += text.contains(": ") ? ", and " : ": "
      text += "\(phrase(last)) was called after \(phrase(first)) had returned"
    }
    return text
  }

  private func value(_ group: ViolationCertificate.ConflictingGroup) -> String {
    guard let write = group.write else { return "the initial value" }
    return text(history.operations[Int(write)].argument)
  }

  private func source(_ write: Int32?) -> String {
    write.map { "what \(phrase($0)) wrote" } ?? "the initial value"
  }

  // MARK: Operations

  /// `the read of "k" by c1 (line 7) returned "x"`.
  private func phrase(_ index: Int32) -> String {
    let operation = history.operations[Int(index)]
    var text = "the \(what(operation)) by \(history.processes[operation.process])"
    if operation.line > 0 { text += " (line \(operation.line))" }
    switch operation.outcome {
    case .ok: text += answer(operation)
    case .unknown: text += ", whose outcome is unknown,"
    case .failed: break
    }
    return text
  }

  private func what(_ operation: RecordedOperation) -> String {
    let key =
      history.model == .block ? "\(operation.key)" : history.keys[operation.key]
    let place = key.isEmpty ? "" : history.model == .block ? " at block \(key)" : " at \"\(key)\""
    switch operation.kind {
    case .read, .readList, .readTwo: return "read\(place)"
    case .write, .writeTwo: return "write of \(text(operation.argument))\(place)"
    case .compareAndSwap:
      return "swap of \(text(operation.expected)) for \(text(operation.argument))\(place)"
    case .append: return "append of \(text(operation.argument))\(place)"
    case .enqueue: return "enqueue of \(text(operation.argument))\(place)"
    case .dequeue: return "dequeue\(place)"
    case .add: return "adding of \(text(operation.argument))\(place)"
    case .remove: return "removal of \(text(operation.argument))\(place)"
    case .contains: return "look for \(text(operation.argument))\(place)"
    case .acquire: return "acquire\(place)"
    case .release: return "release\(place)"
    }
  }

  private func answer(_ operation: RecordedOperation) -> String {
    switch operation.kind {
    case .read where operation.result >= 0: return " returned \(text(operation.result))"
    case .append where operation.result >= 0: return " left \(text(operation.result))"
    case .dequeue where operation.result < 0: return " found nothing"
    case .dequeue: return " returned \(text(operation.result))"
    case .readList, .readTwo: return " returned \(list(operation))"
    case .compareAndSwap where operation.result == 1: return " succeeded"
    case .compareAndSwap where operation.resultCount >= 0:
      return " found \(text(operation.resultCount))"
    case .compareAndSwap: return " found something else"
    case .contains: return operation.result == 1 ? " found it" : " did not find it"
    default: return ""
    }
  }

  private func list(_ operation: RecordedOperation) -> String {
    let start = Int(operation.result)
    let values = history.lists[start..<start + Int(operation.resultCount)]
    let shown = values.prefix(20).map { text($0) }.joined(separator: ", ")
    return values.count > 20 ? "[\(shown), ... (\(values.count) values)]" : "[\(shown)]"
  }

  /// A value between quotes, of a long one the start and the end.
  private func text(_ value: Int32) -> String {
    let text = history.values[value]
    guard text.count > 60 else { return "\"\(text)\"" }
    return "\"\(text.prefix(28))...\(text.suffix(28))\""
  }
}

/// Operations of a history in words.
///
/// An operation is called by what was asked and its number, which counts the calls of the history
/// from 0: `read 7`, `write 3 of "x"`.
public struct OperationWords: Sendable {
  private let history: RecordedHistory
  /// Columns of a value at most; of a longer one the start and the end are shown.
  public var valueWidth = 44
  /// Whether names tell whose operation it was: `c1's read 7`.
  public var namesProcesses = false

  /// Words for the operations of this history.
  public init(_ history: RecordedHistory) {
    self.history = history
  }

  /// `read 7`, `write 3 of "x"`, `read 4 of blocks 0 and 1`; the key is left out.
  public func name(_ index: Int32) -> String {
    let operation = history.operations[Int(index)]
    let value = operation.argument >= 0 ? " of \(text(operation.argument))" : ""
    let owner = namesProcesses ? "\(Self.plain(history.processes[operation.process]))'s " : ""
    return owner + name(operation, "\(index)", value)
  }

  private func name(_ operation: RecordedOperation, _ index: String, _ value: String) -> String {
    switch operation.kind {
    case .read, .readList, .readTwo: return "read \(index)" + blocks(operation, "of")
    case .write, .writeTwo: return "write \(index)\(value)" + blocks(operation, "to")
    case .compareAndSwap: return "compare-and-swap \(index)"
    case .append: return "append \(index)\(value)"
    case .enqueue: return "enqueue \(index)\(value)"
    case .dequeue: return "dequeue \(index)"
    case .add: return "addition \(index)\(value)"
    case .remove: return "removal \(index)\(value)"
    case .contains: return "look-up \(index)\(value)"
    case .acquire: return "acquire \(index)"
    case .release: return "release \(index)"
    }
  }

  /// `returned "x"`, `replaced "a" by "b"`; `nil` if nothing but its end was told.
  public func answer(_ index: Int32) -> String? {
    let operation = history.operations[Int(index)]
    switch (operation.kind, history.answer(of: Int(index))) {
    case (.contains, .value(let seen)?): return seen == 1 ? "found it" : "did not find it"
    case (.append, .value(let seen)?): return "left \(text(seen))"
    case (_, .value(let seen)?): return "returned \(text(seen))"
    case (_, .values(let seen)?): return "returned \(list(seen))"
    case (.dequeue, .empty?): return "found nothing"
    case (_, .swapped(true, _)?):
      return "replaced \(text(operation.expected)) by \(text(operation.argument))"
    case (_, .swapped(false, let found)?):
      let seen = found >= 0 ? text(found) : "something else"
      return "found \(seen) instead of \(text(operation.expected))"
    default: return nil
    }
  }

  /// `read 7 returned "x"`, `write 3 of "x"`.
  public func phrase(_ index: Int32) -> String {
    if let answer = answer(index) { return "\(name(index)) \(answer)" }
    let isOpen = history.operations[Int(index)].outcome == .unknown
    return isOpen ? "\(name(index)), whose outcome is unknown" : name(index)
  }

  /// `read 5 had returned "x"`, `write 3 of "x" had finished`.
  func perfect(_ index: Int32) -> String {
    guard let answer = answer(index) else { return "\(name(index)) had finished" }
    if answer == "did not find it" { return "\(name(index)) had not found it" }
    return "\(name(index)) had \(answer)"
  }

  /// `write 3 of "x" began`, `read 5, which returned "x", began`.
  func began(_ index: Int32) -> String {
    guard let answer = answer(index) else { return "\(name(index)) began" }
    return "\(name(index)), which \(answer), began"
  }

  /// A few characters for a picture: `read "x"`, `write "x"`, `cas "a">"b"`.
  public func label(_ index: Int32) -> String {
    let operation = history.operations[Int(index)]
    let value = operation.argument >= 0 ? " \(text(operation.argument))" : ""
    let answer = history.answer(of: Int(index))
    var told = ""
    switch answer {
    case .value(let seen)?: told = operation.kind == .contains ? "" : " \(text(seen))"
    case .values(let seen)?: told = " \(list(seen))"
    default: break
    }
    switch operation.kind {
    case .read, .readList, .readTwo: return "read" + places(operation) + told
    case .write, .writeTwo: return "write" + places(operation) + value
    case .compareAndSwap: return "cas \(text(operation.expected))>" + swapped(operation, answer)
    case .append: return "append\(value)"
    case .enqueue: return "enqueue\(value)"
    case .dequeue: return "dequeue" + (answer == .empty ? " nothing" : told)
    case .add: return "add\(value)"
    case .remove: return "remove\(value)"
    case .contains:
      let mark = answer.map { $0 == .value(1) ? " yes" : " no" } ?? ""
      return "has\(value)?\(mark)"
    case .acquire: return "acquire"
    case .release: return "release"
    }
  }

  /// The place that the operation is about: `key "k"`, `block 3`; empty if there is only one.
  public func place(_ index: Int32) -> String {
    let operation = history.operations[Int(index)]
    if history.model == .block {
      let isPair = operation.kind == .readTwo || operation.kind == .writeTwo
      return isPair ? "blocks \(operation.key) and \(operation.key + 1)" : "block \(operation.key)"
    }
    let key = history.keys[operation.key]
    return key.isEmpty && history.keys.count == 1 ? "" : "key \(quoted(key))"
  }

  // MARK: Values

  /// A value between quotes, of a long one the start and the end.
  public func text(_ value: Int32) -> String {
    quoted(history.values[value])
  }

  /// Values between brackets, of many the last ones.
  func list(_ values: ArraySlice<Int32>) -> String {
    let most = max(2, valueWidth / 6)
    let shown = values.suffix(most).map { text($0) }.joined(separator: ", ")
    return values.count > most ? "[..\(values.count - most).., \(shown)]" : "[\(shown)]"
  }

  private func quoted(_ text: String) -> String {
    let plain = Self.plain(text)
    guard plain.count > valueWidth else { return "\"\(plain)\"" }
    let half = max(1, (valueWidth - 2) / 2)
    return "\"\(plain.prefix(half))..\(plain.suffix(half))\""
  }

  /// A text on one line, without characters that cannot be seen.
  public static func plain(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": plain += "\\n"
      case "\t": plain += "\\t"
      case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{200B}"..."\u{200F}", "\u{2028}"..."\u{202E}",
        "\u{2060}"..."\u{206F}", "\u{FEFF}":
        plain += "\\u{\(String(scalar.value, radix: 16))}"
      default: plain.unicodeScalars.append(scalar)
      }
    }
    return plain
  }

  private func blocks(_ operation: RecordedOperation, _ word: String) -> String {
    guard history.model == .block else { return "" }
    let isPair = operation.kind == .readTwo || operation.kind == .writeTwo
    let places = isPair ? "s \(operation.key) and \(operation.key + 1)" : " \(operation.key)"
    return " \(word) block\(places)"
  }

  private func places(_ operation: RecordedOperation) -> String {
    guard history.model == .block else { return "" }
    let isPair = operation.kind == .readTwo || operation.kind == .writeTwo
    return isPair ? " \(operation.key),\(operation.key + 1)" : " \(operation.key)"
  }

  private func swapped(_ operation: RecordedOperation, _ answer: RecordedAnswer?) -> String {
    switch answer {
    case .swapped(true, _)?: "\(text(operation.argument)) ok"
    case .swapped(false, let found)? where found >= 0:
      "\(text(operation.argument)) found \(text(found))"
    case .swapped(false, _)?: "\(text(operation.argument)) no"
    default: "\(text(operation.argument))"
    }
  }
}

import LinearizabilityChecking

/// The named objects written a second time, as plainly as possible: the oracle of these tests. A
/// cell is a list of values: one (register, block), the parts of a text, elements, members.
struct PlainObject: Hashable {
  var cells: [Int32: [Int32]] = [:]

  /// What `operation` leaves behind and answers in full; `nil` if it cannot happen here.
  func after(
    _ operation: RecordedOperation, in history: RecordedHistory
  ) -> (object: PlainObject, answer: RecordedAnswer)? {
    let key = operation.key
    let value = operation.argument
    let isCell = [.register, .casRegister, .keyValue, .block].contains(history.model)
    let empty = isCell ? [history.initialValue] : []
    let old = cells[key] ?? empty
    func writing(_ new: [Int32]) -> PlainObject {
      var copy = self
      copy.cells[key] = new == empty ? nil : new
      return copy
    }
    switch operation.kind {
    case .read:
      return (self, .value(history.model == .keyValue ? Self.text(old, history) : old[0]))
    case .write: return (writing([value]), .done)
    case .compareAndSwap:
      let swaps = old[0] == operation.expected
      return (swaps ? writing([value]) : self, .swapped(swaps, found: old[0]))
    case .append:
      let new = old + [value]
      let isText = history.model == .keyValue
      return (writing(new), isText ? .value(Self.text(new, history)) : .done)
    case .readList: return (self, .values(old[...]))
    case .readTwo: return (self, .values([old[0], (cells[key + 1] ?? empty)[0]]))
    case .writeTwo:
      var both = writing([value])
      both.cells[key + 1] = [value] == empty ? nil : [value]
      return (both, .done)
    case .enqueue: return (writing(old + [value]), .done)
    case .dequeue:
      return (writing(Array(old.dropFirst())), old.isEmpty ? .empty : .value(old[0]))
    case .add: return (writing(Set(old).union([value]).sorted()), .done)
    case .remove: return (writing(old.filter { $0 != value }), .done)
    case .contains: return (self, .value(old.contains(value) ? 1 : 0))
    case .acquire: return old.isEmpty ? (writing([1]), .done) : nil
    case .release: return old.isEmpty ? nil : (writing([]), .done)
    }
  }

  private static func text(_ parts: [Int32], _ history: RecordedHistory) -> Int32 {
    history.values.knownID(of: parts.map { history.values[$0] }.joined()) ?? -2
  }

  /// Whether an operation that could answer `full` may have said `said`.
  static func mayAnswer(_ said: RecordedAnswer?, _ full: RecordedAnswer) -> Bool {
    switch (said, full) {
    case (nil, _): true
    case (.swapped(let one, found: -1), .swapped(let other, _)): one == other
    case (.done, .value): true
    default: said == full
    }
  }

  /// Tries every order of the operations that respects real time, with every subset of the unknown
  /// outcomes.
  static func isLinearizable(_ history: RecordedHistory) -> Bool {
    let candidates = history.operations.indices.filter { history.takesPart($0) }
    return explains(history, candidates, PlainObject())
  }

  private static func explains(
    _ history: RecordedHistory, _ untaken: [Int], _ object: PlainObject
  ) -> Bool {
    let firstReturn = untaken.map { history.operations[$0].returned }.min() ?? .max
    if firstReturn == .max { return true }
    for index in untaken where history.operations[index].call < firstReturn {
      guard let next = object.after(history.operations[index], in: history),
        mayAnswer(history.answer(of: index), next.answer)
      else { continue }
      if explains(history, untaken.filter { $0 != index }, next.object) { return true }
    }
    return false
  }
}

/// The named objects written a second time, as plainly as possible: the oracle that the checkers
/// are compared with, and what drawn histories run on. Values are texts and nothing is interned.
struct PlainObject: Hashable {
  /// What an operation answers.
  enum Answer: Hashable {
    case done
    case value(String)
    case values([String])
    case yes
    case no
    /// A failed compare-and-swap found this.
    case found(String)
    case empty
  }

  /// What a register, text or block holds that was never written.
  let initial: String
  /// Registers, texts, blocks by key.
  private var cells: [Int32: String] = [:]
  /// Lists, queues, sets (sorted) by key.
  private var lists: [Int32: [String]] = [:]
  /// Locks that are taken, sorted.
  private var taken: [Int32] = []

  init(initial: String) {
    self.initial = initial
  }

  /// Performs an operation; `nil` if that is impossible now.
  mutating func perform(_ operation: RecordedOperation, _ values: InternedTexts) -> Answer? {
    let key = operation.key
    let argument = operation.argument >= 0 ? values[operation.argument] : ""
    let cell = cells[key] ?? initial
    let list = lists[key] ?? []
    switch operation.kind {
    case .read: return .value(cell)
    case .readTwo: return .values([cell, cells[key + 1] ?? initial])
    case .readList: return .values(list)
    case .write: cells[key] = argument
    case .writeTwo:
      cells[key] = argument
      cells[key + 1] = argument
    case .compareAndSwap:
      guard cell == values[operation.expected] else { return .found(cell) }
      cells[key] = argument
      return .yes
    case .append, .enqueue: lists[key] = list + [argument]
    case .dequeue:
      guard let first = list.first else { return .empty }
      lists[key] = Array(list.dropFirst())
      return .value(first)
    case .add: lists[key] = (list.filter { $0 != argument } + [argument]).sorted()
    case .remove: lists[key] = list.filter { $0 != argument }
    case .contains: return list.contains(argument) ? .yes : .no
    case .acquire:
      if taken.contains(key) { return nil }
      taken = (taken + [key]).sorted()
    case .release:
      if !taken.contains(key) { return nil }
      taken.removeAll { $0 == key }
    }
    return .done
  }

  /// The same for text, where an append lengthens the value and may answer it.
  mutating func performOnText(
    _ operation: RecordedOperation, _ values: InternedTexts
  ) -> Answer? {
    guard operation.kind == .append else { return perform(operation, values) }
    let longer = (cells[operation.key] ?? initial) + values[operation.argument]
    cells[operation.key] = longer
    return .value(longer)
  }

  /// Two histories that differ only in what nobody can see are equal: an emptied list and none.
  static func == (one: PlainObject, other: PlainObject) -> Bool {
    one.cells == other.cells && one.taken == other.taken
      && one.lists.filter { !$0.value.isEmpty } == other.lists.filter { !$0.value.isEmpty }
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(cells)
    hasher.combine(taken)
  }
}

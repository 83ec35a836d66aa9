import LinearizabilityChecking

/// The names of operations and which operation has which. Most files number them, more or less one
/// after another; such names need no text.
struct OperationNames {
  /// By number that is a name: the operation, or -1.
  private var numbered: [Int32] = []
  /// How many of them there are.
  private var numberedCount = 0
  private var others = InternedTexts()
  /// By id of a name that is in ``others``: the operation.
  private var named: [Int32] = []

  /// How far beyond the numbers seen so far a number may lie to be kept by its value.
  private static let reach = 1 << 16

  /// Gives a name to an operation.
  /// - Returns: false if another one has it.
  mutating func add(_ name: Token, _ operation: Int32) -> Bool {
    if let number = number(name) {
      if number >= numbered.count {
        numbered.append(contentsOf: repeatElement(-1, count: number + 1 - numbered.count))
      }
      guard numbered[number] < 0, others.knownID(ofBytes: name.bytes) == nil else { return false }
      numbered[number] = operation
      numberedCount += 1
      return true
    }
    guard Int(others.id(ofBytes: name.bytes)) == named.count else { return false }
    named.append(operation)
    return true
  }

  /// The operation with a name.
  func operation(_ name: Token) -> Int32? {
    if let number = WholeNumber.value(name), numbered.indices.contains(number),
      numbered[number] >= 0
    {
      return numbered[number]
    }
    return others.knownID(ofBytes: name.bytes).map { named[Int($0)] }
  }

  /// The value of a name that is kept by its value.
  private func number(_ name: Token) -> Int? {
    guard let number = WholeNumber.value(name), number >= 0,
      number < 4 * numberedCount + Self.reach
    else { return nil }
    return number
  }
}

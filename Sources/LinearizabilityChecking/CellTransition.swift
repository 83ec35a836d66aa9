/// What the operations on one cell (a register, a key or a block) do to its value.
enum CellTransition {
  /// The values that can follow `value`; `.none` when the answer is impossible or of the wrong
  /// kind. An update that answers `.done` where it could have told its value is accepted.
  static func next(
    _ value: String, _ operation: Operation, _ response: Response?
  ) -> Successors<String> {
    switch operation {
    case .get:
      switch response {
      case .value(let seen): seen == value ? .one(value) : .none
      case nil: .one(value)
      default: .none
      }
    case .put(_, let new):
      response == nil || response == .done ? .one(new) : .none
    case .append(_, let suffix):
      appended(value, suffix, response)
    case .putDrawn(_, let stem, let outcomes):
      drawn(stem, outcomes, response)
    case .compareAndSet(_, let expected, let new):
      swapped(value, expected, new, response)
    case .readBlocks:
      switch response {
      case .blocks(let seen): seen.count == 1 && seen[0] == value ? .one(value) : .none
      case nil: .one(value)
      default: .none
      }
    case .writeBlocks(_, _, let new):
      response == nil || response == .done ? .one(new) : .none
    }
  }

  /// The value that draw number `draw` leaves behind.
  static func successor(_ draw: Int, _ operation: Operation) -> String {
    guard case .putDrawn(_, let stem, _) = operation else {
      fatalError("only putDrawn draws its outcome, not \(operation)")
    }
    return "\(stem)#\(draw)"
  }

  /// Whether the operation, answered so, leaves every value as it is: reads, and a
  /// compare-and-set that says it found something else.
  static func isReadOnly(_ operation: Operation, _ response: Response?) -> Bool {
    if operation.isReadOnly { return true }
    if case .compareAndSet = operation, response == .swapped(false) { return true }
    return false
  }

  private static func appended(
    _ value: String, _ suffix: String, _ response: Response?
  ) -> Successors<String> {
    switch response {
    case nil, .done:
      return .one(value + suffix)
    case .value(let seen):
      // Long values grow by small pieces: compare in place, build a string only when in doubt.
      let bytes = seen.utf8
      if bytes.count == value.utf8.count + suffix.utf8.count,
        bytes.starts(with: value.utf8),
        bytes.dropFirst(value.utf8.count).elementsEqual(suffix.utf8)
      {
        return .one(seen)
      }
      return value + suffix == seen ? .one(seen) : .none
    default:
      return .none
    }
  }

  private static func drawn(
    _ stem: String, _ outcomes: Int, _ response: Response?
  ) -> Successors<String> {
    switch response {
    case nil, .done: outcomes > 0 ? .drawn(count: outcomes) : .none
    case .value(let seen): isDraw(seen, of: stem, outcomes) ? .one(seen) : .none
    default: .none
    }
  }

  private static func swapped(
    _ value: String, _ expected: String, _ new: String, _ response: Response?
  ) -> Successors<String> {
    let matches = value == expected
    switch response {
    case nil: return .one(matches ? new : value)
    case .swapped(let success):
      guard success == matches else { return .none }
      return .one(matches ? new : value)
    default: return .none
    }
  }

  /// Whether `seen` is `"<stem>#<k>"` with `k` in `0..<outcomes`, written without leading zeros.
  private static func isDraw(_ seen: String, of stem: String, _ outcomes: Int) -> Bool {
    guard seen.utf8.starts(with: stem.utf8) else { return false }
    var rest = seen.utf8.dropFirst(stem.utf8.count)
    guard rest.popFirst() == UInt8(ascii: "#"), let first = rest.first else { return false }
    if first == UInt8(ascii: "0"), rest.count > 1 { return false }
    var number = 0
    for byte in rest {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return false }
      number = number &* 10 &+ Int(byte &- UInt8(ascii: "0"))
      guard number < outcomes else { return false }
    }
    return true
  }
}

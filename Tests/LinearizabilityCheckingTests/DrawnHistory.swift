import LinearizabilityChecking

/// A stream of numbers from a seed (SplitMix64).
struct Numbers {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((word ^ (word >> 31)) % UInt64(bound))
  }
}

/// Draws histories of closed-loop clients on a store that is linearizable by construction: each
/// operation takes effect at one instant between call and return.
struct DrawnHistory {
  var clients = 2
  var keys = 4
  /// One in so many operations never returns; 0 for none. Half of those take effect.
  var unknownOneIn = 0
  /// One answer in so many is made up; 0 for none. Such a history may be linearizable or not.
  var lieOneIn = 0
  var seed: UInt64 = 1

  /// Builds the history; `draw` makes up operation number `n`.
  func build(
    _ count: Int, _ draw: (inout Numbers, _ number: Int) -> Operation
  ) -> StoreHistory {
    var numbers = Numbers(state: seed)
    var history = StoreHistory()
    var store = PlainStore()
    var open = [(index: Int, response: Response?)?](repeating: nil, count: clients)
    while history.count < count || open.contains(where: { $0 != nil }) {
      let client = numbers.below(clients)
      guard let running = open[client] else {
        guard history.count < count else { continue }
        let operation = draw(&numbers, history.count)
        open[client] = (history.invoke(client: client, operation: operation), nil)
        continue
      }
      if let response = running.response {
        let isLie = lieOneIn > 0 && numbers.below(lieOneIn) == 0
        history.complete(
          running.index, response: isLie ? Self.lie(response, history, &numbers) : response)
        open[client] = nil
        continue
      }
      let isUnknown = unknownOneIn > 0 && numbers.below(unknownOneIn) == 0
      if !isUnknown || numbers.below(2) == 0 {
        let operation = history.entries[running.index].operation
        open[client] = (running.index, Self.perform(operation, on: &store))
      }
      if isUnknown { open[client] = nil }
    }
    return history
  }

  /// All operations on keys, with duplicate values.
  func keyValueMix(_ count: Int) -> StoreHistory {
    build(count) { numbers, number in
      let key = numbers.below(keys)
      switch numbers.below(6) {
      case 0: return .put(key: key, value: "v\(number % 5)")
      case 1: return .append(key: key, value: "+")
      case 2: return .putDrawn(key: key, value: "d\(number)", outcomes: 3)
      case 3: return .compareAndSet(key: key, expected: "v1", new: "v\(number % 5)")
      default: return .get(key: key)
      }
    }
  }

  /// Reads and writes of one and two blocks, with components of up to four blocks.
  func blocks(_ count: Int) -> StoreHistory {
    build(count) { numbers, number in
      let first = 4 * numbers.below(keys)
      let count = 1 + numbers.below(2)
      return numbers.below(2) == 0
        ? .readBlocks(first: first + numbers.below(2), count: count)
        : .writeBlocks(first: first + numbers.below(3), count: count, value: "v\(number)")
    }
  }

  /// Half gets, half puts of unique values.
  func keyValue(_ count: Int) -> StoreHistory {
    build(count) { numbers, number in
      let key = numbers.below(keys)
      return numbers.below(2) == 0 ? .get(key: key) : .put(key: key, value: "v\(number)")
    }
  }

  /// An answer of the same kind with values that some operation of the history knows.
  private static func lie(
    _ truth: Response, _ history: StoreHistory, _ numbers: inout Numbers
  ) -> Response {
    func anyValue() -> String {
      let entry = history.entries[numbers.below(history.count)]
      if case .value(let value) = entry.response { return value }
      return entry.operation.writtenValue ?? ""
    }
    switch truth {
    case .done: return .done
    case .swapped(let success): return .swapped(!success)
    case .value: return .value(anyValue())
    case .blocks(let blocks): return .blocks(blocks.map { _ in anyValue() })
    }
  }

  private static func perform(_ operation: Operation, on store: inout PlainStore) -> Response {
    var answer = Response.done
    switch operation {
    case .get(let key): answer = .value(store.cells[key, default: ""])
    case .append(let key, let value): answer = .value(store.cells[key, default: ""] + value)
    case .putDrawn(_, let value, _): answer = .value("\(value)#0")
    case .compareAndSet(let key, let expected, _):
      answer = .swapped(store.cells[key, default: ""] == expected)
    case .readBlocks(let first, let count):
      answer = .blocks((first..<first + count).map { store.cells[$0, default: ""] })
    case .put, .writeBlocks: break
    }
    store = store.after(operation, answer)[0]
    return answer
  }
}

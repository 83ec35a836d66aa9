import LinearizabilityChecking

/// A store written a second time, as plainly as possible: the oracle of these tests.
struct PlainStore: Hashable {
  var cells: [Int: String] = [:]

  /// The stores that `operation` can leave behind if it answers `response` (`nil`: anything).
  func after(_ operation: Operation, _ response: Response?) -> [PlainStore] {
    outcomes(of: operation).filter { response == nil || $0.answer == response }.map(\.store)
  }

  private func outcomes(of operation: Operation) -> [(store: PlainStore, answer: Response)] {
    switch operation {
    case .get(let key):
      return [(self, .value(cells[key, default: ""]))]
    case .put(let key, let value):
      return [(writing([key], value), .done)]
    case .append(let key, let value):
      let longer = cells[key, default: ""] + value
      return [(writing([key], longer), .value(longer))]
    case .putDrawn(let key, let value, let count):
      return (0..<count).map { (writing([key], "\(value)#\($0)"), .value("\(value)#\($0)")) }
    case .compareAndSet(let key, let expected, let new):
      if cells[key, default: ""] != expected { return [(self, .swapped(false))] }
      return [(writing([key], new), .swapped(true))]
    case .readBlocks(let first, let count):
      return [(self, .blocks((first..<first + count).map { cells[$0, default: ""] }))]
    case .writeBlocks(let first, let count, let value):
      return [(writing(Array(first..<first + count), value), .done)]
    }
  }

  private func writing(_ keys: [Int], _ value: String) -> PlainStore {
    var copy = self
    // An empty cell is one that was never written: keep equal stores equal.
    for key in keys { copy.cells[key] = value.isEmpty ? nil : value }
    return copy
  }
}

/// Tries every order of the operations that respects real time, with every subset of the unknown
/// outcomes, without splitting, caching or cutting corners.
struct BruteForceChecker {
  static func isLinearizable(_ history: StoreHistory) -> Bool {
    let candidates = history.entries.indices.filter { !history.entries[$0].hasFailed }
    return explains(history, Set(candidates), PlainStore())
  }

  private static func explains(
    _ history: StoreHistory, _ untaken: Set<Int>, _ store: PlainStore
  ) -> Bool {
    let firstReturn = untaken.compactMap { history.entries[$0].returned }.min()
    guard let firstReturn else { return true }
    for index in untaken where history.entries[index].call < firstReturn {
      let entry = history.entries[index]
      for next in store.after(entry.operation, entry.response) {
        if explains(history, untaken.subtracting([index]), next) { return true }
      }
    }
    return false
  }
}

/// What is wrong with a witness; `nil` if it explains the history.
func fault(of witness: [Int], in history: StoreHistory) -> String? {
  if Set(witness).count != witness.count { return "an operation occurs twice" }
  for (index, entry) in history.entries.enumerated() {
    if entry.returned != nil, !witness.contains(index) { return "operation \(index) is missing" }
    if entry.hasFailed, witness.contains(index) { return "failed operation \(index) occurs" }
  }
  return orderFault(of: witness, in: history)
}

/// The part of ``fault(of:in:)`` that takes linear time.
func orderFault(of witness: [Int], in history: StoreHistory) -> String? {
  var latestCall = -1
  var stores: Set<PlainStore> = [PlainStore()]
  for index in witness {
    let entry = history.entries[index]
    latestCall = max(latestCall, entry.call)
    if let returned = entry.returned, returned < latestCall {
      return "operation \(index) returned before an earlier one was called"
    }
    stores = Set(stores.flatMap { $0.after(entry.operation, entry.response) })
    if stores.isEmpty { return "operation \(index) cannot answer \(String(describing: entry))" }
  }
  return nil
}

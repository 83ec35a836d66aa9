import LinearizabilityChecking

/// A history that `crashproof benchmark check` checks, and what is known of it.
struct CheckCase: Sendable {
  /// What is done to the history that clients saw.
  enum Change: Sendable {
    case none
    /// A read near the end answers what an early one did: the history is not linearizable.
    case staleRead
    /// The last read answers the value that nobody writes any more.
    case retiredRead
    /// A read near the end answers a value that others were written over; all writes of it had
    /// returned before one of these began.
    case overwrittenRead
    /// A read answers another value, which some order may explain.
    case otherRead
  }

  var name: String
  var history: OverlappingHistory
  var change = Change.none
  /// Cases of one series differ in their length alone; empty for none.
  var series = ""
  /// How many histories, with seeds from 1 on.
  var count = 1

  /// Whether the histories are linearizable; `nil` if that is not known.
  var isLegal: Bool? {
    switch change {
    case .none: true
    case .staleRead, .retiredRead, .overwrittenRead: false
    case .otherRead: nil
    }
  }

  /// Makes the history of a seed.
  func make(seed: UInt64 = 1) -> RecordedHistory {
    var history = history
    history.seed = seed
    var made = history.make()
    switch change {
    case .none: break
    case .staleRead: Self.makeStale(&made)
    case .retiredRead:
      let last = made.operations.lastIndex { $0.kind == .read && $0.outcome == .ok }
      if let last { made.operations[last].result = made.values.id(of: "\(history.values - 1)") }
    case .overwrittenRead: Self.makeOverwritten(&made, values: history.values)
    case .otherRead:
      let reads = made.operations.indices.filter {
        made.operations[$0].kind == .read && made.operations[$0].outcome == .ok
      }
      let read = reads[Int(seed) % reads.count]
      let other = (Int(seed) / reads.count) % history.values
      made.operations[read].result = made.values.id(of: "\(other)")
    }
    return made
  }

  /// Lets the last read that can do so answer what is surely gone.
  private static func makeOverwritten(_ history: inout RecordedHistory, values: Int) {
    for index in history.operations.indices.reversed()
    where history.operations[index].kind == .read && history.operations[index].outcome == .ok {
      let read = history.operations[index]
      for number in 0..<values {
        let value = history.values.id(of: "\(number)")
        let earlier = history.operations.filter { !$0.kind.isRead && $0.call < read.returned }
        let end = earlier.filter { $0.argument == value }.map(\.returned).max() ?? -1
        let isGone = earlier.contains {
          $0.kind == .write && $0.argument != value && $0.call > end && $0.returned < read.call
        }
        guard isGone else { continue }
        history.operations[index].result = value
        return
      }
    }
  }

  /// Lets the last read that can do so answer what the first read of its key answered.
  private static func makeStale(_ history: inout RecordedHistory) {
    var first: [Int32: Int] = [:]
    for (index, operation) in history.operations.enumerated()
    where operation.kind.isRead && operation.outcome == .ok && first[operation.key] == nil {
      first[operation.key] = index
    }
    let reads = history.operations.indices.reversed().filter {
      history.operations[$0].kind.isRead && history.operations[$0].outcome == .ok
    }
    for index in reads {
      let read = history.operations[index]
      guard let source = first[read.key] else { continue }
      let early = history.operations[source]
      // A list that is shorter by a few elements only may be the truth.
      if read.kind == .readList, read.resultCount < early.resultCount + 40 { continue }
      guard read.kind == early.kind, read.result != early.result else { continue }
      history.operations[index].result = early.result
      history.operations[index].resultCount = early.resultCount
      return
    }
  }
}

extension CheckCase {
  /// All cases, in the order of the report.
  static let all: [CheckCase] =
    growth(.register, "register", keys: 1) + growth(.keyValue, "kv, 10 keys", keys: 10)
    + otherTheories + blocks + searches + illegal

  private static let sizes = [1_000, 10_000, 100_000, 1_000_000]

  /// Histories of one kind, longer and longer.
  private static func series(
    _ title: String, _ sizes: [Int], _ history: OverlappingHistory
  ) -> [CheckCase] {
    sizes.map { size in
      var history = history
      history.operations = size
      let clients = "\(history.clients) clients"
      return CheckCase(
        name: "\(title), \(size) operations, \(clients)", history: history,
        series: "\(title), \(clients)")
    }
  }

  private static func growth(_ model: ObjectModel, _ title: String, keys: Int) -> [CheckCase] {
    [5, 20, 50].flatMap {
      series(title, sizes, OverlappingHistory(model, operations: 0, clients: $0, keys: keys))
    }
  }

  private static var swaps: OverlappingHistory {
    var history = OverlappingHistory(.casRegister, operations: 0, clients: 20)
    history.specialPercent = 50
    return history
  }

  private static var appends: OverlappingHistory {
    var history = OverlappingHistory(.keyValue, operations: 0, clients: 20, keys: 10)
    history.specialPercent = 90
    return history
  }

  private static let lists = OverlappingHistory(.listAppend, operations: 0, clients: 20, keys: 10)

  private static let queue = OverlappingHistory(.fifoQueue, operations: 0, clients: 20)

  private static let otherTheories: [CheckCase] =
    series("cas-register", sizes, swaps) + series("fifo-queue", sizes, queue)
    + series("kv with append, 10 keys", sizes, appends)
    + series("list-append, 10 lists at a time", sizes, lists)

  private static var blocks: [CheckCase] {
    var history = OverlappingHistory(.block, operations: 0, clients: 20, keys: 64)
    var cases = series("block device of 64 blocks", sizes, history)
    history.hasHint = true
    cases += series("block device of 64 blocks, witness", sizes, history)
    history.hasHint = false
    history.keys = 1_000
    cases += series("block device of 1000 blocks", sizes, history)
    history.clients = 5
    history.keys = 8
    return cases + series("block device of 8 blocks", sizes, history)
  }

  private static var searches: [CheckCase] {
    var swaps = OverlappingHistory(.casRegister, operations: 1_000, clients: 20)
    swaps.specialPercent = 50
    swaps.values = 5
    swaps.tellsFound = false
    var cases = series("cas-register, 5 values", [1_000, 10_000], swaps)
    for clients in stride(from: 8, through: 16, by: 2) {
      var register = OverlappingHistory(.register, operations: 1_000, clients: clients)
      register.values = 5
      cases.append(
        CheckCase(
          name: "register, 5 values, 1000 operations, \(clients) clients", history: register))
    }
    var unknown = OverlappingHistory(.casRegister, operations: 170, clients: 5)
    unknown.values = 5
    unknown.specialPercent = 50
    unknown.tellsFound = false
    unknown.unknownPercent = 30
    for change in [Change.none, .otherRead] {
      cases.append(
        CheckCase(
          name: "400 logs like those of etcd, \(change == .none ? "legal" : "a read changed")",
          history: unknown, change: change, count: 400))
    }
    unknown.unknownPercent = 60
    cases.append(
      CheckCase(name: "cas-register, 5 values, many unknown outcomes", history: unknown))
    unknown.values = 6
    unknown.retiresLastValue = true
    cases.append(
      CheckCase(
        name: "cas-register, 6 values, many unknown outcomes, illegal", history: unknown,
        change: .retiredRead))
    return cases
  }

  /// Illegal versions of the longer histories that theories decide.
  private static let illegal: [CheckCase] =
    [
      ("register", OverlappingHistory(.register, operations: 0, clients: 50)),
      ("kv, 10 keys", OverlappingHistory(.keyValue, operations: 0, clients: 50, keys: 10)),
      ("cas-register", swaps), ("kv with append, 10 keys", appends),
      ("list-append, 10 lists at a time", lists),
      (
        "block device of 64 blocks",
        OverlappingHistory(.block, operations: 0, clients: 20, keys: 64)
      ),
    ].flatMap { title, history in
      [10_000, 100_000].map { size in
        var history = history
        history.operations = size
        return CheckCase(
          name: "\(title), \(size) operations, \(history.clients) clients, illegal",
          history: history, change: .staleRead)
      }
    } + illegalRepeated

  /// Each value is written again and again, so that all its writes belong to the conflict.
  private static var illegalRepeated: [CheckCase] {
    var history = swaps
    history.values = 5
    history.clients = 3
    return [10_000, 100_000].map { size in
      history.operations = size
      return CheckCase(
        name: "cas-register, 5 values, \(size) operations, 3 clients, illegal", history: history,
        change: .overwrittenRead)
    }
  }
}

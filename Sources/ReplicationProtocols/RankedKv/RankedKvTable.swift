import LinearizabilityChecking
import SimulationKernel

extension RankedKv {
  /// A row of the table: a key, its value, and who wrote it when.
  public struct Row: Hashable, Sendable, Fingerprintable {
    var key: Int
    var value: String
    /// The place of the update that wrote it in the order of all updates. In the document's design
    /// nothing has a place; with version vectors, a count that grows at every write of the key.
    var number: Int
    /// The writer's clock, in microseconds.
    var stamp: Int
    /// The rank of the primary that wrote it.
    var writer: Int

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(key)
      hasher.combine(value)
      hasher.combine(number)
      hasher.combine(stamp)
      hasher.combine(writer)
    }
  }

  /// A client's operation on its way.
  public struct Request: Hashable, Sendable, Fingerprintable {
    var id: RequestID
    var operation: Operation
    /// The lowest number that the client still waits for; it has the answers to all below.
    var lowestOpen: Int32

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(id)
      hasher.combine(operation: operation)
      hasher.combine(Int(lowestOpen))
    }
  }

  /// An executed update with its place: the primary computes it once, the others take the result.
  public struct Update: Hashable, Sendable, Fingerprintable {
    /// 1 and up, without gaps.
    var sequence: Int
    var request: RequestID
    var lowestOpen: Int32
    /// The row that it leaves; `nil` for a swap that found something else.
    var row: Row?
    var response: Response

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(sequence)
      hasher.combine(request)
      hasher.combine(Int(lowestOpen))
      hasher.combine(row != nil)
      if let row { hasher.combine(row) }
      hasher.combine(response: response)
    }
  }

  /// What a server holds: rows, the outcomes of requests, and how many updates led there. Two
  /// servers that took the same updates are equal.
  public struct Table: Hashable, Sendable, Fingerprintable {
    /// Sorted by key. A row with an empty value is one that was emptied.
    private(set) var rows: [Row] = []
    var outcomes = Outcomes()
    /// The place of the last update taken; 0 before the first.
    var sequence = 0

    func row(of key: Int) -> Row? {
      let place = place(of: key)
      return place < rows.count && rows[place].key == key ? rows[place] : nil
    }

    func value(of key: Int) -> String { row(of: key)?.value ?? "" }

    mutating func set(_ row: Row) {
      let place = place(of: row.key)
      if place < rows.count, rows[place].key == row.key {
        rows[place] = row
      } else {
        rows.insert(row, at: place)
      }
    }

    mutating func removeRows() { rows.removeAll() }

    mutating func take(_ update: Update) {
      if let row = update.row { set(row) }
      outcomes.record(update)
      sequence = max(sequence, update.sequence)
    }

    /// The largest clock among the rows, in microseconds; 0 without rows.
    var latestStamp: Int { rows.map(\.stamp).max() ?? 0 }

    var contents: [KeyedValue] {
      rows.filter { !$0.value.isEmpty }.map { KeyedValue(key: $0.key, value: $0.value) }
    }

    /// Where the key stands, or would stand.
    private func place(of key: Int) -> Int { rows.firstIndex { $0.key >= key } ?? rows.count }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(contentsOf: rows)
      hasher.combine(outcomes)
      hasher.combine(sequence)
    }
  }
}

extension RankedKv.Table {
  /// What an operation makes of the table, without doing it.
  /// - Parameter drawn: the outcome of a `putDrawn`.
  func outcome(of operation: Operation, drawn: Int) -> (value: String?, response: Response) {
    switch operation {
    case .get(let key): return (nil, .value(value(of: key)))
    case .put(_, let value): return (value, .done)
    case .append(let key, let suffix):
      let longer = value(of: key) + suffix
      return (longer, .value(longer))
    case .putDrawn(_, let prefix, _):
      let result = "\(prefix)#\(drawn)"
      return (result, .value(result))
    case .compareAndSet(let key, let expected, let new):
      let isEqual = value(of: key) == expected
      return (isEqual ? new : nil, .swapped(isEqual))
    case .readBlocks, .writeBlocks:
      programmingError("a key-value store was given a block operation")
    }
  }
}

extension RankedKv {
  /// What became of clients' requests: the answers that clients may still ask for.
  public struct Outcomes: Hashable, Sendable, Fingerprintable {
    public struct Outcome: Hashable, Sendable {
      var number: Int32
      /// The place of the update.
      var sequence: Int
      var response: Response
    }

    struct Record: Hashable, Sendable {
      /// Requests below this one are finished: the client has their answers.
      var floor: Int32 = 0
      /// Sorted by number.
      var recent: [Outcome] = []
    }

    enum Standing: Hashable {
      case new
      case executed(Outcome)
      /// The client has had the answer; only a late copy of the request can get here.
      case finished
    }

    /// By node index of the client, up to the largest seen.
    var records: [Record] = []

    func standing(of request: RequestID) -> Standing {
      guard records.indices.contains(request.client.index) else { return .new }
      let record = records[request.client.index]
      if let known = record.recent.first(where: { $0.number == request.number }) {
        return .executed(known)
      }
      return request.number < record.floor ? .finished : .new
    }

    mutating func record(_ update: Update) {
      let client = update.request.client.index
      while records.count <= client { records.append(Record()) }
      let floor = max(records[client].floor, update.lowestOpen)
      records[client].floor = floor
      records[client].recent.removeAll {
        $0.number < floor || $0.number == update.request.number
      }
      let place =
        records[client].recent.firstIndex { $0.number > update.request.number }
        ?? records[client].recent.count
      records[client].recent.insert(
        Outcome(
          number: update.request.number, sequence: update.sequence, response: update.response),
        at: place)
    }

    public func fingerprint(into hasher: inout StableHasher) {
      for record in records {
        hasher.combine(Int(record.floor))
        for outcome in record.recent {
          hasher.combine(Int(outcome.number))
          hasher.combine(outcome.sequence)
          hasher.combine(response: outcome.response)
        }
        hasher.combine(record.recent.count)
      }
      hasher.combine(records.count)
    }
  }
}

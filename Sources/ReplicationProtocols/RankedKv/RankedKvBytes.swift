import LinearizabilityChecking
import SimulationKernel

extension RankedKv {
  /// Appends big-endian numbers, texts, and what rows and updates are made of.
  struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func put(_ number: Int, size: Int) {
      for place in (0..<size).reversed() {
        bytes.append(UInt8(truncatingIfNeeded: number >> (8 * place)))
      }
    }

    mutating func put(_ text: String) {
      let utf8 = Array(text.utf8)
      put(utf8.count, size: 4)
      bytes += utf8
    }

    mutating func put(_ membership: Membership) {
      put(membership.epoch, size: 4)
      put(membership.members.count, size: 2)
      for member in membership.members {
        put(member.rank, size: 2)
        put(member.incarnation, size: 4)
      }
    }

    mutating func put(_ row: Row) {
      put(row.key, size: 4)
      put(row.value)
      put(row.number, size: 4)
      put(row.stamp, size: 8)
      put(row.writer, size: 2)
    }

    mutating func put(_ update: Update) {
      put(update.sequence, size: 4)
      put(update.request.client.index, size: 2)
      put(Int(update.request.number), size: 4)
      put(Int(update.lowestOpen), size: 4)
      put(update.row == nil ? 0 : 1, size: 1)
      if let row = update.row { put(row) }
      put(update.response)
    }

    mutating func put(_ response: Response) {
      switch response {
      case .done: put(0, size: 1)
      case .value(let value):
        put(1, size: 1)
        put(value)
      case .swapped(let succeeded): put(succeeded ? 3 : 2, size: 1)
      case .blocks: programmingError("a key-value store answers no blocks")
      }
    }

    mutating func put(_ table: Table) {
      put(table.sequence, size: 4)
      put(table.rows.count, size: 4)
      for row in table.rows { put(row) }
      put(table.outcomes.records.count, size: 2)
      for record in table.outcomes.records {
        put(Int(record.floor), size: 4)
        put(record.recent.count, size: 2)
        for outcome in record.recent {
          put(Int(outcome.number), size: 4)
          put(outcome.sequence, size: 4)
          put(outcome.response)
        }
      }
    }
  }

  /// Takes what a ``ByteWriter`` has put; `nil` where there are not enough bytes.
  struct ByteReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
      rest = bytes
    }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
      guard count >= 0, rest.count >= count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }

    mutating func take(_ size: Int) -> Int? {
      guard let bytes = bytes(size) else { return nil }
      return Int(truncatingIfNeeded: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    mutating func text() -> String? {
      guard let count = take(4), let utf8 = bytes(count) else { return nil }
      return String(decoding: utf8, as: UTF8.self)
    }

    mutating func membership() -> Membership? {
      guard let epoch = take(4), let count = take(2), count > 0 else { return nil }
      var members: [Member] = []
      for _ in 0..<count {
        guard let rank = take(2), let incarnation = take(4) else { return nil }
        members.append(Member(rank: rank, incarnation: incarnation))
      }
      return Membership(epoch: epoch, members: members)
    }

    mutating func row() -> Row? {
      guard let key = take(4), let value = text(), let number = take(4), let stamp = take(8),
        let writer = take(2)
      else { return nil }
      return Row(key: key, value: value, number: number, stamp: stamp, writer: writer)
    }

    mutating func update() -> Update? {
      guard let sequence = take(4), let client = take(2), let number = take(4),
        let lowestOpen = take(4), let hasRow = take(1)
      else { return nil }
      var written: Row?
      if hasRow == 1 {
        guard let row = row() else { return nil }
        written = row
      }
      guard let response = response() else { return nil }
      return Update(
        sequence: sequence, request: RequestID(client: NodeID(client), number: number),
        lowestOpen: Int32(truncatingIfNeeded: lowestOpen), row: written, response: response)
    }

    mutating func response() -> Response? {
      switch take(1) {
      case 0: .done
      case 1: text().map { .value($0) }
      case 2: .swapped(false)
      case 3: .swapped(true)
      default: nil
      }
    }

    mutating func table() -> Table? {
      var table = Table()
      guard let sequence = take(4), let count = take(4) else { return nil }
      table.sequence = sequence
      for _ in 0..<count {
        guard let row = row() else { return nil }
        table.set(row)
      }
      guard let clients = take(2) else { return nil }
      for _ in 0..<clients {
        guard let record = outcomeRecord() else { return nil }
        table.outcomes.records.append(record)
      }
      return table
    }

    private mutating func outcomeRecord() -> Outcomes.Record? {
      guard let floor = take(4), let count = take(2) else { return nil }
      var record = Outcomes.Record(floor: Int32(truncatingIfNeeded: floor))
      for _ in 0..<count {
        guard let number = take(4), let sequence = take(4), let response = response() else {
          return nil
        }
        record.recent.append(
          Outcomes.Outcome(
            number: Int32(truncatingIfNeeded: number), sequence: sequence, response: response))
      }
      return record
    }
  }
}

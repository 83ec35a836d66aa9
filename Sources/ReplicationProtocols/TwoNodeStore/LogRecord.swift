import SimulationKernel

extension TwoNodeStore {
  /// Names a transaction: the epoch in which its primary began it, and a number within the epoch.
  public struct TransactionID: Hashable, Comparable, Sendable, Fingerprintable {
    var epoch: Int
    /// 1 and up.
    var number: Int

    public static func < (left: TransactionID, right: TransactionID) -> Bool {
      (left.epoch, left.number) < (right.epoch, right.number)
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(epoch)
      hasher.combine(number)
    }
  }

  /// A record of the transaction log, by the document's names. `checkpoint` is ours: the first
  /// record of a log, with what the log before it said.
  enum LogRecord: Hashable, Sendable {
    /// TXN_START: a write of `count` blocks begins; as many `move`s follow.
    case start(TransactionID, RequestID, count: Int)
    /// MV: a temporary file is to become the file of this block. Carries the data, from which the
    /// file can be made again.
    case move(TransactionID, BlockValue)
    /// REPL_INIT (RPC_INIT on the slides): the backup is going to be asked.
    case replicationBegins(TransactionID)
    case commit(TransactionID)
    case abort(TransactionID)
    /// PENDING_REPLICATION: committed without the other node, which has to get it later.
    case pendingReplication(TransactionID)
    case checkpoint(RequestSet)
  }
}

// MARK: - Bytes

/// A record is: length of the payload (4 bytes), payload, checksum of the payload (8 bytes), all
/// numbers big-endian. The payload begins with the kind (1 byte).
extension TwoNodeStore.LogRecord {
  typealias TransactionID = TwoNodeStore.TransactionID

  static let lengthSize = 4
  static let checksumSize = 8

  private enum Kind: UInt8 {
    case start = 1
    case move
    case replicationBegins
    case commit
    case abort
    case pendingReplication
    case checkpoint
  }

  /// The record as it stands in the log.
  var bytes: [UInt8] {
    var payload = ByteWriter()
    switch self {
    case .start(let id, let request, let count):
      payload.put(kind: Kind.start.rawValue, id)
      payload.put(request.client.index, size: 2)
      payload.put(Int(request.number), size: 4)
      payload.put(count, size: 1)
    case .move(let id, let change):
      payload.put(kind: Kind.move.rawValue, id)
      payload.put(change.block, size: 4)
      payload.bytes.append(contentsOf: change.value.utf8.prefix(TwoNodeStore.BlockFiles.blockSize))
    case .replicationBegins(let id): payload.put(kind: Kind.replicationBegins.rawValue, id)
    case .commit(let id): payload.put(kind: Kind.commit.rawValue, id)
    case .abort(let id): payload.put(kind: Kind.abort.rawValue, id)
    case .pendingReplication(let id): payload.put(kind: Kind.pendingReplication.rawValue, id)
    case .checkpoint(let executed):
      payload.put(Int(Kind.checkpoint.rawValue), size: 1)
      for member in executed.members {
        for range in member.ranges {
          payload.put(member.client, size: 2)
          payload.put(Int(range.lowerBound), size: 4)
          payload.put(Int(range.upperBound), size: 4)
        }
      }
    }
    var record = ByteWriter()
    record.put(payload.bytes.count, size: Self.lengthSize)
    record.bytes.append(contentsOf: payload.bytes)
    record.put(Self.checksum(payload.bytes[...]), size: Self.checksumSize)
    return record.bytes
  }

  /// Reads records up to the first that is not whole: cut off, or with a checksum that is not its
  /// own.
  static func scan(_ log: [UInt8]) -> (records: [TwoNodeStore.LogRecord], end: Int) {
    var records: [TwoNodeStore.LogRecord] = []
    var end = 0
    while let (record, next) = record(in: log, at: end) {
      records.append(record)
      end = next
    }
    return (records, end)
  }

  private static func record(
    in log: [UInt8], at start: Int
  ) -> (TwoNodeStore.LogRecord, next: Int)? {
    var reader = ByteReader(log[start...])
    guard let length = reader.take(lengthSize), length > 0,
      log.count - start >= lengthSize + length + checksumSize
    else { return nil }
    let body = start + lengthSize
    let payload = log[body..<(body + length)]
    var tail = ByteReader(log[(body + length)...])
    guard tail.take(checksumSize) == checksum(payload), let record = decode(payload) else {
      return nil
    }
    return (record, body + length + checksumSize)
  }

  private static func decode(_ payload: ArraySlice<UInt8>) -> TwoNodeStore.LogRecord? {
    var reader = ByteReader(payload)
    guard let code = reader.take(1), let kind = Kind(rawValue: UInt8(code)) else { return nil }
    if kind == .checkpoint { return checkpoint(&reader) }
    guard let epoch = reader.take(4), let number = reader.take(4) else { return nil }
    let id = TransactionID(epoch: epoch, number: number)
    switch kind {
    case .start:
      guard let client = reader.take(2), let request = reader.take(4), let count = reader.take(1)
      else { return nil }
      return .start(id, RequestID(client: NodeID(client), number: request), count: count)
    case .move:
      guard let block = reader.take(4) else { return nil }
      let value = String(decoding: reader.rest, as: UTF8.self)
      return .move(id, TwoNodeStore.BlockValue(block: block, value: value))
    case .replicationBegins: return .replicationBegins(id)
    case .commit: return .commit(id)
    case .abort: return .abort(id)
    case .pendingReplication: return .pendingReplication(id)
    case .checkpoint: return nil
    }
  }

  private static func checkpoint(_ reader: inout ByteReader) -> TwoNodeStore.LogRecord? {
    var executed = TwoNodeStore.RequestSet()
    while !reader.rest.isEmpty {
      guard let client = reader.take(2), let first = reader.take(4), let last = reader.take(4),
        first <= last, last <= Int(Int32.max)
      else { return nil }
      executed.formUnion(
        TwoNodeStore.RequestSet([.init(client: client, ranges: [Int32(first)...Int32(last)])]))
    }
    return .checkpoint(executed)
  }

  private static func checksum(_ payload: ArraySlice<UInt8>) -> Int {
    var hasher = StableHasher(seed: 0x6C6F67)
    for byte in payload { hasher.combine(UInt64(byte)) }
    return Int(truncatingIfNeeded: hasher.finalize())
  }
}

/// Appends big-endian numbers.
private struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func put(_ number: Int, size: Int) {
    for place in (0..<size).reversed() {
      bytes.append(UInt8(truncatingIfNeeded: number >> (8 * place)))
    }
  }

  mutating func put(kind: UInt8, _ id: TwoNodeStore.TransactionID) {
    bytes.append(kind)
    put(id.epoch, size: 4)
    put(id.number, size: 4)
  }
}

/// Takes big-endian numbers; `nil` where there are not enough bytes.
private struct ByteReader {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  mutating func take(_ size: Int) -> Int? {
    guard rest.count >= size else { return nil }
    var number: UInt64 = 0
    for byte in rest.prefix(size) { number = number << 8 | UInt64(byte) }
    rest = rest.dropFirst(size)
    return Int(truncatingIfNeeded: number)
  }
}

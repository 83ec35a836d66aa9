import LinearizabilityChecking
import SimulationKernel

extension RankedKv {
  /// A record of the table's file.
  enum TableRecord: Hashable, Sendable {
    /// The row that names the primary; in the correct variant with everybody who takes part.
    case membership(Membership)
    /// The document's row that names the primary: rank, and when it was elected.
    case leader(rank: Int, stamp: Int)
    /// The whole table.
    case table(Table)
    case update(Update)
    /// A row by itself.
    case row(Row)
    /// What stands before was written in one piece.
    case seal
  }
}

// MARK: - Bytes

/// A record is: length of the payload (4 bytes), payload, checksum of the payload (8 bytes). The
/// payload begins with the kind (1 byte); numbers are big-endian, texts carry their length.
extension RankedKv.TableRecord {
  private static let lengthSize = 4
  private static let checksumSize = 8

  var bytes: [UInt8] {
    var payload = RankedKv.ByteWriter()
    switch self {
    case .membership(let membership):
      payload.put(1, size: 1)
      payload.put(membership)
    case .leader(let rank, let stamp):
      payload.put(2, size: 1)
      payload.put(rank, size: 2)
      payload.put(stamp, size: 8)
    case .table(let table):
      payload.put(3, size: 1)
      payload.put(table)
    case .update(let update):
      payload.put(4, size: 1)
      payload.put(update)
    case .row(let row):
      payload.put(5, size: 1)
      payload.put(row)
    case .seal: payload.put(6, size: 1)
    }
    var record = RankedKv.ByteWriter()
    record.put(payload.bytes.count, size: Self.lengthSize)
    record.bytes += payload.bytes
    record.put(Self.checksum(payload.bytes[...]), size: Self.checksumSize)
    return record.bytes
  }

  /// Reads records up to the first that is not whole: cut off, or with a checksum that is not its
  /// own.
  static func scan(_ file: [UInt8]) -> [RankedKv.TableRecord] {
    var records: [RankedKv.TableRecord] = []
    var rest = RankedKv.ByteReader(file[...])
    while let length = rest.take(lengthSize), length > 0, let payload = rest.bytes(length),
      rest.take(checksumSize) == checksum(payload), let record = decode(payload)
    {
      records.append(record)
    }
    return records
  }

  private static func decode(_ payload: ArraySlice<UInt8>) -> RankedKv.TableRecord? {
    var reader = RankedKv.ByteReader(payload)
    switch reader.take(1) {
    case 1: return reader.membership().map { .membership($0) }
    case 2:
      guard let rank = reader.take(2), let stamp = reader.take(8) else { return nil }
      return .leader(rank: rank, stamp: stamp)
    case 3: return reader.table().map { .table($0) }
    case 4: return reader.update().map { .update($0) }
    case 5: return reader.row().map { .row($0) }
    case 6: return .seal
    default: return nil
    }
  }

  private static func checksum(_ payload: ArraySlice<UInt8>) -> Int {
    var hasher = StableHasher(seed: 0x7461_626C)
    for byte in payload { hasher.combine(UInt64(byte)) }
    return Int(truncatingIfNeeded: hasher.finalize())
  }
}

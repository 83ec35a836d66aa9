import LinearizabilityChecking
import SimulationKernel

extension Remus {
  /// A host's disk: the guest's disk is a journal of its updates, one file `journal.<number>`; and
  /// the activation record, a file of its own. A journal begins with the number of updates that it
  /// was begun with, and counts when it has so many; the last that does is the one.
  ///
  /// Every write is forced before the next thing happens, as the paper asks of the active host.
  struct Disk: Hashable, Sendable, Fingerprintable {
    static let journalPrefix = "journal."
    static let activationPath = "activation"
    static let activationDraft = "activation.new"

    /// The journal file in use; 0 before there is one.
    private(set) var number = 0
    /// Size of the journal in bytes.
    private(set) var end = 0
    /// What stands in the journal, in order.
    private(set) var updates: [Update] = []

    private var path: String { Self.journalPrefix + String(number) }

    // MARK: The journal

    /// Begins a journal with these updates and removes older ones.
    mutating func begin(_ updates: [Update], _ host: inout Host<Message>) {
      number += 1
      self.updates = updates
      var header = RankedKv.ByteWriter()
      header.put(updates.count, size: Self.headerSize)
      let bytes = header.bytes + updates.flatMap { DiskRecord.bytes(of: $0) }
      end = bytes.count
      Self.perform(.create(path), &host)
      Self.perform(.write(path, offset: 0, bytes: bytes), &host)
      Self.perform(.syncFile(path), &host)
      Self.perform(.syncDirectory("."), &host)
      for name in Self.names(&host) {
        guard let old = Self.number(ofFile: name), old < number else { continue }
        Self.perform(.unlink(name), &host)
      }
    }

    /// Appends an update and forces it.
    mutating func append(_ update: Update, _ host: inout Host<Message>) {
      if number == 0 { begin([], &host) }
      let bytes = DiskRecord.bytes(of: update)
      Self.perform(.write(path, offset: end, bytes: bytes), &host)
      Self.perform(.syncFile(path), &host)
      end += bytes.count
      updates.append(update)
    }

    /// Appends what a complete checkpoint brings, and reads it back: nobody else would notice
    /// before it is needed.
    mutating func append(checking added: [Update], _ host: inout Host<Message>) {
      guard !added.isEmpty else { return }
      let start = number == 0 ? Self.headerSize : end
      for update in added { append(update, &host) }
      let tail = Self.bytes(of: path, from: start, &host)
      if DiskRecord.scan(tail[...]) != added { host.abort("the journal is not what was written") }
    }

    /// Reads the journal, for a copy: it must be what was written.
    func readBack(_ host: inout Host<Message>) -> [Update] {
      if number == 0 { return [] }
      var reader = RankedKv.ByteReader(Self.bytes(of: path, &host)[...])
      _ = reader.take(Self.headerSize)
      let found = DiskRecord.scan(reader.rest)
      if found != updates { host.abort("the journal is not what was written") }
      return found
    }

    /// Finds what is there after a start. What follows a torn record is cut off when the journal is
    /// begun anew.
    mutating func open(_ host: inout Host<Message>) {
      let numbers = Self.names(&host).compactMap { Self.number(ofFile: $0) }.sorted()
      number = numbers.last ?? 0
      for candidate in numbers.reversed() {
        let bytes = Self.bytes(of: Self.journalPrefix + String(candidate), &host)
        var reader = RankedKv.ByteReader(bytes[...])
        guard let count = reader.take(Self.headerSize) else { continue }
        let found = DiskRecord.scan(reader.rest)
        if found.count < count { continue }
        updates = found
        return
      }
    }

    // MARK: The activation record

    /// The generation in the record; 0 without one.
    static func activation(_ host: inout Host<Message>) -> Int {
      guard names(&host).contains(activationPath) else { return 0 }
      var reader = RankedKv.ByteReader(bytes(of: activationPath, &host)[...])
      return reader.take(8) ?? 0
    }

    static func activate(_ generation: Int, _ host: inout Host<Message>) {
      var writer = RankedKv.ByteWriter()
      writer.put(generation, size: 8)
      perform(.create(activationDraft), &host)
      perform(.write(activationDraft, offset: 0, bytes: writer.bytes), &host)
      perform(.syncFile(activationDraft), &host)
      perform(.rename(activationDraft, to: activationPath), &host)
      perform(.syncDirectory("."), &host)
    }

    // MARK: Calls

    private static let headerSize = 8

    private static func number(ofFile name: String) -> Int? {
      name.hasPrefix(journalPrefix) ? Int(name.dropFirst(journalPrefix.count)) : nil
    }

    /// A host whose disk refuses a call ends its process.
    private static func perform(_ operation: FileOperation, _ host: inout Host<Message>) {
      do throws(FileError) {
        try host.perform(operation)
      } catch {
        host.abort("file error")
      }
    }

    private static func names(_ host: inout Host<Message>) -> [String] {
      do throws(FileError) {
        return try host.list(".")
      } catch {
        host.abort("file error")
        return []
      }
    }

    private static func bytes(
      of path: String, from offset: Int = 0, _ host: inout Host<Message>
    ) -> [UInt8] {
      do throws(FileError) {
        return try host.read(path, offset: offset)
      } catch {
        host.abort("file error")
        return []
      }
    }

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(number)
      hasher.combine(end)
      hasher.combine(contentsOf: updates)
      hasher.combine(updates.count)
    }
  }

  /// A record of the journal: length of the payload (4 bytes), payload, checksum (8 bytes).
  enum DiskRecord {
    static func bytes(of update: Update) -> [UInt8] {
      var payload = RankedKv.ByteWriter()
      payload.put(update.sequence, size: 4)
      payload.put(update.request.client.index, size: 2)
      payload.put(Int(update.request.number), size: 4)
      payload.put(Int(update.lowestOpen), size: 4)
      payload.put(update.drawn, size: 4)
      payload.put(update.operation.firstKey, size: 4)
      switch update.operation {
      case .put(_, let value):
        payload.put(1, size: 1)
        payload.put(value)
      case .append(_, let value):
        payload.put(2, size: 1)
        payload.put(value)
      case .putDrawn(_, let value, let outcomes):
        payload.put(3, size: 1)
        payload.put(value)
        payload.put(outcomes, size: 4)
      case .compareAndSet(_, let expected, let new):
        payload.put(4, size: 1)
        payload.put(expected)
        payload.put(new)
      case .get, .readBlocks, .writeBlocks:
        programmingError("only updates of a key-value store are written to its journal")
      }
      var record = RankedKv.ByteWriter()
      record.put(payload.bytes.count, size: 4)
      record.bytes += payload.bytes
      record.put(checksum(payload.bytes[...]), size: 8)
      return record.bytes
    }

    /// Reads records up to the first that is not whole.
    static func scan(_ file: ArraySlice<UInt8>) -> [Update] {
      var updates: [Update] = []
      var rest = RankedKv.ByteReader(file)
      while let length = rest.take(4), length > 0, let payload = rest.bytes(length),
        rest.take(8) == checksum(payload), let update = decode(payload)
      {
        updates.append(update)
      }
      return updates
    }

    private static func decode(_ payload: ArraySlice<UInt8>) -> Update? {
      var reader = RankedKv.ByteReader(payload)
      guard let sequence = reader.take(4), let client = reader.take(2),
        let number = reader.take(4), let lowestOpen = reader.take(4), let drawn = reader.take(4),
        let key = reader.take(4), let operation = operation(key, &reader)
      else { return nil }
      return Update(
        sequence: sequence, request: RequestID(client: NodeID(client), number: number),
        operation: operation, drawn: drawn, lowestOpen: Int32(truncatingIfNeeded: lowestOpen))
    }

    private static func operation(
      _ key: Int, _ reader: inout RankedKv.ByteReader
    ) -> Operation? {
      let kind = reader.take(1)
      guard let text = reader.text() else { return nil }
      switch kind {
      case 1: return .put(key: key, value: text)
      case 2: return .append(key: key, value: text)
      case 3: return reader.take(4).map { .putDrawn(key: key, value: text, outcomes: $0) }
      case 4: return reader.text().map { .compareAndSet(key: key, expected: text, new: $0) }
      default: return nil
      }
    }

    private static func checksum(_ payload: ArraySlice<UInt8>) -> Int {
      var hasher = StableHasher(seed: 0x7265_6D75)
      for byte in payload { hasher.combine(UInt64(byte)) }
      return Int(truncatingIfNeeded: hasher.finalize())
    }
  }
}

import LinearizabilityChecking
import SimulationKernel

extension RankedKv {
  /// The persisted table: one file `table.<generation>` of records, each with a checksum. A
  /// generation begins with all that is known, sealed; later updates are appended. Replacing it
  /// means to write the next generation, to force it and its name, and then to remove the old one.
  struct TableFile: Hashable, Sendable, Fingerprintable {
    static let prefix = "table."
    /// So many appended records begin a new generation.
    static let largestTail = 64

    /// 0 before there is a file.
    private(set) var generation = 0
    /// Size in bytes.
    private(set) var end = 0
    /// Records appended since the seal.
    private(set) var tail = 0

    private var path: String { Self.prefix + String(generation) }

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(generation)
      hasher.combine(end)
      hasher.combine(tail)
    }
  }
}

extension RankedKv.TableFile {
  /// Finds what the disk holds: the records of the last generation that was sealed, up to the first
  /// that is torn. `nil` on a disk without one.
  mutating func open(_ host: inout Host<RankedKv.Message>) -> [RankedKv.TableRecord]? {
    let generations = Self.names(&host).compactMap { Self.generation(ofFile: $0) }.sorted()
    generation = generations.last ?? 0
    for candidate in generations.reversed() {
      let bytes = Self.bytes(of: Self.prefix + String(candidate), &host)
      let records = RankedKv.TableRecord.scan(bytes)
      if records.contains(.seal) { return records }
    }
    return nil
  }

  /// Begins the next generation with these records.
  mutating func begin(
    _ records: [RankedKv.TableRecord], _ host: inout Host<RankedKv.Message>
  ) {
    generation += 1
    tail = 0
    let bytes = (records + [.seal]).flatMap(\.bytes)
    end = bytes.count
    Self.perform(.create(path), &host)
    Self.perform(.write(path, offset: 0, bytes: bytes), &host)
    Self.perform(.syncFile(path), &host)
    Self.perform(.syncDirectory("."), &host)
    for name in Self.names(&host) {
      guard let old = Self.generation(ofFile: name), old < generation else { continue }
      Self.perform(.unlink(name), &host)
    }
  }

  /// Appends a record and forces it.
  mutating func append(
    _ record: RankedKv.TableRecord, _ host: inout Host<RankedKv.Message>
  ) {
    let bytes = record.bytes
    Self.perform(.write(path, offset: end, bytes: bytes), &host)
    Self.perform(.syncFile(path), &host)
    end += bytes.count
    tail += 1
  }

  private static func generation(ofFile name: String) -> Int? {
    name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
  }

  /// A server whose disk refuses a call ends its process: nothing is tried again, because an fsync
  /// that succeeds after one that failed promises nothing.
  private static func perform(
    _ operation: FileOperation, _ host: inout Host<RankedKv.Message>
  ) {
    do throws(FileError) {
      try host.perform(operation)
    } catch {
      host.abort("file error")
    }
  }

  private static func names(_ host: inout Host<RankedKv.Message>) -> [String] {
    do throws(FileError) {
      return try host.list(".")
    } catch {
      host.abort("file error")
      return []
    }
  }

  private static func bytes(of path: String, _ host: inout Host<RankedKv.Message>) -> [UInt8] {
    do throws(FileError) {
      return try host.read(path)
    } catch {
      host.abort("file error")
      return []
    }
  }
}

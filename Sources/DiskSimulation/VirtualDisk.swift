import SimulationKernel

/// The files of one node on a disk that forgets what was not forced.
///
/// Fault model. Every call changes the visible state at once and adds micro-operations to a log; a
/// ``PersistenceProfile`` says which ones, and which must persist before which. They are durable
/// once an fsync that covers them, or write-back, has forced them. A process crash loses nothing:
/// the page cache survives. A power loss keeps what is durable and any subset of the rest that
/// contains everything its members require; a ``CrashOutcome`` says which, or it is left open until
/// something is read (``losePowerLeavingOpen()``). Blocks of 4096 bytes do not tear, the device
/// answers what was written, calls never fail for want of space, and an fsync returns only when it
/// is done.
///
/// A disk does worse only if a storage fault is armed (``arm(_:)``): an fsync, read or write that
/// fails, a full disk, sectors that tear, writes that are lost or land elsewhere, rotten bits,
/// stale answers and stalls. The folder Faults says of each what it does, and what it does not.
///
/// Two disks are equal if nothing that can happen from now on tells them apart by contents: inode
/// numbers and serials do not count. A copy is one reference; the first change of a copy clones
/// tables of references, never the bytes of a file.
public struct VirtualDisk: Sendable {
  /// The largest size of a file, in bytes; more is refused with `invalid` (C: `EFBIG`).
  public static let largestFile = 64 << 20

  /// Holds the state so that a copy of the disk is one reference. It is only written through a
  /// unique reference, which is what makes the conformance sound. A property of a class would be
  /// copied as a whole by whoever reads a part of it; what a pointer points at is not.
  private final class Storage: @unchecked Sendable {
    let state: UnsafeMutablePointer<DiskState>

    init(_ state: DiskState) {
      self.state = .allocate(capacity: 1)
      self.state.initialize(to: state)
    }

    deinit {
      state.deinitialize(count: 1)
      state.deallocate()
    }
  }

  private var storage: Storage

  /// An empty disk.
  public init(profile: PersistenceProfile = .standard) {
    storage = Storage(DiskState(profile: profile))
  }

  var state: DiskState {
    _read { yield storage.state.pointee }
    _modify {
      if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.state.pointee) }
      yield &storage.state.pointee
    }
  }

  public var profile: PersistenceProfile { state.profile }
}

extension VirtualDisk: FileService {
  /// - Throws: what the call would answer in C. A refused call changes nothing.
  public mutating func perform(_ operation: FileOperation) throws(FileError) {
    try state.perform(operation)
  }

  /// - Parameters:
  ///   - offset: in bytes; beyond the end nothing is read.
  ///   - count: in bytes; any number that is not negative.
  public mutating func read(
    _ path: String, offset: Int, count: Int
  ) throws(FileError) -> [UInt8] {
    if isOpen { state.decideRead(path, offset: offset, count: count) }
    let contents = try state.contents(of: path)
    guard offset >= 0, count >= 0 else { throw .invalid(path) }
    if state.faults != nil {
      return try state.readWithFaults(path, offset: offset, count: count)
    }
    return contents.read(offset: offset, count: count)
  }

  public mutating func size(of path: String) throws(FileError) -> Int {
    if isOpen { state.decideSize(path) }
    return try state.contents(of: path).size
  }

  /// Sorted by the bytes of the names.
  public mutating func list(_ path: String) throws(FileError) -> [String] {
    if isOpen { state.decideListing(path) }
    let target = try state.visible.target(of: FilePath(path))
    guard let directory = state.visible.directories[target.inode] else {
      throw .notDirectory(path)
    }
    return directory.names.map(\.text)
  }
}

// MARK: - What is not durable yet

extension VirtualDisk {
  /// The micro-operations that a power loss may lose, oldest first.
  public var pendingMicroOperations: [MicroOperation] {
    state.log.lazy.filter(\.isPending).map(\.operation)
  }

  /// How many micro-operations a power loss may lose.
  public var pendingCount: Int { state.pendingCount }

  /// The serial that the next micro-operation will get: what a call issues lies between its values
  /// before and after the call.
  public var nextSerial: Int { state.nextSerial }

  /// How many 4096-byte blocks and directory entries a sync would force if it were performed now; a
  /// file of which only the size is pending counts one. 0 for any other operation, and for a sync
  /// that would be refused.
  public func dirtyBlockCount(for operation: FileOperation) -> Int {
    state.dirtyBlockCount(for: operation)
  }

  /// Persists at most `limit` pending micro-operations, oldest first, which every profile allows,
  /// and returns how many it persisted. A later fsync has less to force.
  @discardableResult
  public mutating func writeBack(limit: Int) -> Int {
    guard limit > 0, state.pendingCount > 0 else { return 0 }
    return state.writeBack(limit: limit)
  }

  /// Makes everything durable: `sync`.
  public mutating func syncAll() {
    writeBack(limit: .max)
  }
}

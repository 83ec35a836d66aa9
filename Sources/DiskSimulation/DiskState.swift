import SimulationKernel

/// What a ``VirtualDisk`` holds: the visible state, the durable state, and the log between them.
///
/// Invariant: the durable state with the whole log but the undecided entries applied in order has
/// the same names and readable bytes as the visible state, except for blocks that a storage fault
/// has made differ, on a disk on which nothing is undecided.
struct DiskState: Sendable {
  /// A micro-operation that is not part of the durable state yet.
  struct LogEntry: Sendable {
    var operation: MicroOperation
    /// Durable, but still in the log because an older one that is not durable changes the same
    /// place: their effects must be combined in the order in which they were issued.
    var isForced = false
    /// A power loss came over it, and whether it was kept is not decided yet. The visible state is
    /// without it.
    var isUndecided = false

    /// The next power loss may lose it.
    var isPending: Bool { !isForced && !isUndecided }
  }

  let profile: PersistenceProfile
  var visible = DiskImage()
  var durable = DiskImage()
  /// In ascending order of serials.
  var log: [LogEntry] = []
  /// How many entries of the log are pending.
  var pendingCount = 0
  /// How many entries of the log are undecided.
  var undecidedCount = 0
  /// Files with undecided entries, ascending, whose size has not been decided since the power loss:
  /// bytes beyond it will be gone.
  var uncut: [Int] = []
  var decisions = DecisionList()
  /// Sorted by path.
  var checksummed: [ChecksummedFile] = []
  /// Nil for a disk without faults, the usual case.
  var faults: DiskFaults?
  var nextSerial = 0
  var nextInode = 1

  init(profile: PersistenceProfile) {
    self.profile = profile
  }

  /// The visible contents of the file of that name.
  func contents(of path: String) throws(FileError) -> FileContents {
    let target = try visible.target(of: FilePath(path))
    guard let contents = visible.files[target.inode] else { throw .isDirectory(path) }
    return contents
  }

  /// Changes the visible state and adds a micro-operation to the log.
  mutating func issue(
    _ change: MicroOperation.Change, _ role: MicroOperationRole, _ path: String
  ) {
    var unnamed: [Int] = []
    if case .write(_, _, .garbage, _) = change {
      // Nobody reads garbage from the page cache, only from a disk that lost the data after it.
    } else {
      visible.apply(change, unnamed: &unnamed)
    }
    let operation = MicroOperation(
      serial: nextSerial, requires: requirements(of: change, role), role: role, path: path,
      change: change)
    log.append(LogEntry(operation: operation))
    nextSerial += 1
    pendingCount += 1
  }

  private func requirements(
    of change: MicroOperation.Change, _ role: MicroOperationRole
  ) -> [Int] {
    if profile.ordering.isEmpty { return [] }
    var serials: [Int] = []
    for entry in log where entry.isPending {
      if profile.ordering.contains(where: {
        $0.orders(entry.operation, before: change, role: role)
      }) {
        serials.append(entry.operation.serial)
      }
    }
    return serials
  }

  mutating func takeInode() -> Int {
    nextInode += 1
    return nextInode - 1
  }
}

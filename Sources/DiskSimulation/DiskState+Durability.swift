import SimulationKernel

extension DiskState {
  /// Performs one call.
  mutating func perform(_ operation: FileOperation) throws(FileError) {
    if faults != nil { return try performWithFaults(operation) }
    try carryOut(operation)
  }

  /// Performs one call that no fault strikes.
  mutating func carryOut(_ operation: FileOperation) throws(FileError) {
    if undecidedCount > 0 { decide(for: operation) }
    switch operation {
    case .create(let path): try create(path)
    case .write(let path, let offset, let bytes): try write(path, offset: offset, bytes: bytes)
    case .truncate(let path, let size): try truncate(path, size: size)
    case .rename(let path, let newPath): try rename(path, to: newPath)
    case .link(let path, let newPath): try link(path, to: newPath)
    case .unlink(let path): try unlink(path)
    case .makeDirectory(let path): try makeDirectory(path)
    case .syncFile, .syncDirectory:
      if let inode = try syncedInode(operation) { force(coveredBySync(of: inode)) }
    }
    if profile.durability == .immediately { _ = writeBack(limit: .max) }
  }

  /// The file or directory that a sync forces; nil for another operation.
  func syncedInode(_ operation: FileOperation) throws(FileError) -> Int? {
    switch operation {
    case .syncFile(let path):
      let target = try visible.target(of: FilePath(path))
      if target.kind == .directory { throw .isDirectory(path) }
      return target.inode
    case .syncDirectory(let path):
      let target = try visible.target(of: FilePath(path))
      if target.kind == .file { throw .notDirectory(path) }
      return target.inode
    default:
      return nil
    }
  }

  /// Positions in the log, ascending, of what a sync of a file or directory forces: the data and
  /// size of the file, or the entries of the directory, what the profile's ``SyncRule``s add, and
  /// whatever these require. A rename between two directories is forced entirely by a sync of
  /// either, if it is one micro-operation.
  func coveredBySync(of inode: Int) -> [Int] {
    if pendingCount == 0 { return [] }
    var covered: [Int] = []
    for position in log.indices where log[position].isPending {
      let isOwn =
        log[position].operation.change.file == inode
        || log[position].operation.change.changesEntry(of: inode)
      if isOwn
        || profile.syncs.contains(where: { $0.covers(log[position].operation, bySyncOf: inode) })
      {
        covered.append(position)
      }
    }
    return profile.ordering.isEmpty ? covered : closure(of: covered)
  }

  /// The positions and those of everything they require, ascending.
  private func closure(of positions: [Int]) -> [Int] {
    var isIn = [Bool](repeating: false, count: log.count)
    for position in positions { isIn[position] = true }
    for position in log.indices.reversed() where isIn[position] {
      for serial in log[position].operation.requires {
        if let required = self.position(ofSerial: serial) { isIn[required] = true }
      }
    }
    return log.indices.filter { isIn[$0] && log[$0].isPending }
  }

  /// The position in the log of a serial; nil if it is part of the durable state.
  func position(ofSerial serial: Int) -> Int? {
    var low = 0
    var high = log.count
    while low < high {
      let middle = (low + high) / 2
      if log[middle].operation.serial < serial { low = middle + 1 } else { high = middle }
    }
    return low < log.count && log[low].operation.serial == serial ? low : nil
  }

  /// See ``VirtualDisk/writeBack(limit:)``.
  mutating func writeBack(limit: Int) -> Int {
    var oldest: [Int] = []
    for position in log.indices where log[position].isPending {
      if oldest.count == limit { break }
      oldest.append(position)
    }
    force(oldest)
    return oldest.count
  }

  /// See ``VirtualDisk/dirtyBlockCount(for:)``.
  func dirtyBlockCount(for operation: FileOperation) -> Int {
    guard pendingCount > 0, operation.isSync, let inode = try? syncedInode(operation) else {
      return 0
    }
    var blocks: [MicroOperation.Block] = []
    var slots = Set<MicroOperation.Slot>()
    var sized: [Int] = []
    for position in coveredBySync(of: inode) {
      switch log[position].operation.change {
      case .write(let file, let offset, let content, _) where content.count > 0:
        for block in offset / blockSize...(offset + content.count - 1) / blockSize {
          blocks.append(MicroOperation.Block(file: file, index: block))
        }
      case .write(let file, _, _, _), .size(let file, _), .truncate(let file, _, _):
        sized.append(file)
      case .setEntry(let slot, _), .removeEntry(let slot): slots.insert(slot)
      case .rename(let from, let to, _):
        slots.insert(from)
        slots.insert(to)
      }
    }
    blocks.sort()
    sized.sort()
    let count = blocks.distinctCount + slots.count
    if sized.isEmpty { return count }
    let written = Set(blocks.map(\.file))
    return count + sized.filter { !written.contains($0) }.distinctCount
  }
}

extension Array where Element: Equatable {
  /// How many different elements there are, equal ones standing together.
  fileprivate var distinctCount: Int {
    isEmpty ? 0 : 1 + (1..<count).count { self[$0] != self[$0 - 1] }
  }
}

// MARK: - Moving the log into the durable state

extension DiskState {
  /// Marks positions of the log, ascending, as durable, and applies what can be applied.
  mutating func force(_ positions: [Int]) {
    guard let last = positions.last else { return }
    let damage = faults == nil ? [] : drawDamage(positions)
    for position in positions {
      require(!log[position].isForced, "a micro-operation was forced twice")
      log[position].isForced = true
    }
    // Entries that were forced before and still wait may stand anywhere.
    let hasWaiting = log.count > pendingCount
    pendingCount -= positions.count
    if !hasWaiting, positions.count == last + 1 {
      settleFirst(positions.count)
    } else {
      settle(through: hasWaiting ? log.count - 1 : last)
    }
    require(log.count >= pendingCount, "pending micro-operations were lost")
    inflict(damage)
  }

  /// Applies the oldest entries, which are all forced, to the durable state and takes them out of
  /// the log.
  private mutating func settleFirst(_ count: Int) {
    var unnamed: [Int] = []
    apply(log[..<count], unnamed: &unnamed)
    unnamed += log[..<count].compactMap(\.operation.change.file)
    log.removeFirst(count)
    forgetUnreachable(candidates: unnamed)
  }

  /// Applies the forced entries up to a position to the durable state and takes them out of the
  /// log, except those that change a place which an older entry that stays will change too.
  mutating func settle(through last: Int) {
    var blocked = Set<MicroOperation.Location>()
    var unnamed: [Int] = []
    var kept: [LogEntry] = []
    var applied: [LogEntry] = []
    for entry in log[...last] {
      if entry.isForced, blocked.isEmpty {
        applied.append(entry)
        continue
      }
      let locations = entry.operation.change.locations
      if entry.isForced, !locations.contains(where: { blocked.contains($0) }) {
        applied.append(entry)
      } else {
        blocked.formUnion(locations)
        kept.append(entry)
      }
    }
    log.replaceSubrange(...last, with: kept)
    apply(applied[...], unnamed: &unnamed)
    forgetUnreachable(candidates: unnamed + applied.compactMap(\.operation.change.file))
  }

  /// Applies entries in order to the durable state.
  mutating func apply(_ entries: ArraySlice<LogEntry>, unnamed: inout [Int]) {
    for position in entries.indices {
      let next = position + 1
      if next < entries.endIndex,
        entries[position].operation.change.isCovered(by: entries[next].operation.change)
      {
        continue
      }
      durable.apply(entries[position].operation.change, unnamed: &unnamed)
    }
  }

  /// Forgets durable files and directories that no entry names and nothing in the log mentions.
  mutating func forgetUnreachable(candidates: [Int]) {
    let gone = candidates.filter { !visible.contains($0) && durable.links(to: $0) == 0 }
    if gone.isEmpty { return }
    var mentioned = Set<Int>()
    for entry in log {
      let change = entry.operation.change
      if let file = change.file { mentioned.insert(file) }
      if let target = change.target { mentioned.insert(target.inode) }
      for slot in change.slots { mentioned.insert(slot.directory) }
    }
    for inode in gone where !mentioned.contains(inode) { durable.removeIfUnlinked(inode) }
  }
}

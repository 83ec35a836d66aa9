import SimulationKernel

// What a read depends on, and deciding it: a read branches over the possible last writers.
extension DiskState {
  /// Decides what a call reads before it changes anything.
  mutating func decide(for operation: FileOperation) {
    switch operation {
    case .create(let path), .makeDirectory(let path), .syncFile(let path),
      .syncDirectory(let path):
      _ = decideTarget(path)
    case .write(let path, _, _), .truncate(let path, _): decideSize(path)
    case .link(let path, let newPath):
      _ = decideTarget(path)
      _ = decideTarget(newPath)
    case .unlink(let path):
      let target = decideTarget(path)
      if profile.form.unlink.contains(.truncate) { decideTruncation(target) }
    case .rename(let path, let newPath):
      _ = decideTarget(path)
      guard let replaced = decideTarget(newPath) else { return }
      if replaced.kind == .directory { decideListing(replaced.inode) }
      if profile.form.rename.contains(.truncateReplaced) { decideTruncation(replaced) }
    }
  }

  mutating func decideSize(_ path: String) {
    guard undecidedCount > 0, let target = decideTarget(path), target.kind == .file else { return }
    decideSize(target.inode)
  }

  mutating func decideRead(_ path: String, offset: Int, count: Int) {
    guard undecidedCount > 0, let target = decideTarget(path), target.kind == .file,
      offset >= 0, count > 0
    else { return }
    decideSize(target.inode)
    let size = visible.files[target.inode]?.size ?? 0
    guard offset < size else { return }
    let range = offset..<offset + min(count, size - offset)
    if let file = checksummed.first(where: { $0.path == path }) {
      decideRecords(target.inode, range, recordSize: file.recordSize, size: size)
    } else {
      decideBytes(target.inode, range)
    }
  }

  mutating func decideListing(_ path: String) {
    guard undecidedCount > 0, let target = decideTarget(path), target.kind == .directory else {
      return
    }
    decideListing(target.inode)
  }

  mutating func decideEverything() {
    while let first = log.firstIndex(where: \.isUndecided) {
      if let file = log[first].operation.change.file {
        decideSize(file)
        decideBytes(file, 0..<Int.max)
      } else {
        for slot in log[first].operation.change.slots { decide(slot) }
      }
      if log.indices.contains(first), log[first].isUndecided {
        // Bytes beyond the size, or changes that only constrain others.
        _ = decideLast(of: [first])
      }
    }
  }

  /// What a path names, decided name by name.
  private mutating func decideTarget(_ text: String) -> EntryTarget? {
    guard let path = try? FilePath(text) else { return nil }
    var current = EntryTarget.root
    for name in path.names {
      guard current.kind == .directory else { return nil }
      let slot = MicroOperation.Slot(directory: current.inode, name: name)
      decide(slot)
      guard let next = visible[slot] else { return nil }
      current = next
    }
    return current
  }

  private mutating func decide(_ slot: MicroOperation.Slot) {
    decideLast { $0.slots.contains(slot) }
  }

  private mutating func decideListing(_ directory: Int) {
    var slots: [MicroOperation.Slot] = []
    for entry in log where entry.isUndecided {
      for slot in entry.operation.change.slots
      where slot.directory == directory && !slots.contains(slot) {
        slots.append(slot)
      }
    }
    for slot in slots { decide(slot) }
  }

  /// Whether a file loses its last name, and if so its size.
  private mutating func decideTruncation(_ target: EntryTarget?) {
    guard let target, target.kind == .file else { return }
    decideNames(of: target.inode, passed: [])
    if visible.links(to: target.inode) == 1 { decideSize(target.inode) }
  }

  /// Decides every entry that may name a file, and whether the directory that holds it is there.
  private mutating func decideNames(of inode: Int, passed: Set<Int>) {
    if passed.contains(inode) || inode == EntryTarget.root.inode { return }
    var slots: [MicroOperation.Slot] = []
    for (directory, contents) in zip(durable.directories.numbers, durable.directories.values) {
      for (name, target) in zip(contents.names, contents.targets) where target.inode == inode {
        slots.append(MicroOperation.Slot(directory: directory, name: name))
      }
    }
    for entry in log where entry.operation.change.target?.inode == inode {
      if let slot = entry.operation.change.slots.last, !slots.contains(slot) { slots.append(slot) }
    }
    for slot in slots {
      decideNames(of: slot.directory, passed: passed.union([inode]))
      decide(slot)
    }
  }

  /// Branches over the undecided last change of a kind after the last decided one.
  private mutating func decideLast(_ matches: (MicroOperation.Change) -> Bool) {
    guard undecidedCount > 0 else { return }
    var positions: [Int] = []
    for (position, entry) in log.enumerated() where matches(entry.operation.change) {
      if entry.isUndecided { positions.append(position) } else { positions = [] }
    }
    if !positions.isEmpty { _ = decideLast(of: positions) }
  }

  /// A size is what the last change that sets it says, or more if a write after that reached
  /// further: so writers are decided from the last one back until the earlier ones cannot matter.
  private mutating func decideSize(_ file: Int) {
    var floor = -1
    while undecidedCount > 0 {
      var positions: [Int] = []
      var largest = durable.files[file]?.size ?? 0
      for (position, entry) in log.enumerated() where entry.operation.change.file == file {
        guard let size = entry.operation.change.reachedSize else { continue }
        largest = max(largest, size)
        if entry.isUndecided {
          positions.append(position)
        } else if entry.operation.change.setsSize {
          positions = []
        }
      }
      if positions.isEmpty || largest <= floor { break }
      let changes = positions.map { log[$0].operation.change }
      guard let last = decideLast(of: positions), !changes[last].setsSize else { break }
      floor = max(floor, changes[last].reachedSize ?? 0)
    }
    closeSize(of: file)
  }

  /// The size is decided: what lay beyond it is gone.
  mutating func closeSize(of file: Int) {
    guard uncut.contains(file) else { return }
    decisions.facts.append(.size(file: file))
    cutAtDecidedSize(file)
    tidyUndecided()
  }

  /// Bytes below the size, stretch by stretch between the borders of what was written.
  mutating func decideBytes(_ file: Int, _ range: Range<Int>) {
    var start = range.lowerBound
    while start < range.upperBound, undecidedCount > 0 {
      var end = range.upperBound
      var first: Int?
      for entry in log where entry.isUndecided && entry.operation.change.file == file {
        guard let bytes = entry.operation.change.bytes?.clamped(to: start..<range.upperBound),
          !bytes.isEmpty
        else { continue }
        first = min(first ?? bytes.lowerBound, bytes.lowerBound)
      }
      guard let first else { return }
      start = first
      for entry in log where entry.operation.change.file == file {
        guard let bytes = entry.operation.change.bytes else { continue }
        for border in [bytes.lowerBound, bytes.upperBound] where border > start {
          end = min(end, border)
        }
      }
      let stretch = start..<end
      decideLast {
        $0.file == file && $0.bytes.map { $0.contains(stretch.lowerBound) } ?? false
      }
      start = end
    }
  }
}

extension MicroOperation.Change {
  /// The size that it sets, or at least brings about; nil if it leaves the size alone.
  fileprivate var reachedSize: Int? {
    switch self {
    case .size(_, let size), .truncate(_, _, let size): size
    case .write(_, let offset, let content, let extending):
      extending ? offset + content.count : nil
    case .setEntry, .removeEntry, .rename: nil
    }
  }
}

import SimulationKernel

/// One state of all files and directories: the visible one, or the durable one.
///
/// Inodes are neither allocated nor freed by micro-operations: an entry whose file has no contents
/// yet names an empty file.
struct DiskImage: Sendable {
  var files = InodeTable<FileContents>()
  var directories = InodeTable<Directory>()

  init() {
    directories.update(EntryTarget.root.inode, orInsert: Directory()) { $0.links = 1 }
  }

  func contains(_ inode: Int) -> Bool {
    files.contains(inode) || directories.contains(inode)
  }

  /// How many entries name the inode.
  func links(to inode: Int) -> Int {
    files[inode]?.links ?? directories[inode]?.links ?? 0
  }

  /// Forgets an inode that no entry names; the root stays.
  mutating func removeIfUnlinked(_ inode: Int) {
    guard links(to: inode) == 0 else { return }
    files.remove(inode)
    directories.remove(inode)
  }
}

// MARK: - Changing it

extension DiskImage {
  /// Applies one change; inodes that it took a name from are appended to `unnamed`.
  mutating func apply(_ change: MicroOperation.Change, unnamed: inout [Int]) {
    switch change {
    case .size(let file, let size):
      files.update(file, orInsert: FileContents()) { $0.size = size }
    case .write(let file, let offset, let content, let extending):
      files.update(file, orInsert: FileContents()) { contents in
        contents.put(content, at: offset)
        if extending { contents.size = max(contents.size, offset + content.count) }
      }
    case .truncate(let file, _, let size):
      files.update(file, orInsert: FileContents()) { $0.cut(to: size) }
    case .setEntry(let slot, let target):
      set(slot, to: target, unnamed: &unnamed)
    case .removeEntry(let slot):
      remove(slot, unnamed: &unnamed)
    case .rename(let from, let to, let target):
      set(to, to: target, unnamed: &unnamed)
      remove(from, unnamed: &unnamed)
    }
  }

  private mutating func set(
    _ slot: MicroOperation.Slot, to target: EntryTarget, unnamed: inout [Int]
  ) {
    count(1, linksTo: target)
    let replaced = directories.update(slot.directory, orInsert: Directory()) {
      $0.set(slot.name, to: target)
    }
    if let replaced {
      count(-1, linksTo: replaced)
      unnamed.append(replaced.inode)
    }
  }

  private mutating func remove(_ slot: MicroOperation.Slot, unnamed: inout [Int]) {
    guard directories.contains(slot.directory) else { return }
    let removed = directories.update(slot.directory, orInsert: Directory()) {
      $0.remove(slot.name)
    }
    if let removed {
      count(-1, linksTo: removed)
      unnamed.append(removed.inode)
    }
  }

  private mutating func count(_ difference: Int, linksTo target: EntryTarget) {
    switch target.kind {
    case .file:
      files.update(target.inode, orInsert: FileContents()) { $0.links += difference }
    case .directory:
      directories.update(target.inode, orInsert: Directory()) { $0.links += difference }
    }
  }
}

extension FileContents {
  /// Puts the content of a write in place, whatever the size.
  mutating func put(_ content: MicroOperation.Content, at offset: Int) {
    switch content {
    case .garbage(let count):
      store([UInt8](repeating: garbageByte, count: count), at: offset)
    case .zeros(let count): clear(from: offset, count: count)
    case .bytes(let bytes): store(bytes, at: offset)
    }
  }
}

// MARK: - Finding names

extension DiskImage {
  /// What a path names.
  /// - Throws: `notFound` or `notDirectory`, with the path as it was given.
  func target(of path: FilePath) throws(FileError) -> EntryTarget {
    var current = EntryTarget.root
    for name in path.names { current = try step(from: current, to: name, path) }
    if path.namesDirectory, current.kind == .file { throw .notDirectory(path.text) }
    return current
  }

  /// The directory and name of a path's last entry, which need not exist; nil for the root.
  /// - Throws: `notFound` or `notDirectory` if there is no directory to hold the entry.
  func slot(of path: FilePath) throws(FileError) -> MicroOperation.Slot? {
    guard let last = path.names.last else { return nil }
    var current = EntryTarget.root
    for name in path.names.dropLast() { current = try step(from: current, to: name, path) }
    guard current.kind == .directory else { throw .notDirectory(path.text) }
    return MicroOperation.Slot(directory: current.inode, name: last)
  }

  /// Whether the way to a path's last entry goes through a directory.
  func way(to path: FilePath, passes inode: Int) -> Bool {
    var current = EntryTarget.root
    for name in path.names.dropLast() {
      guard let next = directories[current.inode]?[name] else { return false }
      if next.inode == inode { return true }
      current = next
    }
    return false
  }

  /// What an entry points at, or nil.
  subscript(slot: MicroOperation.Slot) -> EntryTarget? {
    directories[slot.directory]?[slot.name]
  }

  private func step(
    from current: EntryTarget, to name: EntryName, _ path: FilePath
  ) throws(FileError) -> EntryTarget {
    guard current.kind == .directory else { throw .notDirectory(path.text) }
    guard let next = directories[current.inode]?[name] else { throw .notFound(path.text) }
    return next
  }
}

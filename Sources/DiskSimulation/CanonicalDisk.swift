import SimulationKernel

/// A disk without what does not matter from now on: inodes are numbered in the order in which a
/// walk from the root meets them, a requirement is a place in the log, and paths that only serve
/// traces are left out.
struct CanonicalDisk: Equatable {
  struct Entry: Equatable {
    var change: MicroOperation.Change
    var role: MicroOperationRole
    /// Places in the log, ascending.
    var requires: [Int]
    var isForced: Bool
    var isUndecided: Bool
  }

  var profile: String
  var visible: DiskImage
  var durable: DiskImage
  var log: [Entry]
  /// Files that are still to be cut at their size.
  var uncut: [Int]
  var checksummed: [ChecksummedFile]
  var armed: [DiskFaults.Armed]
  /// Sorted by file and place.
  var phantoms: [MicroOperation.Block]

  init(_ state: DiskState) {
    var numbering = InodeNumbering()
    var next = 0
    func followEntries() {
      while next < numbering.order.count {
        let inode = numbering.order[next]
        for image in [state.visible, state.durable] {
          let targets = image.directories[inode]?.targets ?? []
          for target in targets { numbering.meet(target.inode) }
        }
        next += 1
      }
    }
    followEntries()
    for entry in state.log {
      let change = entry.operation.change
      for slot in change.slots { numbering.meet(slot.directory) }
      if let target = change.target { numbering.meet(target.inode) }
    }
    followEntries()
    // A file that only pending changes of its bytes mention will never be read again.
    let namedCount = numbering.order.count
    for entry in state.log {
      if let file = entry.operation.change.file { numbering.meet(file) }
    }
    profile = state.profile.name
    visible = state.visible.renumbered(by: numbering, first: namedCount)
    durable = state.durable.renumbered(by: numbering, first: namedCount)
    log = state.log.map { entry in
      Entry(
        change: entry.operation.change.renumbered(numbering.number),
        role: entry.operation.role,
        requires: entry.operation.requires.compactMap(state.position(ofSerial:)),
        isForced: entry.isForced, isUndecided: entry.isUndecided)
    }
    checksummed = state.checksummed
    armed = state.faults?.armed ?? []
    phantoms = (state.faults?.phantoms ?? []).filter { numbering.has($0.file) }
      .map { MicroOperation.Block(file: numbering.number($0.file), index: $0.index) }
      .sorted { ($0.file, $0.index) < ($1.file, $1.index) }
    uncut = state.uncut.map(numbering.number).sorted()
  }
}

extension VirtualDisk: Hashable, Fingerprintable {
  public static func == (left: VirtualDisk, right: VirtualDisk) -> Bool {
    CanonicalDisk(left.state) == CanonicalDisk(right.state)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(fingerprint)
  }

  /// Combines the visible state, the durable state and what is pending; two equal disks combine the
  /// same words in every process.
  public func fingerprint(into hasher: inout StableHasher) {
    let disk = CanonicalDisk(state)
    hasher.combine(disk.profile)
    hasher.combine(disk.visible)
    hasher.combine(disk.durable)
    hasher.combine(contentsOf: disk.log)
    for file in disk.uncut { hasher.combine(file) }
    for file in disk.checksummed {
      hasher.combine(file.path)
      hasher.combine(file.recordSize)
    }
    for armed in disk.armed {
      hasher.combine(armed.request.description)
      if let earlier = armed.earlier { hasher.combine(earlier) }
    }
    for block in disk.phantoms {
      hasher.combine(block.file)
      hasher.combine(block.index)
    }
  }
}

extension CanonicalDisk.Entry: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(change)
    hasher.combine(role.rawValue)
    for place in requires { hasher.combine(place) }
    hasher.combine(requires.count)
    hasher.combine(isForced)
    if isUndecided { hasher.combine(1) }
  }
}

// MARK: - Changes

extension MicroOperation.Change {
  /// The same change with other inode numbers.
  func renumbered(_ number: (Int) -> Int) -> Self {
    func moved(_ slot: MicroOperation.Slot) -> MicroOperation.Slot {
      MicroOperation.Slot(directory: number(slot.directory), name: slot.name)
    }
    func moved(_ target: EntryTarget) -> EntryTarget {
      EntryTarget(inode: number(target.inode), kind: target.kind)
    }
    switch self {
    case .size(let file, let size): return .size(file: number(file), size)
    case .write(let file, let offset, let content, let extending):
      return .write(file: number(file), offset: offset, content, extending: extending)
    case .truncate(let file, let from, let to):
      return .truncate(file: number(file), from: from, to: to)
    case .setEntry(let slot, let target): return .setEntry(moved(slot), moved(target))
    case .removeEntry(let slot): return .removeEntry(moved(slot))
    case .rename(let from, let to, let target):
      return .rename(from: moved(from), to: moved(to), moved(target))
    }
  }
}

extension MicroOperation.Change: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    for slot in slots {
      hasher.combine(slot.directory)
      hasher.combine(slot.name.text)
    }
    if let target {
      hasher.combine(target.inode)
      hasher.combine(target.kind == .file)
    }
    switch self {
    case .size(let file, let size): hasher.combine(words: 1, file, size)
    case .write(let file, let offset, let content, let extending):
      hasher.combine(words: 2, file, offset, content.count)
      hasher.combine(extending)
      switch content {
      case .garbage: hasher.combine(1)
      case .zeros: hasher.combine(2)
      case .bytes(let bytes): hasher.combine(bytes: bytes)
      }
    case .truncate(let file, let from, let to): hasher.combine(words: 3, file, from, to)
    case .setEntry: hasher.combine(4)
    case .removeEntry: hasher.combine(5)
    case .rename: hasher.combine(6)
    }
  }
}

extension StableHasher {
  fileprivate mutating func combine(words: Int...) {
    for word in words { combine(word) }
  }

  /// Eight bytes a word, then the count.
  fileprivate mutating func combine(bytes: [UInt8]) {
    bytes.withUnsafeBytes { raw in
      var offset = 0
      while offset + 8 <= raw.count {
        combine(
          UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        offset += 8
      }
      var word: UInt64 = 0
      for byte in raw[offset...] { word = (word << 8) | UInt64(byte) }
      combine(word)
    }
    combine(bytes.count)
  }
}

import SimulationKernel

// After a power loss that left things open. Undecided entries of the log are a set of which neither
// "was kept" nor "was lost" is known. Deciding that one was kept decides the same for all it
// requires: they become forced entries. Deciding that one was lost loses all that require it: they
// leave the log. So what is still undecided can always go either way, and no decision meets a
// contradiction.
extension DiskState {
  /// Power is lost while something is undecided, or leaving things open.
  /// - Parameters:
  ///   - kept: for each pending entry, whether it is kept.
  ///   - opening: pending entries become undecided instead.
  mutating func losePowerWithUndecided(keeping kept: [Bool], opening: Bool = false) {
    require(kept.count == pendingCount, "an outcome is not about the pending micro-operations")
    var place = 0
    var surviving: [LogEntry] = []
    for var entry in log {
      if entry.isPending {
        entry.isForced = kept[place] && !opening
        entry.isUndecided = opening
        place += 1
        if entry.isPending { continue }
      }
      surviving.append(entry)
    }
    log = surviving
    pendingCount = 0
    undecidedCount = log.count { $0.isUndecided }
    visible = durable
    if !log.isEmpty { settle(through: log.count - 1) }
    var open = Set<Int>()
    for entry in log where entry.isUndecided {
      if let file = entry.operation.change.file { open.insert(file) }
    }
    for file in durable.files.numbers where !open.contains(file) {
      durable.files.update(file, orInsert: FileContents()) { $0.cut(to: $0.size) }
    }
    uncut = open.sorted()
    tidyUndecided()
  }

  /// Decides which of some undecided entries, at ascending positions, is the last that was kept.
  /// - Returns: its place among them; nil if none was kept.
  mutating func decideLast(of positions: [Int]) -> Int? {
    let serials = positions.map { log[$0].operation.serial }
    let choice = decisions.choose(serials.count + 1)
    decide(kept: choice > 0 ? [serials[choice - 1]] : [], lost: Set(serials[choice...]))
    return choice > 0 ? choice - 1 : nil
  }

  /// Decides that some undecided entries were kept and others were lost, by serials; those that are
  /// not undecided any more are left alone.
  mutating func decide(kept: [Int], lost: Set<Int>) {
    decisions.facts.append(.fate(kept: kept, lost: lost.sorted()))
    for serial in kept { keep(serial) }
    lose(lost)
    tidyUndecided()
  }

  private mutating func keep(_ serial: Int) {
    var wanted: Set<Int> = [serial]
    for position in log.indices.reversed()
    where log[position].isUndecided && wanted.contains(log[position].operation.serial) {
      wanted.formUnion(log[position].operation.requires)
      log[position].isUndecided = false
      log[position].isForced = true
      undecidedCount -= 1
    }
  }

  private mutating func lose(_ serials: Set<Int>) {
    if serials.isEmpty { return }
    var lost = serials
    log.removeAll { entry in
      guard entry.isUndecided else { return false }
      let isLost =
        lost.contains(entry.operation.serial)
        || entry.operation.requires.contains(where: lost.contains)
      if isLost { lost.insert(entry.operation.serial) }
      return isLost
    }
    undecidedCount = log.count { $0.isUndecided }
  }

  /// The bytes beyond the decided size of a file are gone since the power loss. Whatever was
  /// written since then comes after this, as it would have decided the size.
  mutating func cutAtDecidedSize(_ file: Int) {
    guard let place = uncut.firstIndex(of: file) else { return }
    uncut.remove(at: place)
    let size = contentsIfDecided(file).size
    let change = MicroOperation.Change.truncate(file: file, from: size, to: size)
    let operation = MicroOperation(
      serial: nextSerial, requires: [], role: .truncation, path: "", change: change)
    nextSerial += 1
    log.append(LogEntry(operation: operation, isForced: true))
  }

  /// The file with what is not undecided.
  private func contentsIfDecided(_ file: Int) -> FileContents {
    var contents = durable
    var unnamed: [Int] = []
    for entry in log where !entry.isUndecided && entry.operation.change.file == file {
      contents.apply(entry.operation.change, unnamed: &unnamed)
    }
    return contents.files[file] ?? FileContents()
  }

  /// Brings everything up to date after decisions: forgets undecided entries that no longer make a
  /// difference, applies what can be applied, and makes the visible state anew.
  mutating func tidyUndecided() {
    let open = Set(log.compactMap { $0.isUndecided ? $0.operation.change.file : nil })
    for file in uncut where !open.contains(file) { cutAtDecidedSize(file) }
    repeat {
      collectUnreachable()
      if !log.isEmpty { settle(through: log.count - 1) }
    } while forgetMute()
    uncut.removeAll { file in
      !log.contains { $0.isUndecided && $0.operation.change.file == file }
    }
    visible = durable
    var unnamed: [Int] = []
    for entry in log where !entry.isUndecided {
      visible.apply(entry.operation.change, unnamed: &unnamed)
    }
    for inode in visible.files.numbers + visible.directories.numbers
    where inode != EntryTarget.root.inode {
      visible.removeIfUnlinked(inode)
    }
  }

  /// Forgets durable files and directories that no chain of entries can reach any more, with the
  /// entries in them, and what was forced of them.
  private mutating func collectUnreachable() {
    var reached: Set<Int> = [EntryTarget.root.inode]
    var next = [EntryTarget.root.inode]
    while let inode = next.popLast() {
      var targets = (durable.directories[inode]?.targets ?? []).map(\.inode)
      for entry in log {
        guard let target = entry.operation.change.target else { continue }
        let names = entry.operation.change.slots.last?.directory == inode
        if names { targets.append(target.inode) }
      }
      for target in targets where reached.insert(target).inserted { next.append(target) }
    }
    for inode in durable.directories.numbers where !reached.contains(inode) {
      for target in durable.directories[inode]?.targets ?? [] { durable.uncount(target) }
      durable.directories.remove(inode)
    }
    for inode in durable.files.numbers where !reached.contains(inode) {
      durable.files.remove(inode)
    }
    log.removeAll { entry in
      let change = entry.operation.change
      guard entry.isForced else { return false }
      return change.file.map { !reached.contains($0) }
        ?? change.slots.allSatisfy { !reached.contains($0.directory) }
    }
  }

  /// Forgets undecided entries that nothing can tell were kept; what requires them now requires
  /// what they require.
  /// - Returns: whether there were any.
  private mutating func forgetMute() -> Bool {
    let hidden = HiddenChanges(self)
    var mute: [Int: [Int]] = [:]
    for (position, entry) in log.enumerated()
    where entry.isUndecided && hidden.contains(position) {
      mute[entry.operation.serial] = entry.operation.requires
    }
    if mute.isEmpty { return false }
    log.removeAll { mute[$0.operation.serial] != nil }
    for position in log.indices where log[position].isUndecided {
      var requires = Set<Int>()
      var open = log[position].operation.requires
      while let serial = open.popLast() {
        if let needs = mute[serial] { open += needs } else { requires.insert(serial) }
      }
      log[position].operation.requires = requires.sorted()
    }
    undecidedCount = log.count { $0.isUndecided }
    return true
  }
}

extension DiskImage {
  /// An entry that named it is gone.
  fileprivate mutating func uncount(_ target: EntryTarget) {
    if files.contains(target.inode) {
      files.update(target.inode, orInsert: FileContents()) { $0.links -= 1 }
    }
    if directories.contains(target.inode) {
      directories.update(target.inode, orInsert: Directory()) { $0.links -= 1 }
    }
  }
}

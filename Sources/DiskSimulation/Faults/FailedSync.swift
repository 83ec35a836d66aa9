import SimulationKernel

// An fsync that fails with EIO. Source: Rebello et al., "Can Applications Recover from fsync
// Failures?" (USENIX ATC 2020): a block cannot be written, fsync says so once, and what the page
// cache holds afterwards differs from one file system to another.
extension DiskState {
  /// Lets an fsync fail if a fault strikes it. One that has nothing to write does not fail.
  ///
  /// One block of data, drawn, could not be written. The rest of what the fsync covers has reached
  /// the disk or is still pending, drawn too; what requires the block is pending. And the block
  /// - `clean`: stays in the cache, and no later fsync writes it, unless the page is written again;
  /// - `dirty`: is pending, and the next fsync tries again;
  /// - `reverted`: leaves the cache, and with it whatever else of its file has not reached the
  ///   disk, the size included: reads answer what is on the disk.
  ///
  /// Names and sizes are the journal's, which tries again: with nothing but them to write, the
  /// fsync fails and everything stays pending, as after `dirty`. This is so for every directory.
  mutating func failSync(_ operation: FileOperation) throws(FileError) {
    guard let inode = try syncedInode(operation) else { return }
    let covered = coveredBySync(of: inode)
    guard !covered.isEmpty, let armed = faults?.take(.syncError, operation.path),
      case .syncError(let page) = armed.request.fault
    else { return }
    note(.syncError, "fsync of \(operation.path) fails with EIO, page \(page)")
    let blocks = dataBlocks(at: covered)
    guard !blocks.isEmpty else { throw .inputOutput(operation.path) }
    let block = blocks[pick(blocks.count)]
    var missing = Set(covered.map { log[$0].operation.serial })
    if pick(2) == 1 {
      missing = serials(at: covered, needing: block)
      force(covered.filter { !missing.contains(log[$0].operation.serial) })
    }
    switch page {
    case .dirty: break
    case .clean: giveUp(block, missing)
    case .reverted: revert(block.file, missing)
    }
    throw .inputOutput(operation.path)
  }

  /// Of the entries at some positions, the serials of those that write to a block or require one
  /// that does.
  private func serials(at positions: [Int], needing block: MicroOperation.Block) -> Set<Int> {
    var found = Set<Int>()
    for position in positions {
      let operation = log[position].operation
      if operation.change.touches(block) || operation.requires.contains(where: found.contains) {
        found.insert(operation.serial)
      }
    }
    return found
  }

  /// The blocks that entries at some positions write data to, in order.
  func dataBlocks(at positions: [Int]) -> [MicroOperation.Block] {
    var blocks = Set<MicroOperation.Block>()
    for position in positions {
      if case .write(_, _, .bytes, _) = log[position].operation.change {
        blocks.formUnion(log[position].operation.change.blocks)
      }
    }
    return blocks.sorted { ($0.file, $0.index) < ($1.file, $1.index) }
  }

  /// The page counts as written: what was to be written to it will not be, but sizes and the other
  /// pages of a write will.
  private mutating func giveUp(_ block: MicroOperation.Block, _ missing: Set<Int>) {
    faults?.addPhantom(block)
    log = log.flatMap { entry -> [LogEntry] in
      guard missing.contains(entry.operation.serial), entry.operation.change.touches(block) else {
        return [entry]
      }
      let operation = entry.operation
      return operation.change.outside(block).map {
        LogEntry(
          operation: MicroOperation(
            serial: operation.serial, requires: operation.requires, role: operation.role,
            path: operation.path, change: $0))
      }
    }
    pendingCount = log.count { $0.isPending }
  }

  /// The file is again what is on the disk.
  private mutating func revert(_ file: Int, _ missing: Set<Int>) {
    log.removeAll {
      missing.contains($0.operation.serial) && $0.operation.change.file == file
    }
    pendingCount = log.count { $0.isPending }
    faults?.phantoms.removeAll { $0.file == file }
    guard visible.files.contains(file) else { return }
    let contents = mediumContents(of: file) { _ in true }
    visible.files.update(file, orInsert: contents) {
      let links = $0.links
      $0 = contents
      $0.links = links
    }
  }

  /// What the medium holds of a file, with those entries of the log that count.
  func mediumContents(of file: Int, with counts: (LogEntry) -> Bool) -> FileContents {
    var image = DiskImage()
    var unnamed: [Int] = []
    image.files.update(file, orInsert: durable.files[file] ?? FileContents()) { _ in }
    for entry in log where entry.operation.change.file == file && counts(entry) {
      image.apply(entry.operation.change, unnamed: &unnamed)
    }
    return image.files[file] ?? FileContents()
  }
}

extension MicroOperation.Change {
  /// The blocks that it writes to; none for a change of a size or a directory.
  var blocks: [MicroOperation.Block] {
    guard case .write(let file, let offset, let content, _) = self, content.count > 0 else {
      return []
    }
    return (offset / blockSize...(offset + content.count - 1) / blockSize).map {
      MicroOperation.Block(file: file, index: $0)
    }
  }

  func touches(_ block: MicroOperation.Block) -> Bool {
    guard case .write(block.file, let offset, let content, _) = self else { return false }
    return block.bytes.overlaps(offset..<offset + content.count)
  }

  /// What a write does beside writing to a block: its other bytes, and the size.
  fileprivate func outside(_ block: MicroOperation.Block) -> [Self] {
    guard case .write(let file, let offset, let content, let extending) = self else { return [] }
    let end = offset + content.count
    let pieces = [
      offset..<max(offset, min(end, block.bytes.lowerBound)),
      min(end, max(offset, block.bytes.upperBound))..<end,
    ]
    var changes = pieces.filter { !$0.isEmpty }.map { piece in
      Self.write(
        file: file, offset: piece.lowerBound,
        content.slice(piece.lowerBound - offset..<piece.upperBound - offset), extending: extending)
    }
    if extending, pieces[1].isEmpty {
      changes.append(.write(file: file, offset: end, .zeros(count: 0), extending: true))
    }
    return changes
  }
}

extension MicroOperation.Content {
  /// A part of it, by bytes from its start.
  func slice(_ range: Range<Int>) -> Self {
    switch self {
    case .garbage: .garbage(count: range.count)
    case .zeros: .zeros(count: range.count)
    case .bytes(let bytes): .bytes(Array(bytes[range]))
    }
  }
}

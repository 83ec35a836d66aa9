import SimulationKernel

extension ChainStore {
  /// How a volume keeps its table.
  enum VolumeFormat: Hashable, Sendable {
    /// Copy-on-write table with levels; the root says which table is valid.
    case atomic
    /// One table, changed in place.
    case linear
  }

  /// Decisions that known bugs and the document's own designs change.
  struct VolumeDesign: Hashable, Sendable {
    /// Two roots in turn, each with a checksum, so that a torn root leaves the one before (CB-17).
    var keepsTwoRoots = true
    /// A linear table's changes stand in the root first, and are redone from there (CB-14).
    var redoesEntries = true
    /// Only what a commit committed ceases to be pending (CB-07, CB-08).
    var keepsNewerPending = true
    /// The free list is made of what the table does not use (CB-18).
    var findsUsedPlaces = true
  }

  /// The volume of one node: 4096-byte blocks, found through a table, in one file. Data are always
  /// written to free blocks of the file; a commit makes a write's blocks the valid ones. What is
  /// written and not committed is known to the process only.
  ///
  /// Writes are numbered in order, and committed in order.
  struct Volume: Sendable {
    /// A block that is committed or pending.
    struct Stored: Hashable, Sendable {
      var entry: TableEntry
      var content: BlockContent
    }

    /// A write that is not committed.
    struct Write: Hashable, Sendable {
      var number: Int
      /// Sorted by block.
      var blocks: [Stored]
      /// Atomic: the page of the table's first level with this write.
      var table = 0
      /// Atomic: pages that nobody needs once this write is committed.
      var replaced: [Int] = []
    }

    static let path = "volume"
    static let newPath = "volume.new"

    let format: VolumeFormat
    let design: VolumeDesign
    let sectorCount: Int
    /// The valid root; what its slots hold on disk.
    var root = VolumeRoot()
    var slot = 0
    /// Committed blocks, sorted.
    var blocks: [Stored] = []
    var writes: [Write] = []
    /// The newest pending version of each block, sorted.
    var pending: [Stored] = []
    /// Atomic: the table with all writes.
    var tree = TableTree()
    var space: FileSpace

    init(_ format: VolumeFormat, _ design: VolumeDesign, sectors: Int) {
      self.format = format
      self.design = design
      sectorCount = sectors
      space = FileSpace(reserved: Self.reserved(format))
    }

    /// The last write that is committed, and durable.
    var committed: Int { root.committed }
    /// The last write that is written.
    var written: Int { writes.last?.number ?? root.committed }
  }
}

// MARK: - What blocks hold

extension ChainStore.Volume {
  func committedContent(of block: Int) -> ChainStore.BlockContent {
    blocks.first { $0.entry.block == block }?.content
      ?? ChainStore.BlockContent(sectors: sectorCount)
  }

  /// With everything that is pending.
  func latestContent(of block: Int) -> ChainStore.BlockContent {
    pending.first { $0.entry.block == block }?.content ?? committedContent(of: block)
  }

  /// What the file holds of a committed block.
  func read<Files: VolumeFiles>(
    _ block: Int, _ files: inout Files, file: StaticString = #fileID, line: UInt32 = #line
  ) -> ChainStore.BlockContent {
    guard let stored = blocks.first(where: { $0.entry.block == block }) else {
      return ChainStore.BlockContent(sectors: sectorCount)
    }
    return content(at: stored.entry.place, &files, from: CallSite(file, line))
  }

  func content<Files: VolumeFiles>(
    at place: Int, _ files: inout Files, from caller: CallSite, line: UInt32 = #line
  ) -> ChainStore.BlockContent {
    let bytes = files.read(
      Self.path, offset: place * ChainStore.BlockContent.size, count: ChainStore.BlockContent.size,
      at: CallSite(#fileID, line, from: caller))
    return ChainStore.BlockContent(bytes, sectors: sectorCount)
  }

  /// Committed blocks that a write after `number` has changed, in the order of these writes.
  func blocks(after number: Int) -> [ChainStore.RestoredBlock] {
    blocks.filter { $0.entry.updated > number }
      .sorted { ($0.entry.updated, $0.entry.block) < ($1.entry.updated, $1.entry.block) }
      .map {
        ChainStore.RestoredBlock(
          block: $0.entry.block, updated: $0.entry.updated, content: $0.content)
      }
  }

  /// Of what is committed; the same for equal contents, whatever the format.
  var checksum: UInt64 {
    var hasher = StableHasher()
    for stored in blocks where !stored.content.isEmpty {
      hasher.combine(stored.entry.block)
      hasher.combine(stored.content)
    }
    return hasher.finalize()
  }

  /// The values of the committed sectors, by number.
  var contents: [KeyedValue] {
    blocks.flatMap { stored in
      stored.content.sectors.enumerated().filter { !$0.element.isEmpty }.map {
        KeyedValue(key: stored.entry.block * sectorCount + $0.offset, value: $0.element)
      }
    }
  }
}

// MARK: - Writing and committing

extension ChainStore.Volume {
  typealias Size = ChainStore.BlockContent

  /// Writes blocks to free places, so that ``commit(_:_:)`` can make them valid.
  /// - Parameter number: one more than the last.
  mutating func write<Files: VolumeFiles>(
    _ number: Int, _ updates: [ChainStore.BlockUpdate], _ files: inout Files
  ) {
    writes.append(prepare(number, updates.map { ($0, number) }, &files))
  }

  mutating func prepare<Files: VolumeFiles>(
    _ number: Int, _ updates: [(ChainStore.BlockUpdate, updated: Int)], _ files: inout Files
  ) -> Write {
    var write = Write(number: number, blocks: [])
    for (update, updated) in updates {
      let place = space.allocate()
      files.perform(
        .write(Self.path, offset: place * Size.size, bytes: update.content.bytes),
        at: CallSite(#fileID, #line))
      let entry = ChainStore.TableEntry(block: update.block, updated: updated, place: place)
      let stored = Stored(entry: entry, content: update.content)
      write.blocks.append(stored)
      Self.insert(stored, &pending)
    }
    if format == .atomic { copyTable(&write, &files) }
    return write
  }

  /// Makes the oldest write that is not committed valid and durable.
  /// - Parameter replay: the words of the replay log with this write.
  mutating func commit<Files: VolumeFiles>(_ replay: [UInt64], _ files: inout Files) {
    guard !writes.isEmpty else { return }
    let write = writes.removeFirst()
    makeValid(write, replay, &files)
    if design.keepsNewerPending {
      pending.removeAll { $0.entry.updated == write.number }
    } else {
      // CB-07 and CB-08: whatever is pending of these blocks is forgotten.
      pending.removeAll { stored in
        write.blocks.contains { $0.entry.block == stored.entry.block }
      }
    }
  }

  /// Takes blocks over from another node. The volume then stands at `number`.
  mutating func restore<Files: VolumeFiles>(
    _ restored: [ChainStore.RestoredBlock], through number: Int, _ replay: [UInt64],
    _ files: inout Files
  ) {
    let updates = restored.map {
      (ChainStore.BlockUpdate(block: $0.block, content: $0.content), updated: $0.updated)
    }
    let write = prepare(number, updates, &files)
    makeValid(write, replay, &files)
    pending.removeAll()
  }

  private mutating func makeValid<Files: VolumeFiles>(
    _ write: Write, _ replay: [UInt64], _ files: inout Files
  ) {
    var next = root
    next.generation += 1
    next.committed = write.number
    next.replay = replay
    switch format {
    case .atomic: commitTable(write, next, &files)
    case .linear: commitEntries(write, next, &files)
    }
    for stored in write.blocks {
      if let old = blocks.first(where: { $0.entry.block == stored.entry.block }) {
        space.release(old.entry.place)
      }
      Self.insert(stored, &blocks)
    }
    for place in write.replaced { space.release(place) }
  }

  mutating func writeRoot<Files: VolumeFiles>(
    _ next: ChainStore.VolumeRoot, _ files: inout Files, from caller: CallSite
  ) {
    root = next
    if design.keepsTwoRoots { slot = 1 - slot }
    files.perform(
      .write(Self.path, offset: slot * Size.size, bytes: next.page.bytes),
      at: CallSite(#fileID, #line, from: caller))
  }

  static func insert(_ stored: Stored, _ list: inout [Stored]) {
    let index = list.firstIndex { $0.entry.block >= stored.entry.block } ?? list.count
    if index < list.count, list[index].entry.block == stored.entry.block {
      list[index] = stored
    } else {
      list.insert(stored, at: index)
    }
  }
}

extension ChainStore.Volume: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(root)
    hasher.combine(slot)
    for stored in blocks + pending {
      hasher.combine(stored.entry)
      hasher.combine(stored.content)
    }
    hasher.combine(blocks.count)
    for write in writes {
      hasher.combine(write.number)
      hasher.combine(contentsOf: write.blocks.map(\.entry))
      hasher.combine(write.table)
      for place in write.replaced { hasher.combine(place) }
    }
    hasher.combine(writes.count)
    hasher.combine(tree)
    hasher.combine(space)
  }
}

import SimulationKernel

extension ChainStore {
  /// What one block says of a volume: how far it is committed, where the table begins, and the
  /// replay log of the writes committed. Writing it is the commit.
  ///
  /// Words of the page: magic, checksum of the rest, generation, last committed write, page of the
  /// first level of the table, number of table entries to be redone, number of replay words; then
  /// the entries to be redone (block, write, place) and the replay words.
  struct VolumeRoot: Hashable, Sendable, Fingerprintable {
    /// One more at each commit: the later of two roots is the valid one.
    var generation = 0
    var committed = 0
    /// Of a table with levels; 0 for an empty or a linear one.
    var table = 0
    /// Entries of a linear table that the commit is about to write.
    var redo: [TableEntry] = []
    /// See ``ReplayLog/words``.
    var replay: [UInt64] = []

    private static let magic: UInt64 = 0x4348_4149_4E56_4F4C
    private static let header = 7
    /// How many words a root has room for beside its own.
    static let room = VolumePage.wordCount - header

    var page: VolumePage {
      var page = VolumePage()
      page[0] = Self.magic
      page.set(generation, at: 2)
      page.set(committed, at: 3)
      page.set(table, at: 4)
      let redo = self.redo.prefix(Self.room / 3)
      page.set(redo.count, at: 5)
      var place = Self.header
      for entry in redo {
        page.set(entry.block, at: place)
        page.set(entry.updated, at: place + 1)
        page.set(entry.place, at: place + 2)
        place += 3
      }
      let replay = self.replay.prefix(VolumePage.wordCount - place)
      page.set(replay.count, at: 6)
      for word in replay {
        page[place] = word
        place += 1
      }
      page[1] = Self.checksum(page)
      return page
    }

    init() {}

    /// - Parameter isChecked: whether a page whose checksum does not fit is none.
    init?(_ page: VolumePage, isChecked: Bool) {
      if isChecked {
        guard page[0] == Self.magic, page[1] == Self.checksum(page) else { return nil }
      }
      generation = page.number(at: 2)
      committed = page.number(at: 3)
      table = page.number(at: 4)
      let redoCount = min(page.number(at: 5), Self.room / 3)
      let replayCount = min(page.number(at: 6), Self.room - 3 * redoCount)
      redo = (0..<redoCount).map { index in
        let place = Self.header + 3 * index
        return TableEntry(
          block: page.number(at: place), updated: page.number(at: place + 1),
          place: page.number(at: place + 2))
      }
      let first = Self.header + 3 * redoCount
      replay = (0..<replayCount).map { page[first + $0] }
    }

    private static func checksum(_ page: VolumePage) -> UInt64 {
      var hasher = StableHasher()
      for index in 2..<VolumePage.wordCount { hasher.combine(page[index]) }
      return hasher.finalize()
    }

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(generation)
      hasher.combine(committed)
      hasher.combine(table)
      hasher.combine(contentsOf: redo)
      for word in replay { hasher.combine(word) }
      hasher.combine(replay.count)
    }
  }

  /// Where a block of the volume lies: 16 bytes of a table (the block is the position).
  struct TableEntry: Hashable, Sendable, Fingerprintable {
    var block: Int
    /// The number of the write that last changed the block.
    var updated: Int
    /// The block of the file, counted from 0.
    var place: Int

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(block)
      hasher.combine(updated)
      hasher.combine(place)
    }
  }
}

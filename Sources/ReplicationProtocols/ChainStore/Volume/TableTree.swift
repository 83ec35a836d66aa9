import SimulationKernel

extension ChainStore {
  /// The table of an atomic volume: two levels of pages of 512 pointers over leaves of 256 entries,
  /// which is 2^26 blocks, 256 GiB. Pages are never changed: a write makes copies of those that
  /// lead to the blocks it changes.
  struct TableTree: Hashable, Sendable, Fingerprintable {
    struct Page: Hashable, Sendable {
      var number: Int
      var place: Int
    }

    static let leafEntries = 256
    static let fanOut = VolumePage.wordCount

    /// The page of the first level; 0 if there is none.
    var root = 0
    /// Pages of the second level, and the leaves, by number; sorted.
    private(set) var second: [Page] = []
    private(set) var leaves: [Page] = []
    /// All entries, sorted by block.
    private(set) var entries: [TableEntry] = []

    /// Every page and every block of data that the table leads to.
    var places: [Int] {
      (root > 0 ? [root] : []) + second.map(\.place) + leaves.map(\.place) + entries.map(\.place)
    }

    mutating func set(_ entry: TableEntry) {
      let index = entries.firstIndex { $0.block >= entry.block } ?? entries.count
      if index < entries.count, entries[index].block == entry.block {
        entries[index] = entry
      } else {
        entries.insert(entry, at: index)
      }
    }

    /// Puts a new page in the place of an old one.
    /// - Returns: where the old one lies; 0 if there was none.
    mutating func setLeaf(_ number: Int, place: Int) -> Int {
      Self.set(Page(number: number, place: place), in: &leaves)
    }

    mutating func setSecond(_ number: Int, place: Int) -> Int {
      Self.set(Page(number: number, place: place), in: &second)
    }

    private static func set(_ page: Page, in pages: inout [Page]) -> Int {
      let index = pages.firstIndex { $0.number >= page.number } ?? pages.count
      if index < pages.count, pages[index].number == page.number {
        let old = pages[index].place
        pages[index] = page
        return old
      }
      pages.insert(page, at: index)
      return 0
    }

    func leafPage(_ number: Int) -> VolumePage {
      var page = VolumePage()
      for entry in entries where entry.block / Self.leafEntries == number {
        let index = entry.block % Self.leafEntries
        page.set(entry.updated, at: 2 * index)
        page.set(entry.place, at: 2 * index + 1)
      }
      return page
    }

    func secondPage(_ number: Int) -> VolumePage {
      var page = VolumePage()
      for leaf in leaves where leaf.number / Self.fanOut == number {
        page.set(leaf.place, at: leaf.number % Self.fanOut)
      }
      return page
    }

    var rootPage: VolumePage {
      var page = VolumePage()
      for node in second where node.number < Self.fanOut { page.set(node.place, at: node.number) }
      return page
    }

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(root)
      for page in second + leaves {
        hasher.combine(page.number)
        hasher.combine(page.place)
      }
      hasher.combine(second.count)
      hasher.combine(contentsOf: entries)
    }
  }
}

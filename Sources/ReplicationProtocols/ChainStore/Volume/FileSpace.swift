import SimulationKernel

extension ChainStore {
  /// Which blocks of a volume's file are free. Kept in memory only, and rebuilt from the table when
  /// a node starts.
  struct FileSpace: Hashable, Sendable, Fingerprintable {
    /// Sorted.
    private(set) var free: [Int] = []
    /// The first block behind the file.
    private(set) var end: Int

    /// An empty file whose first blocks are reserved.
    init(reserved: Int) {
      end = reserved
    }

    /// A file of so many blocks, of which these are used beside the reserved ones.
    init(reserved: Int, end: Int, used: [Int]) {
      self.end = max(reserved, end)
      var isUsed = Array(repeating: false, count: self.end)
      for place in used where place < self.end && place >= 0 { isUsed[place] = true }
      free = (reserved..<self.end).filter { !isUsed[$0] }
    }

    /// The lowest free block, or a new one at the end.
    mutating func allocate() -> Int {
      if !free.isEmpty { return free.removeFirst() }
      end += 1
      return end - 1
    }

    mutating func release(_ place: Int) {
      guard place > 0, place < end else { return }
      let index = free.firstIndex { $0 >= place } ?? free.count
      if index < free.count, free[index] == place { return }
      free.insert(place, at: index)
    }

    func fingerprint(into hasher: inout StableHasher) {
      for place in free { hasher.combine(place) }
      hasher.combine(free.count)
      hasher.combine(end)
    }
  }
}

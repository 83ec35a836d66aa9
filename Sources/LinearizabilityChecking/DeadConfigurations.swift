/// Configurations known to lead nowhere: the cache of the search.
///
/// A configuration is the return that the search waits for, which of the operations open there
/// are still untaken (one bit each), and the state. Everything that returned earlier has been
/// taken and everything called later has not, so nothing else needs to be stored: an entry takes
/// as many bits as there were operations open at once, however long the history.
///
/// Untaken operations of unknown outcome are possibilities, not duties. So a configuration is also
/// dead if another one with the same duties and more possibilities is; entries that differ in
/// possibilities alone form a chain.
///
/// Configurations enter when they are given up, not when they are reached: a search that never
/// backtracks leaves the cache alone. When the cache is full it forgets everything.
struct DeadConfigurations<State: Hashable & Sendable>: Sendable {
  /// The latest position of any entry; -1 when there is none.
  private(set) var farthestPosition = -1

  /// Words per entry: position and state number, then the duties, then the possibilities.
  private var stride = 1
  private var dutyWords = 0
  private var entries: [UInt64] = []
  /// Per entry, the entry before it in its chain, plus one; 0 for none.
  private var older: [UInt32] = []
  private var count = 0
  private var chainCount = 0
  /// Open addressing, a power of two long, at most half full: the newest entry of a chain plus
  /// one, or 0.
  private var table: [UInt32] = []
  private var stateNumbers: [State: UInt32] = [:]

  /// How many words of entries it holds at most: 64 MB, with as much for tables at the worst.
  static var capacity: Int { 1 << 23 }
  /// How many entries of a chain are looked at; older ones are as good as forgotten.
  private static var chainLimit: Int { 128 }

  /// Forgets everything; entries will have `dutyWords` words of bits for operations that must be
  /// taken and `possibilityWords` for those that may be.
  mutating func reset(dutyWords: Int, possibilityWords: Int) {
    self.dutyWords = dutyWords
    stride = 1 + dutyWords + possibilityWords
    forget()
  }

  private mutating func forget() {
    guard count > 0 else { return }
    farthestPosition = -1
    entries.removeAll(keepingCapacity: true)
    older.removeAll(keepingCapacity: true)
    count = 0
    chainCount = 0
    table.removeAll(keepingCapacity: false)
    stateNumbers.removeAll(keepingCapacity: true)
  }

  /// Whether the configuration is known to lead nowhere.
  func contains(position: Int, state: State, bits: [UInt64]) -> Bool {
    guard position <= farthestPosition, let number = stateNumbers[state] else { return false }
    var entry = table[slot(header(position, number), bits)]
    for _ in 0..<Self.chainLimit where entry != 0 {
      if covers(Int(entry) - 1, bits) { return true }
      entry = older[Int(entry) - 1]
    }
    return false
  }

  /// Adds a configuration.
  mutating func insert(position: Int, state: State, bits: [UInt64]) {
    if entries.count + stride > Self.capacity { forget() }
    if 2 * (chainCount + 1) > table.count { grow() }
    let next = UInt32(stateNumbers.count)
    let number = stateNumbers[state] ?? next
    if number == next { stateNumbers[state] = next }
    let head = header(position, number)
    let place = slot(head, bits)
    if table[place] == 0 { chainCount += 1 }
    entries.append(head)
    entries.append(contentsOf: bits)
    older.append(table[place])
    count += 1
    table[place] = UInt32(count)
    if position > farthestPosition { farthestPosition = position }
  }

  /// Whether an entry of the right chain has all the possibilities of `bits`, or more.
  private func covers(_ entry: Int, _ bits: [UInt64]) -> Bool {
    let base = entry * stride + 1
    for index in dutyWords..<stride - 1 where bits[index] & ~entries[base + index] != 0 {
      return false
    }
    return true
  }

  private func header(_ position: Int, _ state: UInt32) -> UInt64 {
    UInt64(truncatingIfNeeded: position) << 32 | UInt64(state)
  }

  /// Where the chain of the configuration starts in the table, or the free place where it would.
  private func slot(_ head: UInt64, _ bits: [UInt64]) -> Int {
    var hash = mix(head)
    for index in 0..<dutyWords { hash = mix(hash ^ bits[index]) }
    let mask = table.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while table[place] != 0, !matches(Int(table[place]) - 1, head, bits) {
      place = (place + 1) & mask
    }
    return place
  }

  private func matches(_ entry: Int, _ head: UInt64, _ bits: [UInt64]) -> Bool {
    let base = entry * stride
    guard entries[base] == head else { return false }
    for index in 0..<dutyWords where entries[base + 1 + index] != bits[index] { return false }
    return true
  }

  private mutating func grow() {
    let chains = table.filter { $0 != 0 }
    let size = max(64, 2 * table.count)
    table = Array(repeating: 0, count: size)
    for newest in chains {
      let base = (Int(newest) - 1) * stride
      var hash = mix(entries[base])
      for index in 0..<dutyWords { hash = mix(hash ^ entries[base + 1 + index]) }
      var place = Int(truncatingIfNeeded: hash) & (size - 1)
      while table[place] != 0 { place = (place + 1) & (size - 1) }
      table[place] = newest
    }
  }

  /// The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014, figure 15).
  private func mix(_ word: UInt64) -> UInt64 {
    var word = word &+ 0x9E37_79B9_7F4A_7C15
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

/// Configurations known to lead nowhere: the cache of the search.
///
/// A configuration is the return that the search waits for, which of the operations open there
/// are still untaken (one bit each), and the state. Everything that returned earlier has been
/// taken and everything called later has not, so nothing else needs to be stored: an entry takes
/// as many bits as there were operations open at once, however long the history.
///
/// Configurations enter when they are given up, not when they are reached: a search that never
/// backtracks leaves the cache alone.
struct DeadConfigurations<State: Hashable & Sendable>: Sendable {
  /// The latest position of any entry; -1 when there is none.
  private(set) var farthestPosition = -1

  /// Words per entry: position and state number, then the bits.
  private var stride = 1
  private var entries: [UInt64] = []
  private var count = 0
  /// Open addressing, a power of two long, at most half full: entry number plus one, or 0.
  private var table: [UInt32] = []
  private var stateNumbers: [State: UInt32] = [:]

  /// Forgets everything; entries will have `bitWords` words of bits.
  mutating func reset(bitWords: Int) {
    stride = 1 + bitWords
    guard count > 0 else { return }
    farthestPosition = -1
    entries.removeAll(keepingCapacity: true)
    count = 0
    table.removeAll(keepingCapacity: false)
    stateNumbers.removeAll(keepingCapacity: true)
  }

  /// Whether the configuration is known to lead nowhere.
  func contains(position: Int, state: State, bits: [UInt64]) -> Bool {
    guard position <= farthestPosition, let number = stateNumbers[state] else { return false }
    return table[slot(header(position, number), bits)] != 0
  }

  /// Adds a configuration that is not contained.
  mutating func insert(position: Int, state: State, bits: [UInt64]) {
    if 2 * (count + 1) > table.count { grow() }
    let next = UInt32(stateNumbers.count)
    let number = stateNumbers[state] ?? next
    if number == next { stateNumbers[state] = next }
    let head = header(position, number)
    let place = slot(head, bits)
    assert(table[place] == 0, "a configuration dies once")
    entries.append(head)
    entries.append(contentsOf: bits)
    count += 1
    precondition(count < Int(UInt32.max), "the cache numbers its entries with 32 bits")
    table[place] = UInt32(count)
    if position > farthestPosition { farthestPosition = position }
  }

  private func header(_ position: Int, _ state: UInt32) -> UInt64 {
    UInt64(truncatingIfNeeded: position) << 32 | UInt64(state)
  }

  /// Where the configuration stands in the table, or the free place where it would.
  private func slot(_ head: UInt64, _ bits: [UInt64]) -> Int {
    var hash = mix(head)
    for word in bits { hash = mix(hash ^ word) }
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
    for index in 0..<bits.count where entries[base + 1 + index] != bits[index] { return false }
    return true
  }

  private mutating func grow() {
    let size = max(64, 2 * table.count)
    table = Array(repeating: 0, count: size)
    for entry in 0..<count {
      let base = entry * stride
      var hash = mix(entries[base])
      for index in 1..<stride { hash = mix(hash ^ entries[base + index]) }
      var place = Int(truncatingIfNeeded: hash) & (size - 1)
      while table[place] != 0 { place = (place + 1) & (size - 1) }
      table[place] = UInt32(entry + 1)
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

/// The values of a run of cells, as a state that a search can keep many of: a copy with one cell
/// changed shares everything but 32 cells with the original, and hashing takes no time.
public struct CellRow: Hashable, Sendable {
  private var chunks: [[Int32]]
  /// The sum of a mixed word for each cell and its value: equal rows have equal sums.
  private var fingerprint: UInt64 = 0

  private static var chunkSize: Int { 32 }

  /// `count` cells that hold `value`.
  public init(repeating value: Int32, count: Int) {
    chunks = []
    var left = count
    while left > 0 {
      chunks.append(Array(repeating: value, count: min(left, Self.chunkSize)))
      left -= Self.chunkSize
    }
  }

  /// The value of a cell, from 0 on. Traps on a cell that is not there.
  public subscript(cell: Int) -> Int32 {
    get { chunks[cell >> 5][cell & 31] }
    set {
      let old = chunks[cell >> 5][cell & 31]
      guard old != newValue else { return }
      fingerprint &+= Self.mix(cell, newValue) &- Self.mix(cell, old)
      chunks[cell >> 5][cell & 31] = newValue
    }
  }

  public static func == (one: CellRow, other: CellRow) -> Bool {
    one.fingerprint == other.fingerprint && one.chunks == other.chunks
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(fingerprint)
  }

  /// The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014, figure 15).
  private static func mix(_ cell: Int, _ value: Int32) -> UInt64 {
    var word = UInt64(truncatingIfNeeded: cell) << 32 | UInt64(UInt32(bitPattern: value))
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

extension CellRow: StableContent {
  /// The values of all cells, in order.
  public func appendContent(to content: inout ContentWords) {
    content.append(Array(chunks.joined()))
  }
}

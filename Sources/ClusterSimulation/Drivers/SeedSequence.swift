/// The seeds of a campaign, `step` apart: a hundred million of them take no memory.
///
/// Seeds have 63 bits, so that every reader of JSON can hold them; after the last comes 0.
public struct SeedSequence: Hashable, Sendable {
  public var first: UInt64
  public var step: UInt64
  public var count: Int

  public init(first: UInt64, step: UInt64 = 1, count: Int) {
    self.first = first
    self.step = max(1, step)
    self.count = max(0, count)
  }

  /// The part of the sequence that the `index`-th (from 0) of `count` shards runs: every
  /// `count`-th seed.
  public func shard(_ index: Int, of count: Int) -> SeedSequence {
    let rest = max(0, self.count - index)
    return SeedSequence(
      first: seed(index), step: step &* UInt64(count), count: (rest + count - 1) / count)
  }

  /// All seeds in their order.
  public var all: some Sequence<UInt64> { (0..<count).lazy.map(seed) }

  func elements(_ range: Range<Int>) -> [UInt64] { range.map(seed) }

  private func seed(_ index: Int) -> UInt64 {
    (first &+ UInt64(index) &* step) & UInt64(Int64.max)
  }
}

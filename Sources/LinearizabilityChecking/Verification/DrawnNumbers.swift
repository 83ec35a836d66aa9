/// A stream of numbers from a seed: SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom
/// number generators, OOPSLA 2014, figure 15).
public struct DrawnNumbers: Sendable {
  private var state: UInt64

  /// The stream of this seed.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next number in `0..<bound`; `bound` is positive.
  public mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((word ^ (word >> 31)).multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// True once in `count` times; never if it is 0.
  public mutating func isOne(in count: Int) -> Bool {
    count > 0 && below(count) == 0
  }
}

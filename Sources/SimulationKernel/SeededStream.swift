/// A named stream of random numbers derived from a seed. Each subsystem owns one, so a new draw in
/// one does not shift the others.
///
/// The generator is SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): one addition and two
/// multiplications a draw, full period, and any 64-bit state is a good one.
public struct SeededStream: RandomNumberGenerator, Sendable {
  @usableFromInline var state: UInt64

  /// The stream called `name` of `seed`; equal arguments give equal streams everywhere.
  public init(seed: UInt64, name: String) {
    var hasher = StableHasher(seed: seed)
    hasher.combine(name)
    state = hasher.finalize()
  }

  @inlinable
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed &>> 31)
  }

  /// A number in `0..<bound`, or 0 if `bound` is not positive. The bias of the multiplication
  /// method is below `bound / 2^64`.
  @inlinable
  public mutating func below(_ bound: Int) -> Int {
    guard bound > 0 else { return 0 }
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// True with the given probability; 0 or less never draws true, 1 or more always does.
  @inlinable
  public mutating func chance(_ probability: Double) -> Bool {
    let draw = Double(next() >> 11) * (1.0 / 9_007_199_254_740_992.0)
    return draw < probability
  }

  /// A duration between the bounds, both included; `shortest` if the bounds are reversed.
  @inlinable
  public mutating func duration(
    from shortest: VirtualDuration, to longest: VirtualDuration
  ) -> VirtualDuration {
    guard longest > shortest else { return shortest }
    let width = UInt64(longest.nanoseconds - shortest.nanoseconds) + 1
    let offset = next().multipliedFullWidth(by: width).high
    return VirtualDuration(nanoseconds: shortest.nanoseconds + Int64(offset))
  }
}

extension SeededStream: Fingerprintable {
  /// Equal for two streams that will draw the same.
  public func fingerprint(into hasher: inout StableHasher) { hasher.combine(state) }
}

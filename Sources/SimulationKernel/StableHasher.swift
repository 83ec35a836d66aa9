/// A 64-bit hash that is the same in every process, build and platform: the basis of fingerprints
/// and trace digests. It is not meant to resist an adversary.
///
/// Each word is folded in by a 64x64 -> 128 bit multiplication whose halves are xored, so every
/// input bit reaches every output bit within two words.
public struct StableHasher: Sendable {
  @usableFromInline var state: UInt64

  @inlinable
  public init(seed: UInt64 = 0) {
    state = seed ^ 0x9E37_79B9_7F4A_7C15
  }

  @inlinable
  public mutating func combine(_ word: UInt64) {
    let product = (state ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    state = (product.high ^ product.low) &+ 0xA076_1D64_78BD_642F
  }

  @inlinable
  public mutating func combine(_ number: Int) {
    combine(UInt64(bitPattern: Int64(number)))
  }

  @inlinable
  public mutating func combine(_ flag: Bool) {
    combine(flag ? 1 as UInt64 : 2)
  }

  /// Combines the UTF-8 bytes and their count, so that neighbouring strings cannot be confused.
  @inlinable
  public mutating func combine(_ text: String) {
    var word: UInt64 = 0
    var count = 0
    for byte in text.utf8 {
      word = (word &<< 8) | UInt64(byte)
      count &+= 1
      if count & 7 == 0 {
        combine(word)
        word = 0
      }
    }
    combine(word)
    combine(count)
  }

  @inlinable
  public mutating func combine<Value: Fingerprintable>(_ value: Value) {
    value.fingerprint(into: &self)
  }

  /// Combines the elements in order, then their count.
  @inlinable
  public mutating func combine<Values: Sequence>(contentsOf values: Values)
  where Values.Element: Fingerprintable {
    var count = 0
    for value in values {
      value.fingerprint(into: &self)
      count &+= 1
    }
    combine(count)
  }

  /// The hash of everything combined so far; further words may follow.
  @inlinable
  public func finalize() -> UInt64 {
    let product = (state ^ (state &>> 32)).multipliedFullWidth(by: 0x9FB2_1C65_1E98_DF25)
    return product.high ^ product.low
  }
}

/// A value with a stable content hash. Two equal values combine the same words in every process;
/// unordered collections must be sorted, or combined order-independently, by the conforming type.
public protocol Fingerprintable {
  func fingerprint(into hasher: inout StableHasher)
}

extension Fingerprintable {
  /// The stable 64-bit hash of the value alone.
  @inlinable
  public var fingerprint: UInt64 {
    var hasher = StableHasher()
    fingerprint(into: &hasher)
    return hasher.finalize()
  }
}

import SimulationKernel

/// What tells the components of a search apart: 128 bits of stable content hash.
///
/// Memories of nodes and disks know their stable fingerprint and no equality, so components are
/// compared by two independent fingerprints. With n components the odds that two different ones
/// count as equal are below n²/2^129: 10^-26 for a million.
public struct ContentKey: Hashable, Sendable {
  let first: UInt64
  let second: UInt64

  init(_ combine: (inout StableHasher) -> Void) {
    var hasher = StableHasher()
    combine(&hasher)
    first = hasher.finalize()
    hasher = StableHasher(seed: 0x5851_F42D_4C95_7F2D)
    combine(&hasher)
    second = hasher.finalize()
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(first)
  }
}

extension ContentKey: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(first)
    hasher.combine(second)
  }
}

/// A value with its content key: equal by content.
public struct Keyed<Value: Fingerprintable & Sendable>: Hashable, Fingerprintable, Sendable {
  let value: Value
  let key: ContentKey

  init(_ value: Value) {
    self.value = value
    key = ContentKey { value.fingerprint(into: &$0) }
  }

  public static func == (left: Self, right: Self) -> Bool { left.key == right.key }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(key)
  }

  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(key)
  }
}

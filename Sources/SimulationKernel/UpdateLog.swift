/// The updates that a replica has applied, in order, with a digest of every prefix: two logs agree
/// on a prefix exactly (up to the odds of a 64-bit collision) when its digests are equal.
public struct UpdateLog: Sendable, Fingerprintable {
  /// One applied update: who asked for it and what it left behind.
  public struct Entry: Hashable, Sendable {
    public var request: RequestID
    /// Stable hash of the update's result, as state forwarding carries it.
    public var resultDigest: UInt64

    @inlinable
    public init(request: RequestID, resultDigest: UInt64) {
      self.request = request
      self.resultDigest = resultDigest
    }
  }

  public private(set) var entries: [Entry] = []
  @usableFromInline var digests: [UInt64] = []

  public init() {}

  @inlinable
  public var count: Int { digests.count }

  /// The digest of the first `count` entries.
  /// - Parameter count: `0...self.count`.
  @inlinable
  public func digest(ofFirst count: Int) -> UInt64 {
    count == 0 ? 0 : digests[count - 1]
  }

  public mutating func append(_ entry: Entry) {
    var hasher = StableHasher(seed: digest(ofFirst: count))
    hasher.combine(entry.request)
    hasher.combine(entry.resultDigest)
    entries.append(entry)
    digests.append(hasher.finalize())
  }

  /// Whether this log is a prefix of `longer`, or equal to it.
  @inlinable
  public func isPrefix(of longer: UpdateLog) -> Bool {
    count <= longer.count && digest(ofFirst: count) == longer.digest(ofFirst: count)
  }

  @inlinable
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(count)
    hasher.combine(digest(ofFirst: count))
  }
}

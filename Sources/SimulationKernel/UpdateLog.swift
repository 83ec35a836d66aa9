/// The updates that a replica has applied, in order, with a digest of every prefix: two logs agree
/// on a prefix exactly (up to the odds of a 64-bit collision) when its digests are equal.
public struct UpdateLog: Sendable, Fingerprintable {
  /// One applied update: who asked for it and what it left behind.
  public struct Entry: Hashable, Sendable {
    public var request: RequestID
    /// Stable hash of the update's result, as state forwarding carries it.
    public var resultDigest: UInt64
    /// Where a search needs it: the update itself, as a digest cannot be translated.
    public var source: (any UpdateSource)?

    @inlinable
    public init(
      request: RequestID, resultDigest: UInt64, source: (any UpdateSource)? = nil
    ) {
      self.request = request
      self.resultDigest = resultDigest
      self.source = source
    }

    @inlinable
    public static func == (left: Entry, right: Entry) -> Bool {
      left.request == right.request && left.resultDigest == right.resultDigest
    }

    @inlinable
    public func hash(into hasher: inout Hasher) {
      hasher.combine(request)
      hasher.combine(resultDigest)
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

/// An update that an entry of a log stands for.
public protocol UpdateSource: AnyObject, Sendable {
  /// The entry of the same update when clients have changed names.
  func renamedEntry(by renaming: ClientRenaming) -> UpdateLog.Entry
}

extension UpdateLog.Entry: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> UpdateLog.Entry {
    guard let source else {
      programmingError("an update of \(request) is to be renamed and nobody knows what it wrote")
    }
    return source.renamedEntry(by: renaming)
  }
}

extension UpdateLog: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> UpdateLog {
    var log = UpdateLog()
    for entry in entries { log.append(entry.renamed(by: renaming)) }
    return log
  }
}

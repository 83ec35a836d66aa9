import SimulationKernel

extension ChainStore {
  /// What a block of a volume holds: 4096 bytes, cut into equal sectors, each of which holds one
  /// value of a client. A request of a whole block is aligned; any other is a read-modify-write.
  public struct BlockContent: Hashable, Sendable, Fingerprintable {
    /// In order; as many as a block has.
    var sectors: [String]

    static let size = 4096

    /// A block that was never written.
    init(sectors count: Int) {
      sectors = Array(repeating: "", count: max(1, count))
    }

    /// - Parameter bytes: fewer than a block count as zeros.
    init(_ bytes: [UInt8], sectors count: Int) {
      let count = max(1, count)
      let length = Self.size / count
      sectors = (0..<count).map { sector in
        let start = min(bytes.count, sector * length)
        let end = min(bytes.count, start + length)
        return String(decoding: bytes[start..<end].prefix { $0 != 0 }, as: UTF8.self)
      }
    }

    /// A whole block: the UTF-8 bytes of each value, zeros up to the end of its sector. Values
    /// longer than a sector are cut.
    var bytes: [UInt8] {
      let length = Self.size / sectors.count
      var bytes: [UInt8] = []
      bytes.reserveCapacity(Self.size)
      for (index, sector) in sectors.enumerated() {
        bytes.append(contentsOf: sector.utf8.prefix(length))
        bytes.append(contentsOf: repeatElement(0, count: (index + 1) * length - bytes.count))
      }
      bytes.append(contentsOf: repeatElement(0, count: Self.size - bytes.count))
      return bytes
    }

    /// What arrives of a block that is passed as a string of C: everything up to the first zero.
    var asString: BlockContent {
      BlockContent(Array(bytes.prefix { $0 != 0 }), sectors: sectors.count)
    }

    var isEmpty: Bool { sectors.allSatisfy(\.isEmpty) }

    public func fingerprint(into hasher: inout StableHasher) {
      for sector in sectors { hasher.combine(sector) }
      hasher.combine(sectors.count)
    }
  }

  /// A block of the volume and what a write makes of it.
  struct BlockUpdate: Hashable, Sendable, Fingerprintable {
    var block: Int
    var content: BlockContent

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(block)
      hasher.combine(content)
    }
  }

  /// A block as it travels to a node that has missed updates.
  struct RestoredBlock: Hashable, Sendable, Fingerprintable {
    var block: Int
    /// The number of the write that last changed it.
    var updated: Int
    var content: BlockContent

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(block)
      hasher.combine(updated)
      hasher.combine(content)
    }
  }
}

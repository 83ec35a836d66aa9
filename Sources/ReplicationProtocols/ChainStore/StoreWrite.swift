import LinearizabilityChecking
import SimulationKernel

extension ChainStore {
  /// A write on its way down the chain.
  public struct Entry: Hashable, Sendable, Fingerprintable {
    /// Its place in the order of all writes, from 1.
    var number: Int
    var request: RequestID
    /// The client's lowest request that it still waits for.
    var floor: Int32
    /// When the client made the request, by its clock.
    var stamp: VirtualTime
    var change: Change

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(number)
      hasher.combine(request)
      hasher.combine(Int(floor))
      hasher.combine(UInt64(bitPattern: stamp.nanoseconds))
      switch change {
      case .asked(let write):
        hasher.combine(1)
        hasher.combine(write.first)
        hasher.combine(write.count)
        hasher.combine(write.value)
      case .blocks(let updates):
        hasher.combine(2)
        hasher.combine(contentsOf: updates)
      }
    }

    /// What the history says of the write.
    var logged: UpdateLog.Entry { UpdateLog.Entry(request: request, resultDigest: 0) }
  }

  /// What a write does.
  enum Change: Hashable, Sendable {
    /// As the client asked; not merged with what the blocks hold.
    case asked(SectorWrite)
    /// The blocks as they are afterwards.
    case blocks([BlockUpdate])
  }

  /// One value for one or two neighbouring sectors.
  struct SectorWrite: Hashable, Sendable {
    var first: Int
    var count: Int
    var value: String
  }
}

extension ChainStore.Volume {
  /// Merges a write with the newest versions of the blocks that it touches. An aligned write
  /// replaces a block and needs no version of it.
  func merge(_ write: ChainStore.SectorWrite) -> [ChainStore.BlockUpdate] {
    var updates: [ChainStore.BlockUpdate] = []
    for sector in write.first..<(write.first + max(0, write.count)) {
      let block = sector / sectorCount
      if updates.last?.block != block {
        updates.append(ChainStore.BlockUpdate(block: block, content: latestContent(of: block)))
      }
      updates[updates.count - 1].content.sectors[sector % sectorCount] = write.value
    }
    return updates
  }
}

import DiskSimulation
import SimulationKernel

/// The disks of a cluster's servers; empty if its protocol keeps nothing on disk.
public struct DiskShelf: Sendable, Fingerprintable {
  /// By server index.
  public internal(set) var disks: [VirtualDisk]

  /// How many micro-operations one round of background write-back makes durable.
  static let writeBackBatch = 8

  init(count: Int, _ profile: String) {
    let profile = PersistenceProfile.named(profile) ?? .standard
    disks = Array(repeating: VirtualDisk(profile: profile), count: count)
  }

  public var isEmpty: Bool { disks.isEmpty }

  /// A copy for a handler to work on; the shelf's own disk changes when effects are carried out.
  public func files(of node: NodeID) -> any FileService { disks[node.index] }

  /// How long an operation keeps the node busy. An fsync pays for what is still dirty.
  func cost(of operation: FileOperation, on node: NodeID, _ costs: CostTable) -> VirtualDuration {
    guard !isEmpty else { return .zero }
    switch operation {
    case .syncFile, .syncDirectory:
      let dirty = disks[node.index].dirtyBlockCount(for: operation)
      return costs[.sync] + costs[.syncBlock] * Int64(dirty)
    default: return costs[.fileOperation]
    }
  }

  /// Performs an operation that the handler's copy accepted.
  mutating func perform(_ operation: FileOperation, on node: NodeID) {
    guard !isEmpty else { return }
    do {
      try disks[node.index].perform(operation)
    } catch {
      programmingError("the disk refuses what its copy accepted: \(error)")
    }
  }

  mutating func losePower(_ node: NodeID, _ choices: inout Choices) {
    disks[node.index].losePower { choices.choose($0) }
  }

  mutating func writeBack(_ node: NodeID) {
    disks[node.index].writeBack(limit: Self.writeBackBatch)
  }

  func hasPending(_ node: NodeID) -> Bool {
    !isEmpty && disks[node.index].pendingCount > 0
  }

  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(contentsOf: disks)
  }
}

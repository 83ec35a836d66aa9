import DiskSimulation
import SimulationKernel

/// When it is decided what a power loss leaves on a disk.
public enum PowerLossOutcome: Hashable, Sendable {
  /// At once, by recorded choices: a seeded run draws them.
  case drawn
  /// When a handler reads: a driver that enumerates sees every outcome that reading can tell apart.
  case open
}

/// The disks of a cluster's servers; empty if its protocol keeps nothing on disk.
public struct DiskShelf: Sendable, Fingerprintable {
  /// By server index.
  public internal(set) var disks: [VirtualDisk]
  /// What the last step of a server decided about an open disk.
  public internal(set) var decisions: [DiskDecision] = []
  /// What a study of the servers' file calls keeps of this world; `nil` without one.
  var study: FileStudyState?

  /// How many micro-operations one round of background write-back makes durable.
  static let writeBackBatch = 8

  init(count: Int, _ profile: String) {
    let profile = PersistenceProfile.named(profile) ?? .standard
    disks = Array(repeating: VirtualDisk(profile: profile), count: count)
  }

  public var isEmpty: Bool { disks.isEmpty }

  /// The disk for a handler to work on; ``keep(_:of:)`` puts it back.
  /// - Parameter decisions: what is decided when the handler reads what a power loss left open.
  public func files(of node: NodeID, decisions: [UInt32]) -> any FileService {
    disk(of: node, decisions: decisions)
  }

  func disk(of node: NodeID, decisions: [UInt32]) -> VirtualDisk {
    var disk = disks[node.index]
    disk.beginDecisions(given: decisions)
    return disk
  }

  @usableFromInline
  mutating func forgetDecisions() {
    if !decisions.isEmpty { decisions.removeAll() }
  }

  /// Takes a disk back from a handler.
  @usableFromInline
  mutating func keep(_ files: any FileService, of node: NodeID) {
    guard let disk = files as? VirtualDisk else {
      programmingError("a handler gave back something else than its disk")
    }
    decisions = disk.takenDecisions
    disks[node.index] = disk
  }

  /// How long an operation keeps the node busy. An fsync pays for what was dirty.
  static func cost(
    of operation: FileOperation, dirtyBlocks: Int, _ costs: CostTable
  ) -> VirtualDuration {
    switch operation {
    case .syncFile, .syncDirectory: costs[.sync] + costs[.syncBlock] * Int64(dirtyBlocks)
    default: costs[.fileOperation]
    }
  }

  mutating func losePower(_ node: NodeID, _ outcome: PowerLossOutcome, _ choices: inout Choices) {
    if study?.hasChanged[node.index] == true { study?.study.noteLoss() }
    switch outcome {
    case .drawn: disks[node.index].losePower { choices.choose($0) }
    case .open: disks[node.index].losePowerLeavingOpen()
    }
  }

  mutating func writeBack(_ node: NodeID) {
    disks[node.index].writeBack(limit: Self.writeBackBatch)
  }

  func hasPending(_ node: NodeID) -> Bool {
    !isEmpty && disks[node.index].pendingCount > 0
  }

  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(contentsOf: disks)
    if let study { hasher.combine(study) }
  }
}

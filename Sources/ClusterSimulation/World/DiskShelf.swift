import DiskSimulation
import SimulationKernel

/// When it is decided what a power loss leaves on a disk.
public enum PowerLossOutcome: Hashable, Sendable {
  /// At once, by recorded choices: a seeded run draws them.
  case drawn
  /// When a handler reads: a driver that enumerates sees every outcome that reading can tell apart.
  case open
}

/// A storage fault that struck, and whose disk it was.
public struct StruckDisk: Hashable, Sendable {
  public var node: NodeID
  public var fault: StruckFault
}

/// The disks of a cluster's servers; empty if its protocol keeps nothing on disk.
public struct DiskShelf: Sendable, Fingerprintable {
  /// By server index.
  public internal(set) var disks: [VirtualDisk]
  /// What the last step decided about an open disk, or about a storage fault.
  public internal(set) var decisions: [DiskDecision] = []
  /// The storage faults that struck in the last step.
  public internal(set) var struck: [StruckDisk] = []
  /// Whether a storage fault has ever struck.
  private(set) var wasStruck = false
  /// Draws what becomes of storage faults; nil where they are given, or explored.
  var stream: SeededStream?
  /// What a study of the servers' file calls keeps of this world; `nil` without one.
  var study: FileStudyState?

  /// How many micro-operations one round of background write-back makes durable.
  static let writeBackBatch = 8

  /// - Parameter checksummed: what the protocol declares of its files.
  init(count: Int, _ profile: String, checksummed: [ChecksummedFile] = []) {
    var disk = VirtualDisk(profile: PersistenceProfile.named(profile) ?? .standard)
    for file in checksummed { disk.declareChecksummed(file.path, recordSize: file.recordSize) }
    disks = Array(repeating: disk, count: count)
  }

  @inlinable
  public var isEmpty: Bool { disks.isEmpty }

  /// The disk for a handler to work on; `keep` puts it back.
  /// - Parameters:
  ///   - node: a server.
  ///   - decisions: what is decided when the handler reads what a power loss left open.
  public func files(of node: NodeID, decisions: [UInt32]) -> any FileService {
    disk(of: node, decisions: decisions)
  }

  /// The disk itself, which nobody else has, so that the handler's calls change it in place; until
  /// `keep` puts it back, an empty one stands there.
  @usableFromInline
  mutating func takeFiles(of node: NodeID, decisions: [UInt32]) -> any FileService {
    take(node, given: decisions)
  }

  private mutating func take(_ node: NodeID, given: [UInt32]) -> VirtualDisk {
    var disk = Self.absent
    swap(&disk, &disks[node.index])
    disk.beginDecisions(given: given, drawing: stream)
    return disk
  }

  private static let absent = VirtualDisk()

  func disk(of node: NodeID, decisions: [UInt32]) -> VirtualDisk {
    var disk = disks[node.index]
    disk.beginDecisions(given: decisions, drawing: stream)
    return disk
  }

  @usableFromInline
  mutating func forgetDecisions() {
    if disks.isEmpty { return }
    if !decisions.isEmpty { decisions.removeAll() }
    if !struck.isEmpty { struck.removeAll() }
  }

  /// Takes a disk back from a handler.
  @usableFromInline
  mutating func keep(_ files: any FileService, of node: NodeID) {
    guard let disk = files as? VirtualDisk else {
      programmingError("a handler gave back something else than its disk")
    }
    decisions = disk.takenDecisions
    stream = disk.decisionStream
    disks[node.index] = disk
    note(disk.struckFaults, node)
  }

  private mutating func note(_ faults: some Sequence<StruckFault>, _ node: NodeID) {
    for fault in faults {
      struck.append(StruckDisk(node: node, fault: fault))
      wasStruck = true
    }
  }

  /// Whether some fault of a server's disk has yet to strike.
  func hasArmedFaults(_ node: NodeID) -> Bool {
    !isEmpty && !disks[node.index].armedFaults.isEmpty
  }

  /// Whether a fault waits for a server's calls that may well make it stop.
  func mayStop(_ node: NodeID) -> Bool {
    !isEmpty
      && disks[node.index].armedFaults.contains {
        $0.fault.word != .stall && $0.fault.word != .tornSectors
      }
  }

  /// Does something to a disk outside a handler.
  mutating func change(
    _ node: NodeID, given: [UInt32], _ body: (inout VirtualDisk) -> Void
  ) {
    var disk = take(node, given: given)
    body(&disk)
    keep(disk, of: node)
  }

  /// How long an operation keeps the node busy. An fsync pays for what was dirty.
  static func cost(
    of operation: FileOperation, dirtyBlocks: Int, _ costs: CostTable
  ) -> VirtualDuration {
    switch operation {
    case .syncFile, .syncDirectory: costs[.sync] + costs[.syncBlock] * Int64(dirtyBlocks)
    case .write(_, _, let bytes):
      costs[.fileOperation] + costs[.writeBlock] * Int64(FileBlock.count(of: bytes.count))
    default: costs[.fileOperation]
    }
  }

  mutating func losePower(_ node: NodeID, _ outcome: PowerLossOutcome, _ choices: inout Choices) {
    let known = disks[node.index].struckFaults.count
    if study?.hasChanged[node.index] == true { study?.study.noteLoss() }
    switch outcome {
    case .drawn: disks[node.index].losePower { choices.choose($0) }
    case .open: disks[node.index].losePowerLeavingOpen()
    }
    note(disks[node.index].struckFaults.dropFirst(known), node)
  }

  mutating func writeBack(_ node: NodeID, given: [UInt32]) {
    change(node, given: given) { $0.writeBack(limit: Self.writeBackBatch) }
  }

  func hasPending(_ node: NodeID) -> Bool {
    !isEmpty && disks[node.index].pendingCount > 0
  }

  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(contentsOf: disks)
    if wasStruck { hasher.combine(1) }
    if let study { hasher.combine(study) }
  }
}

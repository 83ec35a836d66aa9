import SimulationKernel

/// The disks of a cluster's servers; empty if its protocol keeps nothing on disk.
public struct DiskShelf: Sendable, Fingerprintable {
  public let isEmpty: Bool
  init(count: Int, _ profile: String) { isEmpty = count == 0 }
  public func files(of node: NodeID) -> any FileService { NoFiles() }
  func cost(of operation: FileOperation, on node: NodeID, _ costs: CostTable) -> VirtualDuration {
    .zero
  }
  mutating func perform(_ operation: FileOperation, on node: NodeID) {}
  mutating func losePower(_ node: NodeID, _ choices: inout Choices) {}
  mutating func writeBack(_ node: NodeID) {}
  func hasPending(_ node: NodeID) -> Bool { false }
  public func fingerprint(into hasher: inout StableHasher) {}
}

import LinearizabilityChecking
import SimulationKernel

/// What stays the same through all runs of one scenario's cluster.
public struct ClusterSetting<Subject: ReplicationProtocol>: Sendable {
  public var nodes: ProtocolSetting<Subject.Deviation>
  public var detector: DetectorWord
  /// The name of the disk's persistence profile.
  public var diskProfile: String
  public var checks: CheckSet
  /// How often a disk writes its cache back by itself; `nil` for never.
  public var writeBackInterval: VirtualDuration?
  /// What the scenario's network may do; a scripted fault beyond it breaks the assumptions.
  public var assumedNetwork: Set<NetworkWord>
  /// The storage faults that the design is meant to survive; any other breaks the assumptions.
  public var assumedStorage: Set<StorageWord>
  public var powerLoss: PowerLossOutcome
  /// A study of the servers' file calls.
  public var fileStudy: FileStudy?

  public init(
    nodes: ProtocolSetting<Subject.Deviation>, detector: DetectorWord, diskProfile: String,
    checks: CheckSet,
    writeBackInterval: VirtualDuration? = nil,
    assumedNetwork: Set<NetworkWord> = [.fifo], assumedStorage: Set<StorageWord> = [],
    powerLoss: PowerLossOutcome = .drawn, fileStudy: FileStudy? = nil
  ) {
    self.nodes = nodes
    self.detector = detector
    self.diskProfile = diskProfile
    self.checks = checks
    self.writeBackInterval = writeBackInterval
    self.assumedNetwork = assumedNetwork
    self.assumedStorage = assumedStorage
    self.powerLoss = powerLoss
    self.fileStudy = fileStudy
  }
}

import LinearizabilityChecking
import SimulationKernel

/// What stays the same through all runs of one scenario's cluster.
public struct ClusterSetting<Subject: ReplicationProtocol>: Sendable {
  public var nodes: ProtocolSetting<Subject.Deviation>
  public var detector: DetectorWord
  /// The name of the disk's persistence profile.
  public var diskProfile: String
  public var checks: CheckSet
  /// The values that keys have before they are written; the empty string.
  public let initialValue = ""

  public init(
    nodes: ProtocolSetting<Subject.Deviation>, detector: DetectorWord, diskProfile: String,
    checks: CheckSet
  ) {
    self.nodes = nodes
    self.detector = detector
    self.diskProfile = diskProfile
    self.checks = checks
  }
}

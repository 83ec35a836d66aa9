import SimulationKernel

extension TwoNodeStore {
  public static let summary = ProtocolSummary(
    headline: "block store on two nodes with prepare, commit and a transaction log on disk",
    source: "course project: replicated block storage with a load balancer, approaches 1 to 3",
    coordinatorName: "lb",
    servers: 2...2,
    defaultServers: 2,
    operations: [.read, .write, .block],
    checks: [
      "split-brain", "at-most-once", "linearizability", "durability", "convergence", "progress",
    ],
    network: [.fifo, .partitions, .slow],
    detectors: [.perfect],
    diskProfiles: ["default+atomic-dir", "ext4-o", "paper-default/4096"],
    options: [
      ProtocolOption(
        "heartbeat", .duration(default: .milliseconds(100)),
        "from one heartbeat of a node to the next"),
      ProtocolOption(
        "filesPerDirectory", .integer(default: 4, range: 1...256),
        "blocks that share a directory"),
      ProtocolOption(
        "answerWithin", .duration(default: .milliseconds(60)),
        "after so long without an answer a node repeats what it asked the other"),
    ],
    roleNames: ["primary", "backup"],
    crashPoints: crashTable.rows.map(\.label) + recoveryPoints,
    messages: [
      "Request", "Prepare", "Prepared", "Commit", "Committed", "Reply", "Refused", "Heartbeat",
      "Assignment", "GetState", "States", "FetchPending", "Pending",
    ],
    crashTable: crashTable,
    typicalOperation: .milliseconds(9),
    typicalFailover: .milliseconds(100))

  /// The phases that the document measures of a recovery end here.
  private static let recoveryPoints = [
    "log read", "pending received", "pending applied", "log replaced",
  ]

  /// Whether the store's promise still holds if `server` fails now: the other node must run, be
  /// done with its recovery, and hold everything that was acknowledged. The load balancer knows.
  public static func tolerates(
    failureOf server: NodeID, in facts: ClusterFacts<TwoNodeStore>
  ) -> Bool {
    guard let assignment = facts.coordinator?.currentAssignment,
      let primary = assignment.primary
    else { return false }
    let other = peer(of: server)
    guard facts.isUp[other.index],
      facts.servers[other.index].incarnation == assignment.incarnations[other.index]
    else { return false }
    return other == primary || assignment.peer == .stable
  }
}

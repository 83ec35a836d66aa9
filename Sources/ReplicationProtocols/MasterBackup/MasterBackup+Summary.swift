import SimulationKernel

extension MasterBackup {
  public static let summary = ProtocolSummary(
    headline: "primary/backup with a master: updates go to all backups in parallel",
    source: "van Renesse and Schneider, OSDI 2004, sections 3 and 4 (the alternative to chains)",
    coordinatorName: "master",
    servers: 1...16,
    defaultServers: 3,
    operations: [.read, .write, .append, .draw, .swap],
    checks: [
      "split-brain", "at-most-once", "linearizability", "durability", "convergence", "progress",
    ],
    network: [.fifo, .lossy, .duplicating, .reordering, .partitions, .slow],
    detectors: [.perfect],
    options: [
      ProtocolOption(
        "joinAfter", .duration(default: Settings.joinAfterDefault),
        "how long a server that starts again waits before it asks to join"),
      ProtocolOption(
        "retransmitAfter", .duration(default: Settings.retransmitDefault),
        "silence after which a node repeats what another has not confirmed"),
    ],
    roleNames: ["primary", "backup", "joining"],
    crashPoints: [
      "ordered", "forwarded", "received", "acknowledged", "answered", "suspended", "promoted",
      "state sent", "state installed",
    ],
    messages: [
      "Request", "Forward", "Ack", "Reply", "Refused", "WhichConfiguration", "Configuration",
      "State", "Join", "Suspend", "Count", "Lead", "Resumed",
    ],
    typicalOperation: .milliseconds(5),
    typicalFailover: .milliseconds(50))
}

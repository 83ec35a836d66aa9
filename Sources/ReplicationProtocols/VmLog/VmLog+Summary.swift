import SimulationKernel

extension VmLog {
  public static let summary = ProtocolSummary(
    headline: "a virtual machine on two hosts: what the guest is given is logged and replayed",
    source: "Scales, Nelson and Venkitachalam, fault-tolerant virtual machines, 2010; the "
      + "primary/backup lecture",
    coordinatorName: "storage",
    servers: 1...16,
    defaultServers: 3,
    operations: [.read, .write, .append, .draw, .swap],
    checks: [
      "split-brain", "at-most-once", "linearizability", "durability", "convergence", "progress",
    ],
    network: NetworkWord.allCases,
    detectors: DetectorWord.allCases,
    options: [
      ProtocolOption(
        "heartbeatInterval", .duration(default: Settings.heartbeatDefault),
        "from one heartbeat on the logging channel to the next"),
      ProtocolOption(
        "suspectAfter", .duration(default: Settings.suspectDefault),
        "silence of the other machine after which it is taken for dead"),
      ProtocolOption(
        "logBuffer",
        .integer(default: Settings.bufferDefault, range: Settings.stepEntries...1000),
        "how many log entries the primary keeps for the backup before it stalls"),
      ProtocolOption(
        "replayLag", .duration(default: .zero),
        "how long the backup's guest takes for each log entry"),
      ProtocolOption(
        "retransmitAfter", .duration(default: Settings.retransmitDefault),
        "silence after which a machine repeats what another has not confirmed"),
    ],
    roleNames: ["primary", "backup", "idle"],
    crashPoints: [
      "logged", "received", "acknowledged", "issued", "answered", "claimed", "live", "state sent",
      "state installed", "entered",
    ],
    messages: [
      "Request", "Log", "Ack", "Disk", "Done", "Reply", "Refused", "Heartbeat", "TestAndSet",
      "Configuration", "Live", "Recruit", "Ready", "State", "Protect", "Failed",
    ],
    branches: [
      "primary stalled", "went live", "went on alone", "halted", "output repeated",
      "disk operation issued again", "state transfer begun",
    ],
    typicalOperation: .milliseconds(10),
    typicalFailover: .milliseconds(300))
}

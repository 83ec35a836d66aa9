import SimulationKernel

extension PrimaryBackup {
  public static let summary = ProtocolSummary(
    headline: "key-value store on a primary and a backup, with a view service",
    source: "MIT 6.824 lab 2 and the primary/backup lecture built on it",
    coordinatorName: "vs",
    servers: 1...9,
    defaultServers: 3,
    operations: [.read, .write, .append, .draw, .swap],
    checks: [
      "view-validity", "split-brain", "at-most-once", "linearizability", "durability",
      "convergence", "progress",
    ],
    network: NetworkWord.allCases,
    detectors: DetectorWord.allCases,
    options: options,
    roleNames: ["primary", "backup", "idle"],
    crashPoints: [
      "ordered", "forwarded", "applied", "acknowledged", "answered", "snapshot sent",
      "snapshot installed",
    ],
    messages: [
      "Request", "Forward", "Ack", "Reject", "Reply", "Refused", "Ping", "View", "GetView",
      "Snapshot",
    ],
    branches: ["state transfer begun"],
    typicalOperation: .milliseconds(5),
    typicalFailover: .seconds(1))

  private static let options = [
    ProtocolOption(
      "views", .choice(default: "ping", among: ["ping", "push"]),
      "whether servers learn of a view by pinging only, or the view service sends it to all"),
    ProtocolOption(
      "pingInterval", .duration(default: .milliseconds(100)),
      "from one ping of a server, and one tick of the view service, to the next"),
    ProtocolOption(
      "deadPings", .integer(default: 5, range: 1...1000),
      "missed pings after which a server is taken for dead"),
    ProtocolOption(
      "transfer", .duration(default: .zero),
      "how long the primary works on a snapshot for a new backup"),
    ProtocolOption(
      "pingWhileTransferring", .flag(default: true),
      "whether the primary goes on pinging while it prepares a snapshot"),
    ProtocolOption(
      "confirmSurvivor", .flag(default: true),
      "whether a member confirms that it carries on before the other is dropped; the lecture's "
        + "service does not ask"),
  ]
}

import SimulationKernel

extension RankedKv {
  public static let summary = ProtocolSummary(
    headline: "key-value store replicated on all servers, whose ranks say who is primary next",
    source: "course project: fully replicated key-value store with a timestamped primary",
    coordinatorName: nil,
    servers: 1...32,
    defaultServers: 3,
    operations: [.read, .write, .append, .draw, .swap],
    checks: [
      "split-brain", "at-most-once", "linearizability", "durability", "convergence", "progress",
    ],
    network: [.fifo, .lossy, .partitions, .slow],
    detectors: [.perfect],
    diskProfiles: ["default+atomic-dir", "ext4-o", "paper-default/4096"],
    options: [
      ProtocolOption(
        "knownServers", .integer(default: 0, range: 0...32),
        "how many servers each client knows, the one of its own number and the next; 0 means all"),
      ProtocolOption(
        "clientsGiveUp", .flag(default: false),
        "whether a client gives up when every server that it knows has failed it once"),
      ProtocolOption(
        "allMayFail", .flag(default: false),
        "whether all servers may fail, provided that those of the last epoch come back"),
      ProtocolOption(
        "pushDeadline", .duration(default: Settings.pushDeadlineDefault),
        "the document's designs, KV-06: how long a primary waits for the answer to a push"),
      ProtocolOption(
        "forwardDeadline", .duration(default: Settings.forwardDeadlineDefault),
        "the document's designs, KV-09: how long a router waits for the primary"),
      ProtocolOption(
        "revivalDeadline", .duration(default: Settings.revivalDeadlineDefault),
        "the document's designs: how long a reviving server waits for each answer"),
      ProtocolOption(
        "slowClock", .integer(default: 0, range: 0...32),
        "the server whose clock is slow; 0 means none"),
      ProtocolOption("slowBy", .duration(default: .zero), "how far behind that clock is"),
    ],
    roleNames: ["primary", "backup", "joining"],
    crashPoints: [
      "ordered", "written", "pushed", "received", "confirmed", "committed", "answered", "held",
      "installed here", "installed",
    ],
    messages: [
      "Request", "Forward", "Push", "Pushed", "Committed", "AskCommitted", "Done", "Reply",
      "Refused", "Hello", "Join", "Collect", "State", "Rejected", "Install", "Installed",
    ],
    branches: ["succession begun", "succession done"],
    typicalOperation: .milliseconds(6),
    typicalFailover: .milliseconds(500))

  /// Another live server that takes part must remain; it holds every answered update. With the
  /// option `allMayFail` anybody may fail: whoever assumes that lets all of them start again.
  public static func tolerates(
    failureOf server: NodeID, in facts: ClusterFacts<RankedKv>
  ) -> Bool {
    if facts.servers[server.index].versioned?.settings.allMayFail == true { return true }
    return facts.layout.servers.contains { other in
      other != server && facts.isUp[other.index] && facts.servers[other.index].isReplica
    }
  }
}

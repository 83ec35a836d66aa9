import SimulationKernel

extension Chain {
  public static let summary = ProtocolSummary(
    headline: "chain replication: updates enter at the head, the tail answers everything",
    source: "van Renesse and Schneider, OSDI 2004, sections 2 and 3",
    coordinatorName: "master",
    servers: 1...10,
    defaultServers: 3,
    operations: [.read, .write, .append, .draw, .swap, .block],
    checks: [
      "linearizability", "update-propagation", "in-process-requests", "durability",
      "at-most-once", "split-brain", "convergence", "progress", "refinement",
    ],
    network: [.fifo, .lossy, .duplicating, .reordering, .partitions, .slow],
    detectors: [.perfect],
    options: [
      ProtocolOption(
        "initialChain", .integer(default: 0, range: 0...10),
        "Servers of the first chain; the others join later. 0 means all."),
      ProtocolOption(
        "joinAfter", .duration(default: Settings.joinAfterDefault),
        "How long servers outside the first chain wait before they ask to join."),
      ProtocolOption(
        "transferChunk", .integer(default: Settings.transferChunkDefault, range: 1...10_000),
        "Updates of the history per message while a new tail is brought up to date."),
      ProtocolOption(
        "retransmitAfter", .duration(default: Settings.retransmitDefault),
        "Silence after which a server repeats what its neighbour has not confirmed."),
      ProtocolOption(
        "clientsHear", .choice(default: "at-once", among: ["at-once", "in-turn"]),
        "Of a new head or tail: from the master with the servers, or from itself once it knows."),
    ],
    roleNames: ["head", "middle", "tail"],
    crashPoints: [
      "accepted", "applied", "forwarded", "replied", "acknowledged", "resent", "copy begun",
      "copy done", "handed over",
    ],
    messages: [
      "Update", "Query", "Answer", "Redirect", "Forward", "Resend", "ReplyAgain", "Acknowledge",
      "Join", "Copy", "Copied", "CopyDone", "HandOver", "Relay", "TailReady",
      "WhichConfiguration", "Received", "Configure", "Link",
    ],
    branches: ["copy begun", "copy done"],
    typicalOperation: .milliseconds(6),
    typicalFailover: .milliseconds(50))
}

import SimulationKernel

extension ChainStore {
  public static let summary = ProtocolSummary(
    headline: "block store on a chain of nodes with volumes on disk and asynchronous clients",
    source: "course project: replicated block store using chain replication, report and code",
    coordinatorName: "master",
    servers: 1...9,
    defaultServers: 3,
    operations: [.read, .write, .block],
    checks: [
      "linearizability", "update-propagation", "in-process-requests", "durability",
      "at-most-once", "split-brain", "convergence", "progress",
    ],
    network: [.fifo, .partitions, .slow],
    detectors: [.perfect],
    diskProfiles: ["default+atomic-dir", "ext4-o", "paper-default/4096"],
    options: [
      ProtocolOption(
        "volume", .choice(default: "atomic", among: ["atomic", "linear", "mixed"]),
        "format of the nodes' volumes; mixed: s1 atomic, s2 linear, and so on"),
      ProtocolOption(
        "sectorsPerBlock", .integer(default: 2, range: 1...8),
        "blocks of the clients that share a 4096-byte block of a volume"),
      ProtocolOption(
        "initialChain", .integer(default: 0, range: 0...9),
        "servers of the first chain; the others join later. 0 means all"),
      ProtocolOption(
        "joinAfter", .duration(default: Settings.joinAfterDefault),
        "how long servers outside the first chain wait before they register"),
      ProtocolOption(
        "transferChunk", .integer(default: Settings.transferChunkDefault, range: 1...10_000),
        "blocks per message while a node catches up"),
      ProtocolOption(
        "heartbeat", .duration(default: Settings.heartbeatDefault),
        "from one round of heartbeats to the next; failures are corrected then"),
      ProtocolOption(
        "acknowledgements", .choice(default: "cumulative", among: ["cumulative", "blocking"]),
        "blocking: a node commits nothing more before its acknowledgement has been to the head"),
      ProtocolOption(
        "retransmitAfter", .duration(default: Settings.retransmitDefault),
        "silence after which a server repeats what its neighbour has not confirmed"),
      ProtocolOption(
        "askAfter", .duration(default: Settings.askDefault),
        "pause before a client asks the tail again whether a write is committed"),
      ProtocolOption(
        "dropAfterRetries", .integer(default: 0, range: 0...100),
        "retries after which a client drops its oldest write without an answer; 0 means never"),
      ProtocolOption(
        "checksumEvery", .integer(default: 0, range: 0...1000),
        "heartbeats from one checksum over the chain to the next; 0 means none"),
      ProtocolOption(
        "totalFailure", .flag(default: false),
        "whether drawn faults may take down every server at once"),
    ],
    roleNames: ["head", "middle", "tail", "single"],
    crashPoints: [
      "accepted", "written", "forwarded", "committed", "acknowledged", "resent", "copy begun",
      "restored", "handed over",
    ],
    messages: [
      "Write", "Queued", "RelayWrite", "RelayWriteAck", "AckWrite", "AckStatus", "AckReplayLog",
      "AckReturned", "Relayed", "Read", "Answer", "Redirect", "Received", "Resend", "Register",
      "Restore",
      "Restored", "RestoreDone", "HandOver", "TailReady", "Alive", "WhichConfiguration",
      "ChangeMode", "Link", "ChecksumSystem", "ChecksumChain", "Checksums",
    ],
    branches: ["copy begun", "checksums agree", "checksums differ"],
    typicalOperation: .milliseconds(8),
    typicalFailover: .milliseconds(500))
}

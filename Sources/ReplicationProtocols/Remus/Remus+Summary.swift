import SimulationKernel

extension Remus {
  public static let summary = ProtocolSummary(
    headline: "a virtual machine on two hosts: checkpoints of its state, outputs held meanwhile",
    source: "Cully et al., Remus, NSDI 2008; the chain replication lecture",
    coordinatorName: nil,
    servers: 2...2,
    defaultServers: 2,
    operations: [.read, .write, .append, .draw, .swap],
    checks: [
      "split-brain", "at-most-once", "linearizability", "durability", "convergence", "progress",
    ],
    network: [.fifo, .slow],
    detectors: [.perfect],
    diskProfiles: ["default+atomic-dir", "ext4-o", "paper-default/4096"],
    options: [
      ProtocolOption(
        "epoch", .duration(default: Settings.epochDefault), "from one checkpoint to the next"),
      ProtocolOption(
        "suspectAfter", .duration(default: Settings.suspectDefault),
        "RM-11: silence after which a host takes the other for dead"),
      ProtocolOption(
        "bothMayFail", .flag(default: false),
        "whether both hosts may fail, provided that both come back"),
    ],
    roleNames: ["primary", "backup", "joining"],
    crashPoints: [
      "executed", "written through", "page sent", "checkpoint sent", "checkpoint complete",
      "acknowledged", "applied to disk", "answered", "flushed", "activated", "state sent",
      "state installed",
    ],
    messages: [
      "Request", "DiskWrite", "Page", "Checkpoint", "Ack", "Reply", "Refused", "Live", "Probe",
      "Hello", "State",
    ],
    branches: ["took over", "protection dropped", "booted from disk", "state transfer begun"],
    typicalOperation: .milliseconds(30),
    typicalFailover: .milliseconds(200))
}

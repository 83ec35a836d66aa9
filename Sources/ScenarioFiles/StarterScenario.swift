import InputText

/// The text that `crashproof new` writes: a scenario that runs, with comments that teach the
/// format.
public enum StarterScenario {
  /// A scenario of one protocol.
  public static func text(_ words: ProtocolWords, vocabulary: ScenarioVocabulary) -> String {
    let summary = words.summary
    let variants = words.variants.dropFirst().prefix(3).map(\.name).joined(separator: ", ")
    let bugs = variants.isEmpty ? "" : ", or a known bug: \(variants)..."
    let network = summary.network.first?.rawValue ?? "fifo"
    let detector = summary.detectors.first?.rawValue ?? "perfect"
    let disk = vocabulary.diskProfiles.first?.name ?? ""
    let checks = summary.checks.map(quoted).joined(separator: ", ")
    let space = summary.hasKeys ? "keys" : "blocks"
    let storage =
      words.keepsFiles
      ? """

        // Disks fail too (crashproof list faults); assume: { storage: ["fsync-error"] } promises
        // that the design survives it:
        // faults: { restarts: 2, storage: { fsyncError: { count: 1, page: "clean" }, bitRot: 1 } },
      """
      : ""
    return """
      // A CrashProof scenario. Run it with: crashproof run PATH
      // All the keys and their defaults: crashproof run --verbose PATH, or crashproof schema.
      {
        title: "One server dies while updates are in flight",
        protocol: \(quoted(words.name)), // crashproof list protocols
        servers: \(summary.defaultServers),
        variant: \(quoted(words.variants.first?.name ?? "correct")), // the protocol as it should be\(bugs)

        // Two clients, six operations each, drawn from the seed; half of them are writes.
        clients: { count: 2, operations: 6, mix: { write: 1, read: 1 }, \(space): 2 },

        // What the protocol may rely on. Nothing worse than this happens.
        assume: { network: \(quoted(network)), detector: \(quoted(detector)), disk: \(quoted(disk)) },

        // A budget; each seed draws when and where. Or write a list of faults:
        // faults: [{ after: "10ms", crash: "s1" }, { after: "50ms", restart: "s1" }],\(storage)
        faults: { crashes: 1, restarts: 1 },

        // 200 runs that differ in everything that chance decides.
        run: { mode: "simulate", seeds: 200 },

        check: [\(checks)],

        // Or { violation: "linearizability" } for a scenario that shows a bug.
        expect: "pass",
      }

      """
  }
}

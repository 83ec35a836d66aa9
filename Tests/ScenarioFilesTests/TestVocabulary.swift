import InputText
import ScenarioFiles
import SimulationKernel

/// Two protocols of different kinds: a key-value chain with a master, and a block device without.
let vocabulary = ScenarioVocabulary(
  protocols: [
    ProtocolWords(
      name: "chain",
      summary: ProtocolSummary(
        headline: "a chain", source: "a paper", coordinatorName: "master", servers: 1...7,
        defaultServers: 3, operations: [.read, .write, .append, .swap],
        checks: ["linearizability", "durability", "progress"],
        network: [.fifo, .slow], detectors: [.perfect],
        options: [
          ProtocolOption("extend", .flag(default: true), "Whether the tail is extended"),
          ProtocolOption("window", .integer(default: 4, range: 1...64), "Open forwards"),
          ProtocolOption("pause", .duration(default: .milliseconds(5)), "A pause"),
          ProtocolOption(
            "transfer", .choice(default: "whole", among: ["whole", "parts"]), "How to copy"),
        ],
        roleNames: ["head", "tail"], crashPoints: ["forwarded", "acknowledged"],
        typicalOperation: .milliseconds(10), typicalFailover: .milliseconds(50)),
      variants: [
        NamedHelp("correct", "as published"), NamedHelp("CR-01", "a bug"),
        NamedHelp("CR-05", "another"),
      ]),
    ProtocolWords(
      name: "two-node-store",
      summary: ProtocolSummary(
        headline: "two disks", source: "a document", coordinatorName: nil, servers: 2...2,
        defaultServers: 2, operations: [.read, .write, .block],
        checks: ["linearizability", "convergence"],
        network: NetworkWord.allCases, detectors: [.timeouts, .perfect],
        roleNames: ["primary", "backup"], crashPoints: ["1.1", "1.2"],
        typicalOperation: .milliseconds(10), typicalFailover: .milliseconds(50)),
      variants: [NamedHelp("correct", "as it should be")], keepsFiles: true),
  ],
  checks: ["linearizability", "durability", "convergence", "progress"].map { NamedHelp($0, $0) },
  diskProfiles: [NamedHelp("default+atomic-dir", "a"), NamedHelp("ext4", "b")])

/// The same with a third protocol and the mode `measure`.
let measuring: ScenarioVocabulary = {
  var words = vocabulary
  words.availableModes = [.simulate, .measure]
  var other = words.protocols[0]
  other.name = "master-backup"
  other.summary.options = [ProtocolOption("window", .duration(default: .seconds(1)), "A wait")]
  words.protocols[0].summary.messages = ["Forward", "Update", "Copy"]
  other.summary.crashPoints = ["log read"]
  words.protocols.append(other)
  return words
}()

func readScenario(_ text: String) throws(Diagnostics) -> Scenario {
  try Scenario.read(SourceFile(path: "s.json5", text: text), vocabulary: vocabulary)
}

func readFailure(_ text: String) throws(Diagnostics) -> FailureFile {
  try FailureFile.read(SourceFile(path: "f.json", text: text), vocabulary: vocabulary)
}

/// The first lines of what is said about a scenario; none if it is right.
func complaints(_ text: String) -> [String] {
  do {
    _ = try readScenario(text)
    return []
  } catch {
    return error.headlines
  }
}

/// The first lines of what is said about a failure file; none if it is right.
func failureComplaints(_ text: String) -> [String] {
  do {
    _ = try readFailure(text)
    return []
  } catch {
    return error.headlines
  }
}

/// A scenario that uses many keys, with a drawn workload and a budget of faults.
let drawnText = """
  {
    title: "Messages are slow", notes: "none", protocol: "chain", servers: 4, variant: "CR-01",
    options: { extend: false, window: 8, pause: "1.5ms", transfer: "parts" },
    clients: {
      count: 3, operations: 9, open: 2, mix: { write: 2, append: 1 }, keys: 5, pattern: "hot",
      think: { min: "1ms", max: "2ms" }, retry: { after: "1s", factor: 3, limit: "1min" },
      finalRead: false,
    },
    assume: { network: ["slow", "fifo"], disk: "ext4", down: 2, detectAfter: "3ms" },
    network: {
      latency: { min: "1us", max: "1ms" }, distribution: "exponential",
      slow: { rate: 0.125, by: "9ms" },
    },
    costs: { handler: "1us", sync: "0s", diskWriteBack: "0s" },
    faults: {
      crashes: 2, restarts: 1, powerLosses: 1, clusterPowerLosses: 1, slowLinks: 3,
      nodes: ["head", "s4"], window: "2s", restartAfter: "1ms", swarm: true,
    },
    run: { seeds: 3, seed: 77, steps: 5000, healWithin: "1h", swarm: true },
    check: ["progress", "linearizability"], expect: { violation: "progress" },
  }
  """

/// A scenario with scripted operations, delays and faults of every form.
let scriptedText = """
  {
    protocol: "chain",
    script: [
      { client: 1, put: "a", value: "1" }, { delay: ["c1", "s1"], by: "4s" },
      { client: 2, get: "b", at: "3ms", wait: "none" }, { client: 2, append: "a", value: "x" },
      { client: 1, swap: "b", expect: "", value: "2" },
      { delay: ["master", "s3"], by: "1us", from: "1ms", to: "2ms" },
    ],
    faults: [
      { after: "10ms", crash: "s1" }, { at: "forwarded", powerLoss: "head", occurrence: 2 },
      { request: 3, node: "s2", label: "forwarded", crash: "s2" },
      { request: 1, label: "acknowledged", crash: "tail", occurrence: 3 }, { after: "50ms", restart: "s1" },
      { cut: ["s1", "s2"], from: "5ms", to: "80ms" }, { cut: ["c1", "master"], oneWay: true },
      { powerLoss: "all", after: "1s" }, { heal: ["s1", "s2"], after: "90ms" },
      { isolate: "s1", from: "1ms", to: "2ms" }, { crash: "s1", step: 12, effect: 2 },
    ],
    expect: "undecided",
  }
  """

/// A block device with a script of its own.
let blockText = """
  {
    protocol: "two-node-store",
    script: [{ client: 1, write: 3, count: 2, value: "v" }, { client: 2, read: 4 }],
    assume: { network: ["lossy", "partitions"] }, network: { loss: 0.5, latency: "1ms" },
    faults: [{ at: "1.2", powerLoss: "primary" }],
  }
  """

/// Faults of disks, of every kind, in a list.
let storageText = """
  {
    protocol: "two-node-store", assume: { storage: ["bit-rot", "fsync-error", "stall"] },
    faults: [
      { fsyncError: "s1", page: "reverted", file: "log.*", occurrence: 3, calls: 2, after: "1ms" },
      { tornSectors: "primary", content: "garbage" }, { readError: "s2" }, { noSpace: "s1" },
      { writeError: "s1", calls: 4 }, { lostWrite: "backup", file: "d0/b1" }, { staleRead: "s2" },
      { misdirectedWrite: "s2", occurrence: 2 }, { bitRot: "s1", byte: 7, file: "d0/*" },
      { stall: "s1", by: "3s" }, { after: "5ms", crash: "s1" },
    ],
  }
  """

/// Faults of disks, drawn: a number, or an object.
let drawnStorageText = """
  {
    protocol: "two-node-store", assume: { storage: "torn-sectors" },
    faults: {
      crashes: 1,
      storage: {
        bitRot: 2, tornSectors: { count: 3, content: ["zeros", "old"] }, noSpace: 0,
        fsyncError: { page: "clean", file: "*.tmp" }, stall: { count: 1, by: "2s" },
      },
    },
  }
  """

/// Every step written down.
let scheduleText = """
  {
    protocol: "two-node-store", clients: { count: 1, blocks: 2 },
    schedule: ["start s1", "5ms deliver s1 s2 # Commit(1)", "settle"], run: { openDisks: true },
    expect: { violation: "linearizability" },
  }
  """

func failure(of scenario: Scenario) -> FailureFile {
  FailureFile(
    scenario: scenario, scenarioFile: "Scenarios/chain/x.json5", seed: 78, check: "progress",
    message: "it \"hangs\"\n", stepCount: 2, digest: "0123456789abcdef",
    decisions: ["deliver s1 s2", "crash s1 2"], command: "crashproof replay f.json")
}

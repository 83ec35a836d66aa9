import ClusterSimulation
import InputText
import LinearizabilityChecking
import ReplicationProtocols
import ScenarioFiles
import SimulationKernel
import Testing

@testable import CommandLineTool

/// A protocol of the catalog with what the suite needs of its types closed over. A new protocol is
/// a line in ``all``; a test compares that list with the catalog.
struct ProtocolUnderTest: Sendable, CustomTestStringConvertible {
  let entry: CatalogEntry
  /// Does recorded steps in several worlds at once; says where they differ.
  let difference: @Sendable (RunnerSetting, [RecordedStep]) -> String?
  /// The fingerprint of the world after these steps.
  let fingerprint: @Sendable (RunnerSetting, [RecordedStep]) -> UInt64

  static let all: [ProtocolUnderTest] = [
    ProtocolUnderTest(Chain.self),
    ProtocolUnderTest(ChainStore.self),
    ProtocolUnderTest(MasterBackup.self),
    ProtocolUnderTest(PrimaryBackup.self),
    ProtocolUnderTest(RankedKv.self),
    ProtocolUnderTest(Remus.self),
    ProtocolUnderTest(TwoNodeStore.self),
    ProtocolUnderTest(VmLog.self),
  ]

  init<Subject: ReplicationProtocol>(_ subject: Subject.Type)
  where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
    entry = CatalogEntry(subject)
    difference = { setting, steps in
      var worlds = ParallelWorlds<Subject>(ClusterSetting(setting))
      return worlds.firstDifference(steps)
    }
    fingerprint = { setting, steps in
      var worlds = ParallelWorlds<Subject>(ClusterSetting(setting))
      return worlds.fingerprint(after: steps)
    }
  }

  var testDescription: String { entry.name }
  var name: String { entry.name }

  /// A scenario of the correct variant, from the text of its members.
  func scenario(_ members: String) throws -> Scenario {
    try Scenario.read(
      SourceFile(path: "\(name).json5", text: "{ protocol: \"\(name)\", \(members) }"),
      vocabulary: ProtocolCatalog.vocabulary)
  }

  func runner(_ scenario: Scenario) throws -> (RunnerSetting, ClusterRunner) {
    let conversion = ScenarioConversion(scenario, entry)
    let setting = conversion.setting
    return (setting, try #require(entry.makeRunner(setting, conversion.plan)))
  }

  /// Everything that the protocol's summary lets happen, each seed with a choice of it.
  func worstScenario(swarm: Bool = true) throws -> Scenario {
    let words = Set(entry.summary.network)
    let operations = OperationKind.allCases.filter {
      $0 != .block && entry.summary.operations.contains($0)
    }
    let mix = operations.map { "\($0.rawValue): 1" }.joined(separator: ", ")
    let space = entry.summary.hasKeys ? "keys: 3" : "blocks: 3"
    var network = ["latency: { min: \"200us\", max: \"4ms\" }"]
    var faults = ["crashes: 3", "restarts: 3"]
    if words.contains(.lossy) { network.append("loss: 0.1") }
    if words.contains(.duplicating) { network.append("duplication: 0.1") }
    if words.contains(.reordering) { network.append("reordering: 0.2") }
    if words.contains(.slow) {
      network.append("slow: { rate: 0.02 }")
      faults.append("slowLinks: 2")
    }
    if words.contains(.partitions) { faults += ["partitions: 2", "oneWayCuts: 1"] }
    let assumed = entry.summary.network.filter { $0 != .fifo || !words.contains(.reordering) }
      .map { quoted($0.rawValue) }.joined(separator: ", ")
    return try scenario(
      """
      clients: { count: 3, operations: 6, mix: { \(mix) }, \(space) },
      assume: { network: [\(assumed)] }, network: { \(network.joined(separator: ", ")) },
      faults: { \(faults.joined(separator: ", ")) }, run: { swarm: \(swarm) },
      """)
  }
}

extension ClusterSetting {
  /// The setting of the correct variant.
  init(_ setting: RunnerSetting) {
    let layout = ClusterLayout(
      serverCount: setting.servers, coordinatorName: Subject.summary.coordinatorName,
      clientCount: setting.clients)
    self.init(
      nodes: ProtocolSetting(
        layout: layout, options: setting.options, costs: setting.costs, retry: setting.retry),
      detector: setting.detector, diskProfile: setting.diskProfile, checks: setting.checks,
      writeBackInterval: setting.writeBackInterval, assumedNetwork: setting.assumedNetwork)
  }
}

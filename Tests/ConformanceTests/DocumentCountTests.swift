import ClusterSimulation
import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel
import Testing

@testable import CommandLineTool

/// What the documents measured in seconds, counted in messages and message delays.
@Suite("Messages of the documents' designs")
struct DocumentCountTests {
  /// One run in which every message takes a millisecond and nothing fails.
  private struct Run {
    var lines: [String] = []
    var times: [VirtualTime] = []

    /// How many messages of a kind arrived anywhere.
    func count(_ kind: String) -> Int { lines.filter { $0.contains(" receives \(kind)(") }.count }

    /// From the first request to the last answer, in message delays.
    var delays: Int {
      guard let asked = lines.firstIndex(where: { $0.contains(" invokes ") }),
        let answered = lines.lastIndex(where: { $0.contains("; answered ") })
      else { return -1 }
      return Int((times[answered] - times[asked]).nanoseconds / 1_000_000)
    }
  }

  private func run(
    _ name: String, _ variant: String, servers: Int,
    options: [String: ProtocolOptions.Value] = [:], object: ClusterSimulation.Workload.Object,
    _ script: [PlannedOperation]
  ) throws -> Run {
    let entry = try #require(ProtocolCatalog.entry(named: name))
    var costs = CostTable()
    for kind in WorkKind.allCases { costs[kind] = .zero }
    let setting = RunnerSetting(
      servers: servers, clients: 1, deviations: [variant], options: ProtocolOptions(options),
      costs: costs, detector: .perfect, diskProfile: "default+atomic-dir", checks: [.progress])
    var plan = RunPlan()
    plan.workload.clientCount = 1
    plan.workload.object = object
    plan.workload.script = [script]
    plan.workload.readsAtEnd = false
    plan.faults = .scripted([])
    plan.network.latency = LatencyModel(.fixed, from: .milliseconds(1), to: .milliseconds(1))
    let runner = try #require(entry.makeRunner(setting, plan))
    let recording = runner.record(1, true)
    #expect(recording.result.verdict == .pass)
    #expect(recording.lines.count == recording.steps.count)
    return Run(lines: recording.lines, times: recording.steps.map(\.time))
  }

  @Test("each node of a chain adds one RelayWrite and one RelayWriteAck", arguments: 1...5)
  func chain(nodes: Int) throws {
    let write = PlannedOperation(
      .writeBlocks(first: 0, count: 2, value: "<1>"), earliest: .start + .milliseconds(100))
    let run = try run(
      "chain-store", "as-reported", servers: nodes, object: .blocks(2), [write])
    #expect(run.count("RelayWrite") == nodes - 1)
    #expect(run.count("RelayWriteAck") == nodes - 1)
  }

  @Test(
    "a joining node is sent one Restore for each block that it lacks", arguments: [2, 4, 8, 16])
  func restoration(blocks: Int) throws {
    let writes = (0..<blocks).map { block in
      PlannedOperation(
        .writeBlocks(first: 2 * block, count: 2, value: "<\(block)>"),
        earliest: .start + .milliseconds(100))
    }
    let run = try run(
      "chain-store", "as-reported", servers: 3,
      options: [
        "initialChain": .integer(2), "joinAfter": .duration(.seconds(2)),
        "transferChunk": .integer(1),
      ],
      object: .blocks(2 * blocks),
      writes + [
        PlannedOperation(.readBlocks(first: 0, count: 1), earliest: .start + .seconds(4))
      ])
    #expect(run.count("Restore") == blocks)
  }

  @Test("a get is one communication; a put is a forward and a push to every other server")
  func rankedStore() throws {
    for servers in [3, 10] {
      let options: [String: ProtocolOptions.Value] = ["knownServers": .integer(1)]
      let get = try run(
        "ranked-kv", "as-described", servers: servers, options: options, object: .keys(1),
        [PlannedOperation(.get(key: 0), earliest: .start + .milliseconds(100))])
      #expect(get.delays == 2)
      #expect(get.count("Request") == 1 && get.count("Reply") == 1)
      #expect(get.count("Push") == 0 && get.count("Forward") == 0)
      let put = PlannedOperation(
        .put(key: 0, value: "<1>"), earliest: .start + .milliseconds(100))
      let synchronous = try run(
        "ranked-kv", "as-described", servers: servers, options: options, object: .keys(1), [put])
      #expect(synchronous.count("Push") == servers - 1)
      // To the primary and back, and to one server after the other and back.
      #expect(synchronous.delays == 2 + 2 * (servers - 1))
      let partner = try run(
        "ranked-kv", "asynchronous-broadcast", servers: servers, options: options,
        object: .keys(1), [put])
      #expect(partner.count("Push") == servers - 1)
      #expect(partner.delays == 2)
    }
  }
}

import InputText
import SimulationKernel
import Testing

@testable import ScenarioFiles

@Suite struct ScenarioReaderTests {
  @Test func theProtocolAloneIsAScenario() throws {
    let file = SourceFile(path: "Scenarios/chain/head-dies.json5", text: #"{protocol:"chain"}"#)
    let scenario = try Scenario.read(file, vocabulary: vocabulary)
    #expect(scenario.title == "head dies")
    #expect(scenario.serverCount == 3)
    #expect(scenario.variant == "correct")
    #expect(scenario.options.map(\.name) == ["extend", "window", "pause", "transfer"])
    #expect(scenario.protocolOptions.integer("window", default: 0) == 4)
    #expect(scenario.clients.space == .keys(2))
    #expect(scenario.assumptions.network == [.fifo])
    #expect(scenario.assumptions.down == 2)
    #expect(scenario.network.distribution == .uniform)
    #expect(scenario.costs == CostTable())
    #expect(scenario.run.seedCount == 200)
    #expect(scenario.checks == ["linearizability", "durability", "progress"])
    #expect(scenario.expectation == .pass)
    guard case .drawn(let workload) = scenario.workload else { return #expect(Bool(false)) }
    #expect(workload.mix.map(\.kind) == [.write, .read, .append, .swap])
    #expect(workload.mix.map(\.weight) == [1, 1, 0, 0])
    guard case .drawn(let faults) = scenario.faults else { return #expect(Bool(false)) }
    #expect(faults.crashes == 0)
    #expect(faults.nodes == [])
  }

  @Test func everyKeyIsRead() throws {
    let scenario = try readScenario(drawnText)
    #expect(scenario.options[2].value == .duration(VirtualDuration(nanoseconds: 1_500_000)))
    #expect(scenario.clients.count == 3)
    #expect(scenario.clients.retry.limit == .seconds(60))
    #expect(scenario.clients.finalRead == .none)
    #expect(scenario.assumptions.network == [.fifo, .slow])
    #expect(
      scenario.assumptions.detectAfter == DurationSpan(min: .milliseconds(3), max: .milliseconds(3))
    )
    #expect(scenario.network.slowness.rate == 0.125)
    #expect(scenario.costs[.handler] == .microseconds(1))
    #expect(scenario.costs[.syncBlock] == CostTable()[.syncBlock])
    #expect(scenario.diskWriteBack == .zero)
    #expect(scenario.run.variation == .swarm)
    #expect(scenario.expectation == .violation(anyOf: ["progress"]))
    guard case .drawn(let faults) = scenario.faults else { return #expect(Bool(false)) }
    #expect(faults.nodes == [.role("head"), .server(4)])
    #expect(faults.variation == .swarm)
  }

  @Test func scriptsKeepTheirOrder() throws {
    let scenario = try readScenario(scriptedText)
    guard case .scripted(let script) = scenario.workload else { return #expect(Bool(false)) }
    #expect(script.keyNames == ["a", "b"])
    #expect(scenario.clients.space == .keys(2))
    #expect(
      script.operations.map(\.kind) == [
        .put(key: 0, value: "1"), .get(key: 1), .append(key: 0, value: "x"),
        .swap(key: 1, expected: "", value: "2"),
      ])
    #expect(script.operations.map(\.wait) == [.prior, .none, .prior, .prior])
    #expect(script.delays.map(\.sender) == [.client(1), .coordinator("master")])
    #expect(script.delays.map(\.to) == [nil, .milliseconds(2)])
  }

  @Test func everyFormOfScriptedFaultIsRead() throws {
    guard case .scripted(let faults) = try readScenario(scriptedText).faults else {
      return #expect(Bool(false))
    }
    let ms = VirtualDuration.milliseconds
    let expected: [ScriptedFault] = [
      .failure(.server(1), .crash, .after(ms(10))),
      .failure(
        .role("head"), .powerLoss, .crashPoint("forwarded", request: nil, occurrence: 2)),
      .failure(.server(2), .crash, .crashPoint("forwarded", request: 3, occurrence: 1)),
      .failure(.role("tail"), .crash, .crashPoint("acknowledged", request: 1, occurrence: 3)),
      .restart(server: 1, after: ms(50)),
      .cut(.server(1), .server(2), .bothWays, from: ms(5), to: ms(80)),
      .cut(.client(1), .coordinator("master"), .oneWay, from: .zero, to: nil),
      .powerLossOfAll(after: ms(1000)),
      .heal(.server(1), .server(2), after: ms(90)),
      .isolation(.server(1), from: ms(1), to: ms(2)),
      .failure(.server(1), .crash, .effect(2, step: 12)),
    ]
    #expect(faults == expected)
  }

  @Test func aBlockDeviceHasBlocks() throws {
    let scenario = try readScenario(blockText)
    #expect(scenario.clients.space == .blocks(5))
    #expect(scenario.network.distribution == .fixed)
    #expect(scenario.assumptions.detector == .timeouts)
    guard case .scripted(let script) = scenario.workload else { return #expect(Bool(false)) }
    #expect(script.operations[0].kind == .writeBlocks(first: 3, count: 2, value: "v"))
    #expect(script.operations[1].kind == .readBlocks(first: 4, count: 1))
  }

  @Test func nodesAreFoundInTheirCluster() {
    let layout = ClusterLayout(serverCount: 3, coordinatorName: "master", clientCount: 2)
    let names = [NodeReference.server(1), .client(2), .coordinator("master")]
    #expect(names.map { $0.node(in: layout).map(layout.name) } == names.map(\.name))
    #expect(NodeReference.role("head").node(in: layout) == nil)
  }

  @Test(arguments: [
    ("10ns", 10), ("5us", 5000), ("10ms", 10_000_000), ("1.5s", 1_500_000_000),
    ("2min", 120_000_000_000), ("1h", 3_600_000_000_000), ("0s", 0), ("1.50s", 1_500_000_000),
    ("0.001us", 1), ("1000h", 3_600_000_000_000_000), ("007ms", 7_000_000),
  ])
  func durations(text: String, nanoseconds: Int64) throws {
    let duration = try DurationText.parse(text)
    #expect(duration.nanoseconds == nanoseconds)
    #expect(try DurationText.parse(duration.description) == duration)
  }

  @Test(
    arguments: [
      ("", .notADuration), ("ms", .notADuration), (".5s", .notADuration), ("5.s", .notADuration),
      ("1.2.3s", .notADuration), ("-1s", .notADuration), ("1e3s", .notADuration), ("10", .noUnit),
      ("10m", .unknownUnit("m")), ("10 ms", .unknownUnit(" ms")), ("0.5ns", .belowOneNanosecond),
      ("1.0000000001s", .belowOneNanosecond), ("1001h", .tooLong),
      ("99999999999999999999999999h", .tooLong), ("18446744073709551615h", .tooLong),
      ("0.00000000000000000000000000001h", .belowOneNanosecond),
    ] as [(String, DurationText.Mistake)])
  func noDurations(text: String, mistake: DurationText.Mistake) {
    #expect(throws: mistake) { try DurationText.parse(text) }
  }
}

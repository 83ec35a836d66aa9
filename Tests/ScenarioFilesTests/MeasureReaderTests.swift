import InputText
import SimulationKernel
import Testing

@testable import ScenarioFiles

func readMeasured(_ text: String) throws(Diagnostics) -> Scenario {
  try Scenario.read(SourceFile(path: "s.json5", text: text), vocabulary: measuring)
}

/// A scenario of mode `measure` with every key.
let measuredText = """
  {
    protocol: "chain", servers: 3,
    clients: {
      count: 25, mix: { write: 0.03, read: 0.97 }, dispatch: "1ms", giveUpAfter: "3s", keys: 1,
    },
    costs: { query: "5ms", read: "1us", writeBlock: "2us",
             messages: { Forward: "20ms", "head/Update": "1ms" } },
    network: { latency: "1ms", bandwidth: "6.25MB/s", sizes: { Copy: "240MB" } },
    hosts: { count: 24, servers: [[1, 2], [3]], cores: 2, switching: 0.1, rebootAfter: "10min" },
    faults: [{ after: "30min", crash: "h1" }, { after: "31min", powerLoss: "s2" }],
    run: { mode: "measure", seeds: 3, warmUp: "5s", duration: "100min", timeline: "1min",
           windows: { before: { from: "10min", to: "30min" } } },
    check: [],
    charts: [{ title: "T", x: "time", y: "throughput.total" }],
    expectMeasure: [
      { claim: "c", standing: "in shape", basis: "calibrated", measure: "recovery.acknowledged",
        between: [1, 2.5] },
    ],
  }
  """

/// A sweep over three axes: alternatives with protocols, a key of one name, and a path.
let sweptText = """
  {
    clients: { count: 5 }, costs: { query: "5ms" },
    run: { mode: "measure", duration: "2s" },
    sweep: {
      design: { chain: { protocol: "chain", options: { window: 8 } },
                "primary/backup": { protocol: "master-backup", options: { window: "2s" } } },
      servers: [2, 3, 5], "clients.mix.write": [0, 0.03],
    },
    charts: [
      { title: "T", x: "clients.mix.write", y: ["throughput.total", "latency.all.p99"],
        yScale: "log", at: { servers: [2, 3], design: "chain" } },
    ],
    expectMeasure: [
      { claim: "twice", source: "5.1", standing: "reproduced", basis: "predicted",
        measure: "throughput.total", at: { design: "chain", servers: [5, 3] },
        per: { at: { design: "primary/backup" } }, about: 2, within: "5%" },
      { claim: "curve", standing: "not reproduced", basis: "calibrated", because: "b",
        measure: "recovery.log-read",
        curve: { along: "clients.mix.write", values: [[0, 199.5], [0.03, 183, "3%"]],
                 within: 0.02, meanWithin: "1.5%" } },
      { claim: "rises", standing: "in shape", basis: "predicted", measure: "queue.s5",
        shape: "rising", along: "servers", within: "2%" },
    ],
  }
  """

@Suite struct MeasureReaderTests {
  @Test func everyKeyIsRead() throws {
    let scenario = try readMeasured(measuredText)
    let measure = scenario.measure
    #expect(scenario.run.seedCount == 3)
    #expect(scenario.checks.isEmpty)
    #expect(scenario.costs[.read] == .microseconds(1))
    #expect(measure.warmUp == .seconds(5) && measure.duration == .seconds(6000))
    #expect(measure.timeline == .seconds(60))
    let before = MeasureWindow(name: "before", from: .seconds(600), to: .seconds(1800))
    #expect(measure.windows == [before])
    #expect(measure.dispatch == .milliseconds(1) && measure.giveUpAfter == .seconds(3))
    #expect(measure.hosts.servers == [[1, 2], [3]] && measure.hosts.count == 24)
    #expect(measure.hosts.rebootAfter == .seconds(600) && measure.hosts.switching == 0.1)
    #expect(measure.transfer.bandwidth == 6_250_000)
    #expect(measure.transfer.sizes.map(\.bytes) == [240_000_000])
    #expect(measure.messageCosts.map(\.role) == [nil, "head"])
    #expect(measure.messageCosts.map(\.kind) == ["Forward", "Update"])
    #expect(
      scenario.faults
        == .scripted([
          .failure(.host(1), .crash, .after(.seconds(1800))),
          .failure(.server(2), .powerLoss, .after(.seconds(1860))),
        ]))
    #expect(measure.expectations.map(\.condition) == [.between(1, 2.5)])
    #expect(measure.points.map(\.indices) == [[]])
    #expect(measure.points[0].scenario.measure.hosts == measure.hosts)
    #expect(measure.points[0].scenario.measure.expectations.isEmpty)
  }

  @Test func defaultsOfTheModeDiffer() throws {
    let scenario = try readMeasured(
      #"{ protocol: "chain", run: { mode: "measure" }, clients: { mix: { write: 0.25 } } }"#)
    #expect(scenario.run.seedCount == 1)
    #expect(scenario.checks == ["linearizability"])
    #expect(scenario.faults == .scripted([]))
    guard case .drawn(let drawn) = scenario.workload else { return #expect(Bool(false)) }
    #expect(drawn.mix.map(\.weight) == [0.25, 0.75, 0, 0])
    var plain = MeasureSettings()
    plain.points = scenario.measure.points
    #expect(scenario.measure == plain)
  }

  @Test func everyCombinationIsAPoint() throws {
    let measure = try readMeasured(sweptText).measure
    #expect(measure.axes.map(\.name) == ["design", "servers", "clients.mix.write"])
    #expect(measure.axes[0].values.map(\.label) == ["chain", "primary/backup"])
    #expect(measure.axes[2].values.map(\.number) == [0, 0.03])
    #expect(measure.points.count == 12)
    #expect(measure.points[1].indices == [0, 0, 1])
    #expect(measure.points[11].indices == [1, 2, 1])
    let last = measure.points[11].scenario
    #expect(last.protocolName == "master-backup" && last.serverCount == 5)
    #expect(last.options.map(\.value) == [.duration(.seconds(2))])
    guard case .drawn(let drawn) = last.workload else { return #expect(Bool(false)) }
    #expect(drawn.mix.map(\.weight) == [0.03, 0.97, 0, 0])
    #expect(last.measure.axes.isEmpty && last.measure.charts.isEmpty)
    #expect(last.measure.duration == .seconds(2))
  }

  @Test func selectionsAndConditionsAreResolved() throws {
    let measure = try readMeasured(sweptText).measure
    #expect(
      measure.charts[0].at == [
        AxisSelection(axis: "servers", indices: [0, 1]),
        AxisSelection(axis: "design", indices: [0]),
      ])
    let twice = measure.expectations[0]
    #expect(twice.at[1].indices == [2, 1])
    #expect(twice.per?.measure == "throughput.total")
    #expect(twice.per?.at == [AxisSelection(axis: "design", indices: [1])])
    #expect(twice.condition == .about(2, within: 0.05))
    #expect(
      measure.expectations[1].condition
        == .curve(
          axis: "clients.mix.write",
          [
            MeasureExpectation.CurvePoint(index: 0, value: 199.5, within: 0.02),
            MeasureExpectation.CurvePoint(index: 1, value: 183, within: 0.03),
          ], mean: 0.015))
    #expect(
      measure.expectations[2].condition == .shape(.rising, axis: "servers", within: 0.02))
    #expect(measure.expectations.map(\.line) == [14, 17, 21])
  }

  @Test(arguments: [measuredText, sweptText])
  func aPrintedMeasurementReadsBackEqual(text: String) throws {
    let scenario = try readMeasured(text)
    for style in [JSONWriter.Style.json, .json5] {
      let printed = scenario.text(style)
      let again = try readMeasured(printed)
      #expect(withoutLines(again) == withoutLines(scenario))
      #expect(again.text(style) == printed)
      #expect(printed.contains("warmUp") && printed.contains("dispatch"))
    }
  }

  private func withoutLines(_ scenario: Scenario) -> Scenario {
    var scenario = scenario
    for index in scenario.measure.expectations.indices {
      scenario.measure.expectations[index].line = 0
    }
    return scenario
  }

  @Test func aPointIsAScenarioOfItsOwn() throws {
    let point = try readMeasured(sweptText).measure.points[7].scenario
    var again = try readMeasured(point.text())
    again.measure.points = []
    #expect(again == point)
  }

  @Test func aCaseMayHaveItsOwnSweep() throws {
    let text = """
      { protocol: "chain", title: "T", cases: [
        { case: "a", run: { mode: "measure" }, sweep: { servers: [2, 3] } }, { case: "b" },
      ] }
      """
    let cases = try ScenarioCase.read(
      SourceFile(path: "s.json5", text: text), vocabulary: measuring)
    #expect(cases[0].scenario.measure.points.map(\.scenario.serverCount) == [2, 3])
    #expect(cases[0].scenario.measure.points.map(\.scenario.title) == ["T: a", "T: a"])
    #expect(cases[1].scenario.run.mode == .simulate)
  }

  @Test func theSchemaHasTheKeys() throws {
    let text = ScenarioSchema.text(vocabulary: measuring)
    for key in [
      "sweep", "charts", "expectMeasure", "hosts", "volumes", "dispatch", "giveUpAfter",
      "messages", "bandwidth", "sizes", "warmUp", "windows", "readBlock", "meanWithin",
    ] {
      #expect(text.contains("\"\(key)\": {"), "\(key)")
    }
  }
}

@Suite struct MeasureNameTests {
  @Test(arguments: [
    "throughput.total", "throughput.perClient", "throughput.reads.a.b", "bandwidth.updates",
    "latency.all.p99", "utilisation.cpu.s1", "utilisation.disk.h2", "utilisation.cpu.busiest",
    "queue.h1", "queue.longest", "messages.perOperation", "fsyncs.perOperation",
    "fileWrites.perOperation", "unavailable.updates.2", "recovery.total", "recovery.1.2",
    "operations.abandoned", "transfers.count", "transfers.last",
  ])
  func aNameIsReadAndWritten(name: String) {
    #expect(MeasureName(name)?.description == name)
  }

  @Test(arguments: [
    "", "throughput", "throughput.all", "throughput.perClient.x", "latency.all", "latency.all.p95",
    "latency.all.p99.x", "utilisation.cpu.s0", "utilisation.ram.s1", "queue.c1", "queue.s01",
    "unavailable.total.1", "unavailable.reads.0", "recovery.", "messages.total",
  ])
  func anythingElseIsNone(name: String) {
    #expect(MeasureName(name) == nil)
  }

  @Test func sizesAreExact() throws {
    for (text, bytes) in [
      ("240MB", 240_000_000), ("6.25MB", 6_250_000), ("512B", 512), ("1GB", 1_000_000_000),
      ("0B", 0), ("1.001KB", 1_001),
    ] {
      #expect(try SizeText.parse(text) == bytes)
      #expect(SizeText.text(of: bytes) == text)
    }
    for text in ["", "MB", "1", "1.2.3MB", "1.MB", "-1MB", "1.5B", "9999999999999999999GB", "1mb"] {
      #expect(throws: SizeText.Mistake.self) { try SizeText.parse(text) }
    }
  }
}

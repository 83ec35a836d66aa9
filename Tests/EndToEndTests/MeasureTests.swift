import Testing

/// Measurements from the command line.
@Suite struct MeasureTests {
  private static let scenario = """
    { protocol: "chain", clients: { count: 2, mix: { write: 1, read: 1 } },
      run: { mode: "measure", warmUp: "100ms", duration: "1s" }, sweep: { servers: [1, 2] },
      expectMeasure: [
        { claim: "fast", source: "nobody", standing: "reproduced", basis: "predicted",
          measure: "throughput.total", between: [LOW, 1000000] },
      ] }
    """

  @Test func `a measurement leaves its table and its chart, the same with one job and two`() throws
  {
    let folder = try TestFolder()
    try folder.write("m.json5", Self.scenario.replacing("LOW", with: "1"))
    let first = try Tool.run("run", "m.json5", "--report", "a", "--jobs", "1", in: folder)
    #expect(first.code == 0, "\(first.out)\(first.err)")
    #expect(try Tool.run("run", "m.json5", "--report", "b", "--jobs", "2", in: folder).code == 0)
    for name in ["measurements/m.csv", "measurements/m.svg", "report.md", "report.html"] {
      #expect(try folder.read("a/" + name) == folder.read("b/" + name), "\(name)")
    }
    #expect(!(try folder.read("a/report.md")).contains("exhausted"))
  }

  /// With confidence bands, two curves, and a unit that is not the first in its column.
  @Test func `a chart and a table are what they were`() throws {
    let folder = try TestFolder()
    try folder.write(
      "m.json5",
      """
      { protocol: "chain", clients: { count: 8 },
        run: { mode: "measure", seeds: 3, warmUp: "100ms", duration: "500ms" },
        sweep: { design: { chain: {}, "primary/backup": { protocol: "master-backup" } },
          "clients.mix.write": [0, 0.25, 0.5, 1], servers: [3] },
        charts: [{ title: "Latency of updates", x: "clients.mix.write",
          y: ["latency.updates.p99"] }] }
      """)
    let outcome = try Tool.run("run", "m.json5", "--report", "a", in: folder)
    #expect(outcome.code == 0, "\(outcome.out)\(outcome.err)")
    try expectSnapshot(try folder.read("a/measurements/m.svg"), "measured-chart.svg")
    try expectSnapshot(try folder.read("a/measurements/m.csv"), "measured-table.csv")
  }

  @Test func `a violation under load replays, and so does a smaller one`() throws {
    let folder = try TestFolder()
    try folder.write(
      "m.json5",
      """
      { protocol: "chain", servers: 3, variant: "CR-06",
        clients: { count: 3, keys: 2, mix: { write: 1, read: 1 } },
        run: { mode: "measure", duration: "1s" } }
      """)
    for flags in [["--no-shrink"], []] {
      let outcome = try Tool.run(["run", "m.json5"] + flags, in: folder)
      #expect(outcome.code == 1)
      #expect(outcome.out.contains("crashproof replay Reports/failures/"), "\(outcome.out)")
      let name = try #require(
        try folder.names("Reports/failures").first {
          !$0.contains("history")
        })
      let replayed = try Tool.run("replay", "Reports/failures/\(name)", in: folder)
      #expect(replayed.code == 0, "\(replayed.out)\(replayed.err)")
      #expect(replayed.out.hasPrefix("reproduced: violation of linearizability"))
    }
  }

  @Test func `the page of measurements comes from results`() throws {
    let folder = try TestFolder()
    try folder.write("m.json5", Self.scenario.replacing("LOW", with: "1"))
    #expect(try Tool.run("run", "m.json5", in: folder).code == 0)
    let page = try Tool.run("benchmark", "measurements", in: folder)
    #expect(page.code == 0)
    #expect(page.out.contains("| fast | nobody | 1 to 1,000,000 |"), "\(page.out)")
    let none = try Tool.run("benchmark", "measurements", "--results", "none", in: folder)
    #expect(none.code == 66)
  }

  @Test func `a claim that does not hold ends with 1 and says what came out`() throws {
    let folder = try TestFolder()
    try folder.write("m.json5", Self.scenario.replacing("LOW", with: "999999"))
    let outcome = try Tool.run("run", "m.json5", in: folder)
    #expect(outcome.code == 1)
    #expect(outcome.out.contains("1 did not"))
  }

  @Test(arguments: ["explore", "crashpoints"])
  func `other modes refuse it`(command: String) throws {
    let folder = try TestFolder()
    try folder.write("m.json5", Self.scenario.replacing("LOW", with: "1"))
    let outcome = try Tool.run(command, "m.json5", in: folder)
    #expect(outcome.code == 64)
    #expect(outcome.err.contains("is a measurement"))
  }
}

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

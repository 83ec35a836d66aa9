import Foundation
import Testing

@Suite("Interrupted and killed runs", .serialized)
struct InterruptionTests {
  private static let formats = ["results.json", "report.txt", "report.md", "junit.xml"]

  @Test("killed at any moment, the report folder holds the old report or the new one")
  func killed() throws {
    let folder = try TestFolder()
    try folder.write("a.json5", Example.passing)
    let arguments = ["run", "a.json5", "--jobs", "1", "--seeds"]
    let start = Date()
    #expect(try Tool.run(arguments + ["160"], in: folder).code == 0)
    let length = Date().timeIntervalSince(start)
    var seen: Set<Int> = []
    var ended = 160
    for round in 0..<10 {
      let seeds = round % 2 == 0 ? 100 : 160
      let tool = try RunningTool(arguments + ["\(seeds)"], in: folder)
      // Most rounds end near the moment of publishing.
      let share = round < 4 ? 0.2 * Double(round) : 0.4 + 0.09 * Double(round)
      usleep(UInt32(share * length * Double(seeds) / 160 * 1_000_000))
      tool.send(SIGKILL)
      let outcome = try tool.wait()
      let runs = try runsOfTheReport(folder)
      #expect(runs == ended || runs == seeds, "round \(round)")
      if outcome.code == 0 { #expect(runs == seeds) }
      ended = runs
      seen.insert(runs)
    }
    #expect(try Tool.run(arguments + ["7"], in: folder).code == 0)
    #expect(try runsOfTheReport(folder) == 7)
    #expect(try folder.names("Reports/.generations").count == 2, "a generation and the lock")
  }

  /// Every format is there, whole, and of one run.
  private func runsOfTheReport(_ folder: TestFolder) throws -> Int {
    let results = try folder.json("Reports/results.json")
    let scenario = try #require((results["scenarios"] as? [[String: Any]])?.first)
    let runs = try #require(scenario["runs"] as? Int)
    #expect(try folder.read("Reports/report.txt").contains("\(runs) runs"))
    #expect(try folder.read("Reports/report.md").contains("\(runs)"))
    #expect(try folder.read("Reports/junit.xml").hasSuffix("</testsuites>\n"))
    return runs
  }

  @Test("Ctrl-C and termination end the run after its batch, with a report", arguments: [2, 15])
  func interrupted(signal: Int32) throws {
    let folder = try TestFolder()
    try folder.write("a.json5", Example.passing)
    try folder.write("b.json5", Example.passing)
    let tool = try RunningTool(["run", "a.json5", "b.json5", "--seeds", "100000000"], in: folder)
    while !folder.exists("Reports/.generations/lock") { usleep(10_000) }
    usleep(500_000)
    tool.send(signal)
    let outcome = try tool.wait()
    #expect(outcome.code == 2)
    #expect(outcome.out.contains("interrupted after "))
    let results = try folder.json("Reports/results.json")
    #expect(results["interrupted"] as? Bool == true)
    #expect((results["scenarios"] as? [[String: Any]])?.count == 1)
    for name in Self.formats { #expect(folder.exists("Reports/" + name)) }
  }
}

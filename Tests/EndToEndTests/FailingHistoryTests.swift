import Foundation
import Testing

@Suite("Histories of failing runs")
struct FailingHistoryTests {
  /// Runs `command` on a scenario of a known bug and gives the history that it leaves.
  private func history(
    _ command: String, variant: String = "CR-06", in folder: TestFolder
  ) throws -> String {
    try folder.write(
      "failing.json5",
      """
      { title: "A known bug", protocol: "chain", variant: "\(variant)",
        clients: { count: 3, operations: 8, keys: 1 }, check: ["linearizability"],
        faults: { crashes: 2, restarts: 2 }, run: { seeds: 300 } }
      """)
    // As it was found, with the crash that shrinking might find unnecessary.
    let outcome = try Tool.run(command, "failing.json5", "--no-shrink", in: folder)
    #expect(outcome.code == 1)
    let names = try folder.names("Reports/failures")
    #expect(names.count == 3)
    let name = try #require(names.first { $0.hasSuffix(".history.jsonl") })
    #expect(names.contains(name.replacing(".history.jsonl", with: ".json")))
    let path = "Reports/failures/" + name
    #expect(outcome.out.contains("history: crashproof check \(path)\n"))
    for report in ["results.json", "report.md", "report.txt", "junit.xml"] {
      #expect(try folder.read("Reports/" + report).contains(path), "\(report)")
    }
    return path
  }

  @Test("a violation of linearizability is one for check, in every format that can hold it")
  func violation() throws {
    let folder = try TestFolder()
    let path = try history("run", in: folder)
    let checked = try Tool.run("check", path, in: folder)
    #expect(checked.code == 1)
    #expect(checked.out.hasPrefix("FAIL  \(path): kv, "))
    #expect(try Tool.run("check", "Reports/failures", in: folder).out == checked.out)
    for format in ["edn", "kv-log", "linhist"] {
      let converted = try Tool.run(
        "check", path, "--convert", format, "--output", "other", in: folder)
      #expect(converted.code == 0, "\(converted.err)")
      #expect(try Tool.run("check", "other", in: folder).code == 1, "\(format)")
    }
    let text = try folder.read(path)
    let header = #"{"crashproof":"history","version":1,"model":"kv","initial":""}"#
    #expect(text.hasPrefix(header + "\n"))
    #expect(text.contains(#"{"order":["#))
  }

  @Test("an enumeration of crash points leaves one with the crash in it")
  func crashPoints() throws {
    let folder = try TestFolder()
    let path = try history("crashpoints", variant: "CR-05", in: folder)
    #expect(try folder.read(path).contains(#"{"remark":"s"#))
    #expect(try Tool.run("check", path, in: folder).code == 1)
    let results = try folder.json("Reports/results.json")
    let scenario = try #require((results["scenarios"] as? [[String: Any]])?.first)
    #expect(scenario["history"] as? String == path)
  }

  @Test("merged reports keep their histories")
  func merge() throws {
    let folder = try TestFolder()
    let path = try history("run", in: folder)
    let merged = try Tool.run("report", "merge", "Reports", "--report", "M", "--json", in: folder)
    let moved = path.replacing("Reports/", with: "M/")
    #expect(merged.out.contains("\"history\": \"\(moved)\""))
    #expect(try folder.read(moved) == folder.read(path))
  }
}

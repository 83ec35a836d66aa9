import Foundation
import Testing

@Suite("Runs beside an earlier one")
struct BaselineTests {
  private func list(_ document: [String: Any], _ key: String) throws -> [String] {
    let baseline = try #require(document["baseline"] as? [String: Any])
    return try #require(baseline[key] as? [String])
  }

  @Test("what is new, fixed, still failing, gone and not run")
  func differences() throws {
    let folder = try TestFolder()
    try folder.write("S/fixed.json5", Example.failing)
    try folder.write("S/broken.json5", Example.passing)
    try folder.write("S/bad.json5", Example.failing)
    try folder.write("S/gone.json5", Example.passing)
    try folder.write("S/skipped.json5", Example.passing)
    try folder.write(
      "S/cases.json5", #"{ protocol: "chain", run: { seeds: 5 }, cases: [{ case: "a" }] }"#)
    #expect(try Tool.run("run", "S", "--report", "old", in: folder).code == 1)
    try folder.write("S/fixed.json5", Example.passing)
    try folder.write("S/broken.json5", Example.failing)
    try folder.write("S/new.json5", Example.undecided)
    try folder.write(
      "S/cases.json5", #"{ protocol: "chain", run: { seeds: 5 }, cases: [{ case: "b" }] }"#)
    try FileManager.default.removeItem(atPath: folder.path + "/S/gone.json5")
    let operands = ["bad", "broken", "cases", "fixed", "new"].map { "S/\($0).json5" }
    let outcome = try Tool.run(
      ["run"] + operands + ["--baseline", "old/results.json"], in: folder)
    #expect(outcome.code == 1)
    #expect(
      outcome.out.contains(
        "\nagainst old/results.json: 2 new failures, 1 still failing, 1 fixed, 2 new scenarios, "))
    #expect(outcome.out.contains("\n  new failure: S/broken.json5\n  new failure: S/new.json5\n"))
    #expect(try folder.read("Reports/report.md").contains("## Against the baseline"))
    let document = try folder.json("Reports/results.json")
    #expect(try list(document, "newFailures") == ["S/broken.json5", "S/new.json5"])
    #expect(try list(document, "fixed") == ["S/fixed.json5"])
    #expect(try list(document, "stillFailing") == ["S/bad.json5"])
    #expect(try list(document, "newScenarios") == ["S/cases.json5#b", "S/new.json5"])
    #expect(try list(document, "gone") == ["S/cases.json5#a", "S/gone.json5"])
    #expect(try list(document, "notRun") == ["S/skipped.json5"])
  }

  @Test("a run beside itself differs in nothing, whatever its exit code")
  func itself() throws {
    let folder = try TestFolder()
    try folder.write("a.json5", Example.passing)
    #expect(try Tool.run("run", "a.json5", in: folder).code == 0)
    let again = try Tool.run("run", "a.json5", "--baseline", "Reports/results.json", in: folder)
    #expect(again.code == 0)
    #expect(again.out.contains("against Reports/results.json: no difference (1 scenario in both)"))
    let merged = try Tool.run(
      "report", "merge", "Reports", "--report", "M", "--baseline", "Reports/results.json",
      in: folder)
    #expect(merged.code == 0)
    #expect(merged.out.contains("against Reports/results.json: no difference (1 scenario in both)"))
  }

  @Test("a bad baseline is refused before anything runs")
  func badFile() throws {
    let folder = try TestFolder()
    try folder.write("a.json5", Example.passing)
    try folder.write("bad.json", #"{"version": 1, "scenarios": []}"#)
    let bad = try Tool.run("run", "a.json5", "--baseline", "bad.json", in: folder)
    #expect(bad.code == 65)
    #expect(bad.out.isEmpty)
    #expect(bad.err.hasPrefix("bad.json:1:13: error: expected a string for \"version\""))
    #expect(bad.err.hasSuffix("1 error; nothing was run\n"))
    #expect(!folder.exists("Reports"))
    #expect(try Tool.run("run", "a.json5", "--baseline", "none", in: folder).code == 66)
    #expect(try Tool.run("run", "a.json5", "--baseline", "", in: folder).code == 64)
  }
}

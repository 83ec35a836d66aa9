import Foundation
import Testing

@Suite("A limit of the time to recover")
struct RecoveryLimitTests {
  private func scenario(_ limit: String, _ more: String = "") -> String {
    """
    { title: "The head dies", protocol: "chain", faults: { crashes: 1, restarts: 1 },
      run: { seeds: 30, recoverWithin: "\(limit)" }, \(more) }
    """
  }

  private func recovery(_ folder: TestFolder, _ report: String) throws -> [String: Any] {
    let scenarios = try folder.json("\(report)/results.json")["scenarios"] as? [[String: Any]]
    return try #require(scenarios?.first?["recovery"] as? [String: Any])
  }

  @Test("a limit that the slowest seed keeps changes nothing but is told")
  func kept() throws {
    let folder = try TestFolder()
    try folder.write("a.json5", scenario("30s"))
    let outcome = try Tool.run("run", "a.json5", in: folder)
    #expect(outcome.code == 0)
    let recovery = try recovery(folder, "Reports")
    #expect(recovery["limitNanoseconds"] as? Int == 30_000_000_000)
    let longest = try #require(recovery["longestNanoseconds"] as? Int)
    let seed = try #require(recovery["seed"] as? Int)
    #expect(longest > 0 && (1...30).contains(seed))
    #expect(try folder.read("Reports/report.md").contains("ms in seed \(seed), of at most 30s |"))
    // That very time is no violation, a nanosecond less is.
    try folder.write("a.json5", scenario("\(longest)ns"))
    #expect(try Tool.run("run", "a.json5", in: folder).code == 0)
    try folder.write("a.json5", scenario("\(longest - 1)ns"))
    #expect(try Tool.run("run", "a.json5", in: folder).code == 1)
  }

  @Test("a limit that some seed breaks is a violation of progress, with a file that replays")
  func broken() throws {
    let folder = try TestFolder()
    try folder.write("a.json5", scenario("1ns"))
    let outcome = try Tool.run("run", "a.json5", in: folder)
    #expect(outcome.code == 1)
    let seed = try #require(try recovery(folder, "Reports")["seed"] as? Int)
    #expect(outcome.out.contains("violation of progress in seed \(seed) after "))
    let scenarios = try folder.json("Reports/results.json")["scenarios"] as? [[String: Any]]
    let message = scenarios?.first?["message"] as? String
    #expect(message?.hasPrefix("the slowest recovery of 30 seeds took ") == true)
    #expect(message?.hasSuffix("in seed \(seed): longer than recoverWithin, 1ns") == true)
    #expect(scenarios?.first?["runs"] as? Int == 30)
    let file = "Reports/failures/a-\(seed).json"
    let replay = try Tool.run("replay", file, in: folder)
    #expect(replay.code == 0)
    #expect(replay.out.hasPrefix("reproduced: violation of progress after "))
    let kept = try Tool.run("shrink", file, in: folder)
    #expect(kept.code == 0)
    #expect(
      kept.out.contains("how long a recovery takes says nothing once steps of it are left out"))
    // With a longer limit the same steps are no violation.
    let text = try folder.read(file)
    try folder.write(
      "longer.json",
      text.replacingOccurrences(of: #""recoverWithin": "1ns""#, with: #""recoverWithin": "9s""#))
    #expect(try Tool.run("replay", "longer.json", in: folder).code == 1)
    try folder.write("b.json5", scenario("1ns", #"expect: { violation: "progress" }"#))
    #expect(try Tool.run("run", "b.json5", in: folder).code == 0)
  }

  @Test("shards judge their own seeds, and the merged report has the slowest of all")
  func shards() throws {
    let folder = try TestFolder()
    try folder.write("a.json5", scenario("30s"))
    _ = try Tool.run("run", "a.json5", "--report", "whole", in: folder)
    for shard in 1...3 {
      _ = try Tool.run(
        ["run", "a.json5", "--shard", "\(shard)/3", "--report", "R\(shard)"], in: folder)
    }
    let words = ["report", "merge", "R1", "R2", "R3", "--report", "M"]
    #expect(try Tool.run(words, in: folder).code == 0)
    let whole = try recovery(folder, "whole")
    #expect(NSDictionary(dictionary: try recovery(folder, "M")) == NSDictionary(dictionary: whole))
  }
}

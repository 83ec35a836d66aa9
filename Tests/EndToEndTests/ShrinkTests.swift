import Foundation
import Testing

@Suite("crashproof shrink")
struct ShrinkTests {
  /// The head answers an update before the tail has it.
  static let failing = """
    { title: "The head answers", protocol: "chain", variant: "CR-05", servers: 2,
      clients: { count: 1, operations: 4, keys: 1, mix: { write: 1 } },
      faults: [{ request: 4, node: "head", label: "replied", crash: "head" }],
      check: ["linearizability"], run: { seeds: 50 } }
    """

  /// A folder with a failure as it was found, `f.json`.
  private func recorded() throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write("failing.json5", ShrinkTests.failing)
    #expect(try Tool.run("run", "failing.json5", "--no-shrink", in: folder).code == 1)
    try folder.write("f.json", try folder.read("Reports/failures/failing-1.json"))
    return folder
  }

  private func steps(_ folder: TestFolder, _ name: String) throws -> Int {
    try #require(try folder.json(name)["steps"] as? Int)
  }

  @Test("a smaller failure replays with its digest; what was said and written is pinned")
  func smaller() throws {
    let folder = try recorded()
    let outcome = try Tool.run("shrink", "f.json", in: folder)
    #expect(outcome.code == 0)
    #expect(outcome.err.isEmpty)
    #expect(try steps(folder, "f.shrunk.json") < steps(folder, "f.json") / 2)
    let replay = try Tool.run("replay", "f.shrunk.json", "--step", in: folder)
    #expect(replay.code == 0)
    let written = try #require(try folder.json("f.shrunk.json")["decisions"] as? [String])
    try expectSnapshot(
      outcome.out + "\n" + written.joined(separator: "\n") + "\n\n" + replay.out, "shrink.txt")
    let again = try Tool.run("shrink", "f.json", "--out", "other.json", in: folder)
    #expect(again.code == 0)
    #expect(
      try folder.read("other.json").replacing("other.json", with: "f.shrunk.json")
        == folder.read("f.shrunk.json"))
  }

  @Test("run shrinks what it finds, unless told not to; the JSON says from where")
  func inRun() throws {
    let folder = try recorded()
    let original = try steps(folder, "f.json")
    let outcome = try Tool.run("run", "failing.json5", in: folder)
    #expect(outcome.code == 1)
    let shrunk = try folder.json("Reports/failures/failing-1.json")
    let count = try #require(shrunk["steps"] as? Int)
    #expect(count < original / 2)
    #expect((shrunk["shrunk"] as? [String: Any])?["from"] as? Int == original)
    #expect(outcome.out.contains("after \(original) steps, shrunk to \(count)"))
    #expect(try Tool.run("replay", "Reports/failures/failing-1.json", in: folder).code == 0)
    let results = try folder.json("Reports/results.json")
    let scenario = try #require((results["scenarios"] as? [[String: Any]])?.first)
    #expect(scenario["stepsToFailure"] as? Int == original)
    #expect((scenario["shrunk"] as? [String: Any])?["steps"] as? Int == count)
    let few = try Tool.run("run", "failing.json5", "--replays", "3", in: folder)
    #expect(few.code == 1)
    let stopped = try folder.json("Reports/failures/failing-1.json")["shrunk"] as? [String: Any]
    #expect(stopped?["end"] as? String == "budget")
    #expect(stopped?["replays"] as? Int ?? 9 <= 3)
  }

  @Test("a spent budget is told and ends with 2; a JSON document says everything")
  func budget() throws {
    let folder = try recorded()
    let outcome = try Tool.run("shrink", "f.json", "--replays", "4", in: folder)
    #expect(outcome.code == 2)
    #expect(outcome.out.contains("4 replays, stopped at the budget, so perhaps not minimal"))
    let json = try Tool.run("shrink", "f.json", "--json", in: folder)
    #expect(json.code == 0)
    let answer = try object(json.out)
    #expect(answer["reproduced"] as? Bool == true)
    #expect(answer["end"] as? String == "minimal")
    #expect(answer["from"] as? Int == (try steps(folder, "f.json")))
    #expect(answer["steps"] as? Int == (try steps(folder, "f.shrunk.json")))
    #expect(
      answer["digest"] as? String == (try folder.json("f.shrunk.json")["digest"] as? String))
  }

  @Test("1 if it does not reproduce, 64, 65 and 66 for wrong usage and bad or missing files")
  func exitCodes() throws {
    let folder = try recorded()
    var failure = try folder.json("f.json")
    failure["decisions"] = Array((failure["decisions"] as? [String] ?? []).prefix(6))
    let data = try JSONSerialization.data(withJSONObject: failure, options: [.sortedKeys])
    try folder.write("short.json", Array(data))
    let outcome = try Tool.run("shrink", "short.json", in: folder)
    #expect(outcome.code == 1)
    #expect(outcome.out == "not reproduced: no check fails; nothing was written\n")
    #expect(!folder.exists("short.shrunk.json"))
    try folder.write("bad.json", "{}")
    for (arguments, code) in [
      (["shrink"], 64), (["shrink", "f.json", "f.json"], 64),
      (["shrink", "f.json", "--replays", "0"], 64), (["shrink", "bad.json"], 65),
      (["shrink", "none.json"], 66), (["shrink", "f.json", "--out", "no/folder.json"], 66),
    ] {
      #expect(try Tool.run(arguments, in: folder).code == Int32(code), "\(arguments)")
    }
  }

  @Test("a counterexample of a search stays as it is")
  func search() throws {
    let folder = try TestFolder()
    try folder.write(
      "search.json5",
      """
      { protocol: "chain", variant: "CR-05", servers: 2, clients: { count: 1 },
        script: [{ client: 1, put: "a", value: "1" }, { client: 1, get: "a" }],
        run: { mode: "explore" }, check: ["linearizability"] }
      """)
    #expect(try Tool.run("run", "search.json5", in: folder).code == 1)
    let path = "Reports/failures/search-1.json"
    #expect(try folder.json(path)["shrunk"] == nil)
    let outcome = try Tool.run("shrink", path, in: folder)
    #expect(outcome.code == 0)
    #expect(outcome.out.contains("within its bounds the search found nothing shorter"))
    #expect(!folder.exists("Reports/failures/search-1.shrunk.json"))
    #expect(
      try Tool.run("shrink", path, "--as-scenario", "--out", "s.json5", in: folder).code == 0)
    #expect(try Tool.run("run", "s.json5", in: folder).code == 0)
  }
}

@Suite("Schedules")
struct ScheduleTests {
  /// A folder with a failure as a scenario, `s.json5`.
  private func scheduled() throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write("failing.json5", ShrinkTests.failing)
    #expect(try Tool.run("run", "failing.json5", in: folder).code == 1)
    let path = "Reports/failures/failing-1.json"
    let outcome = try Tool.run(
      "shrink", path, "--as-scenario", "--out", "s.json5", in: folder)
    #expect(outcome.code == 0)
    return folder
  }

  @Test("a failure as a scenario runs, step by step, to the same digest")
  func asScenario() throws {
    let folder = try scheduled()
    let digest = try folder.json("Reports/failures/failing-1.json")["digest"] as? String
    try expectSnapshot(try folder.read("s.json5"), "shrink-as-scenario.json5")
    #expect(try Tool.run("run", "s.json5", in: folder).code == 0)
    #expect(try folder.json("Reports/failures/s-1.json")["digest"] as? String == digest)
    #expect(try Tool.run("replay", "Reports/failures/s-1.json", in: folder).code == 0)
  }

  @Test("other code diverges with what was expected and what was possible; --loose goes on")
  func diverged() throws {
    let folder = try scheduled()
    let text = try folder.read("s.json5")
    // The correct protocol refuses what the bug answers.
    try folder.write("t.json5", text.replacing("variant: \"CR-05\",", with: ""))
    let strict = try Tool.run("run", "t.json5", in: folder)
    let loose = try Tool.run("run", "t.json5", "--loose", in: folder)
    try folder.write("u.json5", text.replacing("\"invoke c1", with: "\"invoke c9"))
    #expect(try Tool.run("run", "u.json5", in: folder).code == 65)
    try expectSnapshot(
      "\(strict.code)\n\(strict.out)\n\(loose.code)\n\(loose.out)", "schedule-diverged.txt")
    #expect(strict.out.contains("diverged at step "))
    #expect(strict.out.contains("enabled were: "))
    #expect(loose.out.contains("skipped "))
  }

  @Test("replay says where it diverges, and --loose how many steps it skipped")
  func replay() throws {
    let folder = try TestFolder()
    try folder.write("failing.json5", ShrinkTests.failing)
    #expect(try Tool.run("run", "failing.json5", in: folder).code == 1)
    let text = try folder.read("Reports/failures/failing-1.json")
    try folder.write(
      "g.json", text.replacing("\"variant\": \"CR-05\"", with: "\"variant\": \"correct\""))
    let strict = try Tool.run("replay", "g.json", in: folder)
    let loose = try Tool.run("replay", "g.json", "--loose", in: folder)
    #expect(loose.code == 1)
    try expectSnapshot("\(strict.out)\n\(loose.out)", "replay-loose.txt")
    let same = try Tool.run(
      "replay", "Reports/failures/failing-1.json", "--loose", "--json", in: folder)
    #expect(same.code == 0)
    #expect((try object(same.out)["skipped"] as? [Int]) == [])
  }

  @Test("wrong schedules are refused with their places")
  func wrong() throws {
    let folder = try TestFolder()
    for (members, place, message) in [
      ("schedule: []", "1:32", "the schedule has no steps"),
      ("schedule: [\"jump s1\"]", "1:33", "step 1: \"jump\" is no action"),
      ("schedule: [\"start s9\"]", "1:33", "step 1: there is no node \"s9\" in this cluster"),
      ("schedule: [\"settle\", \"start s1\"]", "1:33", "step 1: \"settle\" can only be the last"),
      ("schedule: [1]", "1:33", "expected a string"),
      ("schedule: [\"start s1\"], faults: []", "1:46", "faults and schedule exclude each other"),
      (
        "schedule: [\"start s1\"], run: { seeds: 3 }", "1:53",
        "run.seeds and schedule exclude each other"
      ),
      (
        "schedule: [\"start s1\"], run: { mode: \"explore\" }", "1:59",
        "a schedule runs in mode simulate"
      ),
      ("run: { openDisks: true }", "1:29", "run.openDisks is for a schedule"),
    ] {
      try folder.write("w.json5", "{ protocol: \"chain\", \(members) }")
      let outcome = try Tool.run("run", "w.json5", in: folder)
      #expect(outcome.code == 65, "\(members)")
      #expect(
        outcome.err.hasPrefix("w.json5:\(place): error: \(message)"), "\(members): \(outcome.err)")
    }
  }
}

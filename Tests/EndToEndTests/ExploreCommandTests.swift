import Foundation
import Testing

@Suite("Searches from the command line")
struct ExploreCommandTests {
  private func folder(
    _ run: String = "crashes: 1", _ more: String = "", name: String = "a.json5"
  ) throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write(
      name,
      """
      { protocol: "chain", servers: 2, clients: { count: 1 },
        script: [{ client: 1, put: "k", value: "v" }, { client: 1, get: "k" }],
        run: { mode: "explore", \(run) }, \(more) }
      """)
    return folder
  }

  private static let bug = "variant: \"CR-05\""

  @Test("the certificate says what was searched, what not, and what it came to")
  func certificate() throws {
    let outcome = try Tool.run(
      "explore", "a.json5", "--confirm", "--verify", "3", "--jobs", "1", in: try folder())
    #expect(outcome.code == 0)
    // How often the search looks something up is its own affair.
    let lines = outcome.out.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.contains("memoised steps") }
    try expectSnapshot(lines.joined(separator: "\n"), "explore.txt")
  }

  @Test("the document has the keys of the contract, and threads and storage do not change it")
  func document() throws {
    let folder = try folder()
    var known: NSDictionary?
    for more in [["--jobs", "1"], ["--jobs", "2"], ["--jobs", "2", "--fingerprints"]] {
      let outcome = try Tool.run(["explore", "a.json5", "--json"] + more, in: folder)
      #expect(outcome.code == 0)
      var answer = try object(outcome.out)
      #expect(answer["file"] as? String == "a.json5")
      #expect(answer["verdict"] as? String == "pass")
      #expect(answer["exhausted"] as? Bool == true)
      #expect(answer["failure"] is NSNull)
      #expect((answer["levels"] as? [Int])?.count == answer["depth"] as? Int)
      // How a search remembers, and how often it looks something up, is its own affair.
      answer["certificate"] = nil
      let found = answer as NSDictionary
      if let known { #expect(found == known) }
      known = found
    }
  }

  @Test("a violation leaves the shortest trace, which replays and names what each step changed")
  func violation() throws {
    let folder = try folder("crashes: 1", Self.bug)
    let found = try Tool.run("explore", "a.json5", in: folder)
    #expect(found.code == 1)
    #expect(found.out.contains("the shortest way there:"))
    #expect(found.out.contains("replay: crashproof replay Reports/failures/a-1.json"))
    #expect(folder.exists("Reports/failures/a-1.history.jsonl"))
    let replay = try Tool.run(
      "replay", "Reports/failures/a-1.json", "--step", "--changes", in: folder)
    #expect(replay.code == 0)
    #expect(replay.out.contains("\nreproduced: violation of "))
    #expect(replay.out.contains("changed: memory of c1, timers of c1, channel c1->s1\n"))
    let plain = try Tool.run("replay", "Reports/failures/a-1.json", "--step", in: folder)
    #expect(!plain.out.contains("changed: "))
  }

  @Test("a violation that the scenario expects is no failure, a pass then is one")
  func expectation() throws {
    let expecting = Self.bug + ", expect: { violation: \"split-brain\" }"
    #expect(try Tool.run("explore", "a.json5", in: try folder("", expecting)).code == 0)
    let missing = "expect: { violation: \"split-brain\" }"
    #expect(try Tool.run("explore", "a.json5", in: try folder("crashes: 0", missing)).code == 1)
  }

  @Test("a spent budget is undecided, with a report", arguments: ["--states", "--memory"])
  func budget(option: String) throws {
    let folder = try folder(
      "crashes: 1, restarts: 1, retries: 20, losses: 9",
      """
      assume: { network: ["fifo", "lossy"] }
      """)
    let outcome = try Tool.run("explore", "a.json5", option, "16", "--json", in: folder)
    #expect(outcome.code == 2)
    let answer = try object(outcome.out)
    #expect(answer["verdict"] as? String == "undecided")
    #expect(answer["exhausted"] as? Bool == false)
    for name in ["results.json", "report.md", "report.txt", "junit.xml"] {
      #expect(folder.exists("Reports/" + name))
    }
  }

  @Test("counts that are pinned must not change, unless the call changes the bounds")
  func pins() throws {
    let folder = try folder("crashes: 1, counts: { states: 3 }")
    let outcome = try Tool.run("explore", "a.json5", in: folder)
    #expect(outcome.code == 1)
    #expect(outcome.out.contains("states where the scenario pins 3"))
    #expect(try Tool.run("run", "a.json5", in: folder).code == 1)
    #expect(try Tool.run("explore", "a.json5", "--crashes", "0", in: folder).code == 0)
  }

  @Test("what must be reached and is not fails a search and a campaign")
  func reach() throws {
    let never = "reach: [\"server receives Forward\", \"server receives Copy\"]"
    let search = try Tool.run("explore", "a.json5", in: try folder(never))
    #expect(search.code == 1)
    #expect(search.out.contains("never reached: server receives Copy"))
    let folder = try TestFolder()
    try folder.write("b.json5", "{ protocol: \"chain\", run: { seeds: 3, \(never) } }")
    let campaign = try Tool.run("run", "b.json5", in: folder)
    #expect(campaign.code == 1)
    #expect(campaign.out.contains("never reached: server receives Copy"))
    try folder.write(
      "c.json5", "{ protocol: \"chain\", run: { seeds: 3, reach: [\"replied\"] } }")
    #expect(try Tool.run("run", "c.json5", in: folder).code == 0)
  }

  @Test("coverage of a campaign is a table in its report")
  func coverage() throws {
    let folder = try TestFolder()
    try folder.write("b.json5", "{ protocol: \"chain\", run: { seeds: 3 } }")
    let outcome = try Tool.run("run", "b.json5", "--coverage", in: folder)
    #expect(outcome.code == 0)
    #expect(outcome.out.contains("reached: "))
    #expect(try folder.read("Reports/report.md").contains("## Coverage of `b.json5`"))
    let results = try folder.json("Reports/results.json")
    let scenario = (results["scenarios"] as? [[String: Any]])?.first
    #expect((scenario?["coverage"] as? [[String: Any]])?.isEmpty == false)
  }

  @Test("Ctrl-C ends a search undecided, with a report")
  func interrupted() throws {
    let folder = try folder(
      "crashes: 1, restarts: 1, retries: 50, losses: 50",
      """
      assume: { network: ["fifo", "lossy"] }
      """)
    try folder.write("z.json5", try folder.read("a.json5"))
    let tool = try RunningTool(["explore", "a.json5", "z.json5"], in: folder)
    while !folder.exists("Reports/.generations/lock") { usleep(10_000) }
    usleep(500_000)
    tool.send(SIGINT)
    let outcome = try tool.wait()
    #expect(outcome.code == 2)
    #expect(outcome.out.contains("the search was interrupted after "))
    let results = try folder.json("Reports/results.json")
    #expect(results["interrupted"] as? Bool == true)
    #expect((results["scenarios"] as? [[String: Any]])?.count == 1)
  }
}

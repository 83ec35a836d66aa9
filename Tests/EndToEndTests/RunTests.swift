import Foundation
import Testing

@Suite("crashproof run")
struct RunTests {
  @Test("exit codes: 0 as expected, 1 unexpected, 2 undecided and nothing failed")
  func exitCodes() throws {
    let folder = try TestFolder()
    try folder.write("pass.json5", Example.passing)
    try folder.write("caught.json5", Example.caught)
    try folder.write("failing.json5", Example.failing)
    try folder.write("undecided.json5", Example.undecided)
    for (files, code) in [
      (["pass", "caught"], 0), (["pass", "failing"], 1), (["failing", "undecided"], 1),
      (["pass", "undecided"], 2),
    ] {
      let outcome = try Tool.run(["run"] + files.map { $0 + ".json5" }, in: folder)
      #expect(outcome.code == Int32(code), "\(files)")
      #expect(outcome.err.isEmpty)
      #expect(outcome.out.hasSuffix("reports in Reports\n"))
    }
  }

  @Test("a violation is told with the command that replays it")
  func violation() throws {
    let folder = try TestFolder()
    try folder.write("failing.json5", Example.failing)
    let outcome = try Tool.run("run", "failing.json5", "--report", "R", in: folder)
    #expect(outcome.code == 1)
    let command = "crashproof replay R/failures/failing-1.json"
    #expect(outcome.out.contains(command))
    for name in ["report.txt", "report.md"] {
      #expect(try folder.read("R/" + name).contains(command), "\(name)")
    }
    #expect(try folder.json("R/failures/failing-1.json")["command"] as? String == command)
    #expect(try folder.names("R").contains("junit.xml"))
  }

  @Test("--json prints the document of the contract and nothing else")
  func json() throws {
    let folder = try TestFolder()
    try folder.write("a.json5", Example.passing)
    try folder.write("b.json5", Example.failing)
    try folder.write("c.json5", Example.undecided)
    let outcome = try Tool.run("run", "a.json5", "b.json5", "c.json5", "--json", in: folder)
    #expect(outcome.code == 1)
    let document = try object(outcome.out)
    #expect(document["asExpected"] as? Int == 1)
    #expect(document["unexpected"] as? Int == 1)
    #expect(document["undecided"] as? Int == 1)
    #expect(document["wallSeconds"] == nil)
    let scenarios = try #require(document["scenarios"] as? [[String: Any]])
    #expect(scenarios.map { $0["file"] as? String } == ["a.json5", "b.json5", "c.json5"])
    #expect(scenarios.map { $0["verdict"] as? String } == ["pass", "violation", "undecided"])
    #expect(scenarios.map { $0["asExpected"] as? Bool } == [true, false, false])
    #expect(scenarios.map { $0["failure"] is NSNull } == [true, false, true])
    #expect(scenarios.map { $0["check"] is NSNull } == [true, false, true])
    #expect(scenarios.map { $0["runs"] as? Int } == [30, 1, 3])
    for scenario in scenarios {
      #expect(scenario["protocol"] as? String == "chain")
      #expect(scenario["mode"] as? String == "simulate")
      #expect(scenario["title"] is String)
      #expect(scenario["steps"] is Int)
      #expect(scenario["withinAssumptions"] as? Bool == true)
    }
    var recorded = try folder.json("Reports/results.json")
    #expect((recorded.removeValue(forKey: "wallSeconds") as? [Double])?.count == 3)
    #expect(NSDictionary(dictionary: recorded) == NSDictionary(dictionary: document))
  }

  @Test("--quiet tells what is unexpected; --verbose the scenario with its defaults")
  func detail() throws {
    let folder = try TestFolder()
    try folder.write("good.json5", Example.passing)
    try folder.write("bad.json5", Example.failing)
    let quiet = try Tool.run("run", "good.json5", "bad.json5", "--quiet", in: folder)
    #expect(!quiet.out.contains("ok    good.json5"))
    #expect(quiet.out.contains("bad.json5"))
    let verbose = try Tool.run("run", "good.json5", "--verbose", in: folder)
    #expect(verbose.out.contains("// good.json5\n{"))
    for key in ["servers: 3", "variant: \"correct\"", "healWithin: \"30s\"", "operations: 6"] {
      #expect(verbose.out.contains(key), "\(key)")
    }
  }

  @Test("--filter takes scenarios by path or title; --seed and --seeds replace the file's")
  func selection() throws {
    let folder = try TestFolder()
    try folder.write("S/good.json5", Example.passing)
    try folder.write("S/sub/bad.json5", Example.failing)
    try folder.write("S/long/never.json5", Example.failing)
    try folder.write("S/.hidden/never.json5", Example.failing)
    func files(_ options: String...) throws -> [String] {
      let outcome = try Tool.run(["run", "S", "--json"] + options, in: folder)
      let scenarios = try object(outcome.out)["scenarios"] as? [[String: Any]] ?? []
      return scenarios.compactMap { $0["file"] as? String }
    }
    #expect(try files() == ["S/good.json5", "S/sub/bad.json5"])
    #expect(try files("--filter", "sub/") == ["S/sub/bad.json5"])
    #expect(try files("--filter", "All is") == ["S/good.json5"])
    #expect(try Tool.run("run", "S", "--filter", "nothing", in: folder).code == 64)
    #expect(try Tool.run("run", "S/long", in: folder).code == 1)
    let outcome = try Tool.run(
      "run", "S/good.json5", "--seed", "9223372036854775800", "--seeds", "20", "--json",
      in: folder)
    let scenarios = try object(outcome.out)["scenarios"] as? [[String: Any]] ?? []
    #expect(scenarios.first?["runs"] as? Int == 20)
  }

  @Test("--format chooses the files, and what an earlier run left of others goes")
  func formats() throws {
    let folder = try TestFolder()
    try folder.write("a.json5", Example.passing)
    _ = try Tool.run("run", "a.json5", in: folder)
    _ = try Tool.run("run", "a.json5", "--format", "json,markdown", in: folder)
    let names = try folder.names("Reports").filter { !$0.hasPrefix(".") && $0 != "current" }
    #expect(names == ["report.md", "results.json"])
  }

  @Test("without HOME, without anything in the environment, with many jobs")
  func bareEnvironment() throws {
    let folder = try TestFolder()
    try folder.write("a.json5", Example.passing)
    #expect(try Tool.run("run", "a.json5", "--jobs", "64", in: folder).code == 0)
  }

  @Test("a folder that leads back into itself is read once")
  func loop() throws {
    let folder = try TestFolder()
    try folder.write("S/a.json5", Example.passing)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/S/again", withDestinationPath: "../S")
    let outcome = try Tool.run("run", "S", "--json", in: folder)
    #expect((try object(outcome.out)["scenarios"] as? [Any])?.count == 1)
  }

  @Test(
    "a report folder that cannot be used is refused before anything runs",
    arguments: ["a.json5", "a.json5/x", "/dev/null", "/proc/none", "link"])
  func badReportFolder(name: String) throws {
    let folder = try TestFolder()
    try folder.write("a.json5", Example.passing)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link", withDestinationPath: "nowhere")
    let outcome = try Tool.run("run", "a.json5", "--report", name, in: folder)
    #expect(outcome.code == 66)
    #expect(outcome.out.isEmpty)
    #expect(outcome.err.hasPrefix("crashproof: "))
  }

  @Test(
    "report folders of every shape of name",
    arguments: ["R", "./R", "R/", "a/b/c", "a//b", "é"])
  func reportFolderNames(name: String) throws {
    let folder = try TestFolder()
    try folder.write("a.json5", Example.passing)
    let outcome = try Tool.run("run", "a.json5", "--report", name, in: folder)
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect(folder.exists(name + "/results.json"))
  }

  @Test("a run in CI verifies determinism by itself")
  func continuousIntegration() throws {
    let folder = try TestFolder()
    try folder.write("a.json5", Example.passing)
    let outcome = try Tool.run(["run", "a.json5"], in: folder, environment: ["CI": "true"])
    #expect(outcome.code == 0)
    #expect(outcome.err.isEmpty)
  }
}

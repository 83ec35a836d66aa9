import Foundation
import Testing

@Suite("Help, versions and wrong usage")
struct HelpTests {
  static let commands = [
    "run", "replay", "crashpoints", "check", "list", "new", "schema", "disk", "report", "benchmark",
    "explore", "mutate", "shrink",
  ]

  @Test("the overview names every command")
  func overview() throws {
    let folder = try TestFolder()
    let outcome = try Tool.run("--help", in: folder)
    #expect(outcome.code == 0)
    #expect(outcome.err.isEmpty)
    try expectSnapshot(outcome.out, "help.txt")
    #expect(try Tool.run(in: folder).out == outcome.out)
    #expect(try Tool.run("help", in: folder).out == outcome.out)
    for command in Self.commands { #expect(outcome.out.contains("\n  \(command) ")) }
  }

  @Test("every command explains itself", arguments: commands)
  func help(command: String) throws {
    let folder = try TestFolder()
    let outcome = try Tool.run(command, "--help", in: folder)
    #expect(outcome.code == 0)
    #expect(outcome.err.isEmpty)
    try expectSnapshot(outcome.out, "help-\(command).txt")
    #expect(try Tool.run("help", command, in: folder).out == outcome.out)
    #expect(outcome.out.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("the version, of the tool and of every command")
  func version() throws {
    let folder = try TestFolder()
    let outcome = try Tool.run("--version", in: folder)
    #expect(outcome.out.wholeMatch(of: /crashproof [0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
    for command in Self.commands {
      #expect(try Tool.run(command, "--version", in: folder).out == outcome.out)
    }
  }

  @Test(
    "wrong usage ends with 64, a word about it, and nothing on stdout",
    arguments: [
      (["rnu"], #"unknown command "rnu"; did you mean run?"#),
      (["explode"], #"unknown command "explode""#),
      (["explore"], "explore needs scenario files"),
      (["run", "--sed", "3"], #"unknown option "--sed" of crashproof run; did you mean --seed?"#),
      (["run", "-q"], #"unknown option "-q""#),
      (["run", "--seeds"], "--seeds needs a value: --seeds N"),
      (["run", "--seeds="], "--seeds needs a value for N"),
      (["run", "--seeds", "0"], #"--seeds needs a whole number from 1 to 100000000, not "0""#),
      (["run", "--seed", "-1"], #"--seed needs a whole number of at least 0, not "-1""#),
      (["run", "--jobs", "x"], #"--jobs needs a whole number from 1 to 1024, not "x""#),
      (["run", "--quiet=yes"], "--quiet takes no value"),
      (["run", "--shard", "3/2"], "--shard needs I/N with 1 <= I <= N"),
      (["run", "--shard", "1/1/1"], "--shard needs I/N with 1 <= I <= N"),
      (["run", "--format", "jsno"], #"unknown report format "jsno""#),
      (["replay"], "replay needs one failure file"),
      (["replay", "a", "b"], "replay needs one failure file"),
      (["list", "protocol"], #"unknown topic "protocol""#),
      (["list", "bugs", "checks"], "list takes one topic at most"),
      (["new"], "new needs the path of the file to write"),
      (["new", "x.json5", "--protocol", "chian"], "did you mean chain?"),
      (["schema", "x"], "schema takes no arguments"),
      (["report"], "report needs: merge DIR..."),
      (["report", "merge"], "report needs: merge DIR..."),
      (["benchmark"], "benchmark needs one of: simulate, explore, check, disk"),
    ])
  func usage(arguments: [String], message: String) throws {
    let folder = try TestFolder()
    let outcome = try Tool.run(arguments, in: folder)
    #expect(outcome.code == 64)
    #expect(outcome.out.isEmpty)
    #expect(outcome.err.hasPrefix("crashproof: "))
    #expect(outcome.err.contains(message), "\(outcome.err)")
    #expect(outcome.err.hasSuffix("--help tells more\n"))
    #expect(try folder.names(".").isEmpty)
  }

  @Test(
    "a file that is not there ends with 66",
    arguments: [
      ["run", "nowhere.json5"], ["run"], ["replay", "nowhere.json"],
      ["report", "merge", "nowhere"],
      ["list", "scenarios"], ["replay", "."],
    ])
  func missing(arguments: [String]) throws {
    let folder = try TestFolder()
    let outcome = try Tool.run(arguments, in: folder)
    #expect(outcome.code == 66)
    #expect(outcome.out.isEmpty)
    #expect(outcome.err.hasPrefix("crashproof: "))
    #expect(try folder.names(".").isEmpty)
  }
}

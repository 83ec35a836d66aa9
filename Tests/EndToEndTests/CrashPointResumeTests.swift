import Foundation
import Testing

@Suite("Enumerations of crash points that are killed", .serialized)
struct CrashPointResumeTests {
  private static let formats = ["results.json", "report.txt", "report.md", "junit.xml"]
  private static let progress = "Reports/unfinished/two.progress"

  private static let scenario = """
    {
      protocol: "two-node-store", clients: { count: 1 },
      script: [{ client: 1, write: 0, count: 1, value: "x" }],
      assume: { disk: "paper-default/4096" }, run: { mode: "crashpoints", seeds: 2 },
    }
    """

  private func folder(_ scenario: String = Self.scenario) throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write("two.json5", scenario)
    return folder
  }

  /// Every file of the report by name, wall times left out.
  private func report(_ folder: TestFolder) throws -> [String: String] {
    var files: [String: String] = [:]
    for name in Self.formats {
      var text = try folder.read("Reports/" + name)
      if let times = text.range(of: "\"wallSeconds\"") {
        text = String(text[..<times.lowerBound])
      }
      files[name] = text
    }
    if folder.exists("Reports/failures") {
      for name in try folder.names("Reports/failures") {
        files[name] = try folder.read("Reports/failures/" + name)
      }
    }
    return files
  }

  /// Starts an enumeration and kills it as soon as its progress has been written so often.
  private func kill(_ arguments: [String], in folder: TestFolder, after writes: Int) throws -> Bool
  {
    let tool = try RunningTool(arguments, in: folder)
    var seen: Set<Int> = []
    let end = Date().addingTimeInterval(60)
    while seen.count < writes, Date() < end {
      let path = folder.path + "/" + Self.progress
      if let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int {
        seen.insert(size)
      }
      var status: Int32 = 0
      if waitpid(tool.id, &status, WNOHANG) != 0 { return false }
      usleep(1_000)
    }
    tool.send(SIGKILL)
    return try tool.wait().code == 128 + SIGKILL
  }

  @Test(
    "killed at several points and resumed, it writes the same bytes",
    arguments: [
      ["--jobs", "1"], ["--jobs", "2", "--seeds", "3", "--shard", "2/3"],
    ])
  func killed(options: [String]) throws {
    let untouched = try folder()
    let arguments = ["crashpoints", "two.json5"] + options
    let whole = try Tool.run(arguments, in: untouched)
    #expect(whole.code == 0, "\(whole.err)")
    let expected = try report(untouched)
    let interrupted = try folder()
    #expect(try kill(arguments, in: interrupted, after: 1))
    #expect(!interrupted.exists("Reports/results.json"))
    // A second time, going on from the first.
    if try kill(arguments + ["--resume"], in: interrupted, after: 2) {
      #expect(interrupted.exists(Self.progress))
    }
    let resumed = try Tool.run(arguments + ["--resume"], in: interrupted)
    #expect(resumed.code == 0)
    #expect(resumed.out == whole.out)
    #expect(resumed.err.contains("two.json5: going on after "))
    #expect(try report(interrupted) == expected)
    #expect(!interrupted.exists("Reports/unfinished"))
  }

  @Test("a violation that was found before the kill is in the resumed report, and replays")
  func violation() throws {
    let bug = Self.scenario.replacingOccurrences(
      of: "run: {", with: #"variant: "BS-09", expect: { violation: "durability" }, run: {"#)
    let untouched = try folder(bug)
    let arguments = ["run", "two.json5", "--jobs", "2"]
    let whole = try Tool.run(arguments, in: untouched)
    #expect(whole.code == 0, "\(whole.out)")
    let interrupted = try folder(bug)
    #expect(try kill(arguments, in: interrupted, after: 1))
    let resumed = try Tool.run(arguments + ["--resume"], in: interrupted)
    #expect(resumed.code == 0)
    #expect(resumed.err.contains("going on after "))
    #expect(try report(interrupted) == report(untouched))
    let failure = try #require(
      interrupted.names("Reports/failures").first { $0.hasSuffix(".json") })
    let replay = try Tool.run("replay", "Reports/failures/\(failure)", in: interrupted)
    #expect(replay.code == 0)
    #expect(replay.out.hasPrefix("reproduced: "))
  }

  @Test("Ctrl-C keeps what was found; other options, another scenario and damage are refused")
  func refused() throws {
    let folder = try folder()
    let arguments = ["crashpoints", "two.json5"]
    let tool = try RunningTool(arguments, in: folder)
    while !folder.exists(Self.progress) { usleep(1_000) }
    tool.send(SIGINT)
    let outcome = try tool.wait()
    #expect(outcome.code == 2)
    #expect(outcome.out.contains("crash points; --resume goes on from there"))
    let results = try folder.json("Reports/results.json")
    #expect(results["interrupted"] as? Bool == true)
    let kept = try folder.read(Self.progress)
    func expectRefusal(_ options: [String], _ message: String) throws {
      let refused = try Tool.run(arguments + options + ["--resume"], in: folder)
      #expect(refused.code == 65, "\(refused.err)")
      #expect(refused.err.contains(message))
      #expect(refused.err.contains("help: without --resume the enumeration starts again"))
      #expect(try folder.json("Reports/results.json")["interrupted"] as? Bool == true)
    }
    let other = "this is the progress of another enumeration: "
    try expectRefusal(
      ["--seed", "7"], other + "it was made with seeds 2 from 1, and now it is 2 from 7")
    try expectRefusal(["--label", "1.1"], other + "it was made with points all, and now it is 1.1")
    try expectRefusal(["--shard", "1/2"], other + "it was made with shard 1/1, and now it is 1/2")
    try expectRefusal(["--depth", "2"], other + "it was made with depth 1, and now it is 2")
    try folder.write("two.json5", Self.scenario.replacingOccurrences(of: #""x""#, with: #""y""#))
    try expectRefusal([], other + "the scenario has changed since")
    try folder.write("two.json5", Self.scenario)
    try folder.write(Self.progress, String(kept.dropLast(30)))
    try expectRefusal([], "Reports/unfinished/two.progress:")
    try folder.write(Self.progress, kept.replacingOccurrences(of: " pass 1 ", with: " pass 2 "))
    try expectRefusal([], "the file is damaged: its checksum is another")
    try folder.write(Self.progress, kept)
    #expect(try Tool.run(arguments + ["--resume"], in: folder).code == 0)
    let again = try Tool.run(arguments + ["--resume"], in: folder)
    #expect(again.code == 0)
    #expect(again.err.contains("nothing to go on from, so it starts at the beginning"))
  }
}

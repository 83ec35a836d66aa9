import Foundation
import Testing

@Suite("crashproof replay")
struct ReplayTests {
  /// A folder with a recorded failure, `f.json`.
  private func recorded() throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write("failing.json5", Example.failing)
    #expect(try Tool.run("run", "failing.json5", "--no-shrink", in: folder).code == 1)
    try folder.write("f.json", try folder.read("Reports/failures/failing-1.json"))
    return folder
  }

  private func write(_ failure: [String: Any], _ folder: TestFolder) throws {
    let data = try JSONSerialization.data(withJSONObject: failure, options: [.sortedKeys])
    try folder.write("g.json", Array(data))
  }

  @Test("another process comes to the same digest")
  func reproduced() throws {
    let folder = try recorded()
    let failure = try folder.json("f.json")
    let outcome = try Tool.run("replay", "f.json", "--json", in: folder)
    #expect(outcome.code == 0)
    let answer = try object(outcome.out)
    #expect(answer["reproduced"] as? Bool == true)
    #expect(answer["digest"] as? String == failure["digest"] as? String)
    #expect(answer["steps"] as? Int == failure["steps"] as? Int)
    #expect(answer["divergedAt"] is NSNull)
    let told = try Tool.run("replay", "f.json", in: folder)
    #expect(told.out.hasPrefix("reproduced: violation of split-brain after "))
  }

  @Test("--step tells every step, --until stops, --last shortens")
  func stepping() throws {
    let folder = try recorded()
    let steps = try #require(try folder.json("f.json")["steps"] as? Int)
    let all = try Tool.run("replay", "f.json", "--step", in: folder)
    let lines = all.out.split(separator: "\n")
    #expect(lines.count == steps + 2)
    let some = try Tool.run("replay", "f.json", "--step", "--until", "5", in: folder)
    #expect(some.code == 0)
    let someLines = some.out.split(separator: "\n")
    #expect(Array(someLines.dropLast()) == Array(lines.prefix(5)))
    #expect(someLines.last?.hasPrefix("5 steps done, digest ") == true)
    let last = try Tool.run("replay", "f.json", "--step", "--last", "3", in: folder)
    #expect(last.out.split(separator: "\n").count == 5)
    #expect(try Tool.run("replay", "f.json", "--until", "0", in: folder).code == 0)
    #expect(try Tool.run("replay", "f.json", "--until", "\(Int.max)", in: folder).code == 0)
  }

  @Test("a tampered step diverges there, and nothing else is said")
  func diverged() throws {
    let folder = try recorded()
    var failure = try folder.json("f.json")
    let decisions = try #require(failure["decisions"] as? [String])
    for (index, decision) in decisions.enumerated() where decision.contains(" deliver ") {
      var changed = decisions
      let words = decision.split(separator: " ")
      changed[index] = (words.prefix(4) + ["99999"]).joined(separator: " ")
      failure["decisions"] = changed
      try write(failure, folder)
      let outcome = try Tool.run("replay", "g.json", in: folder)
      #expect(outcome.code == 1)
      #expect(outcome.out.hasPrefix("diverged at step \(index + 1): "))
      let json = try Tool.run("replay", "g.json", "--json", in: folder)
      #expect(json.code == 1)
      #expect(try object(json.out)["divergedAt"] as? Int == index + 1)
      #expect(try object(json.out)["reproduced"] as? Bool == false)
    }
  }

  @Test("hostile decisions diverge or are refused; none traps")
  func hostileDecisions() throws {
    let folder = try recorded()
    var failure = try folder.json("f.json")
    let decisions = try #require(failure["decisions"] as? [String])
    let time = decisions[6].split(separator: " ")[0]
    for (line, code) in [
      ("\(time) start c1", 1), ("\(time) start s1", 1), ("\(time) heal s1 s2", 1),
      ("\(time) cut s1 s1", 1), ("\(time) heal s1 s1", 1), ("\(time) deliver s1 s1 0", 1),
      ("\(time) lose s1 s1 0", 1), ("\(time) duplicate c1 c1 1", 1), ("\(time) report s1", 1),
      ("\(time) resume s1 -1", 1), ("\(time) fire master pace 3", 1), ("0 start s1", 1),
      ("\(time) writeback s1", 1), ("9223372036854775807 blackout", 1),
      ("9223372036854775807 invoke c1 put 1000000 %", 1), ("\(time) invoke c1 read 0 2", 1),
      ("\(time) die s1 powerLoss", 1), ("\(time) die s1 process choose 7,7,7", 1),
      ("\(time) die c1 process", 65), ("-1 blackout", 65), ("", 65), ("\(time)", 65),
      ("\(time) jump s1", 65), ("\(time) deliver s1 s99 1", 65), ("\(time) blackout now", 65),
      ("\(time) invoke c1 put 0 %zz", 65), ("\(time) deliver s1 s2 99999999999", 65),
      ("\(time) blackout choose ,", 65), ("\(time) blackout crash process -1", 65),
    ] {
      var changed = decisions
      changed[6] = line
      failure["decisions"] = changed
      try write(failure, folder)
      let outcome = try Tool.run("replay", "g.json", "--step", in: folder)
      #expect(outcome.code == Int32(code), "\(line): \(outcome.out.suffix(200))\(outcome.err)")
      if code == 65 { #expect(outcome.err.contains("error: decision 7: "), "\(line)") }
    }
  }

  @Test("fewer decisions, another digest or another check are not reproduced")
  func notReproduced() throws {
    let folder = try recorded()
    let failure = try folder.json("f.json")
    let decisions = try #require(failure["decisions"] as? [String])
    for (key, value): (String, Any) in [
      ("decisions", Array(decisions.dropLast())), ("decisions", [String]()),
      ("digest", "0123456789abcdef"), ("check", "convergence"),
    ] {
      var changed = failure
      changed[key] = value
      try write(changed, folder)
      let outcome = try Tool.run("replay", "g.json", in: folder)
      #expect(outcome.code == 1, "\(key)")
      #expect(outcome.out.hasPrefix("not reproduced: "), "\(outcome.out)")
    }
  }

  @Test("malformed failure files are refused with their places")
  func malformed() throws {
    let folder = try recorded()
    let failure = try folder.json("f.json")
    for (key, value): (String, Any) in [
      ("format", "crashproof-results"), ("version", 2), ("seed", -1), ("seed", "1"),
      ("check", "nothing"), ("digest", "xyz"), ("digest", ""), ("steps", 1.5),
      ("decisions", "none"), ("decisions", [1]), ("extra", true), ("scenario", [Int]()),
      ("scenario", ["protocol": "none"]),
    ] {
      var changed = failure
      changed[key] = value
      try write(changed, folder)
      let outcome = try Tool.run("replay", "g.json", in: folder)
      #expect(outcome.code == 65, "\(key)")
      #expect(outcome.err.hasPrefix("g.json:1:"), "\(outcome.err)")
    }
    for key in failure.keys where !["scenarioFile", "message", "command"].contains(key) {
      var changed = failure
      changed[key] = nil
      try write(changed, folder)
      #expect(try Tool.run("replay", "g.json", in: folder).code == 65, "without \(key)")
    }
  }
}

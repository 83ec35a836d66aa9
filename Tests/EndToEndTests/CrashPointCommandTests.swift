import Foundation
import Testing

@Suite("Crash points from the command line")
struct CrashPointCommandTests {
  static let scenario = """
    {
      protocol: "two-node-store", clients: { count: 1 },
      script: [{ client: 1, write: 0, count: 1, value: "x" }], VARIANT
    }
    """

  private func folder(_ variant: String = "") throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write(
      "one.json5", Self.scenario.replacingOccurrences(of: "VARIANT", with: variant))
    return folder
  }

  @Test("a label that the protocol does not have is wrong usage, not a pass of nothing")
  func unknownLabel() throws {
    let outcome = try Tool.run("crashpoints", "one.json5", "--label", "9.9", in: try folder())
    #expect(outcome.code == 64)
    #expect(outcome.err.contains(#"two-node-store has no crash point "9.9"; known: 1.1, 1.2, 2.1"#))
    let near = try Tool.run("crashpoints", "one.json5", "--label", "2.4", in: try folder())
    #expect(near.code == 64)
    #expect(near.err.contains(#"log replaced; did you mean "2.1"?"#))
  }

  @Test("a point that the schedule does not reach is undecided, not a pass")
  func nothingTried() throws {
    let folder = try TestFolder()
    try folder.write(
      "idle.json5",
      #"{ protocol: "two-node-store", script: [{ client: 1, read: 0, count: 1 }] }"#)
    let outcome = try Tool.run("crashpoints", "idle.json5", "--label", "2.1", in: folder)
    #expect(outcome.code == 2)
    #expect(outcome.out.contains("nothing was tried"))
  }

  @Test("a bug is found, and its failure file replays in another process", arguments: ["1", "2"])
  func failureReplays(depth: String) throws {
    let folder = try folder(#"variant: "BS-09""#)
    let found = try Tool.run(
      "crashpoints", "one.json5", "--seed", "3", "--depth", depth, "--label", "3.3", in: folder)
    #expect(found.code == 1)
    let replay = try Tool.run("replay", "Reports/failures/one-3.json", in: folder)
    #expect(replay.code == 0)
    #expect(replay.out.hasPrefix("reproduced: "))
  }

  @Test("the table of crash points, in text, in JSON and in Markdown")
  func table() throws {
    let folder = try folder()
    let outcome = try Tool.run("crashpoints", "one.json5", "--jobs", "2", in: folder)
    #expect(outcome.code == 0)
    try expectSnapshot(outcome.out, "crashpoints.txt")
    let all = try Tool.run("crashpoints", "one.json5", "--verbose", in: folder)
    #expect(all.out.split(separator: "\n").count > outcome.out.split(separator: "\n").count)
    let json = try Tool.run("crashpoints", "one.json5", "--json", in: folder)
    let tables = try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]]
    let table = try #require(tables?.first)
    let rows = try #require(table["rows"] as? [[String: Any]])
    #expect(table["crashPoints"] as? Int == rows.count)
    #expect(table["total"] as? Int == rows.count)
    for sum in ["outcomes", "merged", "leaves"] {
      #expect(table[sum] as? Int == rows.reduce(0) { $0 + ($1[sum] as? Int ?? 0) }, "\(sum)")
    }
    #expect(try folder.read("Reports/report.md").contains("| step | after | node | point |"))
    let labels = try Tool.run("crashpoints", "one.json5", "--label", "1.1", "--json", in: folder)
    #expect(labels.out.contains(#""labels": ["1.1"]"#))
    #expect(!labels.out.contains(#""labels": ["1.2"]"#))
  }

  @Test("several seeds enumerate several schedules, divided over shards as one")
  func seeds() throws {
    let folder = try folder()
    func run(_ options: String...) throws -> (points: Int, outcomes: Int) {
      let words = ["crashpoints", "one.json5", "--label", "2.1", "--json"] + options
      let outcome = try Tool.run(words, in: folder)
      let tables = try JSONSerialization.jsonObject(with: Data(outcome.out.utf8))
      let table = try #require((tables as? [[String: Any]])?.first)
      return (try #require(table["total"] as? Int), try #require(table["outcomes"] as? Int))
    }
    let one = try run("--seed", "1")
    let two = try run("--seed", "2")
    let both = try run("--seed", "1", "--seeds", "2")
    #expect(one.points > 0)
    #expect(both.points == one.points + two.points)
    #expect(both.outcomes == one.outcomes + two.outcomes)
    let shards = [
      try run("--seeds", "2", "--shard", "1/2"), try run("--seeds", "2", "--shard", "2/2"),
    ]
    #expect(shards[0].points + shards[1].points == both.points)
    #expect(shards.allSatisfy { $0.points > 0 })
  }

  @Test("the crash table sets the document's promises beside what happens")
  func crashTable() throws {
    let folder = try folder()
    let outcome = try Tool.run("crashpoints", "one.json5", "--table", in: folder)
    #expect(outcome.code == 0)
    try expectSnapshot(outcome.out, "crash-table.txt")
    #expect(try folder.read("Reports/report.md").contains("## Promised and observed: "))
    let results = try folder.json("Reports/results.json")
    let scenario = try #require((results["scenarios"] as? [[String: Any]])?.first)
    let table = try #require(scenario["crashTable"] as? [String: Any])
    #expect((table["rows"] as? [Any])?.count == 8)
  }

  @Test("a table needs a document, and is made as a whole")
  func noTable() throws {
    let folder = try folder()
    try folder.write("chain.json5", #"{ protocol: "chain" }"#)
    let other = try Tool.run("crashpoints", "chain.json5", "--table", in: folder)
    #expect(other.code == 64)
    #expect(other.err.contains("no document has a crash table of chain; known: two-node-store"))
    let part = try Tool.run("crashpoints", "one.json5", "--table", "--label", "1.1", in: folder)
    #expect(part.code == 64)
    #expect(part.err.contains("--table and --label do not go together"))
  }
}

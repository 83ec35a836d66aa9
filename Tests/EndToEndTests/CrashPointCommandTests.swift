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
    #expect(outcome.err.contains(#"two-node-store has no crash point "9.9"; known: 1.1"#))
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

  @Test("a bug is found, and its failure file replays in another process")
  func failureReplays() throws {
    let folder = try folder(#"variant: "BS-09""#)
    let found = try Tool.run("crashpoints", "one.json5", "--seed", "3", in: folder)
    #expect(found.code == 1)
    let replay = try Tool.run("replay", "Reports/failures/one-3.json", in: folder)
    #expect(replay.code == 0)
    #expect(replay.out.hasPrefix("reproduced: "))
  }
}

import Foundation
import Testing

@Suite("Storage faults from the command line")
struct StorageFaultCommandTests {
  /// The only copy of a block rots; the other node is down.
  static let rot = """
    {
      protocol: "two-node-store", clients: { count: 1 },
      script: [
        { client: 1, write: 0, value: "a" }, { client: 1, read: 0, at: "700ms" },
      ],
      faults: [
        { after: "100ms", crash: "s2" }, { bitRot: "s1", file: "d0/b0", byte: 0, after: "200ms" },
        { after: "300ms", crash: "s1" }, { after: "500ms", restart: "s1" },
      ],
      run: { seeds: 3 }, ASSUME
    }
    """

  private func run(_ assume: String) throws -> (folder: TestFolder, result: [String: Any]) {
    let folder = try TestFolder()
    try folder.write("rot.json5", Self.rot.replacingOccurrences(of: "ASSUME", with: assume))
    let outcome = try Tool.run("run", "rot.json5", "--json", in: folder)
    #expect(outcome.code == 1)
    let scenarios = try #require(try object(outcome.out)["scenarios"] as? [[String: Any]])
    return (folder, try #require(scenarios.first))
  }

  @Test("a fault that is not assumed is outside the assumptions, and its failure file replays")
  func outside() throws {
    let (folder, result) = try run("")
    #expect(result["verdict"] as? String == "violation")
    #expect(result["withinAssumptions"] as? Bool == false)
    let faults = try #require(result["faults"] as? [String: Int])
    #expect(faults["storageFaults"] == 1)
    #expect(faults["aborts"] == nil)
    let told = try Tool.run("replay", "Reports/failures/rot-1.json", "--step", in: folder)
    #expect(told.code == 0)
    #expect(told.out.contains("DISK of s1: bit "))
    #expect(told.out.contains("reproduced: violation of linearizability"))
  }

  @Test("a list of the faults names each with the word that assumes it")
  func list() throws {
    let folder = try TestFolder()
    let outcome = try Tool.run("list", "faults", in: folder)
    #expect(outcome.code == 0)
    for word in ["(fsync-error)", "(torn-sectors)", "(bit-rot)", "(stall)", "crash  "] {
      #expect(outcome.out.contains(word))
    }
  }
}

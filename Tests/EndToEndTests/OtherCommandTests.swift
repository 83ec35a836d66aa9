import CommandLineTool
import Foundation
import Testing

@Suite("new, schema, list, and the standard streams")
struct OtherCommandTests {
  @Test("the starter of every protocol runs as it stands", arguments: protocolNames)
  func starter(name: String) throws {
    let folder = try TestFolder()
    let made = try Tool.run("new", "a/x.json5", "--protocol", name, in: folder)
    #expect(made.code == 0)
    #expect(made.out == "wrote a/x.json5; run it with: crashproof run a/x.json5\n")
    #expect(try Tool.run("run", "a/x.json5", "--seeds", "50", in: folder).code == 0)
    let before = try folder.read("a/x.json5")
    #expect(try Tool.run("new", "a/x.json5", in: folder).code == 64)
    #expect(try folder.read("a/x.json5") == before)
  }

  static let protocolNames = ProtocolCatalog.entries.map(\.name)

  @Test("the schema is JSON and names every protocol")
  func schema() throws {
    let outcome = try Tool.run("schema", in: try TestFolder())
    #expect(outcome.code == 0)
    let properties = try #require(try object(outcome.out)["properties"] as? [String: Any])
    let words = (properties["protocol"] as? [String: Any])?["enum"] as? [String]
    #expect(words == Self.protocolNames)
  }

  @Test("every topic can be listed, for people and as JSON")
  func list() throws {
    let folder = try TestFolder()
    try folder.write("Scenarios/x/a.json5", Example.passing)
    for topic in ["protocols", "scenarios", "checks", "profiles", "bugs", "crashpoints"] {
      let told = try Tool.run("list", topic, in: folder)
      #expect(told.code == 0)
      let json = try object(try Tool.run("list", topic, "--json", in: folder).out)
      let rows = try #require(json[topic] as? [[String: Any]])
      #expect(rows.count == told.out.split(separator: "\n").count)
      #expect(rows.allSatisfy { $0["name"] is String && $0["help"] is String })
    }
    let everything = try Tool.run("list", in: folder).out
    for entry in ProtocolCatalog.entries {
      for variant in entry.variants.dropFirst() {
        #expect(everything.contains("\(entry.name) \(variant.name) "), "\(variant.name)")
      }
    }
  }

  @Test("closed, full and abandoned streams trap nothing")
  func streams() throws {
    let folder = try TestFolder()
    try folder.write("a.json5", Example.passing)
    for (words, code) in [
      ("list >&-", 0), ("list 2>&- <&-", 0), ("list > /dev/full", 66),
      ("run a.json5 --report P | head -c 0; cat P/results.json > /dev/null", 0),
      ("list nothing 2>&-", 64), ("run a.json5 --json > /dev/full 2> /dev/full", 66),
    ] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "cd \(folder.path); \(Tool.path) \(words)"]
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == Int32(code), "\(words)")
    }
  }
}

import Foundation
import Testing

@Suite("Wrong scenario and failure files")
struct BadInputTests {
  @Test("all errors of all files are told with their places; nothing runs, no report changes")
  func severalFiles() throws {
    let folder = try TestFolder()
    try folder.write("good.json5", Example.passing)
    #expect(try Tool.run("run", "good.json5", in: folder).code == 0)
    let before = try folder.read("Reports/results.json")
    let generation = try FileManager.default.destinationOfSymbolicLink(
      atPath: folder.path + "/Reports/current")
    try folder.write(
      "one.json5",
      """
      {
        title: "Bad",
        protocol: "chian",
      }
      """)
    try folder.write(
      "two.json5", #"{ protocol: "chain", servers: 99, run: { seeds: 0 } }"#)
    let outcome = try Tool.run("run", "one.json5", "good.json5", "two.json5", in: folder)
    #expect(outcome.code == 65)
    #expect(outcome.out.isEmpty)
    #expect(
      outcome.err == """
        one.json5:3:13: error: unknown protocol "chian"; known: chain, chain-store, \
        master-backup, primary-backup, ranked-kv, remus, two-node-store, vm-log
          protocol: "chian",
                    ^~~~~~~
          help: did you mean "chain"?
        two.json5:1:31: error: servers must be from 1 to 10, found 99
        { protocol: "chain", servers: 99, run: { seeds: 0 } }
                                      ^~
        two.json5:1:49: error: run.seeds must be from 1 to 100000000, found 0
        { protocol: "chain", servers: 99, run: { seeds: 0 } }
                                                        ^
        3 errors; nothing was run

        """)
    #expect(try folder.read("Reports/results.json") == before)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.path + "/Reports/current")
        == generation)
  }

  @Test("a wrong file makes no report folder")
  func noFolder() throws {
    let folder = try TestFolder()
    try folder.write("bad.json5", "{")
    #expect(try Tool.run("run", "bad.json5", in: folder).code == 65)
    #expect(!folder.exists("Reports"))
  }

  static let hostile: [(String, [UInt8])] = [
    ("empty", []), ("a byte order mark", [0xEF, 0xBB, 0xBF]), ("no UTF-8", [0xFF, 0xFE, 0, 0x7B]),
    ("a zero byte", [0]), ("deep", Array(repeating: UInt8(ascii: "["), count: 300_000)),
    ("an array", Array("[]".utf8)), ("a huge number", Array("{servers: 1e999999999}".utf8)),
    ("many digits", Array("{servers: \(String(repeating: "9", count: 100_000))}".utf8)),
    ("an open string", Array("{title: \"".utf8)), ("an open comment", Array("{/*".utf8)),
    ("two values", Array("{protocol:'chain'}{}".utf8)), ("null", Array("null".utf8)),
    ("twice a key", Array("{protocol:'chain',protocol:'chain'}".utf8)),
    (
      "long durations",
      Array("{protocol:'chain',run:{healWithin:'99999999999999999999h'}}".utf8)
    ),
  ]

  @Test("hostile files end with 65 and a place", arguments: hostile)
  func hostileFiles(name: String, bytes: [UInt8]) throws {
    let folder = try TestFolder()
    try folder.write("x.json5", bytes)
    for command in ["run", "replay"] {
      let outcome = try Tool.run(command, "x.json5", in: folder)
      #expect(outcome.code == 65, "\(command) \(name)")
      #expect(outcome.err.hasPrefix("x.json5:1:"))
      #expect(outcome.err.count < 6000, "\(name): \(outcome.err.count)")
    }
  }

  @Test(
    "extreme scenarios run",
    arguments: [
      "servers: 1, clients: { count: 1, operations: 1 }, run: { seeds: 1 }",
      "servers: 9, clients: { count: 8, operations: 1 }, run: { seeds: 2 }",
      "servers: 1, faults: { crashes: 9, restarts: 9, window: '1ns' }, run: { seeds: 5 }",
      "faults: { crashes: 1, window: '1000h' }, run: { seeds: 1, steps: 1000 }, expect: 'pass'",
      "network: { latency: { min: '1000h', max: '1000h' } }, run: { seeds: 1, steps: 1000 }",
      "network: { latency: { min: '1ns', max: '1ns' } }, run: { seeds: 3, healWithin: '1ns' }",
      "faults: [{ after: '1000h', powerLoss: 'all' }], run: { seeds: 1, steps: 1000 }",
      "title: '\(String(repeating: "long ", count: 2000))', run: { seeds: 1 }",
      "costs: { handler: '1000h' }, run: { seeds: 1, steps: 1000 }",
      "run: { seeds: 2, seed: 9223372036854775807 }", "faults: [], run: { seeds: 1, steps: 1 }",
    ])
  func extremeScenarios(members: String) throws {
    let folder = try TestFolder()
    try folder.write("x.json5", "{ protocol: 'chain', \(members) }")
    let outcome = try Tool.run("run", "x.json5", "--report", "R", in: folder)
    #expect([0, 1, 2].contains(outcome.code), "\(outcome.err.prefix(500))")
    if outcome.code == 1 {
      let failure = try #require(try folder.names("R/failures").first { $0.hasSuffix(".json") })
      #expect(try Tool.run("replay", "R/failures/" + failure, in: folder).code == 0)
    }
  }
}

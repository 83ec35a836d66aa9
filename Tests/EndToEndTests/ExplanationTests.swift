import Foundation
import Testing

@Suite("Explanations of crashproof check")
struct ExplanationTests {
  /// Two writes, reads of the second by many, a crash, and a read of the first in between.
  static func history(reads: Int) -> String {
    var lines = [#"{"crashproof":"history","version":1,"model":"kv","initial":""}"#]
    func done(_ client: String, _ call: String, _ answer: String = "") {
      lines.append(#"{"call":"\#(client)",\#(call)}"#)
      lines.append(#"{"return":"\#(client)"\#(answer)}"#)
    }
    done("c1", #""op":"write","key":"x","value":"old""#)
    done("c2", #""op":"write","key":"x","value":"new""#)
    for number in 0..<reads {
      done("c\(number % 7 + 3)", #""op":"read","key":"x""#, #","value":"new""#)
    }
    lines.append(#"{"remark":"s1 crashes"}"#)
    done("c1", #""op":"read","key":"x""#, #","value":"old""#)
    done("c2", #""op":"read","key":"x""#, #","value":"new""#)
    return lines.joined(separator: "\n") + "\n"
  }

  @Test("a long history: what contradicts what, and a picture of it in characters and as SVG")
  func longHistory() throws {
    let folder = try TestFolder()
    try folder.write("long.jsonl", Self.history(reads: 5_000))
    let outcome = try Tool.run("check", "long.jsonl", "--picture", "long.svg", in: folder)
    #expect(outcome.code == 1)
    #expect(outcome.err.isEmpty)
    try expectSnapshot(outcome.out, "check-explanation.txt")
    try expectSnapshot(try folder.read("long.svg"), "check-picture.svg")
    for line in outcome.out.split(separator: "\n") { #expect(line.count <= 100) }
  }

  @Test("the explanation for machines")
  func json() throws {
    let folder = try TestFolder()
    try folder.write("h.jsonl", Self.history(reads: 2))
    let outcome = try Tool.run("check", "h.jsonl", "--json", in: folder)
    let file = try #require((try object(outcome.out)["files"] as? [[String: Any]])?.first)
    let conflict = try #require(file["conflict"] as? [[String: Any]])
    #expect(conflict.map { $0["operation"] as? Int } == [0, 1, 4])
    #expect(conflict.map { $0["line"] as? Int } == [2, 4, 11])
    #expect(conflict.map { $0["process"] as? String } == ["c1", "c2", "c1"])
    #expect(file["isMinimal"] as? Bool == true)
    let prefix = try #require(file["linearizablePrefix"] as? [String: Any])
    #expect(prefix["events"] as? Int == 10)
    #expect(prefix["isExact"] as? Bool == true)
    #expect(
      file["explanation"] as? String == """
        key "x": read 4 returned "old" after write 1 of "new" had finished, although write 0 of \
        "old" had finished before write 1 of "new" began
        """)
  }

  @Test("pictures of several histories go into a folder, one for each violation")
  func pictures() throws {
    let folder = try TestFolder()
    try folder.write("h/a/bad.jsonl", Self.history(reads: 1))
    try folder.write("h/b/bad.jsonl", Self.history(reads: 3))
    try folder.write("h/good.log", CheckCommandTests.good)
    let outcome = try Tool.run("check", "h", "--picture", "out/p", in: folder)
    #expect(outcome.code == 1)
    #expect(try folder.names("out/p") == ["h-a-bad.jsonl.svg", "h-b-bad.jsonl.svg"])
    let refused = try Tool.run("check", "h", "--picture", "h/good.log", in: folder)
    #expect(refused.code == 66)
    #expect(refused.err.contains("cannot be written"))
  }
}

import Foundation
import Testing

@Suite("crashproof check")
struct CheckCommandTests {
  static let good = """
    INFO  jepsen.util - 0\t:invoke\t:read\tnil
    INFO  jepsen.util - 1\t:invoke\t:write\t4
    INFO  jepsen.util - 0\t:ok\t:read\tnil
    INFO  jepsen.util - 1\t:ok\t:write\t4
    INFO  jepsen.util - 0\t:invoke\t:cas\t[4 5]
    INFO  jepsen.util - 0\t:ok\t:cas\t[4 5]

    """
  static let bad = """
    [{:process 0, :type :invoke, :f :write, :value 1}
     {:process 0, :type :ok, :f :write, :value 1}
     {:process 0, :type :invoke, :f :write, :value 2}
     {:process 0, :type :ok, :f :write, :value 2}
     {:process 1, :type :invoke, :f :read, :value nil}
     {:process 1, :type :ok, :f :read, :value 1}]
    """
  static let broken = """
    # linhist 1 model=kv init=0
    inv\t0\t0\tread\tx
    ret\t0\t0\tok\t1
    ret\t1\t0\tok
    inv\t2\t0\twrit\tx\t5

    """
  /// Duplicate values and ten operations at once: nothing but a search decides it.
  static let hard: String = {
    var lines = ["# linhist 1 model=cas init=0"]
    for number in 0..<10 {
      lines.append("inv\t\(number)\t\(number)\tcas\tx\t\(number % 3)\t\((number + 1) % 3)")
    }
    for number in 0..<10 { lines.append("ret\t\(number)\t\(number)\tok\t\(number != 9)") }
    return lines.joined(separator: "\n") + "\n"
  }()

  private func folder() throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write("h/a/good.log", Self.good)
    try folder.write("h/bad.edn", Self.bad)
    return folder
  }

  /// The ways of deciding may become better; their words and the effort are left out.
  private func withoutEffort(_ text: String) -> String {
    text.replacing(#/ \([a-z ]+(, [0-9]+ configurations?)?\)/#, with: "")
  }

  @Test("histories of a folder, one after another, with a summary")
  func folderOfHistories() throws {
    let folder = try folder()
    for jobs in ["1", "4"] {
      let outcome = try Tool.run("check", "h", "--jobs", jobs, in: folder)
      #expect(outcome.code == 1)
      #expect(outcome.err.isEmpty)
      let lines = withoutEffort(outcome.out).split(separator: "\n")
      #expect(lines[0] == "ok    h/a/good.log: cas-register, 3 operations: linearizable")
      #expect(lines[1] == "FAIL  h/bad.edn: register, 3 operations: violation")
      #expect(lines[2].contains("returned \"1\""))
      #expect(lines.last == "2 histories: 1 linearizable, 1 not linearizable")
    }
    let quiet = try Tool.run("check", "h", "--quiet", in: folder)
    #expect(!quiet.out.contains("good.log"))
    #expect(!quiet.out.contains("the conflict is"))
  }

  @Test("one JSON document")
  func json() throws {
    let outcome = try Tool.run("check", "h", "--json", in: try folder())
    #expect(outcome.code == 1)
    let files = try #require(try object(outcome.out)["files"] as? [[String: Any]])
    #expect(files.map { $0["file"] as? String } == ["h/a/good.log", "h/bad.edn"])
    #expect(files.map { $0["model"] as? String } == ["cas-register", "register"])
    #expect(files.map { $0["operations"] as? Int } == [3, 3])
    #expect(files.map { $0["verdict"] as? String } == ["linearizable", "violation"])
    #expect(files[0]["explanation"] is NSNull)
    #expect((files[1]["explanation"] as? String)?.contains("returned \"1\"") == true)
    #expect(files.allSatisfy { $0["decidedBy"] is String && $0["explored"] is Int })
  }

  @Test("a file that is no history is told with places, and the others are checked")
  func brokenFile() throws {
    let folder = try folder()
    try folder.write("h/broken", Self.broken)
    let outcome = try Tool.run("check", "h", in: folder)
    #expect(outcome.code == 65)
    #expect(outcome.out.contains("ok    h/a/good.log"))
    #expect(outcome.out.contains("1 unreadable"))
    #expect(
      outcome.err == """
        h/broken:4:5: error: no operation "1" has been called
        ret\t1\t0\tok
           \t^
        h/broken:5:9: error: this model has no operation "writ"; known: read, write
        inv\t2\t0\twrit\tx\t5
           \t \t \t^~~~
          help: did you mean "write"?

        """)
    let json = try object(try Tool.run("check", "h", "--json", in: folder).out)
    #expect(json["unreadable"] as? [String] == ["h/broken"])
    #expect((json["files"] as? [Any])?.count == 2)
  }

  @Test("a budget that ran out is undecided, exit code 2, and says what to do")
  func undecided() throws {
    let folder = try TestFolder()
    try folder.write("hard", Self.hard)
    let outcome = try Tool.run("check", "hard", "--limit", "3", in: folder)
    #expect(outcome.code == 2)
    #expect(
      outcome.out.hasPrefix("open  hard: cas-register, 10 operations: undecided after "))
    #expect(outcome.out.hasSuffix("--limit raises this\n"))
    #expect(try Tool.run("check", "hard", in: folder).code < 2)
    let json = try object(try Tool.run("check", "hard", "--limit", "3", "--json", in: folder).out)
    let file = try #require((json["files"] as? [[String: Any]])?.first)
    #expect(file["verdict"] as? String == "undecided")
    #expect(file["explanation"] is NSNull)
  }

  @Test("a history is written in another format, to stdout or to a file, and says the same")
  func conversion() throws {
    let folder = try folder()
    for format in ["jsonl", "json", "edn", "linhist", "jepsen-log"] {
      for (file, code) in [("h/a/good.log", Int32(0)), ("h/bad.edn", 1)] {
        let printed = try Tool.run("check", file, "--convert", format, in: folder)
        #expect(printed.code == 0, "\(format): \(printed.err)")
        let written = try Tool.run(
          "check", file, "--convert", format, "--output", "out", in: folder)
        #expect(written.code == 0 && written.out.isEmpty)
        #expect(try folder.read("out") == printed.out)
        #expect(try Tool.run("check", "out", in: folder).code == code, "\(format): \(file)")
      }
    }
    try expectSnapshot(
      try Tool.run("check", "h/bad.edn", "--convert", "jsonl", in: folder).out, "check-lines.txt")
  }

  @Test("what a format cannot hold is refused, and an old file stays as it is")
  func impossibleConversion() throws {
    let folder = try folder()
    try folder.write("set", "{\"crashproof\":\"history\",\"version\":1,\"model\":\"set\"}\n")
    try folder.write("out", "old")
    let outcome = try Tool.run(
      "check", "set", "--convert", "linhist", "--output", "out", in: folder)
    #expect(outcome.code == 64)
    #expect(outcome.err.hasPrefix("crashproof: set: linhist has no set\n"))
    #expect(try folder.read("out") == "old")
  }

  @Test("the standard input is a history, too")
  func standardInput() throws {
    let folder = try folder()
    for (words, code) in [
      ("check - < h/a/good.log", 0), ("cat h/bad.edn | crashproof check -", 1),
      ("crashproof check - --convert json < h/bad.edn | crashproof check - --format json", 1),
      ("crashproof check -", 65), ("crashproof check h/bad.edn --convert json > /dev/full", 66),
      ("crashproof check h/bad.edn --convert json | head -c 0", 0),
    ] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      let line = (words.contains("crashproof") ? words : "crashproof " + words)
        .replacing("crashproof ", with: Tool.path + " ")
      process.arguments = ["-c", "cd \(folder.path); \(line)"]
      process.standardInput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == Int32(code), "\(words)")
    }
  }

  @Test(
    "wrong usage and missing files",
    arguments: [
      (["check"], 64, "check needs histories"),
      (["check", "h", "--model", "regster"], 64, "did you mean register?"),
      (["check", "h", "--format", "jason"], 64, "did you mean json?"),
      (["check", "h", "--convert", "xml"], 64, "--convert: unknown format"),
      (["check", "h", "--convert", "edn"], 64, "--convert takes one history, not 2"),
      (["check", "h", "--output", "x"], 64, "--output goes with --convert"),
      (
        ["check", "h/bad.edn", "--convert", "edn", "--picture", "x"], 64,
        "--picture goes with a check"
      ),
      (["check", "h", "--limit", "0"], 64, "--limit needs a whole number"),
      (["check", "nothing"], 66, "nothing: no such file or folder"),
      (["check", "empty"], 66, "empty: there is no history here"),
      (["check", "h/bad.edn", "--format", "linhist"], 65, "h/bad.edn:1:1: error: the first line"),
      (["check", "h/bad.edn", "--model", "set"], 65, "h/bad.edn:1:33: error: a set has no"),
    ] as [([String], Int32, String)])
  func wrongUsage(words: [String], code: Int32, message: String) throws {
    let folder = try folder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/empty", withIntermediateDirectories: true)
    let outcome = try Tool.run(words, in: folder)
    #expect(outcome.code == code)
    #expect(outcome.err.contains(message), "\(outcome.err)")
    #expect(outcome.out.isEmpty)
  }

  @Test("what keys hold at first can be said, also that it is nothing")
  func initialValue() throws {
    let folder = try TestFolder()
    try folder.write(
      "h", "INFO  jepsen.util - 0 :invoke :read nil\nINFO  jepsen.util - 0 :ok :read 0\n")
    #expect(try Tool.run("check", "h", in: folder).code == 1)
    #expect(try Tool.run("check", "h", "--initial", "0", in: folder).code == 0)
    #expect(try Tool.run("check", "h", "--initial", "", in: folder).code == 1)
  }
}

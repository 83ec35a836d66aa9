import LinearizabilityChecking
import Testing

@testable import HistoryFiles

@Suite("From one format to another and back")
struct RoundTripTests {
  /// Values that need care: numbers, words of the formats, quotes, line ends, and nothing.
  static let texts = [
    "1", "-7", "nil", "", "a b", "x\"y\\z", "line\nend\ttab", "é😀", ":keyword", "true", "12.5",
    "9223372036854775807", "99999999999999999999", "007", "\u{1}\u{7F}", "[1 2]",
  ]
  static let seeds = (1...40).map { UInt64($0) }

  /// Checks that a history is the same after it went through a format.
  private func expectSame(_ history: RecordedHistory, _ format: HistoryFormat, _ seed: UInt64)
    throws
  {
    let written = try text(history, format)
    let again = try readHistory(
      written, format: format, model: format == .edn ? history.model : nil,
      pieces: seed.isMultiple(of: 2) ? 3 : 4096)
    #expect(events(of: again) == events(of: history), "seed \(seed)\n\(written)")
    #expect(again.model == history.model)
  }

  @Test("our own lines hold every history", arguments: ObjectModel.allCases)
  func ourLines(model: ObjectModel) throws {
    for seed in Self.seeds {
      var drawn = DrawnHistory(
        model, seed: seed, texts: Self.texts, keys: ["", "k\"", "7"], initialValue: "\n")
      let history = drawn.draw(60)
      let written = HistoryWriter.text(of: history)
      let again = try readHistory(written, pieces: Int(seed))
      #expect(events(of: again) == events(of: history))
      #expect(again.values[again.initialValue] == "\n")
      #expect(HistoryWriter.text(of: again) == written)
      #expect(try text(history, .json) == written)
    }
  }

  @Test("EDN holds every history", arguments: ObjectModel.allCases)
  func edn(model: ObjectModel) throws {
    for seed in Self.seeds {
      let keys = seed % 3 == 0 || model == .mutex ? [""] : ["", "k\"", "7"]
      // What keys hold at first is no value that anybody reads: see the test of initial writes.
      var drawn = DrawnHistory(
        model, seed: seed, texts: Self.texts, keys: keys,
        initialValue: model == .keyValue ? "" : "initial")
      try expectSame(drawn.draw(60), .edn, seed)
    }
  }

  @Test("a key-value log holds get, put and append")
  func keyValueLog() throws {
    for seed in Self.seeds {
      var drawn = DrawnHistory(.keyValue, seed: seed, texts: Self.texts, keys: ["0", "a\"b"])
      try expectSame(drawn.draw(60), .keyValueLog, seed)
    }
  }

  @Test("log lines hold a register of numbers, nil at first")
  func logLines() throws {
    for seed in Self.seeds {
      var drawn = DrawnHistory(
        .casRegister, seed: seed, texts: ["1", "77", "nil", "5"], initialValue: "nil",
        tellsMore: false)
      try expectSame(drawn.draw(60), .jepsenLog, seed)
    }
  }

  @Test("in log lines other values are numbered")
  func numbered() throws {
    var drawn = DrawnHistory(
      .casRegister, seed: 3, texts: ["a", "7", "b"], initialValue: "nil", tellsMore: false)
    let history = drawn.draw(60)
    let again = try readHistory(try text(history, .jepsenLog))
    /// Values by the order of their first use.
    func pattern(_ history: RecordedHistory) -> [Int] {
      var first: [Int32: Int] = [:]
      return history.operations.flatMap { [$0.argument, $0.expected] }.map { value in
        if first[value] == nil { first[value] = first.count }
        return first[value] ?? 0
      }
    }
    #expect(pattern(again) == pattern(history))
    #expect(again.values.knownID(of: "a") == nil)
  }

  @Test(
    "linhist holds registers, lists and blocks",
    arguments: [ObjectModel.register, .casRegister, .listAppend, .block])
  func linhist(model: ObjectModel) throws {
    for seed in Self.seeds {
      var drawn = DrawnHistory(
        model, seed: seed, texts: ["1", "a b", "é", "\"", "nil"], keys: ["x", "y z"],
        initialValue: model == .listAppend ? "" : "0", tellsMore: false)
      try expectSame(drawn.draw(60), .linhist, seed)
    }
  }

  @Test("what keys hold at first is written first where the format cannot say it")
  func initialWrites() throws {
    let source = """
      {"crashproof":"history","version":1,"model":"cas-register","initial":"a"}
      {"call":"p","op":"read","key":"k"}
      {"return":"p","value":"a"}
      {"call":"p","op":"write","key":"l","value":1}
      """
    let history = try readHistory(source)
    #expect(
      try text(history, .edn) == """
        {:process 1, :type :invoke, :f :write, :value ["k" "a"]}
        {:process 1, :type :ok, :f :write, :value ["k" "a"]}
        {:process 2, :type :invoke, :f :write, :value ["l" "a"]}
        {:process 2, :type :ok, :f :write, :value ["l" "a"]}
        {:process 0, :type :invoke, :f :read, :value ["k" nil]}
        {:process 0, :type :ok, :f :read, :value ["k" "a"]}
        {:process 0, :type :invoke, :f :write, :value ["l" 1]}

        """)
    let unread = try readHistory(String(source.split(separator: "\n")[0]))
    #expect(try text(unread, .edn) == "")
  }

  @Test("a process with an unknown outcome is a fresh one in the formats of Jepsen")
  func freshProcesses() throws {
    let history = try readHistory(
      """
      {"crashproof":"history","version":1,"model":"register","initial":"nil"}
      {"call":"c9","op":"write","value":1}
      {"remark":"s1 crashes"}
      {"unknown":"c9"}
      {"call":"c9","op":"write","value":2}
      {"return":"c9"}
      """)
    #expect(
      try text(history, .jepsenLog) == """
        INFO  jepsen.util - 0\t:invoke\t:write\t1
        INFO  jepsen.util - :nemesis\t:info\t:remark\t"s1 crashes"
        INFO  jepsen.util - 0\t:info\t:write\t:timed-out
        INFO  jepsen.util - 1\t:invoke\t:write\t2
        INFO  jepsen.util - 1\t:ok\t:write\t2

        """)
  }

  static let impossible: [(HistoryFormat, ObjectModel, [String], String)] = [
    (.jepsenLog, .set, ["1"], "a jepsen-log holds a register, not a set"),
    (.kvLog, .block, ["1"], "a kv-log holds get, put and append, not a block"),
    (.linhist, .mutex, ["1"], "linhist has no mutex"),
    (.linhist, .register, ["a\tb"], "linhist cannot hold the value \"a\tb\""),
    (.linhist, .block, ["a,b"], "linhist cannot hold the value \"a,b\""),
    (.linhist, .register, [""], "linhist cannot hold the value \"\""),
    (.linhist, .keyValue, ["a"], "linhist cannot hold the value \"a\""),
  ]

  @Test("what a format cannot hold is refused before anything is written", arguments: impossible)
  func refusals(
    format: HistoryFormat, model: ObjectModel, texts: [String], message: String
  ) {
    var drawn = DrawnHistory(model, seed: 5, texts: texts, tellsMore: false)
    let history = drawn.draw(60)
    var isWritten = false
    #expect(throws: InexpressibleHistory(message: message)) {
      try HistoryWriter.write(history, as: format) { _ in isWritten = true }
    }
    #expect(!isWritten)
  }
}

extension HistoryFormat {
  fileprivate static let kvLog = HistoryFormat.keyValueLog
}

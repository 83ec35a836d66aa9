import LinearizabilityChecking
import Testing

@testable import HistoryFiles

@Suite("The format of a history")
struct FormatDetectionTests {
  static let starts: [(String, HistoryFormat)] = [
    (#"{"crashproof":"history","version":1,"model":"set"}"#, .json),
    ("# linhist 1 model=kv init=0", .linhist),
    ("INFO  jepsen.util - :nemesis :info :x", .jepsenLog),
    ("\n\nWARN  jepsen.core - x", .jepsenLog),
    ("2015-06-01 10:00:00 INFO  jepsen.core - x", .jepsenLog),
    ("[]", .edn), ("()", .edn), ("; x\n\n []", .edn),
    ("{:process :nemesis, :type :info, :f :x}", .edn),
    (#"{:process 0, :type :invoke, :f :get, :key "0", :value nil}"#, .keyValueLog),
    ("{:process 0, :type :invoke, :f :read, :key 0, :count 1, :value nil}", .edn),
  ]

  @Test("the first line tells it", arguments: starts)
  func detection(text: String, format: HistoryFormat) throws {
    for pieces in [1, 1000] {
      var history = try readHistory(text, pieces: pieces)
      history.remarks = []
      var told = try readHistory(text, format: format, pieces: pieces)
      told.remarks = []
      #expect(events(of: history) == events(of: told))
      #expect(history.model == told.model)
      #expect(history.values[history.initialValue] == told.values[told.initialValue])
    }
  }

  @Test("what starts like no history is told with its place")
  func unknown() {
    let known = "known formats: jepsen-log, kv-log, edn, linhist, json"
    #expect(complaints("\n hello\n") == ["h:2:2: error: this starts like no history; \(known)"])
    #expect(complaints("# hello\n") == ["h:1:1: error: this starts like no history; \(known)"])
    #expect(complaints("\u{0}\u{0}") == ["h:1:1: error: this starts like no history; \(known)"])
    for text in ["", "\n\n", " ; only a comment"] {
      let found = complaints(text)
      #expect(found.count == 1)
      #expect(found[0].hasSuffix("there is nothing in the file, so its format cannot be told"))
    }
    #expect(
      complaints("{\n  \"format\": \"crashproof-failure\"\n}") == [
        "h:1:1: error: this is a JSON document; a history of ours has an object on each line"
      ])
  }

  @Test("every name of a format is understood")
  func names() {
    for format in HistoryFormat.allCases {
      #expect(HistoryFormat(name: format.rawValue) == format)
    }
    #expect(HistoryFormat(name: "jsonl") == .json)
    #expect(HistoryFormat(name: "yaml") == nil)
  }
}

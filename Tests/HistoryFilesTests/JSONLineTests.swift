import LinearizabilityChecking
import Testing

@testable import HistoryFiles

@Suite("History lines, our own format")
struct JSONLineTests {
  static let register = """
    {"crashproof":"history","version":1,"model":"cas-register","initial":"0"}
    {"call":"c1","op":"write","value":1}
    {"call":"c2","op":"read"}
    {"remark":"s1 crashes"}
    {"return":"c1"}
    {"return":"c2","value":1}
    {"call":"c2","op":"cas","expected":1,"value":2}
    {"call":"c1","op":"cas","expected":1,"value":3}
    {"return":"c2","swapped":true}
    {"return":"c1","swapped":false,"found":2}
    {"call":"c1","op":"write","value":"é \\" \\\\ \\n"}
    {"unknown":"c1"}
    {"call":"c1","op":"write","value":5}
    {"fail":"c1"}
    {"call":"c2","op":"write","value":6}

    """

  /// One history of each model, with everything that the model knows.
  static let examples: [(ObjectModel, String)] = [
    (.casRegister, register),
    (
      .keyValue,
      """
      {"crashproof":"history","version":1,"model":"kv","initial":""}
      {"call":"c1","op":"write","key":"a","value":"<c1.1>"}
      {"return":"c1"}
      {"call":"c1","op":"append","key":"a","value":"<c1.2>"}
      {"return":"c1","value":"<c1.1><c1.2>"}
      {"call":"c2","op":"append","key":"a","value":"x"}
      {"return":"c2"}
      {"call":"c2","op":"read","key":"b c"}
      {"return":"c2","value":""}

      """
    ),
    (
      .listAppend,
      """
      {"crashproof":"history","version":1,"model":"list-append","initial":""}
      {"call":1,"op":"append","key":7,"value":1}
      {"return":1}
      {"call":1,"op":"read","key":7}
      {"return":1,"values":[1]}
      {"call":2,"op":"read","key":8}
      {"return":2,"values":[]}
      {"call":2,"op":"append","key":7,"value":"two words"}

      """
    ),
    (
      .block,
      """
      {"crashproof":"history","version":1,"model":"block","initial":""}
      {"call":"c1","op":"write","key":0,"count":2,"value":"a"}
      {"call":"c2","op":"read","key":1}
      {"return":"c2","value":"a"}
      {"call":"c2","op":"read","key":1,"count":2}
      {"return":"c2","values":["a",""]}
      {"return":"c1"}
      {"call":"c2","op":"write","key":9,"value":"b"}
      {"return":"c2"}

      """
    ),
    (
      .fifoQueue,
      """
      {"crashproof":"history","version":1,"model":"fifo-queue","initial":""}
      {"call":"c1","op":"enqueue","key":"q","value":1}
      {"return":"c1"}
      {"call":"c1","op":"dequeue","key":"q"}
      {"return":"c1","value":1}
      {"call":"c1","op":"dequeue","key":"q"}
      {"return":"c1","value":null}

      """
    ),
    (
      .set,
      """
      {"crashproof":"history","version":1,"model":"set","initial":""}
      {"call":"c1","op":"add","value":1}
      {"return":"c1"}
      {"call":"c1","op":"contains","value":1}
      {"return":"c1","present":true}
      {"call":"c1","op":"remove","value":1}
      {"return":"c1"}
      {"call":"c1","op":"contains","value":1}
      {"return":"c1","present":false}

      """
    ),
    (
      .mutex,
      """
      {"crashproof":"history","version":1,"model":"mutex","initial":""}
      {"call":"c1","op":"acquire"}
      {"return":"c1"}
      {"call":"c2","op":"acquire"}
      {"call":"c1","op":"release"}
      {"return":"c1"}

      """
    ),
  ]

  @Test("what is written is what was read, for every model", arguments: examples)
  func identity(model: ObjectModel, text: String) throws {
    let history = try readHistory(text)
    #expect(history.model == model)
    #expect(HistoryWriter.text(of: history) == text)
  }

  @Test("the pieces that the input comes in make no difference", arguments: [1, 2, 3, 7, 64])
  func pieces(size: Int) throws {
    for (_, text) in Self.examples {
      #expect(HistoryWriter.text(of: try readHistory(text, pieces: size)) == text)
    }
  }

  @Test("operations carry their values, outcomes, moments and lines")
  func meaning() throws {
    let history = try readHistory(Self.register)
    #expect(history.values[history.initialValue] == "0")
    #expect(
      events(of: history) == [
        #"0 write("") - "1" ok"#, #"1 read("") - - ok"#, "remark s1 crashes", "0 ok ",
        #"1 ok "1""#, #"2 compareAndSwap("") "1" "2" ok"#, #"3 compareAndSwap("") "1" "3" ok"#,
        "2 ok 1 -", #"3 ok 0 "2""#, "4 write(\"\") - \"é \" \\ \n\" unknown",
        #"5 write("") - "5" failed"#, "5 failed ", #"6 write("") - "6" unknown"#,
      ])
    #expect(history.operations.map(\.line) == [2, 3, 7, 8, 11, 13, 15])
    #expect(history.operations[4].returned == .max)
  }

  @Test("white space, blank lines, CR LF, a byte order mark and any order of keys are all right")
  func layout() throws {
    let text =
      "\u{FEFF}{ \"version\" : 1 , \"crashproof\" : \"history\",\"model\":\"register\"}\r\n\r\n"
      + " {\"op\":\"read\",\t\"call\":\"p\"} \r\n"
      + "{\"value\":\"\\u00e9\\ud83d\\ude00\",\"return\":\"p\"}"
    let history = try readHistory(text)
    #expect(events(of: history) == [#"0 read("") - - ok"#, "0 ok \"é😀\""])
  }

  @Test("an order of updates is kept for the checker")
  func order() throws {
    let text =
      Self.examples[2].1 + #"{"order":[2]}"# + "\n" + #"{"order":[0]}"# + "\n"
      + #"{"order":[]}"# + "\n"
    let history = try readHistory(text)
    #expect(history.hint == [2, 0])
    #expect(HistoryWriter.text(of: history).hasSuffix("\n{\"order\":[2,0]}\n"))
    #expect(try readHistory(HistoryWriter.text(of: history)).hint == [2, 0])
  }

  @Test("a number is the same value as its text")
  func numbers() throws {
    let history = try readHistory(
      """
      {"crashproof":"history","version":1,"model":"register","initial":"7"}
      {"call":"p","op":"read"}
      {"return":"p","value":7}
      """)
    #expect(history.operations[0].result == history.initialValue)
  }

  static let header = #"{"crashproof":"history","version":1,"model":"cas-register"}"# + "\n"

  static let wrong: [(lines: String, complaint: String)] = [
    (#"{"call":"p","op":"red"}"#, #"2:18: error: a cas-register has no operation "red"; known: "#),
    (#"{"call":"p","op":"append"}"#, "2:18: error: a cas-register has no operation"),
    (#"{"call":"p"}"#, #"2:12: error: the key "op" is missing"#),
    (#"{"call":"p","op":"write"}"#, #"2:25: error: the key "value" is missing"#),
    (#"{"call":"p","op":"cas","value":1}"#, #"2:33: error: the key "expected" is missing"#),
    (#"{"call":"p","op":"read","value":1}"#, #"2:33: error: the call of a read has no "value""#),
    (#"{"call":"p","op":"read","count":2}"#, #"2:33: error: the call of a read has no "count""#),
    (#"{"call":"p","op":"read","op":"read"}"#, #"2:25: error: the key "op" stands here twice"#),
    (#"{"call":"p","opp":"read"}"#, #"2:13: error: unknown key "opp""#),
    (#"{"call":"p","return":"p"}"#, "2:1: error: a line is one thing"),
    (#"{"op":"read"}"#, "2:1: error: the line does not say what it is"),
    (#"{"call":"p","op":"write","value":1.5}"#, #"2:34: error: "1.5" is no value"#),
    (#"{"call":"p","op":"write","value":99999999999999999999}"#, "2:34: error: 999999"),
    (#"{"call":"p","op":"write","value":9223372036854775808}"#, "2:34: error: 9223372036854775808"),
    (#"{"call":"p","op":"write","value":01}"#, #"2:34: error: "01" is no number"#),
    (#"{"call":"p","op":"write","value":{}}"#, "2:34: error: no object stands here"),
    (#"{"call":"p","op":"write","value":[1]}"#, "2:34: error: expected a string or a number"),
    (#"{"call":"p","op":"write","value":"a\q"}"#, #"2:36: error: "\q" is no escape"#),
    (#"{"call":"p","op":"write","value":"\ud800"}"#, #"2:35: error: "\ud800" is no escape"#),
    (#"{"call":"p","op":"write","value":"a"#, "2:34: error: the string has no end"),
    (#"{"call":"p","op":"re"#, "2:18: error: the string has no end"),
    (#"{"call":"p","op""#, #"2:17: error: expected ":", found the end of the line"#),
    (#"{"call":"p","op":"read"} x"#, "2:26: error: expected the end of the line"),
    (#"{"call":"","op":"read"}"#, "2:9: error: a process has a name"),
    (#"{"call":null,"op":"read"}"#, "2:9: error: expected a string or a number for a process"),
    (#"{"return":"p"}"#, #"2:11: error: process "p" has no operation open here"#),
    (#"{"remark":7}"# + "\n" + #"{"remark":null}"#, "3:11: error: expected a string"),
    (
      #"{"call":"p","op":"read"}"# + "\n" + #"{"call":"p","op":"read"}"#,
      #"3:9: error: process "p" has two operations open: its read of line 2 has not ended"#
    ),
    (
      #"{"call":"p","op":"read"}"# + "\n" + #"{"return":"p"}"#,
      #"3:14: error: the key "value" is missing: a read returns what it found"#
    ),
    (
      #"{"call":"p","op":"write","value":1}"# + "\n" + #"{"return":"p","value":1}"#,
      #"3:23: error: the return of a write has no "value""#
    ),
    (
      #"{"call":"p","op":"cas","value":1,"expected":2}"# + "\n"
        + #"{"return":"p","swapped":1}"#, #"3:25: error: expected true or false for "swapped""#
    ),
    (#"{"order":[0]}"#, "2:11: error: expected the number of an operation below 0"),
    (#"{"order":7}"#, "2:10: error: expected a list for \"order\", found a number"),
    (
      #"{"call":"p","op":"read"}"# + "\n" + #"{"order":[0,0]}"#,
      "3:13: error: operation 0 stands in the order twice"
    ),
    ("{\"call\":\"p\",\"op\":\"re\u{0}ad\"}", "2:21: error: a NUL byte stands in the line"),
    ("{\"call\":\"p\",\"op\":\"re\rad\"}", "2:21: error: a carriage return stands in the line"),
    (header, "2:1: error: the header stands here a second time"),
  ]

  @Test("wrong lines are told with their places", arguments: wrong)
  func wrongLines(lines: String, complaint: String) {
    let found = complaints(Self.header + lines)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("h:" + complaint) == true, "\(found)")
  }

  static let wrongHeaders: [(line: String, complaint: String)] = [
    (#"{"call":"p","op":"read"}"#, "1:1: error: the first line is no header of a history"),
    (#"{"crashproof":"failure","version":1}"#, "1:1: error: the first line is no header"),
    (
      #"{"crashproof":"history","version":2,"model":"set"}"#,
      "1:35: error: unknown version; this program reads version 1"
    ),
    (#"{"crashproof":"history","version":1}"#, #"1:36: error: the key "model" is missing"#),
    (
      #"{"crashproof":"history","version":1,"model":"sett"}"#,
      #"1:45: error: unknown model "sett"; known: register, "#
    ),
  ]

  @Test("nothing is read after a wrong header", arguments: wrongHeaders)
  func wrongHeaderLines(line: String, complaint: String) {
    let found = complaints(line + "\n{}\n{}\n", format: .json)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("h:" + complaint) == true, "\(found)")
  }

  @Test("options that contradict the header are told at the header")
  func contradictions() {
    let text = #"{"crashproof":"history","version":1,"model":"set","initial":"a"}"#
    #expect(
      complaints(text, model: .register) == [
        "h:1:45: error: the file says model set, --model register"
      ])
    #expect(
      complaints(text, initialValue: "b") == [
        #"h:1:61: error: the file says that keys hold "a" at first, --initial "b""#
      ])
    #expect(complaints(text, model: .set, initialValue: "a") == [])
  }

  @Test("errors of many lines are told together, up to the limit")
  func severalErrors() {
    #expect(complaints(Self.header + String(repeating: "{}\n", count: 3)).count == 3)
    #expect(complaints(Self.header + String(repeating: "{}\n", count: 300)).count == 20)
  }

  @Test("bytes that are no UTF-8 are told with their place")
  func malformed() {
    let bytes = Array(Self.header.utf8) + Array("{\"remark\":\"é".utf8) + [0xFF, 0x22, 0x7D]
    #expect(
      complaints(bytes, HistoryRequest(path: "h")) == ["h:2:13: error: this is not UTF-8"])
  }
}

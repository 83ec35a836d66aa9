import LinearizabilityChecking
import Testing

@testable import HistoryFiles

@Suite("Log lines of Jepsen")
struct LogLineTests {
  @Test("one register with compare-and-swap, nil at first")
  func register() throws {
    let history = try readHistory(
      """
      INFO  jepsen.util - 0\t:invoke\t:read\tnil
      INFO  jepsen.util - 1 :invoke :write 4
      INFO  jepsen.util - 0\t:ok\t:read\tnil
      INFO  jepsen.util - 1 :ok :write 4
      INFO  jepsen.util - 0 :invoke :cas [4 0]
      INFO  jepsen.util - 1 :invoke :cas  [3 1]
      INFO  jepsen.util - 0 :ok :cas [4 0]
      INFO  jepsen.util - 1 :fail :cas [3 1]
      INFO  jepsen.util - 0 :invoke :write 2
      INFO  jepsen.util - 0 :info :write :timed-out
      INFO  jepsen.util - 5 :invoke :read nil
      INFO  jepsen.util - 5 :fail :read :timed-out
      INFO  jepsen.util - 1 :invoke :write 3
      INFO  jepsen.util - 1 :fail :write 3
      """)
    #expect(history.model == .casRegister)
    #expect(history.values[history.initialValue] == "nil")
    #expect(
      events(of: history) == [
        #"0 read("") - - ok"#, #"1 write("") - "4" ok"#, #"0 ok "nil""#, "1 ok ",
        #"2 compareAndSwap("") "4" "0" ok"#, #"3 compareAndSwap("") "3" "1" ok"#, "2 ok 1 -",
        "3 ok 0 -", #"4 write("") - "2" unknown"#, #"5 read("") - - failed"#, "5 failed -",
        #"6 write("") - "3" failed"#, "6 failed ",
      ])
    #expect(history.operations.map(\.line) == [1, 2, 5, 6, 9, 11, 13])
  }

  @Test("a swap that failed for another reason did not happen")
  func failedSwap() throws {
    let history = try readHistory(
      """
      INFO  jepsen.util - 0 :invoke :cas [0 1]
      INFO  jepsen.util - 0 :fail :cas :unavailable
      """)
    #expect(history.operations[0].outcome == .failed)
  }

  @Test("what the nemesis does is a remark")
  func nemesis() throws {
    let history = try readHistory(
      """
      INFO  jepsen.util - :nemesis\t:info\t:start\tnil
      INFO  jepsen.util - :nemesis\t:info\t:start\t"Cut off {:n5 #{:n3 :n1}}"
      INFO  jepsen.util - :nemesis :info :stop fully connected
      INFO  jepsen.util - :nemesis :info :stop
      """)
    #expect(
      history.remarks.map(\.text) == [
        "start", "start Cut off {:n5 #{:n3 :n1}}", "stop fully connected", "stop",
      ])
    #expect(history.operations.isEmpty)
  }

  @Test("lines of other loggers, times before the level, and more words at the end")
  func variants() throws {
    let history = try readHistory(
      """
      INFO  jepsen.core - Worker 0 starting
      WARN  jepsen.util.data - about 3 things

      2022-02-02 12:07:14,566{GMT}\tINFO\t[jepsen worker 3] jepsen.util: 3\t:invoke\t:write\t1
      INFO [2015-06-01 10:00:00,123] jepsen worker 3 - jepsen.util 3 :ok :write 1
        INFO  jepsen.util - 4 \t:invoke :read \tnil \t:hint 0
      INFO  jepsen.util - 4 \t:ok :read \t1 \t:hint 7
      """)
    #expect(
      events(of: history) == [
        #"0 write("") - "1" ok"#, "0 ok ", #"1 read("") - - ok"#, #"1 ok "1""#,
      ])
  }

  @Test("values of independent keys are pairs")
  func independentKeys() throws {
    let history = try readHistory(
      """
      INFO  jepsen.util - 0 :invoke :write [7 1]
      INFO  jepsen.util - 0 :ok :write [7 1]
      INFO  jepsen.util - 0 :invoke :cas [7 [1 2]]
      INFO  jepsen.util - 0 :ok :cas [7 [1 2]]
      INFO  jepsen.util - 0 :invoke :read [8 nil]
      INFO  jepsen.util - 0 :ok :read [8 nil]
      """)
    #expect(
      events(of: history) == [
        #"0 write("7") - "1" ok"#, "0 ok ", #"1 compareAndSwap("7") "1" "2" ok"#, "1 ok 1 -",
        #"2 read("8") - - ok"#, #"2 ok "nil""#,
      ])
  }

  @Test("what the register holds at first can be said")
  func initialValue() throws {
    let text = "INFO  jepsen.util - 0 :invoke :read nil\nINFO  jepsen.util - 0 :ok :read 0\n"
    let history = try readHistory(text, initialValue: "0")
    #expect(history.operations[0].result == history.initialValue)
  }

  static let start = "INFO  jepsen.util - "

  static let wrong: [(lines: [String], complaint: String)] = [
    (["0 :invoke"], "1:30: error: expected an operation such as :read, found the end"),
    (["0"], "1:22: error: expected a type such as :invoke, found the end of the line"),
    ([""], "1:21: error: expected a process"),
    (["0 :invoke :write"], "1:37: error: expected a value"),
    (["0 :invoke :wri 3"], "1:31: error: unknown operation :wri; known: read, write, cas"),
    (["0 :inv :write 3"], "1:23: error: unknown type :inv; known: :invoke, :ok, :fail, :info"),
    (["0 invoke :write 3"], #"1:23: error: expected a type such as :invoke, found "invoke""#),
    (["x :invoke :write 3"], #"1:21: error: expected a process, a whole number, found "x""#),
    (["0 :invoke :append 3"], #"1:31: error: a cas-register has no operation ":append""#),
    (["0 :invoke :cas 3"], "1:36: error: expected the two values of a :cas: [0 1]"),
    (["0 :invoke :cas [3]"], "1:36: error: expected the two values of a :cas: [0 1]"),
    (["0 :invoke :cas [3 1"], #"1:40: error: the input ends inside what opens with "[""#),
    (["0 :invoke :write 3 4"], #"1:40: error: expected the end of the line, found "4""#),
    (["0 :invoke :write 99999999999999999999"], "1:38: error: 99999999999999999999 is too large"),
    (["99999999999999999999 :invoke :write 3"], "1:21: error: 99999999999999999999 is too large"),
    (["0 :ok :write 3"], "1:21: error: process 0 has no operation open here"),
    (
      ["0 :invoke :write 3", "0 :invoke :write 4"],
      "2:21: error: process 0 has two operations open: its write of line 1 has not ended"
    ),
    (
      ["0 :invoke :write 3", "0 :ok :read 4"],
      "2:27: error: this ends a read, but the process has called the write of line 1"
    ),
    (
      ["0 :invoke :write 3", "0 :ok :write 4"],
      "2:34: error: the write of line 1 was called with another value"
    ),
    (
      ["0 :invoke :cas [3 4]", "0 :ok :cas [3 5]"],
      "2:32: error: the :cas was called with other values"
    ),
    (
      ["0 :invoke :read nil", "0 :ok :read [1 2]"],
      "2:33: error: expected one value, found a list"
    ),
    (
      ["0 :invoke :read [1 nil]", "0 :ok :read [2 5]"],
      "2:34: error: the call has another key"
    ),
    (
      ["0 :invoke :read [1 nil]", "0 :ok :read 5"],
      "2:33: error: expected a pair of key and value, as in the call"
    ),
  ]

  @Test("wrong lines are told with their places", arguments: wrong)
  func wrongLines(lines: [String], complaint: String) {
    let found = complaints(lines.map { Self.start + $0 }.joined(separator: "\n"))
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("h:" + complaint) == true, "\(found)")
  }

  @Test("lines that no logger wrote are no history, nor are operations of another logger")
  func foreignLines() {
    #expect(
      complaints("INFO  jepsen.core - hi\nhello\nINFO  jepsen.utl - 0 :invoke :read nil\n") == [
        "h:2:1: error: this is no log line: it starts with no level such as INFO",
        "h:3:1: error: this looks like an operation, but the logger is not jepsen.util",
      ])
  }
}

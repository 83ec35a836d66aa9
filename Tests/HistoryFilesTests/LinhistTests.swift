import LinearizabilityChecking
import Testing

@testable import HistoryFiles

@Suite("linhist")
struct LinhistTests {
  @Test("a register with compare-and-swap")
  func swaps() throws {
    let history = try readHistory(
      """
      # linhist 1 model=cas init=0 seed=7
      # a comment
      inv\t0\t0\tcas\tx\t0\t5
      inv\t1\t1\tread\tx
      ret\t1\t1\tok\t5
      ret\t0\t0\tok\ttrue

      inv\t2\t0\tcas\ty\t3\t4
      ret\t2\t0\tok\tfalse
      # remark: s1 crashes
      inv\t3\t0\twrite\tx\t9
      ret\t3\t0\tinfo
      inv\t4\t0\twrite\tx\t8
      inv\t5\t0\tread\tx
      ret\t5\t0\tfail
      """)
    #expect(history.model == .casRegister)
    #expect(history.values[history.initialValue] == "0")
    #expect(
      events(of: history) == [
        #"0 compareAndSwap("x") "0" "5" ok"#, #"1 read("x") - - ok"#, #"1 ok "5""#, "0 ok 1 -",
        #"2 compareAndSwap("y") "3" "4" ok"#, "2 ok 0 -", "remark s1 crashes",
        #"3 write("x") - "9" unknown"#, #"4 write("x") - "8" unknown"#, #"5 read("x") - - failed"#,
        "5 failed -",
      ])
  }

  @Test("lists, and tokens that can be replaced")
  func lists() throws {
    let lists = try readHistory(
      "# linhist 1 model=list init=empty\ninv\ta\tp\tappend\tx\t1\nret\ta\tp\tok\n"
        + "inv\tb\tp\tread\tx\nret\tb\tp\tok\t1,2\ninv\tc\tp\tread\tx\nret\tc\tp\tok\n")
    #expect(lists.model == .listAppend)
    #expect(events(of: lists).filter { $0.contains("[") } == [#"1 ok ["1" "2"]"#, "2 ok []"])
    let tokens = try readHistory(
      "# linhist 1 model=kva init=empty\ninv\ta\tp\twrite\tx\t1\nret\ta\tp\tok\n"
        + "inv\tb\tp\tappend\tx\t2\nret\tb\tp\tok\ninv\tc\tp\tread\tx\nret\tc\tp\tok\t1,2\n"
        + "inv\td\tp\tread\ty\nret\td\tp\tok\t\n")
    #expect(tokens.model == .keyValue)
    #expect(
      events(of: tokens) == [
        #"0 write("x") - "1," ok"#, "0 ok ", #"1 append("x") - "2," ok"#, "1 ok -",
        #"2 read("x") - - ok"#, #"2 ok "1,2,""#, #"3 read("y") - - ok"#, #"3 ok """#,
      ])
  }

  @Test("a block device")
  func blocks() throws {
    let history = try readHistory(
      "# linhist 1 model=blk init=0\ninv\t0\t0\twrite2\t3\t7\nret\t0\t0\tok\n"
        + "inv\t1\t0\tread2\t2\nret\t1\t0\tok\t0,7\ninv\t2\t0\tread\t4\nret\t2\t0\tok\t7\n")
    #expect(
      events(of: history) == [
        #"0 writeTwo(3) - "7" ok"#, "0 ok ", "1 readTwo(2) - - ok", #"1 ok ["0" "7"]"#,
        "2 read(4) - - ok", #"2 ok "7""#,
      ])
  }

  static let wrong: [(lines: String, complaint: String)] = [
    ("inv\t0", "2:6: error: expected a process"),
    ("inv 0 0 read x", #"2:1: error: expected inv or ret, found "inv 0 0 read x""#),
    (
      "inv\t0\t0\tred\tx",
      #"2:9: error: this model has no operation "red"; known: read, write, cas"#
    ),
    ("inv\t0\t0\tread\tx\t1", #"2:16: error: expected the end of the line, found "1""#),
    ("inv\t0\t0\twrite\tx", "2:16: error: expected a value"),
    ("inv\t0\t0\tcas\tx\t1", "2:16: error: expected a value"),
    ("inv\t0\t0\twrite\tx\t99999999999999999999", "2:17: error: 99999999999999999999 is too large"),
    ("ret\t0\t0\tok", #"2:5: error: no operation "0" has been called"#),
    (
      "inv\t0\t0\tread\tx\nret\t0\t1\tok\t5",
      #"3:7: error: operation "0" was called by process "0""#
    ),
    ("inv\t0\t0\tread\tx\nret\t0\t0\tok", "3:11: error: expected the value read"),
    ("inv\t0\t0\tread\tx\nret\t0\t0\tyes", #"3:9: error: expected ok, info or fail, found "yes""#),
    ("inv\t0\t0\tcas\tx\t1\t2\nret\t0\t0\tok\t1", "3:12: error: expected true or false"),
    ("inv\t0\t0\tread\tx\ninv\t0\t1\tread\tx", #"3:5: error: there is an operation "0" already"#),
    (
      "inv\t0\t0\tread\tx\nret\t0\t0\tinfo\nret\t0\t0\tok\t5",
      #"4:5: error: operation "0" has ended already"#
    ),
    (
      "inv\t0\t0\tread\tx\ninv\t1\t0\tread\tx\nret\t1\t0\tok\t5\nret\t0\t0\tok\t5",
      #"5:5: error: process "0" had two operations open: it has called another one since"#
    ),
    ("inv\t0\t0\tread\tx\u{0}", "2:15: error: a NUL byte stands in the line"),
  ]

  @Test("wrong lines are told with their places", arguments: wrong)
  func wrongLines(lines: String, complaint: String) {
    let found = complaints("# linhist 1 model=cas init=0\n" + lines)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("h:" + complaint) == true, "\(found)")
  }

  static let wrongHeaders: [(line: String, complaint: String)] = [
    ("# linhist 2 model=kv", #"1:11: error: unknown version "2"; this program reads 1"#),
    ("# linhist 1 model=kw", #"1:19: error: unknown model "kw"; known: register, kv, cas"#),
    ("# linhist 1 init=0", "1:19: error: the header has no model="),
    ("# linhist 1 model=list init=0", "1:29: error: lists are empty at first: init=empty"),
    ("inv\t0\t0\tread\tx", "1:1: error: the first line is no header of a linhist file"),
  ]

  @Test("nothing is read after a wrong header", arguments: wrongHeaders)
  func wrongHeaderLines(line: String, complaint: String) {
    let found = complaints(line + "\ninv\n")
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("h:" + complaint) == true, "\(found)")
  }

  @Test("blocks have numbers")
  func wrongBlock() {
    let header = "# linhist 1 model=blk init=0\n"
    #expect(
      complaints(header + "inv\t0\t0\tread\tx") == [
        "h:2:14: error: expected a block, 0 to 2147483645"
      ])
    #expect(complaints(header + "inv\t0\t0\tread\t2147483646").count == 1)
    #expect(complaints(header + "inv\t0\t0\tread\t-1").count == 1)
    #expect(complaints(header + "inv\t0\t0\tread\t99999999999999999999").count == 1)
  }
}

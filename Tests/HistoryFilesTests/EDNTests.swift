import LinearizabilityChecking
import Testing

@testable import HistoryFiles

@Suite("EDN of Jepsen, and key-value logs")
struct EDNTests {
  static let vector = """
    ; a comment before the history
    [{:process 0, :type :invoke, :f :cas, :value [2 3]}
     {:type :info, :f :start, :process :nemesis, :time 12, :value "cut \\"a\\""}
     {:process 0 :type :fail, :f :cas, :value [2 3], :error [:duplicate "x"]}
     ; one more
     {:type :invoke,
      :f :read,
      :value nil,
      :process 12,
      :time 113346496167}
     #_ {:ignored true}
     {:process 12, :type :ok, :f :read, :value nil, :index 7}
     {:process 12, :type :invoke, :f :read, :value 4}
     {:process 12, :type :ok, :f :read, :value 4}]
    """

  @Test("a vector of maps, on any lines, with comments and other keys")
  func maps() throws {
    for pieces in [1, 2, 5, 100_000] {
      let history = try readHistory(Self.vector, pieces: pieces)
      #expect(history.model == .casRegister)
      #expect(history.values[history.initialValue] == "nil")
      #expect(
        events(of: history) == [
          #"0 compareAndSwap("") "2" "3" failed"#, #"remark start cut "a""#, "0 failed -1 -",
          #"1 read("") - - unknown"#, #"2 read("") - - ok"#, #"2 ok "4""#,
        ])
      #expect(history.operations.map(\.line) == [2, 6, 13])
    }
  }

  @Test("a list, maps without any, and records do as well")
  func shapes() throws {
    let first = "{:type :invoke, :f :write, :value 0, :process 0}"
    let second = "{:type :ok, :f :write, :value 0, :process 0}"
    let expected = [#"0 write("") - "0" ok"#, "0 ok "]
    for text in [
      "(\(first)\n\(second))", "\(first)\n\(second)\n", "[\(first) \(second)]", "\(first)\(second)",
      "#jepsen.history.Op\(first)\n#jepsen.history.Op \(second)", "\r\n[\r\n\(first)\r\n\(second)]",
    ] {
      #expect(events(of: try readHistory(text)) == expected, "\(text)")
      #expect(events(of: try readHistory(text, pieces: 1)) == expected, "\(text)")
    }
    #expect(try readHistory("[]").operations.isEmpty)
    #expect(try readHistory("", format: .edn).operations.isEmpty)
  }

  /// What the model is told by, without --model.
  static let models: [(ObjectModel, [String])] = [
    (.register, [":f :read", ":f :write, :value 1"]),
    (.casRegister, [":f :read", ":f :cas, :value [1 2]"]),
    (.keyValue, [":f :get, :key 1", ":f :append, :key 1, :value 2"]),
    (.listAppend, [":f :append, :value 1", ":f :read"]),
    (.fifoQueue, [":f :enqueue, :value 1", ":f :dequeue"]),
    (.set, [":f :add, :value 1", ":f :contains, :value 1"]),
    (.mutex, [":f :acquire, :index 3", ":f :release"]),
    (.block, [":f :write, :key 3, :count 2, :value 1"]),
  ]

  @Test("the operations tell the model", arguments: models)
  func inference(model: ObjectModel, operations: [String]) throws {
    let lines = operations.enumerated().map {
      "{:process \($0.offset), :type :invoke, \($0.element)}"
    }
    #expect(try readHistory(lines.joined(separator: "\n"), format: .edn).model == model)
  }

  @Test("pairs of key and value may have a tag")
  func tuples() throws {
    let history = try readHistory(
      """
      {:process 0, :type :invoke, :f :write, :value #jepsen.independent/tuple [1 5]}
      {:process 0, :type :ok, :f :write, :value #jepsen.independent/tuple [1 5]}
      {:process 0, :type :invoke, :f :read, :value #jepsen.independent.Tuple [2 nil]}
      {:process 0, :type :ok, :f :read, :value #jepsen.independent.Tuple [2 nil]}
      """)
    #expect(
      events(of: history) == [
        #"0 write("1") - "5" ok"#, "0 ok ", #"1 read("2") - - unknown"#,
      ])
  }

  @Test("what a transaction read is what there was, nothing included")
  func readsOfNothing() throws {
    func history(_ write: String, _ read: String) throws -> RecordedHistory {
      try readHistory(
        """
        {:process 0, :type :invoke, :f :txn, :value [\(write)]}
        {:process 0, :type :ok, :f :txn, :value [\(write)]}
        {:process 0, :type :invoke, :f :txn, :value [[:r 5 nil]]}
        {:process 0, :type :ok, :f :txn, :value [\(read)]}
        """)
    }
    var checker = HistoryChecker()
    for (write, read, isFine) in [
      ("[:append 5 1]", "[:r 5 nil]", false), ("[:append 6 1]", "[:r 5 nil]", true),
      ("[:append 5 1]", "[:r 5 [1]]", true), ("[:w 5 1]", "[:r 5 nil]", false),
      ("[:w 6 1]", "[:r 5 nil]", true), ("[:w 5 1]", "[:r 5 1]", true),
    ] {
      let verdict = checker.check(try history(write, read)).verdict
      #expect(verdict.isLinearizable == isFine, "\(write) \(read)")
    }
  }

  @Test("lists, and transactions of one operation")
  func lists() throws {
    let plain = """
      {:process 0, :type :invoke, :f :append, :value [5 1]}
      {:process 0, :type :ok, :f :append, :value [5 1]}
      {:process 0, :type :invoke, :f :read, :value [5 nil]}
      {:process 0, :type :ok, :f :read, :value [5 [1]]}
      """
    let transactions = """
      {:process 0, :type :invoke, :f :txn, :value [[:append 5 1]]}
      {:process 0, :type :ok, :f :txn, :value [[:append 5 1]]}
      {:process 0, :type :invoke, :f :txn, :value [[:r 5 nil]]}
      {:process 0, :type :ok, :f :txn, :value [[:r 5 [1]]]}
      """
    for text in [plain, transactions] {
      let history = try readHistory(text)
      #expect(history.model == .listAppend)
      #expect(
        events(of: history) == [
          #"0 append("5") - "1" ok"#, "0 ok -", #"1 readList("5") - - ok"#, #"1 ok ["1"]"#,
        ])
    }
  }

  @Test("a key-value log: get, put and append of texts, empty at first")
  func keyValueLog() throws {
    let text = """
      {:process 0, :type :invoke, :f :append, :key "0", :value "x 0 0 y"}
      {:process 1, :type :invoke, :f :get, :key "0", :value nil}
      {:process 0, :type :ok, :f :append, :key "0", :value "x 0 0 y"}
      {:process 1, :type :ok, :f :get, :key "0", :value "x 0 0 y"}
      {:process 1, :type :invoke, :f :put, :key "4", :value "\\t\\u00e9"}
      """
    let history = try readHistory(text)
    #expect(history.model == .keyValue)
    #expect(history.values[history.initialValue] == "")
    #expect(
      events(of: history) == [
        #"0 append("0") - "x 0 0 y" ok"#, #"1 read("0") - - ok"#, "0 ok -", #"1 ok "x 0 0 y""#,
        "2 write(\"4\") - \"\té\" unknown",
      ])
  }

  @Test("a queue that answers nil was empty; a lock has no values")
  func queueAndLock() throws {
    let queue = try readHistory(
      """
      {:process 0, :type :invoke, :f :dequeue, :value nil}
      {:process 0, :type :ok, :f :dequeue, :value nil}
      {:process 0, :type :invoke, :f :dequeue, :value nil}
      {:process 0, :type :fail, :f :dequeue, :value :exhausted}
      """)
    #expect(queue.operations[0].outcome == .ok)
    #expect(queue.operations[1].outcome == .failed)
    let lock = try readHistory(
      """
      {:type :invoke, :f :acquire, :process 3, :time 29453685176, :index 1111}
      {:type :fail, :f :acquire, :process 3, :time 29453923414, :error :already-held, :index 1112}
      {:type :invoke, :f :release, :process 1}
      {:type :ok, :f :release, :process 1}
      """)
    #expect(lock.operations.map(\.outcome) == [.failed, .ok])
  }

  static let wrong: [(text: String, complaint: String)] = [
    ("{:process 0, :type :invoke, :f :read", #"1:37: error: the input ends inside a map"#),
    ("{:process 0, :type :invoke, :f :read, :val", "1:43: error: the input ends inside a value"),
    ("{:process 0, :type :invoke, :f :write, :value \"a", "1:49: error: the input ends inside a"),
    ("[{:process 0, :type :invoke, :f :read}", "1:39: error: the vector or list that begins in"),
    ("{:process 0, :type :invoke, :f :read}]", #"1:38: error: expected a value, found "]""#),
    ("[{:process 0, :type :invoke, :f :read}] 3", #"1:41: error: "3" stands here after the end"#),
    ("{:process 0, :type :invoke, :f :read} [", "1:39: error: a vector or list begins here"),
    ("{:process 0, :type :invoke, :f :read} 3", #"1:39: error: "3" stands here instead of a map"#),
    ("{:process 0, :type :invoke}", "1:1: error: the map has no :f"),
    ("{:process 0, :f :read}", "1:1: error: the map has no :type"),
    ("{:type :invoke, :f :read}", "1:1: error: the map has no :process"),
    (
      "{:process 0, :type :invoke, :f :read, :f :read}", "1:39: error: the key :f stands here twice"
    ),
    ("{:process 0, :type :invoke, :f}", "1:29: error: the key :f has no value"),
    ("{:process 0, :type :invoke, 7 :read}", "1:29: error: expected a key such as :process"),
    ("{:process \"a\", :type :invoke, :f :read}", "1:11: error: expected a process, a whole"),
    ("{:process 0, :type \"ok\", :f :read}", "1:20: error: expected a keyword for :type"),
    ("{:process 0, :type :invoke, :f :write}", "1:1: error: expected the :value of a :write"),
    ("{:process 0, :type :invoke, :f :write, :value {}}", "1:47: error: expected a value, found"),
    ("{:process 0, :type :invoke, :f :write, :value x}", "1:47: error: expected a value, found"),
    ("{:process 0, :type :invoke, :f :write, :value 1x}", "1:47: error: \"1x\" is no number"),
    ("{:process 0, :type :invoke, :f :write, :value 007}", "1:47: error: \"007\" is no number"),
    ("{:process 0, :type :invoke, :f :write, :value :}", "1:47: error: a keyword has a name"),
    ("{:process 0, :type :invoke, :f :write, :value \"\\q\"}", "1:48: error: \"\\q\" is no escape"),
    ("{:process 0, :type :invoke, :f :txn, :value [[:r 1 nil] [:r 2 nil]]}", "1:45: error: a tra"),
    ("{:process 0, :type :invoke, :f :txn, :value [[:r 1]]}", "1:46: error: expected an operation"),
    ("{:process 0, :type :invoke, :f :read, :value \"\u{1}\"}", "1:47: error: a control character"),
    (
      "{:process 0, :type :invoke, :f :add, :value 1}\n{:process 1, :type :invoke, :f :read}",
      "2:38: error: the operations look like a set, which has no read (line 2)"
    ),
    (
      "{:process 0, :type :invoke, :f :contains, :value 1}\n"
        + "{:process 0, :type :ok, :f :contains, :value 1}",
      "2:46: error: expected true or false for a :contains"
    ),
    (String(repeating: "[", count: 9), "1:2: error: a vector or list begins here"),
    (
      "{:process 0, :type :invoke, :f :write, :value " + String(repeating: "[", count: 300),
      "1:147: error: values stand in each other more than 100 deep"
    ),
  ]

  @Test("wrong text is told with its place, however it comes in", arguments: wrong)
  func wrongText(text: String, complaint: String) {
    let request = HistoryRequest(path: "h", format: .edn)
    for pieces in [1, 10_000] {
      let found = complaints(Array(text.utf8), request, pieces: pieces)
      #expect(found.count == 1, "\(found)")
      #expect(found.first?.hasPrefix("h:" + complaint) == true, "\(found)")
    }
  }

  @Test("reading goes on with the next map after an error")
  func recovery() {
    let text = """
      [{:process 0, :type :invoke, :f :reed}
       {:process 1, :type :invoke, :f
        :write, :value 1 1}
       {:process 1, :type :invoke, :f :read} {:process 1, :type :invoke, :f :read}
       {:process 1, :type :ok, :f :read, :value 1}
       {:process 1, :type :ok, :f :read, :value 1}]
      """
    #expect(
      complaints(text) == [
        "h:1:33: error: unknown operation :reed; known: read, write, cas, get, put, append, "
          + "enqueue, dequeue, add, remove, contains, acquire, release, txn",
        "h:3:20: error: expected a key such as :process, found \"1\"",
        "h:4:50: error: process 1 has two operations open: its read of line 4 has not ended",
        "h:6:12: error: process 1 has no operation open here",
      ])
  }

  @Test("bytes that are no UTF-8 are told with their place")
  func malformed() {
    let bytes =
      Array("[{:process 0}\n {:process 0, :type :invoke, :f :write, :value \"é".utf8)
      + [0xC0] + Array("\"}]".utf8)
    let request = HistoryRequest(path: "h", format: .edn)
    for pieces in [1, 100] {
      #expect(
        complaints(bytes, request, pieces: pieces) == [
          "h:1:2: error: the map has no :type", "h:2:50: error: this is not UTF-8",
        ])
    }
  }
}

import Testing

@testable import LinearizabilityChecking

@Suite("Explanations: sentences")
struct ConflictSentenceTests {
  struct Case: Sendable {
    var shape: String
    var model: ObjectModel
    var lines: [String]
    var sentence: String
  }

  static let registers = [
    Case(
      shape: "a stale read", model: .register, lines: ["w1 -- w2 --", "              r1 --"],
      sentence: """
        key "k": read 2 returned "1" after write 1 of "2" had finished, although write 0 of "1" had \
        finished before write 1 of "2" began
        """),
    Case(
      shape: "a stale read of the initial value", model: .register,
      lines: ["w1 --", "        r_ --"],
      sentence: """
        key "k": read 1 returned "", the initial value, after write 0 of "1" had finished
        """),
    Case(
      shape: "a new value, then an old one", model: .register,
      lines: ["w1 -- w2 -----------------", "         r2 --   r1 --"],
      sentence: """
        key "k": read 3 returned "1" after read 2 had returned "2", although write 0 of "1" had \
        finished before write 1 of "2" began
        """),
    Case(
      shape: "a value that was written twice and replaced", model: .register,
      lines: ["w1 -- w2 -- w1 -- w2 --", "                         r1 --"],
      sentence: """
        key "k": read 4 returned "1" although write 3 of "2" had finished before it began, and \
        write 0 of "1" and write 2 of "1", all that may have written it, had finished before write \
        3 of "2" began
        """),
    Case(
      shape: "a value that a compare-and-swap put there, too", model: .casRegister,
      lines: ["w2 -- w1 -- w2 -- c2:1 -- w3 --", "                                 r1 --"],
      sentence: """
        key "k": read 5 returned "1" although write 4 of "3" had finished before it began, and \
        write 1 of "1" and compare-and-swap 3, all that may have written it, had finished before \
        write 4 of "3" began
        """),
    Case(
      shape: "an old value that was written twice, after a new one", model: .register,
      lines: ["w1 ------", "w1 -----", "   w2 --------------", "          r2 --  r1 --"],
      sentence: """
        key "k": read 4 returned "1" although read 3 had returned "2" before it began, and write 0 \
        of "1" and write 1 of "1", all that may have written it, had finished before read 3 began
        """),
    Case(
      shape: "a value from nowhere", model: .register, lines: ["r1 --"],
      sentence: #"key "k": read 0 returned "1", which nobody wrote"#),
    Case(
      shape: "a value from the future", model: .register, lines: ["r1 --", "       w1 --"],
      sentence: #"key "k": read 0 returned "1" before write 1 of "1" began"#),
    Case(
      shape: "a lost update", model: .casRegister,
      lines: ["w1 -- c1:2 --", "      c1:3 -----"],
      sentence: """
        key "k": compare-and-swap 1 replaced "1" by "2" and compare-and-swap 2 replaced "1" by "3", \
        which write 0 of "1" put there only once
        """),
    Case(
      shape: "a list read that lacks an element", model: .listAppend,
      lines: ["a1 -- a2 --", "              r1 --"],
      sentence: #"key "k": read 2 returned ["1"], without "2", after append 1 of "2" had finished"#),
    Case(
      shape: "lists of which neither continues the other", model: .listAppend,
      lines: ["a1 ----------", "a2 ----------", "   r1 --", "   r2,1 --"],
      sentence: """
        key "k": read 2 returned ["1"] and read 3 returned ["2", "1"]: neither continues the other
        """),
  ]

  static let others = [
    Case(
      shape: "a torn write", model: .block,
      lines: ["W0=1 -- W0=2 --------", "           R0=2,1 --"],
      sentence: """
        read 2 of blocks 0 and 1 returned ["2", "1"]: half of write 1 of "2" to blocks 0 and 1 and \
        half of write 0 of "1" to blocks 0 and 1, of which one came last and wrote both blocks
        """),
    Case(
      shape: "a torn write seen by two", model: .block,
      lines: ["W0=1 -----------------", "     r0=1 --  r1=_ --"],
      sentence: """
        read 2 of block 1 returned "", the initial value of block 1, after read 1 of block 0 had \
        returned "1", although write 0 of "1" to blocks 0 and 1 wrote both blocks at once
        """),
    Case(
      shape: "an element taken twice", model: .fifoQueue, lines: ["e1 -- d1 --", "      d1 -----"],
      sentence: """
        key "k": dequeue 1 and dequeue 2 both returned "1", which was enqueued only once, by \
        enqueue 0 of "1"
        """),
    Case(
      shape: "an element that overtakes another", model: .fifoQueue,
      lines: ["e1 -- e2 -- d2 -- d1 --"],
      sentence: """
        key "k": dequeue 2 returned "2", although enqueue 0 of "1" had finished before enqueue 1 of \
        "2" began, and nobody had taken "1" by then
        """),
    Case(
      shape: "nothing where something was", model: .fifoQueue, lines: ["e1 -- d_ --"],
      sentence: #"key "k": dequeue 1 found nothing after enqueue 0 of "1" had finished"#),
    Case(
      shape: "an element that is not found", model: .set, lines: ["+1 -- ?1n --"],
      sentence: """
        key "k": look-up 1 of "1" did not find it after addition 0 of "1" had finished, and nobody \
        had begun to remove it
        """),
    Case(
      shape: "an element that was removed", model: .set, lines: ["+1 -- -1 -- ?1y --"],
      sentence: """
        key "k": look-up 2 of "1" found it after removal 1 of "1" had finished, although addition 0 \
        of "1" had finished before that began
        """),
    Case(
      shape: "a lock held twice", model: .mutex, lines: ["L --", "L ----"],
      sentence: """
        key "k": acquire 0 and acquire 1 both took the lock, and nobody can have released it in \
        between
        """),
    Case(
      shape: "a lock given back by nobody", model: .mutex, lines: ["U --"],
      sentence: #"key "k": release 0 gave back a lock that nobody had taken"#),
  ]

  @Test("the usual shapes", arguments: registers + others)
  func shapes(_ example: Case) {
    let history = history(example.model, example.lines)
    #expect(explanation(history).sentence == example.sentence, "\(example.shape)")
  }

  @Test("what fits no shape is told with its edges in time and by values")
  func general() {
    // Each value was written twice, and one of them shows three times.
    let open = "-----------------------------------"
    let history = history(
      .register,
      ["w1 \(open)", "w1 \(open)", "w2 \(open)", "w2 \(open)", "     r1 - r2 - r1 - r2 - r1 -"])
    let found = explanation(history)
    #expect(found.sources == [0, 2])
    #expect(
      found.sentence == """
        key "k": no order explains read 4 returned "1", read 5 returned "2", read 6 returned "1", \
        read 7 returned "2" and read 8 returned "1": read 4 had finished before read 5 began; read \
        5 had finished before read 6 began; read 6 had finished before read 7 began; read 7 had \
        finished before read 8 began
        """)
  }

  @Test("of whom the operations are")
  func processes() {
    let history = history(.register, ["w1 --", "        r_ --"])
    var explainer = HistoryExplainer()
    explainer.namesProcesses = true
    var checker = HistoryChecker()
    #expect(
      explainer.explain(history, checker.check(history))?.sentence == """
        key "k": p1's read 1 returned "", the initial value, after p0's write 0 of "1" had finished
        """)
  }
}

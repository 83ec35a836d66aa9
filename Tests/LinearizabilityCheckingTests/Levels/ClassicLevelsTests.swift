import LinearizabilityChecking
import Testing

/// Histories that everybody knows, and what they still promise.
@Suite struct ClassicLevelsTests {
  /// A history of operations that follow each other in real time: a line an operation,
  /// `process kind key [argument] [-> answer ...]`; `?` instead of an answer means that it never
  /// returned. Lists are separated by blanks, `_` is the empty text.
  private func history(_ model: ObjectModel, _ text: String) -> RecordedHistory {
    var history = RecordedHistory(model: model)
    for line in text.split(separator: "\n") {
      let halves = line.split(separator: ">", omittingEmptySubsequences: false)
      let words = halves[0].split(separator: " ").map(String.init).filter { $0 != "-" }
      let kinds: [String: RecordedOperation.Kind] = [
        "r": model == .listAppend ? .readList : .read, "w": .write, "a": .append, "r2": .readTwo,
        "w2": .writeTwo, "cas": .compareAndSwap, "enq": .enqueue, "deq": .dequeue,
      ]
      guard let kind = kinds[words[1]] else { continue }
      let key = model == .block ? Int32(words[2]) ?? 0 : history.keys.id(of: words[2])
      var operation = RecordedOperation(
        kind: kind, process: history.processes.id(of: words[0]), key: key,
        call: history.eventCount)
      let values = words.dropFirst(3).filter { $0 != "?" }
        .map { history.values.id(of: $0 == "_" ? "" : $0) }
      if kind == .compareAndSwap {
        operation.expected = values[0]
        operation.argument = values[1]
      } else if let value = values.first {
        operation.argument = value
      }
      history.eventCount += 1
      if words.last != "?" {
        operation.outcome = .ok
        operation.returned = history.eventCount
        history.eventCount += 1
        let answers = (halves.count > 1 ? halves[1].split(separator: " ") : [])
          .map { history.values.id(of: $0 == "_" ? "" : String($0)) }
        if kind == .readList || kind == .readTwo {
          operation.result = Int32(history.lists.count)
          operation.resultCount = Int32(answers.count)
          history.lists += answers
        } else if kind == .compareAndSwap {
          operation.result = 1
        } else if let answer = answers.first {
          operation.result = answer
        }
      }
      history.operations.append(operation)
    }
    return history
  }

  private func levels(_ model: ObjectModel, _ text: String) -> ConsistencyLevels {
    ConsistencyLevels(history(model, text))
  }

  private func broken(_ levels: ConsistencyLevels) -> [SessionGuarantees] {
    levels.singleSessions.filter { $0.answer != .holds }.map(\.guarantee)
  }

  @Test func `one after the other`() {
    let levels = levels(.keyValue, "p0 w x 1\np1 r x -> 1")
    #expect(levels.strongest == .linearizable)
    #expect(levels.isCertain)
    #expect(levels.heldSessions == .all)
  }

  @Test func `stale read of another process: sequentially consistent`() {
    let levels = levels(.keyValue, "p0 w x 1\np1 r x -> _")
    #expect(levels.strongest == .sequential)
    #expect(levels.isCertain)
    #expect(levels.linearizable != .holds)
    #expect(levels.allSessions == .holds)
  }

  @Test func `read from the future: sequentially consistent`() {
    #expect(levels(.keyValue, "p0 r x -> 1\np1 w x 1").strongest == .sequential)
    #expect(levels(.keyValue, "p0 r x -> 1\np0 w x 1").sequential != .holds)
  }

  @Test func `stale read of its own write breaks read your writes alone`() {
    let levels = levels(.keyValue, "p0 w x 1\np0 r x -> _")
    #expect(
      levels.strongest
        == .sessions([.monotonicReads, .monotonicWrites, .writesFollowReads]))
    #expect(broken(levels) == [.readYourWrites])
    #expect(
      levels.singleSessions[0].answer
        == .fails(
          """
          read x -> "" by p0 (operation 1) does not show write x "1" by p0 (operation 0), \
          although the same process did it before
          """))
  }

  @Test func `store buffers: each process reads what the other wrote too early`() {
    let levels = levels(.keyValue, "p0 w x 1\np1 w y 1\np0 r y -> _\np1 r x -> _")
    #expect(levels.strongest == .sessions(.all))
    #expect(levels.isCertain)
    #expect(
      levels.sequential
        == .fails(
          """
          write x "1" by p0 (operation 0) comes before read y -> "" by p0 (operation 2): the same \
          process did it first; read y -> "" by p0 (operation 2) comes before write y "1" by p1 \
          (operation 1): it still saw the initial value; write y "1" by p1 (operation 1) comes \
          before read x -> "" by p1 (operation 3): the same process did it first; read x -> "" by \
          p1 (operation 3) comes before write x "1" by p0 (operation 0): it still saw the initial \
          value
          """))
  }

  @Test func `independent reads of independent writes in different orders`() {
    let levels = levels(
      .keyValue,
      """
      p0 w x 1
      p1 w y 1
      p2 r x -> 1
      p2 r y -> _
      p3 r y -> 1
      p3 r x -> _
      """)
    #expect(levels.strongest == .sessions(.all))
    #expect(levels.isCertain)
  }

  @Test func `message passing: the flag is seen and the data are not`() {
    let levels = levels(.keyValue, "p0 w data 1\np0 w flag 1\np1 r flag -> 1\np1 r data -> _")
    // The first read went to a server that had the flag alone, which monotonic writes forbid, or
    // the second to one that had neither write, which monotonic reads forbid.
    #expect(broken(levels) == [])
    #expect(levels.allSessions != .holds)
    #expect(
      levels.strongest
        == .sessions([.readYourWrites, .monotonicWrites, .writesFollowReads]))
  }

  @Test func `values go back: a later read shows nothing again`() {
    let levels = levels(.keyValue, "p0 w x 1\np1 r x -> 1\np1 r x -> _")
    #expect(broken(levels) == [.monotonicReads])
  }

  @Test func `two readers disagree about the order of two writes`() {
    let levels = levels(
      .register,
      """
      p0 w x 1
      p1 w x 2
      p2 r x -> 1
      p2 r x -> 2
      p3 r x -> 2
      p3 r x -> 1
      """)
    #expect(broken(levels) == [.monotonicReads])
    #expect(levels.sequential != .holds)
  }

  @Test func `appends of one process are seen in another order, or with a gap`() {
    #expect(
      broken(levels(.listAppend, "p0 a x 1\np0 a x 2\np1 r x -> 2 1")) == [.monotonicWrites])
    #expect(broken(levels(.listAppend, "p0 a x 1\np0 a x 2\np1 r x -> 2")) == [.monotonicWrites])
    #expect(levels(.listAppend, "p0 a x 1\np0 a x 2\np1 r x -> 1").strongest == .sequential)
  }

  @Test func `the answer is seen without the question`() {
    let levels = levels(.listAppend, "p0 a x 1\np1 r x -> 1\np1 a x 2\np2 r x -> 2")
    #expect(broken(levels) == [.writesFollowReads])
    #expect(
      levels.strongest
        == .sessions([.readYourWrites, .monotonicReads, .monotonicWrites]))
  }

  @Test func `half a write of two blocks breaks everything`() {
    let levels = levels(.block, "p0 w2 4 1\np1 r2 4 -> 1 _")
    #expect(levels.strongest == .none)
    #expect(broken(levels).count == 4)
    #expect(levels.isCertain)
  }

  @Test func `a value that nobody wrote breaks everything`() {
    let levels = levels(.keyValue, "p0 w x 1\np1 r x -> 3")
    #expect(levels.strongest == .none)
    #expect(
      levels.allSessions
        == .fails(
          "no update can have led to the answer of read x -> \"3\" by p1 (operation 1)"))
  }

  @Test func `a write of unknown outcome is nobody's past`() {
    let levels = levels(.keyValue, "p0 w x 1 ?\np0 r x -> _\np1 r x -> 1\np0 r x -> _")
    #expect(levels.linearizable != .holds)
    #expect(levels.strongest == .sequential)
  }

  @Test func `two compare-and-swaps from one value`() {
    let levels = levels(.casRegister, "p0 cas x _ 1\np1 cas x _ 2")
    #expect(levels.sequential != .holds)
    #expect(levels.strongest == .sessions(.all))
  }

  @Test func `a queue has an order but no sessions`() {
    let ordered = levels(.fifoQueue, "p0 enq x 1\np0 enq x 2\np1 deq x\np1 deq x -> 1")
    #expect(ordered.strongest == .sequential)
    let levels = levels(.fifoQueue, "p0 enq x 1\np0 enq x 2\np1 deq x -> 2")
    #expect(levels.strongest == .none)
    #expect(levels.allSessions == .undefined)
    #expect(levels.isCertain)
  }

  @Test func `what is not known is not claimed`() {
    var text = ""
    for number in 0..<40 { text += "p\(number % 8) w x \(number % 3)\np\(number % 8) r x -> 2\n" }
    text += "p0 r x -> 1\np1 r x -> 2\np0 w x 9\np0 r x -> 9\np0 r x -> 1\np2 r x -> 9"
    let history = history(.keyValue, text)
    let levels = ConsistencyLevels(history, linearizability: .undecided(explored: 1), limit: 20)
    #expect(levels.linearizable == .undecided)
    #expect(levels.sequential == .undecided)
    #expect(!levels.isCertain)
    #expect(levels.strongest == .none)
  }

  @Test func `large histories are not attempted`() {
    var history = RecordedHistory(model: .register)
    _ = history.keys.id(of: "")
    _ = history.processes.id(of: "0")
    for number in 0...Int32(ConsistencyLevels.largestOperationCount) {
      var write = RecordedOperation(kind: .write, process: 0, key: 0, call: 2 * number)
      write.argument = 0
      write.outcome = .ok
      write.returned = 2 * number + 1
      history.operations.append(write)
    }
    let levels = ConsistencyLevels(history)
    #expect(levels.sequential == .notAttempted("more than 1000 operations"))
    #expect(levels.linearizable.isOpen)
    #expect(!levels.isCertain)
    let known = ConsistencyLevels(history, linearizability: .linearizable(witness: []))
    #expect(known.strongest == .linearizable)
    #expect(known.isCertain)
  }
}

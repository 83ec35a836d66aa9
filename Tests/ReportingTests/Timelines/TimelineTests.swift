import LinearizabilityChecking
import Testing

@testable import Reporting

@Suite("Timelines of conflicts")
struct TimelineTests {
  /// A register with two writes, then reads of the newer and of the older value.
  static func inversion(between: Int = 0, clients: Int = 1) -> RecordedHistory {
    var history = RecordedHistory(model: .register)
    _ = history.keys.id(of: "k")
    func event() -> Int32 {
      history.eventCount += 1
      return history.eventCount - 1
    }
    func operation(
      _ kind: RecordedOperation.Kind, _ process: String, _ value: String, line: Int32 = 0
    ) {
      var operation = RecordedOperation(
        kind: kind, process: history.processes.id(of: process), key: 0, call: event())
      if kind == .read {
        operation.result = history.values.id(of: value)
      } else {
        operation.argument = history.values.id(of: value)
      }
      operation.outcome = .ok
      operation.returned = event()
      history.operations.append(operation)
    }
    operation(.write, "c1", "a")
    history.remarks.append(HistoryRemark(moment: event(), text: "s1 crashes"))
    operation(.write, "c2", "b")
    for number in 0..<between { operation(.read, "c\(3 + number % clients)", "b") }
    operation(.read, "c2", "a")
    return history
  }

  private func explanation(_ history: RecordedHistory) throws -> ViolationExplanation {
    var checker = HistoryChecker()
    return try #require(HistoryExplainer().explain(history, checker.check(history)))
  }

  @Test("a line for each process, the conflict marked, faults above")
  func text() throws {
    let history = Self.inversion()
    let lines = TimelineText(history, try explanation(history)).lines
    #expect(
      lines == [
        #"!                  !"#,
        #"c1  [=0 write "a"=]"#,
        #"c2                  [=1 write "b"=] [=2 read "a"=]"#,
        "!  s1 crashes",
        "== the conflict",
      ])
  }

  @Test("a long history is cut to the neighbourhood, and told how much was left out")
  func longHistory() throws {
    let history = Self.inversion(between: 10_000, clients: 40)
    let found = try explanation(history)
    let lines = TimelineText(history, found).lines
    #expect(lines.allSatisfy { LineLayout.columns($0) <= 100 })
    #expect(lines.count < 20)
    #expect(lines.contains { $0.contains("~") && $0.contains("[") })
    let shown = lines.joined().matches(of: #/\[[-=.][0-9]+ /#).count
    let rest = ReportText.grouped(10_003 - shown)
    #expect(lines.last == "not shown: \(rest) other operations", "\(lines)")
    let picture = TimelineSVG(history, found, name: "h").text
    #expect(picture.contains("other operations"))
    #expect(picture.utf8.count < 20_000)
  }

  @Test("whatever the values and names are, no line is too wide", arguments: [60, 80, 100])
  func width(columns: Int) throws {
    for length in [1, 5, 20, 60, 200] {
      var history = Self.inversion()
      for word in ["漢", "x", "\u{1F600}", "\n"] {
        let value = history.values.id(of: String(repeating: word, count: length))
        history.operations[0].argument = value
        history.operations[2].result = value
        let name = history.processes.id(of: String(repeating: word, count: length))
        history.operations[1].process = name
        let found = try explanation(history)
        let text = ExplanationText(history, found, width: columns)
        for line in text.sentence + text.details {
          #expect(LineLayout.columns(line) <= columns, "\(line)")
          #expect(!line.contains("\n"))
        }
      }
    }
  }

  @Test("the picture is well-formed, names its parts, and depends on the history alone")
  func picture() throws {
    var history = Self.inversion()
    let value = history.values.id(of: "<&\"\u{1}>")
    history.operations[0].argument = value
    history.operations[2].result = value
    let found = try explanation(history)
    let text = TimelineSVG(history, found, name: "a<b").text
    #expect(text == TimelineSVG(history, found, name: "a<b").text)
    #expect(text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\""))
    #expect(text.contains("<title id=\"title\">a&lt;b is not linearizable</title>"))
    #expect(text.contains("<desc id=\"desc\">Key &quot;k&quot;: read 2 returned"))
    #expect(text.contains("prefers-color-scheme: dark"))
    #expect(text.matches(of: #/<rect class="conflict"/#).count == 4)
    #expect(text.contains("s1 crashes"))
    #expect(!text.contains("\u{1}") && !text.contains("<&"))
    #expect(Self.isBalanced(text))
  }

  /// Whether every element is closed, in order.
  static func isBalanced(_ text: String) -> Bool {
    var open: [Substring] = []
    for tag in text.matches(of: #/<(/?)([a-z]+)[^<>]*?(/?)>/#) {
      if tag.3 == "/" { continue }
      if tag.1.isEmpty {
        open.append(tag.2)
      } else if open.popLast() != tag.2 {
        return false
      }
    }
    return open.isEmpty
  }

  @Test("a conflict of one operation is drawn as well, and one of very many")
  func extremes() throws {
    var one = Self.inversion()
    one.operations[2].result = one.values.id(of: "nobody")
    let found = try explanation(one)
    #expect(found.conflict == [2])
    #expect(TimelineText(one, found).lines.contains { $0.contains("[=2 read \"nobody\"=]") })
    var many = found
    let history = Self.inversion(between: 60, clients: 3)
    many.conflict = history.operations.indices.map(Int32.init)
    let lines = TimelineText(history, many).lines
    #expect(lines.allSatisfy { LineLayout.columns($0) <= 100 })
    #expect(lines.last?.contains("operations of the conflict") == true)
  }
}

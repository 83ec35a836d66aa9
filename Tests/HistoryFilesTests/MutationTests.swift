import InputText
import LinearizabilityChecking
import Testing

@testable import HistoryFiles

@Suite("Mutated histories")
struct MutationTests {
  private static let texts = [
    "{", "}", "[", "]", "(", "\"", "\\", "\\u", "\\ud800", ":", ",", ";", "#", "#_", "#x ", "\t",
    "\n", "\r\n", "\r", "nil", ":invoke", ":ok", ":fail", ":info", ":nemesis", "\"call\"", "inv\t",
    "ret\t", "99999999999999999999", "-1", "2147483647", "9223372036854775807", "\u{0}", "é",
    "INFO  jepsen.util - ", "# linhist 1 model=kva init=empty\n", ":count 2 ", "1/2", "1e9",
    "\u{FEFF}", "-9223372036854775808", "1N", "\\newline", "true", "null",
    String(repeating: "[", count: 300), String(repeating: "{\"a\":", count: 120),
    String(repeating: "#{", count: 120), String(repeating: "x", count: 3_000),
  ]

  /// What is put somewhere: texts, and bytes that are no UTF-8.
  private static let pieces =
    texts.map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]]

  static let sources: [(HistoryFormat?, [UInt8])] = {
    var sources: [(HistoryFormat?, String)] = JSONLineTests.examples.map { (nil, $0.1) }
    sources.append((nil, EDNTests.vector))
    for (index, model) in ObjectModel.allCases.enumerated() {
      var drawn = DrawnHistory(
        model, seed: UInt64(index), texts: ["1", "a b", "2,"], keys: ["x", "7"],
        initialValue: model == .listAppend ? "" : "0", tellsMore: false)
      let history = drawn.draw(30)
      for format in HistoryFormat.allCases {
        guard let text = try? text(history, format) else { continue }
        sources.append((index.isMultiple(of: 2) ? format : nil, text))
      }
    }
    return sources.map { ($0.0, Array($0.1.utf8)) }
  }()

  private static func mutate(_ bytes: inout [UInt8], _ generator: inout Generator) {
    for _ in 0...generator.below(3) {
      let place = generator.below(bytes.count + 1)
      switch generator.below(8) {
      case 6: mutateLines(&bytes, &generator)
      case 0 where place < bytes.count: bytes[place] = UInt8(generator.below(256))
      case 1 where place < bytes.count: bytes[place] = UInt8(48 + generator.below(10))
      case 2:
        bytes.insert(contentsOf: pieces[generator.below(pieces.count)], at: place)
      case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + generator.below(12)))
      case 4: bytes.removeSubrange(place...)
      default:
        let other = generator.below(bytes.count + 1)
        let slice = bytes[min(place, other)..<min(max(place, other), min(place, other) + 80)]
        bytes.insert(contentsOf: slice, at: generator.below(bytes.count + 1))
      }
    }
  }

  /// Leaves out a line, cuts it, says it twice, moves it, or ends all lines in another way.
  private static func mutateLines(_ bytes: inout [UInt8], _ generator: inout Generator) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { Array($0) }
    let place = generator.below(lines.count)
    let other = generator.below(lines.count)
    var end: [UInt8] = [UInt8(ascii: "\n")]
    switch generator.below(5) {
    case 0: lines.remove(at: place)
    case 1: lines[place].removeLast(generator.below(lines[place].count + 1))
    case 2: lines.insert(lines[place], at: other)
    case 3: lines.swapAt(place, other)
    default: end.insert(UInt8(ascii: "\r"), at: 0)
    }
    bytes = Array(lines.joined(separator: end))
  }

  @Test("20,000 of them are read or refused with a place, and what is read can be written")
  func mutants() throws {
    var refused = 0
    var checker = HistoryChecker(limit: 1_000)
    for number in 0..<8_000 {
      var generator = Generator(state: UInt64(number))
      let (format, source) = Self.sources[number % Self.sources.count]
      var bytes = source
      Self.mutate(&bytes, &generator)
      let request = HistoryRequest(path: "h", format: format)
      do {
        let pieces = number % 5 == 0 ? 1 + number % 50 : 1 << 16
        let history = try readHistory(bytes, request, pieces: pieces)
        try checkShape(history, number)
        let again = try readHistory(HistoryWriter.text(of: history))
        #expect(events(of: again) == events(of: history), "mutation \(number)")
        // Whatever can be read can be checked.
        let verdict = checker.check(history).verdict
        #expect(checker.check(again).verdict.isLinearizable == verdict.isLinearizable)
      } catch let error as StreamDiagnostics {
        refused += 1
        #expect((1...20).contains(error.errorCount), "mutation \(number)")
        #expect(error.headlines.allSatisfy { $0.hasPrefix("h:") }, "mutation \(number)")
        #expect(!error.rendered.isEmpty)
      }
    }
    // Cut lines and stray brackets must not pass; digits for digits often do.
    #expect(refused > 4_000)
    #expect(refused < 19_500)
  }

  /// What checkers rely on.
  private func checkShape(_ history: RecordedHistory, _ number: Int) throws {
    var moments: Set<Int32> = []
    var last: Int32 = -1
    for operation in history.operations {
      #expect(operation.call > last, "mutation \(number)")
      last = operation.call
      #expect(moments.insert(operation.call).inserted, "mutation \(number)")
      if operation.returned != .max {
        #expect(operation.returned > operation.call, "mutation \(number)")
        #expect(moments.insert(operation.returned).inserted, "mutation \(number)")
      }
      #expect((operation.returned == .max) == (operation.outcome == .unknown))
      #expect(history.model.has(operation.kind), "mutation \(number)")
      #expect(operation.kind.takesValue == (operation.argument >= 0), "mutation \(number)")
    }
  }
}

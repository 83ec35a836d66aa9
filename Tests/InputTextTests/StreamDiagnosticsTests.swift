import Testing

@testable import InputText

@Suite("Diagnostics of streamed files")
struct StreamDiagnosticsTests {
  private func range(_ line: Int, _ columns: Range<Int>) -> SourceRange {
    SourceRange(
      start: SourcePosition(line: line, column: columns.lowerBound),
      end: SourcePosition(line: line, column: columns.upperBound))
  }

  @Test("an error shows its line with a caret, whatever line it is")
  func excerpt() {
    var diagnostics = StreamDiagnostics(path: "h.log")
    let place = range(70_000, 3..<6)
    let line = Array("a\tbcd e".unicodeScalars)
    diagnostics.error(
      "wrong", at: place, SourceExcerpt(line: line[...], firstColumn: 1, around: place),
      help: "try b")
    #expect(
      diagnostics.rendered == "h.log:70000:3: error: wrong\na\tbcd e\n \t^~~\n  help: try b\n")
  }

  @Test("a part of a long line is enough")
  func window() {
    var diagnostics = StreamDiagnostics(path: "h")
    let place = range(1, 1_000_001..<1_000_002)
    let part = Array((String(repeating: "a", count: 100) + "bc").unicodeScalars)
    let excerpt = SourceExcerpt(line: part[...], firstColumn: 999_901, around: place)
    diagnostics.error("here", at: place, excerpt)
    let shown = String(repeating: "a", count: 80)
    let caret = String(repeating: " ", count: 80) + "^"
    #expect(diagnostics.rendered == "h:1:1000001: error: here\n\(shown)bc\n\(caret)\n")
  }

  @Test("errors beyond the limit are not kept, and the text says so")
  func limit() {
    var diagnostics = StreamDiagnostics(path: "h", limit: 2)
    for line in 1...5 {
      let place = range(line, 1..<1)
      diagnostics.error(
        "no", at: place, SourceExcerpt(line: [], firstColumn: 1, around: place))
    }
    #expect(diagnostics.headlines == ["h:1:1: error: no", "h:2:1: error: no"])
    #expect(diagnostics.rendered.hasSuffix("h: reading ended after 2 errors\n"))
  }
}

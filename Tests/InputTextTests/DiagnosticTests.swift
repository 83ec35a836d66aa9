import Testing

@testable import InputText

@Suite struct DiagnosticTests {
  @Test func aDiagnosticShowsItsLineWithACaret() {
    let file = SourceFile(path: "Scenarios/x.json5", text: "{\n\tdisk: \"ext5\",\n}\n")
    var diagnostics = Diagnostics(file: file)
    diagnostics.error(
      "unknown disk profile \"ext5\"; known: ext4", at: file.range(9..<15),
      help: NearMiss.help(for: "ext5", among: ["ext4"]))
    #expect(
      diagnostics.rendered == """
        Scenarios/x.json5:2:8: error: unknown disk profile "ext5"; known: ext4
        \tdisk: "ext5",
        \t      ^~~~~~
          help: did you mean "ext4"?

        """)
  }

  @Test func diagnosticsAreSortedByPositionAndKeptOnce() {
    let file = SourceFile(path: "f", text: "abc\ndef")
    var diagnostics = Diagnostics(file: file)
    diagnostics.error("late", at: file.range(5..<6))
    diagnostics.warning("early", at: file.range(1..<2))
    diagnostics.error("late", at: file.range(5..<6))
    #expect(diagnostics.headlines == ["f:1:2: warning: early", "f:2:2: error: late"])
    #expect(diagnostics.errorCount == 1)
  }

  @Test func aRangeOverSeveralLinesIsUnderlinedToTheEndOfItsFirst() {
    let file = SourceFile(path: "f", text: "{ a,\n b }")
    var diagnostics = Diagnostics(file: file)
    diagnostics.error("wrong", at: file.range(2..<8))
    #expect(diagnostics.rendered == "f:1:3: error: wrong\n{ a,\n  ^~\n")
  }

  @Test func theEndOfTheFileHasACaretToo() {
    let file = SourceFile(path: "f", text: "{")
    var diagnostics = Diagnostics(file: file)
    diagnostics.error("open", at: file.range(1..<1))
    #expect(diagnostics.rendered == "f:1:2: error: open\n{\n ^\n")
  }

  @Test func aLongLineIsCutAroundThePosition() {
    let text = String(repeating: "a", count: 500) + "b" + String(repeating: "c", count: 500)
    let file = SourceFile(path: "f", text: text)
    var diagnostics = Diagnostics(file: file)
    diagnostics.error("here", at: file.range(500..<501))
    let lines = diagnostics.rendered.split(separator: "\n")
    #expect(lines[1].count == 160)
    #expect(Array(lines[1])[80] == "b")
    #expect(lines[2] == String(repeating: " ", count: 80) + "^")
  }

  @Test func controlCharactersDoNotReachTheTerminal() {
    let file = SourceFile(path: "f", text: "a\u{1B}[31m")
    var diagnostics = Diagnostics(file: file)
    diagnostics.error("red \u{1B}", at: .startOfFile)
    #expect(diagnostics.rendered == "f:1:1: error: red \u{FFFD}\na\u{FFFD}[31m\n^\n")
  }

  @Test(arguments: [
    ("chian", "chain"), ("chan", "chain"), ("Chain", "chain"), ("primary-bakup", "primary-backup"),
    ("cr-9", "cr-09"), ("x", nil), ("remote", nil), ("remis", "remus"), ("", nil),
    (String(repeating: "a", count: 5000), nil),
  ])
  func nearMisses(word: String, expected: String?) {
    let words = ["primary-backup", "chain", "remus", "cr-09"]
    #expect(NearMiss.closest(to: word, among: words) == expected)
  }

  @Test func editDistanceIsSymmetricAndCountsSwapsOnce() {
    #expect(NearMiss.editDistance("ab", "ba") == 1)
    #expect(NearMiss.editDistance("kitten", "sitting") == 3)
    for left in ["", "a", "abc", "acb", "cab"] {
      for right in ["", "b", "abc", "bca"] {
        #expect(NearMiss.editDistance(left, right) == NearMiss.editDistance(right, left))
      }
    }
  }
}

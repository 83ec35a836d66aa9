import Testing

@testable import LinearizabilityChecking

@Suite("Interned texts")
struct InternedTextsTests {
  @Test("texts are numbered in the order of their first meeting")
  func order() {
    var texts = InternedTexts()
    #expect(["b", "a", "b", "", "a", ""].map { texts.id(of: $0) } == [0, 1, 0, 2, 1, 2])
    #expect((0..<3).map { texts[Int32($0)] } == ["b", "a", ""])
    #expect(texts.knownID(of: "a") == 1)
    #expect(texts.knownID(of: "c") == nil)
    #expect(texts.count == 3)
    #expect(texts.byteCount == 2)
  }

  @Test("nothing is known in an empty table")
  func empty() {
    #expect(InternedTexts().knownID(of: "") == nil)
  }

  @Test("100,000 texts of all lengths keep their numbers while the table grows")
  func many() {
    var texts = InternedTexts()
    let words = (0..<100_000).map { String(repeating: "x", count: $0 % 19) + String($0) }
    for (index, word) in words.enumerated() { #expect(texts.id(of: word) == Int32(index)) }
    for (index, word) in words.enumerated() {
      #expect(texts.id(of: word) == Int32(index))
      #expect(texts[Int32(index)] == word)
    }
  }

  @Test("texts that look alike but differ in their bytes are two texts")
  func canonicalEquivalence() {
    var texts = InternedTexts()
    #expect(texts.id(of: "\u{E9}") == 0)
    #expect(texts.id(of: "e\u{301}") == 1)
    #expect(texts.withBytes(of: 1) { Array($0) } == [0x65, 0xCC, 0x81])
  }

  @Test("bytes and strings meet in one table")
  func bytes() {
    var texts = InternedTexts()
    let word = Array("a longer word than eight bytes".utf8)
    let id = word.withUnsafeBytes { texts.id(ofBytes: $0) }
    #expect(texts.id(of: "a longer word than eight bytes") == id)
  }
}

import Testing

@testable import InputText

/// The tree of a text that must be accepted.
private func tree(_ text: String) throws -> JSONTree {
  try JSONReader.read(SourceFile(path: "f", text: text)).tree
}

/// The first lines of the diagnostics of a text that must be rejected.
private func complaints(_ text: String) -> [String] {
  do {
    let value = try JSONReader.read(SourceFile(path: "f", text: text))
    return ["accepted: \(value.tree)"]
  } catch {
    return error.headlines
  }
}

@Suite struct JSONReaderTests {
  static let accepted: [(text: String, tree: JSONTree)] = [
    ("null", .null), (" true ", .boolean(true)), ("\tfalse\n", .boolean(false)),
    ("0", .integer(0)), ("-12", .integer(-12)), ("+7", .integer(7)),
    (".5", .number(0.5)), ("5.", .integer(5)), ("5.25", .number(5.25)), ("-.5e1", .integer(-5)),
    ("1e3", .integer(1000)), ("1E-2", .number(0.01)), ("0.1e+1", .integer(1)),
    ("0x1F", .integer(31)), ("-0Xff", .integer(-255)), ("0xdecaf", .integer(912_559)),
    ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("9223372036854775808", .number(9_223_372_036_854_775_808)),
    ("Infinity", .number(.infinity)), ("-Infinity", .number(-.infinity)),
    ("+Infinity", .number(.infinity)), ("1e999", .number(.infinity)),
    ("'a'", .string("a")), (#""a'b""#, .string("a'b")), (#"'a"b'"#, .string("a\"b")),
    (#"'\'\"\\\b\f\n\r\t\v\0'"#, .string("'\"\\\u{8}\u{C}\n\r\t\u{B}\0")),
    (#"'\x41\u00e9'"#, .string("A\u{E9}")), (#"'\uD83D\uDE00'"#, .string("\u{1F600}")),
    ("'a\\\nb'", .string("ab")), ("'a\\\r\nb'", .string("ab")), (#"'\q\/'"#, .string("q/")),
    ("'a\u{2028}b'", .string("a\u{2028}b")), ("'tab\there'", .string("tab\there")),
    ("[]", .array([])), ("[1,]", .array([.integer(1)])), ("{}", .object([])),
    ("[1,[2,],{},]", .array([.integer(1), .array([.integer(2)]), .object([])])),
    ("{a:1,}", .object([.init("a", .integer(1))])),
    ("{'a b':1,\"c\":2}", .object([.init("a b", .integer(1)), .init("c", .integer(2))])),
    (
      "{$_9:1,été:2,null:3,Infinity:4}",
      .object([
        .init("$_9", .integer(1)), .init("été", .integer(2)), .init("null", .integer(3)),
        .init("Infinity", .integer(4)),
      ])
    ),
    (#"{\u0061b:1}"#, .object([.init("ab", .integer(1))])),
    ("// c\n1 // d", .integer(1)), ("/* x * / **/ 1 /**/", .integer(1)),
    ("\u{FEFF}1", .integer(1)), ("\u{A0}\u{2003}\u{B}\u{C}1\u{2028}", .integer(1)),
  ]

  @Test(arguments: accepted)
  func accepts(text: String, expected: JSONTree) throws {
    #expect(try tree(text) == expected)
  }

  @Test func notANumberIsANumber() throws {
    guard case .number(let value) = try tree("-NaN") else { return #expect(Bool(false)) }
    #expect(value.isNaN)
  }

  static let rejected: [(text: String, complaints: [String])] = [
    ("", ["f:1:1: error: expected a value, found the end of the file"]),
    ("// only\n", ["f:2:1: error: expected a value, found the end of the file"]),
    ("1 2", ["f:1:3: error: expected the end of the file, found the number 2"]),
    ("chain", ["f:1:1: error: expected a value, found the name \"chain\""]),
    ("{a 1}", ["f:1:4: error: expected \":\" after the key \"a\", found the number 1"]),
    ("{a:}", ["f:1:4: error: expected a value, found \"}\""]),
    ("{a:1 b:2}", ["f:1:6: error: expected \",\" or \"}\", found the name \"b\""]),
    ("{a:1,\n b:2,\n a:3}", ["f:3:2: error: the key \"a\" stands twice; first in line 1"]),
    ("{a:1,,b:2}", ["f:1:6: error: expected a key, found \",\""]),
    ("{7:1}", ["f:1:2: error: expected a key, found the number 7"]),
    ("[1,,2]", ["f:1:4: error: expected a value, found \",\""]),
    ("[1 2]", ["f:1:4: error: expected \",\" or \"]\", found the number 2"]),
    ("[1}", ["f:1:3: error: expected \"]\" to close the list of line 1, found \"}\""]),
    (
      "{\n a: [1",
      ["f:2:7: error: expected \"]\" to close the list of line 2, found the end of the file"]
    ),
    (
      "{\n a: 1\n",
      ["f:3:1: error: expected \"}\" to close the object of line 1, found the end of the file"]
    ),
    ("01", ["f:1:1: error: the number \"01\" may not start with 0"]),
    ("10ms", ["f:1:1: error: \"10ms\" is not a number"]),
    ("+", ["f:1:1: error: expected digits, found \"+\""]),
    (".", ["f:1:1: error: expected digits, found \".\""]),
    ("0x", ["f:1:1: error: \"0x\" is not a number"]),
    ("1e", ["f:1:1: error: \"1e\" is not a number"]),
    ("1.2.3", ["f:1:1: error: \"1.2.3\" is not a number"]),
    ("'abc", ["f:1:1: error: this string is not closed"]),
    ("['abc\n]", ["f:1:2: error: this string is not closed"]),
    (#"'\x4'"#, ["f:1:2: error: \\x needs two hexadecimal digits"]),
    (#"'\u12'"#, ["f:1:2: error: \\u needs four hexadecimal digits"]),
    (#"'\uD83D'"#, ["f:1:2: error: half of a surrogate pair stands alone"]),
    (
      #"'\uDE00\uD83D'"#,
      [
        "f:1:2: error: half of a surrogate pair stands alone",
        "f:1:8: error: half of a surrogate pair stands alone",
      ]
    ),
    (#"'\uD83D\u0041'"#, ["f:1:2: error: half of a surrogate pair stands alone"]),
    (#"'\1'"#, ["f:1:2: error: octal escapes are not allowed"]),
    (#"'\01'"#, ["f:1:2: error: octal escapes are not allowed"]),
    (
      "/* open",
      [
        "f:1:1: error: this comment is not closed",
        "f:1:8: error: expected a value, found the end of the file",
      ]
    ),
    (
      "[#, 1]",
      [
        "f:1:2: error: unexpected character \"#\"", "f:1:3: error: expected a value, found \",\"",
      ]
    ),
    (#"{\x:1}"#, ["f:1:2: error: only \\u escapes may stand in a name without quotes"]),
    (
      "{a: yes,\n b: [1,, 2],\n c: 07,\n d: 'x\n}",
      [
        "f:1:5: error: expected a value, found the name \"yes\"",
        "f:2:8: error: expected a value, found \",\"",
        "f:3:5: error: the number \"07\" may not start with 0",
        "f:4:5: error: this string is not closed",
      ]
    ),
  ]

  @Test(arguments: rejected)
  func rejects(text: String, expected: [String]) {
    #expect(complaints(text) == expected)
  }

  @Test func nestingIsLimited() throws {
    let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    _ = try tree(deep)
    #expect(complaints("[" + deep + "]") == ["f:1:65: error: nested deeper than 64 levels"])
    let hostile = String(repeating: "{a:[", count: 100_000)
    #expect(complaints(hostile) == ["f:1:129: error: nested deeper than 64 levels"])
  }

  @Test func givesUpAfterManyErrors() {
    #expect(complaints(String(repeating: "#\n", count: 5000)).count == JSONReader.errorLimit)
    #expect(complaints("[" + String(repeating: "'\\8", count: 5000)).count <= 20)
  }

  @Test func malformedBytesHaveAPosition() {
    let bytes = Array("{ a: 'x".utf8) + [0xFF] + Array("', b: ".utf8) + [0xC3] + Array("}".utf8)
    #expect(throws: Diagnostics.self) {
      try JSONReader.read(SourceFile(path: "f", bytes: bytes))
    }
    do {
      _ = try JSONReader.read(SourceFile(path: "f", bytes: bytes))
    } catch {
      #expect(
        error.headlines == [
          "f:1:8: error: this is not valid UTF-8", "f:1:15: error: this is not valid UTF-8",
          "f:1:16: error: expected a value, found \"}\"",
        ])
    }
  }

  @Test func valuesKnowTheirRanges() throws {
    let value = try JSONReader.read(SourceFile(path: "f", text: "{\n  key: [1,\r\n 'x'],\n}"))
    let member = try #require(value.member("key"))
    #expect(value.range.end == SourcePosition(line: 4, column: 2))
    #expect(member.keyRange.start == SourcePosition(line: 2, column: 3))
    #expect(member.keyRange.end == SourcePosition(line: 2, column: 6))
    #expect(member.value.range.start == SourcePosition(line: 2, column: 8))
    #expect(member.value.range.end == SourcePosition(line: 3, column: 6))
  }
}

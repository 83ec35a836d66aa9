import Testing

@testable import InputText

@Suite struct JSONWriterTests {
  private let tree = JSONTree.object([
    .init("title", .string("a \"b\"\n\u{1}")), .init("two words", .null),
    .init("list", .array([.integer(1), .number(0.5), .boolean(true)])), .init("empty", .object([])),
    .init("long", .array((0..<4).map { .string(String(repeating: "x", count: 10 + $0)) })),
  ])

  @Test func json5LeavesQuotesAwayWhereItMay() {
    #expect(
      JSONWriter(style: .json5, width: 40).text(of: tree) == #"""
        {
          title: "a \"b\"\n\u0001",
          "two words": null,
          list: [1, 0.5, true],
          empty: {},
          long: [
            "xxxxxxxxxx",
            "xxxxxxxxxxx",
            "xxxxxxxxxxxx",
            "xxxxxxxxxxxxx"
          ]
        }

        """#)
  }

  @Test func whatIsWrittenIsReadBack() throws {
    for style in [JSONWriter.Style.json, .json5] {
      for width in [0, 20, 100] {
        let text = JSONWriter(style: style, width: width).text(of: tree)
        #expect(try JSONReader.read(SourceFile(path: "f", text: text)).tree == tree)
      }
    }
  }

  @Test func strictJSONHasNoInfinity() {
    let values = JSONTree.array([.number(.infinity), .number(-.infinity), .number(1e300)])
    #expect(JSONWriter(style: .json).text(of: values) == "[null, null, 1e+300]\n")
    #expect(JSONWriter(style: .json5).text(of: values) == "[Infinity, -Infinity, 1e+300]\n")
  }
}

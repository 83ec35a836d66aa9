import Foundation
import Testing

@Suite("Sizes")
struct SizeTests {
  private static let everything = SourceTree.sources + SourceTree.tests

  @Test("files have at most 400 lines, lines at most 100 columns and no tabs")
  func filesAndLines() {
    for file in Self.everything {
      #expect(file.lines.count <= 401, "\(file.path)")
      // Texts stand as they are.
      let isTable = file.lines.contains { $0.contains("swift-format-ignore") }
      var isInText = false
      for (number, line) in file.lines.enumerated() {
        let isText = isInText || isTable || line.contains("#\"")
        if line.components(separatedBy: "\"\"\"").count.isMultiple(of: 2) { isInText.toggle() }
        #expect(isText || line.utf8.count <= 100 || line.count <= 100, "\(file.path):\(number + 1)")
        #expect(!line.utf8.contains(9), "\(file.path):\(number + 1)")
      }
    }
  }

  @Test("functions have fewer than 60 lines")
  func functions() {
    for file in Self.everything {
      for function in Self.functions(file.code) where function.lineCount >= 60 {
        Issue.record("\(file.path):\(function.line) has \(function.lineCount) lines")
      }
    }
  }

  /// Functions and initializers by counting braces: from the line of the keyword to the brace that
  /// closes its body.
  static func functions(_ code: [String]) -> [(line: Int, lineCount: Int)] {
    var found: [(line: Int, lineCount: Int)] = []
    /// Functions begun and not ended, with the depth outside their bodies.
    var open: [(line: Int, depth: Int, hasBody: Bool)] = []
    var depth = 0
    for (index, line) in code.enumerated() {
      if line.contains("func ") || line.contains("init"),
        line.contains(/\b(func [^ ]|init[?]?[(<])/), !line.contains(/[.=]\s*init\(/)
      {
        open.append((line: index, depth: depth, hasBody: false))
      }
      for character in line where character == "{" || character == "}" {
        depth += character == "{" ? 1 : -1
        if character == "{", let last = open.last, last.depth == depth - 1 {
          open[open.count - 1].hasBody = true
        }
        while let last = open.last, depth <= last.depth {
          if last.hasBody {
            found.append((line: last.line + 1, lineCount: index - last.line + 1))
          }
          open.removeLast()
        }
      }
    }
    return found
  }

  @Test("the scanner finds functions and their lengths")
  func scanner() {
    let code = ["struct A {", "  func f() {", "    if true {", "    }", "  }", "  init() { }", "}"]
    let found = Self.functions(code)
    #expect(found.map(\.line) == [2, 6])
    #expect(found.map(\.lineCount) == [4, 1])
  }
}

import Testing

/// The article about adding a protocol shows the files of a package that CI builds and runs.
@Suite("The tutorial")
struct TutorialTests {
  static let article = "Sources/ClusterSimulation/ClusterSimulation.docc/AddingAProtocol.md"
  static let package = "Tests/TutorialPackage/"

  /// A piece of code with the file that it is from.
  struct Piece {
    var file: String
    var text: String
  }

  /// Pieces in a language; each follows a line that ends in the file's name and a colon.
  static func pieces(of article: String) -> [Piece] {
    var pieces: [Piece] = []
    var file = ""
    var text: [Substring]?
    for line in article.split(separator: "\n", omittingEmptySubsequences: false) {
      if let lines = text {
        if line == "```" {
          pieces.append(Piece(file: file, text: lines.joined(separator: "\n")))
          text = nil
          file = ""
        } else {
          text = lines + [line]
        }
      } else if line.hasPrefix("```"), line.count > 3 {
        text = []
      } else if let match = line.wholeMatch(of: /.*`([^`]+)`:/) {
        file = String(match.output.1)
      }
    }
    return pieces
  }

  @Test("every piece of code is a piece of its file")
  func pieces() {
    let pieces = Self.pieces(of: SourceTree.text(Self.article))
    #expect(pieces.count > 10)
    let files = Set(SourceTree.paths(Self.package.dropLast().description))
    for piece in pieces {
      let path = Self.package + piece.file
      #expect(files.contains(path), "\(piece.file)")
      #expect(SourceTree.text(path).contains(piece.text), "\(piece.file)")
    }
  }

  @Test("the reader of articles finds pieces and files")
  func reader() {
    let pieces = Self.pieces(of: "See\n`a.swift`:\n\n```swift\nlet a = 1\nb\n```\n```\nshell\n```")
    #expect(pieces.map(\.file) == ["a.swift"])
    #expect(pieces.map(\.text) == ["let a = 1\nb"])
  }
}

extension Diagnostics {
  /// All diagnostics by position, each as `path:line:column: error: message`, the source line and a
  /// caret line, ending in a line feed; empty if there is nothing to say.
  public var rendered: String {
    sorted.map { $0.rendered(path: file.path, excerpt(of: $0.range)) }.joined()
  }

  /// The first lines only, `path:line:column: error: message`, one per diagnostic.
  public var headlines: [String] {
    sorted.map { $0.headline(path: file.path) }
  }

  private func excerpt(of range: SourceRange) -> SourceExcerpt {
    SourceExcerpt(line: file.line(range.start.line), firstColumn: 1, around: range)
  }
}

extension Diagnostic {
  /// `path:line:column: error: message`.
  func headline(path: String) -> String {
    let message = printable(message)
    return "\(path):\(range.start.line):\(range.start.column): \(severity.rawValue): \(message)"
  }

  /// The headline, the excerpt with a caret line under it, and the help if there is one.
  func rendered(path: String, _ excerpt: SourceExcerpt) -> String {
    var text = headline(path: path) + "\n" + excerpt.rendered(range)
    if let help { text += "  help: \(printable(help))\n" }
    return text
  }
}

/// A source line, or of a long one a window around the place that a diagnostic is about.
public struct SourceExcerpt: Hashable, Sendable {
  /// Characters that are shown at most.
  public static let width = 160

  /// The characters of the window.
  private let scalars: [Unicode.Scalar]
  /// The column of the first of them, from 1.
  private let firstColumn: Int

  /// The part of a line that is worth showing for a range.
  /// - Parameters:
  ///   - line: the line, or a part of it that has the start of the range with what surrounds it.
  ///   - firstColumn: the column of the first character given.
  public init(line: ArraySlice<Unicode.Scalar>, firstColumn: Int, around range: SourceRange) {
    let column = min(max(range.start.column - firstColumn, 0), line.count)
    let isWhole = firstColumn == 1 && line.count <= Self.width
    let start = isWhole ? 0 : max(0, column - Self.width / 2)
    let end = min(line.count, start + Self.width)
    scalars = Array(line.dropFirst(start).prefix(end - start))
    self.firstColumn = firstColumn + start
  }

  /// The characters, and a line with a caret under the start of the range.
  func rendered(_ range: SourceRange) -> String {
    let start = min(max(range.start.column, firstColumn), firstColumn + scalars.count)
    let shownEnd = firstColumn + scalars.count
    let end = range.end.line == range.start.line ? range.end.column : shownEnd
    let underlined = max(1, min(end, shownEnd) - start)
    // Tabs are repeated, so that the caret stands under the character whatever a tab is wide.
    let padding = scalars.prefix(start - firstColumn).map { $0 == "\t" ? "\t" : " " }.joined()
    let caret = padding + "^" + String(repeating: "~", count: underlined - 1)
    return printable(scalars[...]) + "\n" + caret + "\n"
  }
}

/// Text that may be shown on a terminal: control characters other than tab become U+FFFD.
private func printable(_ text: String) -> String {
  printable(Array(text.unicodeScalars)[...])
}

private func printable(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
  var text = String.UnicodeScalarView()
  for scalar in scalars {
    let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    text.append(isControl && scalar != "\t" ? "\u{FFFD}" : scalar)
  }
  return String(text)
}

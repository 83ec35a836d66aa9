extension Diagnostics {
  /// All diagnostics by position, each as `path:line:column: error: message`, the source line and a
  /// caret line, ending in a line feed; empty if there is nothing to say.
  public var rendered: String {
    sorted.map(render).joined()
  }

  /// The first lines only, `path:line:column: error: message`, one per diagnostic.
  public var headlines: [String] {
    sorted.map(headline)
  }

  private func headline(_ diagnostic: Diagnostic) -> String {
    let start = diagnostic.range.start
    let message = printable(diagnostic.message)
    return "\(file.path):\(start.line):\(start.column): \(diagnostic.severity.rawValue): \(message)"
  }

  private func render(_ diagnostic: Diagnostic) -> String {
    var text = headline(diagnostic) + "\n"
    text += excerpt(of: diagnostic.range)
    if let help = diagnostic.help { text += "  help: \(printable(help))\n" }
    return text
  }

  /// The source line and the caret line under it. A line longer than the width is cut to a window
  /// around the position.
  private func excerpt(of range: SourceRange) -> String {
    let width = 160
    let line = Array(file.line(range.start.line))
    let startColumn = min(range.start.column, line.count + 1)
    let firstColumn = line.count <= width ? 1 : max(1, startColumn - width / 2)
    let lastColumn = min(line.count, firstColumn + width - 1)
    let shown = line[(firstColumn - 1)..<max(firstColumn - 1, lastColumn)]
    let endColumn = range.end.line == range.start.line ? range.end.column : line.count + 1
    let underlined = max(1, min(endColumn, lastColumn + 1) - startColumn)
    // Tabs are repeated, so that the caret stands under the character whatever a tab is wide.
    let padding = shown.prefix(startColumn - firstColumn).map { $0 == "\t" ? "\t" : " " }.joined()
    let caret = padding + "^" + String(repeating: "~", count: underlined - 1)
    return printable(shown) + "\n" + caret + "\n"
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

/// Breaks text into lines of a terminal.
struct LineLayout {
  /// Columns of a line, at most; a single word that is longer is broken.
  let width: Int
  /// Columns that lines after the first are indented by; fewer than `width`.
  let indentation: Int

  /// Lines of words after a prefix, which stands on the first line as it is.
  ///
  /// - Parameter separator: what stands between two words of a line.
  func lines(prefix: String, words: [String], separator: String = " ") -> [String] {
    var lines: [String] = []
    var line = prefix
    // A prefix ends in its own space.
    var isFresh = true
    let margin = String(repeating: " ", count: indentation)
    for word in words.flatMap(pieces) where !word.isEmpty {
      let joined = isFresh ? line + word : line + separator + word
      if Self.columns(joined) <= width {
        line = joined
      } else {
        if !Self.isBlank(line) { lines.append(Self.trimmed(line)) }
        line = margin + word
      }
      isFresh = false
    }
    if !Self.isBlank(line) { lines.append(Self.trimmed(line)) }
    return lines
  }

  /// A word in pieces that fit on an indented line.
  private func pieces(_ word: String) -> [String] {
    guard Self.columns(word) > width - indentation else { return [word] }
    var pieces: [String] = []
    var piece = ""
    var used = 0
    for character in word {
      let columns = Self.columns(of: character)
      if used + columns > width - indentation {
        pieces.append(piece)
        piece = ""
        used = 0
      }
      piece.append(character)
      used += columns
    }
    return pieces + [piece]
  }

  private static func isBlank(_ line: String) -> Bool { line.allSatisfy { $0 == " " } }

  private static func trimmed(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line.removeLast() }
    return String(line)
  }

  /// The columns that a text takes: two for wide characters of East Asia and for emoji.
  static func columns(_ text: String) -> Int {
    text.reduce(0) { $0 + columns(of: $1) }
  }

  private static func columns(of character: Character) -> Int {
    character.unicodeScalars.contains { isWide($0.value) } ? 2 : 1
  }

  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE0F,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

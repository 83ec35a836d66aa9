import SimulationKernel

/// The name of a directory entry. Names are compared byte by byte, as POSIX file systems do: two
/// spellings of one accented letter are two names.
struct EntryName: Hashable, Comparable, Sendable {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  static func == (left: EntryName, right: EntryName) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  static func < (left: EntryName, right: EntryName) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

/// A path taken apart: relative to the root directory `.`, with `/` between names.
///
/// Empty names and `.` are skipped. There are no symbolic links and no parent entries, so `..` is
/// refused rather than guessed at, and so is an absolute path.
struct FilePath: Sendable {
  /// The longest name, in bytes: `NAME_MAX` of Linux.
  static let longestName = 255
  /// The longest path, in bytes: `PATH_MAX` of Linux.
  static let longestPath = 4096

  /// The path as it was given.
  let text: String
  /// The names on the way from the root; empty for the root itself.
  let names: [EntryName]
  /// A path that ends in `/` or `.` can only name a directory.
  let namesDirectory: Bool

  /// - Throws: `notFound` for an empty path (`ENOENT`), `invalid` for an absolute path, a `..`, a
  ///   NUL byte, or a name or path that is too long (`ENAMETOOLONG`).
  init(_ text: String) throws(FileError) {
    guard let first = text.utf8.first else { throw .notFound(text) }
    guard first != UInt8(ascii: "/"), text.utf8.count <= Self.longestPath else {
      throw .invalid(text)
    }
    var names: [EntryName] = []
    var endsInName = false
    for piece in text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      endsInName = false
      if piece.isEmpty || piece.elementsEqual(".".utf8) { continue }
      guard
        piece.count <= Self.longestName, !piece.contains(0), !piece.elementsEqual("..".utf8),
        let name = String(piece)
      else { throw .invalid(text) }
      names.append(EntryName(name))
      endsInName = true
    }
    self.text = text
    self.names = names
    namesDirectory = !endsInName
  }

  /// Whether this is the root directory.
  var isRoot: Bool { names.isEmpty }
}

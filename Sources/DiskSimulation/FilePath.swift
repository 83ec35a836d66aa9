import SimulationKernel

/// The name of a directory entry. Names are compared byte by byte, as POSIX file systems do: two
/// spellings of one accented letter are two names.
struct EntryName: Hashable, Comparable, Sendable {
  let text: String
  /// The first eight bytes, the first one highest; zeros stand for what is missing, since a name
  /// has none. It decides nearly every comparison.
  private let beginning: UInt64

  init(_ text: String) {
    self.text = text
    var beginning: UInt64 = 0
    var room = 64
    for byte in text.utf8.prefix(8) {
      room -= 8
      beginning |= UInt64(byte) << UInt64(room)
    }
    self.beginning = beginning
  }

  static func == (left: EntryName, right: EntryName) -> Bool {
    guard left.beginning == right.beginning else { return false }
    // A last byte of zero: the name ends within its beginning.
    return left.beginning & 0xFF == 0 || left.text.utf8.elementsEqual(right.text.utf8)
  }

  static func < (left: EntryName, right: EntryName) -> Bool {
    guard left.beginning == right.beginning else { return left.beginning < right.beginning }
    return left.beginning & 0xFF != 0
      && left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(beginning)
    if beginning & 0xFF != 0 {
      for byte in text.utf8.dropFirst(8) { hasher.combine(byte) }
    }
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
    var contiguous = text
    guard let parts = contiguous.withUTF8({ Self.parts(of: $0, text) }) else {
      throw .invalid(text)
    }
    self.text = text
    names = parts.names
    namesDirectory = !parts.endsInName
  }

  /// - Returns: `nil` if a name is not allowed.
  private static func parts(
    of bytes: UnsafeBufferPointer<UInt8>, _ text: String
  ) -> (names: [EntryName], endsInName: Bool)? {
    let dot = UInt8(ascii: ".")
    var names: [EntryName] = []
    var endsInName = false
    var start = 0
    while start <= bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "/") {
        if bytes[end] == 0 { return nil }
        end += 1
      }
      let count = end - start
      endsInName = count > 1 || (count == 1 && bytes[start] != dot)
      if endsInName {
        let isParent = count == 2 && bytes[start] == dot && bytes[start + 1] == dot
        if count > longestName || isParent { return nil }
        let piece = UnsafeBufferPointer(rebasing: bytes[start..<end])
        names.append(
          EntryName(count == bytes.count ? text : String(decoding: piece, as: UTF8.self)))
      }
      start = end + 1
    }
    return (names, endsInName)
  }

  /// Whether this is the root directory.
  var isRoot: Bool { names.isEmpty }
}

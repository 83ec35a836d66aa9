/// A place in a text file: line and column, both counted from 1. A column counts Unicode scalars.
public struct SourcePosition: Hashable, Comparable, Sendable {
  public let line: Int
  public let column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A half-open stretch of a text file: `end` is the position after the last character. The range
/// is empty (`start == end`) where something is missing, such as at the end of the file.
public struct SourceRange: Hashable, Sendable {
  public let start: SourcePosition
  public let end: SourcePosition

  public init(start: SourcePosition, end: SourcePosition) {
    self.start = start
    self.end = end
  }

  /// The start of the file, for what concerns the file as a whole.
  public static let startOfFile = SourceRange(
    start: SourcePosition(line: 1, column: 1), end: SourcePosition(line: 1, column: 1))
}

/// The text of one input file with its table of lines.
///
/// A byte order mark at the start is dropped and not counted in columns. Lines end at LF, CR LF,
/// CR, U+2028 or U+2029, as JSON5 has it.
public struct SourceFile: Sendable {
  /// The path as the user wrote it; diagnostics repeat it unchanged.
  public let path: String
  /// The text, without a byte order mark. A malformed byte sequence stands as U+FFFD.
  public let scalars: [Unicode.Scalar]
  /// Offsets into `scalars` at which a malformed UTF-8 sequence was replaced; ascending.
  public let malformedOffsets: [Int]
  /// Offsets into `scalars` at which each line starts; the first is 0.
  private let lineStarts: [Int]

  public init(path: String, text: String) {
    self.init(path: path, decoded: Array(text.unicodeScalars), malformedOffsets: [])
  }

  /// Decodes UTF-8. Malformed sequences do not fail here: they are kept in `malformedOffsets`, and
  /// the JSON reader reports each as an error with its position.
  public init(path: String, bytes: [UInt8]) {
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(bytes.count)
    var malformed: [Int] = []
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    decoding: while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar):
        scalars.append(scalar)
      case .error:
        malformed.append(scalars.count)
        scalars.append("\u{FFFD}")
      case .emptyInput:
        break decoding
      }
    }
    self.init(path: path, decoded: scalars, malformedOffsets: malformed)
  }

  private init(path: String, decoded: [Unicode.Scalar], malformedOffsets: [Int]) {
    let hasByteOrderMark = decoded.first == "\u{FEFF}"
    self.path = path
    self.scalars = hasByteOrderMark ? Array(decoded.dropFirst()) : decoded
    self.malformedOffsets = hasByteOrderMark ? malformedOffsets.map { $0 - 1 } : malformedOffsets
    self.lineStarts = Self.lineStarts(of: self.scalars)
  }

  /// The number of lines; at least 1. A line terminator at the end of the file opens a last, empty
  /// line.
  public var lineCount: Int { lineStarts.count }

  /// The position of an offset into `scalars`; offsets beyond the end count as the end.
  public func position(at offset: Int) -> SourcePosition {
    let offset = min(max(offset, 0), scalars.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset {
        low = middle
      } else {
        high = middle
      }
    }
    return SourcePosition(line: low + 1, column: offset - lineStarts[low] + 1)
  }

  /// The range between two offsets into `scalars`.
  public func range(_ offsets: Range<Int>) -> SourceRange {
    SourceRange(start: position(at: offsets.lowerBound), end: position(at: offsets.upperBound))
  }

  /// The characters of a line (counted from 1) without its terminator; empty if there is no such
  /// line.
  public func line(_ number: Int) -> ArraySlice<Unicode.Scalar> {
    guard number >= 1, number <= lineStarts.count else { return [] }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] : scalars.count
    while end > start, Self.endsLine(scalars[end - 1]) { end -= 1 }
    return scalars[start..<end]
  }

  /// Whether JSON5 counts a character as a line terminator.
  static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n", "\r", "\u{2028}", "\u{2029}": true
    default: false
    }
  }

  private static func lineStarts(of scalars: [Unicode.Scalar]) -> [Int] {
    var starts = [0]
    for (offset, scalar) in scalars.enumerated() where endsLine(scalar) {
      let isFirstHalfOfPair =
        scalar == "\r" && offset + 1 < scalars.count && scalars[offset + 1] == "\n"
      if !isFirstHalfOfPair { starts.append(offset + 1) }
    }
    return starts
  }
}

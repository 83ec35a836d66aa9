import InputText

/// Where the bytes of a history come from: puts the next ones at the start of the buffer and says
/// how many there are; 0 at the end of the input. It may throw whatever its caller understands.
public typealias ByteSource = (UnsafeMutableRawBufferPointer) throws -> Int

/// The part of an input that is in memory: a stretch of bytes that moves along as they are read.
///
/// Offsets count from the start of the window and are good until the next call of ``more()``.
struct InputWindow: ~Copyable {
  /// How much is read at once, in bytes.
  static let chunkSize = 1 << 18
  /// The longest line, or record of several lines, in bytes.
  static let longestRecord = 1 << 26
  /// How much of a line stays for the excerpt of a diagnostic, in bytes.
  private static let keptBehind = 4 * SourceExcerpt.width

  private let source: ByteSource
  private var storage: UnsafeMutableRawBufferPointer
  /// What is in the window ends here.
  private(set) var end = 0
  /// Whether the input has no more bytes than the window holds.
  private(set) var isAtEnd = false

  /// What stands before has been read.
  var position = 0
  /// The line that ``position`` stands in, from 1.
  var line = 1
  /// Where that line starts in the window.
  var lineStart = 0
  /// How many characters of the line have left the window.
  var droppedColumns = 0

  init(_ source: @escaping ByteSource) {
    self.source = source
    storage = .allocate(byteCount: 4 * Self.chunkSize, alignment: 16)
  }

  deinit {
    storage.deallocate()
  }

  var base: UnsafePointer<UInt8> {
    UnsafePointer(storage.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self))
  }

  /// Reads on, keeping everything from ``position`` on; earlier bytes leave the window.
  /// - Returns: whether the window has grown or the end of the input was found.
  mutating func more() throws -> Bool {
    guard !isAtEnd else { return false }
    dropWhatWasRead()
    if end + Self.chunkSize > storage.count {
      guard end < Self.longestRecord else { return false }
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 2 * storage.count, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<end]))
      storage.deallocate()
      storage = larger
    }
    let free = UnsafeMutableRawBufferPointer(rebasing: storage[end..<end + Self.chunkSize])
    let count = try source(free)
    isAtEnd = count == 0
    end += count
    return true
  }

  private mutating func dropWhatWasRead() {
    var start = position
    if lineStart <= position {
      start = max(lineStart, position - Self.keptBehind)
      while start > lineStart, base[start] & 0xC0 == 0x80 { start -= 1 }
      droppedColumns += Self.columns(base, lineStart..<start)
      lineStart = start
    }
    guard start > 0 else { return }
    let rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(storage)[start..<end])
    storage.copyMemory(from: rest)
    end -= start
    position -= start
    lineStart -= start
  }

  /// Skips a byte order mark at the start of the input.
  mutating func skipByteOrderMark() throws {
    while end < 3, !isAtEnd { _ = try more() }
    guard end >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF else { return }
    position = 3
    lineStart = 3
  }

  /// The line after ``position``, which then stands behind it; `nil` at the end of the input.
  ///
  /// A line ends in LF or CR LF, or with the input. The caller sets ``line`` and ``lineStart``
  /// forward with ``finishLine()`` when it has read it.
  mutating func nextLine() throws -> LineBytes? {
    var scan = LineScan(offset: position)
    while !scan.run(base, end) {
      if isAtEnd {
        if scan.offset == position { return nil }
        break
      }
      let start = position
      guard try more() else {
        return LineBytes(start: position, end: end, isTooLong: true)
      }
      scan.offset -= start - position
    }
    var line = LineBytes(start: position, end: scan.offset, isTooLong: false)
    line.hasControl = scan.hasControl
    line.isASCII = !scan.hasHigh
    position = scan.offset < end ? scan.offset + 1 : scan.offset
    if line.end > line.start, base[line.end - 1] == UInt8(ascii: "\r") { line.end -= 1 }
    return line
  }

  /// Moves ``position`` on over bytes that may have line ends among them, and refuses what is no
  /// text in them. If it throws, the position is that of the bytes refused.
  mutating func advance(to offset: Int) throws(PlaceError) {
    let start = position
    var scan = LineScan(offset: position)
    while scan.run(base, offset) { scan.offset += 1 }
    guard scan.hasControl || scan.hasHigh else { return countLines(to: offset) }
    do throws(PlaceError) {
      if scan.hasControl { try TextCheck.refuseControls(base, start..<offset, allowsLines: true) }
      if scan.hasHigh { try TextCheck.refuseMalformed(base, start..<offset) }
    } catch {
      countLines(to: error.range.lowerBound)
      throw error
    }
    countLines(to: offset)
  }

  /// Moves ``position`` on over bytes that may have line ends among them.
  mutating func countLines(to offset: Int) {
    var scan = LineScan(offset: position)
    while scan.run(base, offset) {
      scan.offset += 1
      line += 1
      lineStart = scan.offset
      droppedColumns = 0
    }
    position = offset
  }

  /// Notes that the line last given is done with.
  mutating func finishLine() {
    line += 1
    lineStart = position
    droppedColumns = 0
  }

  /// The place of some bytes of the current line, for people.
  func range(_ bytes: Range<Int>) -> SourceRange {
    let start = min(max(bytes.lowerBound, lineStart), end)
    let column = droppedColumns + Self.columns(base, lineStart..<start) + 1
    let width = Self.columns(base, start..<min(max(bytes.upperBound, start), end))
    return SourceRange(
      start: SourcePosition(line: line, column: column),
      end: SourcePosition(line: line, column: column + width))
  }

  /// The current line around a place in it.
  func excerpt(around range: SourceRange) -> SourceExcerpt {
    var stop = lineStart
    while stop < end, base[stop] != UInt8(ascii: "\n") { stop += 1 }
    if stop > lineStart, base[stop - 1] == UInt8(ascii: "\r") { stop -= 1 }
    let bytes = UnsafeBufferPointer(start: base + lineStart, count: stop - lineStart)
    let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    return SourceExcerpt(line: scalars[...], firstColumn: droppedColumns + 1, around: range)
  }

  /// How many characters some bytes are: those that do not continue one. A malformed sequence
  /// counts as a few characters.
  static func columns(_ base: UnsafePointer<UInt8>, _ bytes: Range<Int>) -> Int {
    var count = 0
    for offset in bytes where base[offset] & 0xC0 != 0x80 { count += 1 }
    return count
  }
}

/// One line in the window, without its end.
struct LineBytes {
  let start: Int
  var end: Int
  /// Whether it is longer than any line may be; what is given is its start.
  let isTooLong: Bool
  /// Whether it may have control characters other than tabs.
  var hasControl = false
  /// Whether no byte has its highest bit set.
  var isASCII = true

  init(start: Int, end: Int, isTooLong: Bool) {
    self.start = start
    self.end = end
    self.isTooLong = isTooLong
  }
}

/// Looks for the end of a line, eight bytes at a time, and notes what kinds of bytes it passes.
struct LineScan {
  var offset: Int
  var hasHigh = false
  var hasControl = false

  init(offset: Int) {
    self.offset = offset
  }

  /// Goes on to the next line feed, or to `end`.
  /// - Returns: whether `offset` stands on a line feed.
  mutating func run(_ base: UnsafePointer<UInt8>, _ end: Int) -> Bool {
    let eighty: UInt64 = 0x8080_8080_8080_8080
    let twenty: UInt64 = 0x2020_2020_2020_2020
    var here = offset
    defer { offset = here }
    while here < end {
      if here &+ 8 <= end {
        let word = UnsafeRawPointer(base + here).loadUnaligned(as: UInt64.self)
        // Nothing below a blank in any of the eight bytes, and nothing beyond ASCII.
        if (word | (word &- twenty)) & eighty == 0 {
          here &+= 8
          continue
        }
      }
      let stop = min(here &+ 8, end)
      while here < stop {
        let byte = base[here]
        if byte == UInt8(ascii: "\n") { return true }
        if byte >= 0x80 {
          hasHigh = true
        } else if byte < 0x20, byte != UInt8(ascii: "\t") {
          hasControl = true
        }
        here &+= 1
      }
    }
    return false
  }
}

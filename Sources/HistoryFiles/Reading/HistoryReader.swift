import InputText
import LinearizabilityChecking

/// Reads histories, piece by piece: what is kept is the history and one piece of the input.
public enum HistoryReader {
  /// Reads one history.
  /// - Throws: `StreamDiagnostics` with what is wrong with the input, and whatever `source` throws.
  public static func read(
    _ request: HistoryRequest, from source: @escaping ByteSource
  ) throws -> RecordedHistory {
    var window = InputWindow(source)
    try window.skipByteOrderMark()
    let format = try request.format ?? FormatDetection.format(&window, request)
    switch format {
    case .json: return try readLines(JSONLineReader(request), &window, request)
    case .linhist: return try readLines(LinhistReader(request), &window, request)
    case .jepsenLog: return try readLines(LogLineReader(request), &window, request)
    case .edn, .keyValueLog:
      let reader = EDNReader(window, format, request)
      return try reader.read()
    }
  }

  private static func readLines<Reader: LineReader>(
    _ reader: consuming Reader, _ window: inout InputWindow, _ request: HistoryRequest
  ) throws -> RecordedHistory {
    var reader = reader
    var diagnostics = StreamDiagnostics(path: request.path, limit: request.errorLimit)
    while !diagnostics.isFull, let line = try window.nextLine() {
      do throws(PlaceError) {
        try check(line, window.base)
        try reader.read(Token(window.base, line.start, line.end), number: window.line)
      } catch {
        diagnostics.add(error, window)
        if error.isFatal { throw diagnostics }
      }
      window.finishLine()
    }
    do throws(PlaceError) {
      let history = try reader.finish(at: Token(window.base, window.position, window.position))
      if diagnostics.errorCount == 0 { return history }
    } catch {
      diagnostics.add(error, window)
    }
    throw diagnostics
  }

  /// Refuses what is no text: sequences that are not UTF-8, and control characters.
  private static func check(
    _ line: LineBytes, _ base: UnsafePointer<UInt8>
  ) throws(PlaceError) {
    if line.isTooLong {
      throw PlaceError(
        line.start..<line.start + 1, "the line is longer than \(InputWindow.longestRecord) bytes"
      ).fatal
    }
    if line.hasControl { try TextCheck.refuseControls(base, line.start..<line.end) }
    if !line.isASCII { try TextCheck.refuseMalformed(base, line.start..<line.end) }
  }
}

/// Refuses bytes that are no text.
enum TextCheck {
  /// - Parameter allowsLines: whether line ends are well there.
  static func refuseControls(
    _ base: UnsafePointer<UInt8>, _ range: Range<Int>, allowsLines: Bool = false
  ) throws(PlaceError) {
    for offset in range where base[offset] < 0x20 && base[offset] != UInt8(ascii: "\t") {
      let endsLine = base[offset] == UInt8(ascii: "\n") || base[offset] == UInt8(ascii: "\r")
      if allowsLines, endsLine { continue }
      let name =
        switch base[offset] {
        case 0: "a NUL byte"
        case UInt8(ascii: "\r"): "a carriage return"
        default: "a control character"
        }
      throw PlaceError(offset..<offset + 1, "\(name) stands in the line")
    }
  }

  static func refuseMalformed(
    _ base: UnsafePointer<UInt8>, _ range: Range<Int>
  ) throws(PlaceError) {
    guard let offset = UTF8Check.firstMalformed(base, range) else { return }
    throw PlaceError(offset..<offset + 1, "this is not UTF-8")
  }
}

extension StreamDiagnostics {
  /// Keeps an error about the current line of a window.
  mutating func add(_ error: PlaceError, _ window: borrowing InputWindow) {
    let range = window.range(error.range)
    self.error(error.message, at: range, window.excerpt(around: range), help: error.help)
  }
}

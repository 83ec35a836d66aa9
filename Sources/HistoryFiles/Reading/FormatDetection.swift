import InputText

/// Tells the format of a history by its first line that says something.
struct FormatDetection {
  private let base: UnsafePointer<UInt8>
  private let end: Int
  private var offset: Int

  /// - Throws: `StreamDiagnostics` if the line is of no format.
  static func format(
    _ window: inout InputWindow, _ request: HistoryRequest
  ) throws -> HistoryFormat {
    while window.end - window.position < InputWindow.chunkSize, !window.isAtEnd {
      _ = try window.more()
    }
    var detection = FormatDetection(
      base: window.base, end: window.end, offset: window.position)
    if let format = detection.guess() { return format }
    var diagnostics = StreamDiagnostics(path: request.path)
    while window.position < detection.offset, let line = try window.nextLine() {
      if window.position > detection.offset {
        window.position = line.start
        break
      }
      window.finishLine()
    }
    diagnostics.add(detection.complaint(), window)
    throw diagnostics
  }

  private mutating func guess() -> HistoryFormat? {
    while offset < end {
      let line = lineHere
      switch base[offset] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"),
        UInt8(ascii: ","):
        offset += 1
      case UInt8(ascii: ";"): offset = line.end
      case UInt8(ascii: "{"): return guessMap()
      case UInt8(ascii: "["), UInt8(ascii: "("): return .edn
      case UInt8(ascii: "#"):
        guard line.hasPrefix("# ") || line.hasPrefix("#\t") else { return .edn }
        return line.contains("linhist") ? .linhist : nil
      default:
        if line.hasPrefix("inv\t") || line.hasPrefix("ret\t") { return .linhist }
        return LogLine.isLogLine(line) ? .jepsenLog : nil
      }
    }
    return nil
  }

  private var lineHere: Token {
    var stop = offset
    while stop < end, base[stop] != UInt8(ascii: "\n") { stop += 1 }
    return Token(base, offset, stop)
  }

  /// A map: of JSON if its first key stands in quotes; of a key-value log if it names a key.
  private func guessMap() -> HistoryFormat? {
    let line = lineHere
    var next = offset + 1
    while next < line.end, base[next] == UInt8(ascii: " ") || base[next] == UInt8(ascii: "\t") {
      next += 1
    }
    guard next < line.end, base[next] != UInt8(ascii: "\r") else { return nil }
    if base[next] == UInt8(ascii: "\"") { return .json }
    return line.contains(" :key ") && !line.contains(" :count ") ? .keyValueLog : .edn
  }

  private func complaint() -> PlaceError {
    guard offset < end else {
      return PlaceError(
        offset..<offset, "there is nothing in the file, so its format cannot be told",
        help: "--format says which one an empty history is in")
    }
    let line = lineHere
    let known = HistoryFormat.allCases.map(\.rawValue).joined(separator: ", ")
    var error = PlaceError(
      line, "this starts like no history; known formats: \(known)",
      help: "--format says which one it is")
    if line.first == UInt8(ascii: "{") {
      error.message = "this is a JSON document; a history of ours has an object on each line"
      error.help = "the history of a failure file stands beside it: NAME.history.jsonl"
    }
    return error
  }
}

extension Token {
  /// Whether these bytes stand somewhere in it.
  func contains(_ word: StaticString) -> Bool { firstOffset(of: word) != nil }

  /// Where these bytes stand first.
  func firstOffset(of word: StaticString) -> Int? {
    let length = word.utf8CodeUnitCount
    guard length > 0, count >= length else { return nil }
    let first = word.utf8Start[0]
    for offset in start...end - length where base[offset] == first {
      if Token(base, offset, offset + length) == word { return offset }
    }
    return nil
  }
}

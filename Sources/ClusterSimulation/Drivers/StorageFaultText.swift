import SimulationKernel

/// A storage fault as words of a failure file:
///
///     fsync-error clean 0 1 log.*
///
/// that is: the fault, its parameter if it has one, how many calls pass unharmed, how many are
/// struck, and the files it is for, `%` for any.
extension StepText {
  func words(_ request: StorageFaultRequest) -> [String] {
    var words = [request.fault.word.rawValue]
    switch request.fault {
    case .tornSectors(let remains): words.append(remains.rawValue)
    case .syncError(let page): words.append(page.rawValue)
    case .bitRot(let byte): words.append(byte.map { "\($0)" } ?? "any")
    case .stall(let duration): words.append("\(duration.nanoseconds)")
    case .readError, .writeError, .noSpace, .lostWrite, .misdirectedWrite, .staleRead: break
    }
    return words + [
      "\(request.passes)", "\(request.calls)", LineWords.escape(request.file?.text ?? ""),
    ]
  }

  func storageFault(_ words: inout LineWords) throws(StepTextError) -> StorageFaultRequest {
    let fault = try fault(&words)
    let passes = try words.number("a number of calls", 0...1_000_000_000)
    let calls = try words.number("a number of calls", 1...1_000_000_000)
    let file = try words.text()
    return StorageFaultRequest(
      fault, file: file.isEmpty ? nil : FilePattern(file), passes: passes, calls: calls)
  }

  private func fault(_ words: inout LineWords) throws(StepTextError) -> StorageFault {
    switch try words.oneOf(StorageWord.self, "storage fault") {
    case .tornSectors: return .tornSectors(try words.oneOf(SectorRemains.self, "content"))
    case .syncError: return .syncError(try words.oneOf(PageAfterError.self, "state of a page"))
    case .readError: return .readError
    case .writeError: return .writeError
    case .noSpace: return .noSpace
    case .lostWrite: return .lostWrite
    case .misdirectedWrite: return .misdirectedWrite
    case .bitRot:
      if words.peek == "any" {
        _ = try words.word("any")
        return .bitRot(byte: nil)
      }
      return .bitRot(byte: try words.number("a byte", 0...Int(Int32.max)))
    case .staleRead: return .staleRead
    case .stall:
      let length = try words.number("a duration in nanoseconds", 0...Int.max / 4)
      return .stall(VirtualDuration(nanoseconds: Int64(length)))
    }
  }
}

extension LineWords {
  /// One of the words of a kind of thing.
  mutating func oneOf<Word: RawRepresentable & CaseIterable>(
    _ type: Word.Type, _ noun: String
  ) throws(StepTextError) -> Word where Word.RawValue == String {
    let word = try word("a \(noun)")
    guard let found = Word(rawValue: word) else {
      let known = type.allCases.map(\.rawValue).joined(separator: ", ")
      throw StepTextError(message: "\"\(word)\" is no \(noun); known: \(known)")
    }
    return found
  }
}

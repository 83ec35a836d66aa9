import InputText
import SimulationKernel

/// Storage faults: what is drawn, what is scripted, what is assumed.
extension ScenarioReader {
  mutating func readAssumedStorage(_ assume: ObjectView) -> [StorageWord] {
    guard let given = assume.given("storage") else { return [] }
    requireFiles(at: given.range)
    let words = (assume.wordsIfGiven("storage") ?? []).compactMap(StorageWord.init(rawValue:))
    return StorageWord.allCases.filter(words.contains)
  }

  /// The budget's kinds that it does not leave out.
  mutating func readDrawnStorage(_ faults: ObjectView) -> [DrawnStorageFault] {
    let storage = faults.object("storage")
    if faults.has("storage") { requireFiles(at: faults.keyRange("storage")) }
    return StorageWord.allCases.compactMap { word in
      storage.given(word.key).map { readBudget($0, word) }
    }
  }

  private mutating func readBudget(_ value: JSONValue, _ word: StorageWord) -> DrawnStorageFault {
    let shape = keys.budget(of: word)
    var isObject = false
    if case .object = value.content { isObject = true }
    let view = ObjectView(value: isObject ? value : nil, shape: shape)
    var count = isObject ? view.integer("count") : 0
    if case .number(let number) = value.content { count = number.integer ?? 0 }
    var fault = DrawnStorageFault(word, count: count)
    if shape.key("file") != nil { fault.file = readPattern(view) }
    if word == .syncError {
      fault.pages = view.words("page").compactMap(PageAfterError.init(rawValue:))
    }
    if word == .tornSectors {
      fault.remains = view.words("content").compactMap(SectorRemains.init(rawValue:))
    }
    if word == .stall { fault.stall = view.span("by") }
    return fault
  }

  mutating func readStorageFault(
    _ fault: ObjectView, _ word: StorageWord, _ target: JSONValue
  ) -> ScriptedFault? {
    requireFiles(at: target.range)
    var request = StorageFaultRequest(kind(of: word, fault))
    if word != .tornSectors { request.file = readPattern(fault) }
    if word.strikesCalls {
      request.passes = fault.integer("occurrence") - 1
      request.calls = fault.integer("calls")
    }
    let after = fault.duration("after")
    return readNode(target, .failing).map { .storage($0, request, after: after) }
  }

  private func kind(of word: StorageWord, _ fault: ObjectView) -> StorageFault {
    switch word {
    case .tornSectors: .tornSectors(SectorRemains(rawValue: fault.text("content")) ?? .old)
    case .syncError: .syncError(PageAfterError(rawValue: fault.text("page")) ?? .clean)
    case .readError: .readError
    case .writeError: .writeError
    case .noSpace: .noSpace
    case .lostWrite: .lostWrite
    case .misdirectedWrite: .misdirectedWrite
    case .bitRot: .bitRot(byte: fault.integerIfGiven("byte"))
    case .staleRead: .staleRead
    case .stall: .stall(fault.duration("by"))
    }
  }

  private mutating func readPattern(_ view: ObjectView) -> FilePattern? {
    guard let text = view.textIfGiven("file") else { return nil }
    if text.isEmpty {
      error(
        "no file has an empty name", at: view.range("file"),
        help: "name files as \"log.*\", or leave the key out")
    }
    return FilePattern(text)
  }

  private mutating func requireFiles(at range: SourceRange) {
    guard !words.keepsFiles else { return }
    error("the protocol \(quoted(words.name)) keeps no files that a disk could damage", at: range)
  }
}

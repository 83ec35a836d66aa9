import InputText
import LinearizabilityChecking

/// What the first line of a `linhist` file says.
struct LinhistHeader {
  static let example = "# linhist 1 model=register init=0"

  private static let models: [(word: String, model: ObjectModel)] = [
    ("register", .register), ("kv", .keyValue), ("cas", .casRegister), ("kva", .keyValue),
    ("list", .listAppend), ("blk", .block),
  ]

  private(set) var model = ObjectModel.register
  private(set) var initialValue = ""
  /// Whether keys hold lists of tokens that can also be replaced (model `kva`).
  private(set) var isTokenList = false
  private var canAppend = false

  init(_ line: Token, _ request: HistoryRequest) throws(PlaceError) {
    do throws(PlaceError) {
      try read(line, request)
    } catch {
      throw error.fatal
    }
  }

  private mutating func read(_ line: Token, _ request: HistoryRequest) throws(PlaceError) {
    var rest = line
    guard rest.nextWord() == "#", rest.nextWord() == "linhist" else {
      throw PlaceError(line, "the first line is no header of a linhist file", help: Self.example)
    }
    let version = rest.nextWord()
    guard version == "1" else {
      throw PlaceError(version, "unknown version \(quoted(version)); this program reads 1")
    }
    var hasModel = false
    var initial: Token?
    while !rest.isEmpty {
      let word = rest.nextWord()
      if word.hasPrefix("model=") {
        try readModel(Token(word.base, word.start + 6, word.end), request)
        hasModel = true
      } else if word.hasPrefix("init=") {
        initial = Token(word.base, word.start + 5, word.end)
      }
    }
    guard hasModel else {
      throw PlaceError(line.end..<line.end, "the header has no model=", help: Self.example)
    }
    try readInitialValue(initial, request)
  }

  private mutating func readModel(
    _ token: Token, _ request: HistoryRequest
  ) throws(PlaceError) {
    let known = Self.models.map(\.word)
    guard let found = Self.models.first(where: { $0.word == token.fullText }) else {
      throw PlaceError(
        token, "unknown model \(quoted(token)); known: \(known.joined(separator: ", "))",
        help: NearMiss.help(for: token.text, among: known))
    }
    guard request.model == nil || request.model == found.model else {
      throw PlaceError(
        token, "the file says model=\(found.word), --model \(request.model?.rawValue ?? "")")
    }
    model = found.model
    isTokenList = found.word == "kva"
    canAppend = isTokenList || model == .listAppend
  }

  /// The word `empty` stands for a text of no characters, or a list of no values.
  private mutating func readInitialValue(
    _ token: Token?, _ request: HistoryRequest
  ) throws(PlaceError) {
    guard let token else {
      initialValue = request.initialValue ?? ""
      return
    }
    let text = token == "empty" ? "" : token.fullText
    guard !canAppend || text.isEmpty else {
      throw PlaceError(token, "lists are empty at first: init=empty")
    }
    if let wanted = request.initialValue, wanted != text {
      throw PlaceError(token, "the file says init=\(token.text), --initial \"\(wanted)\"")
    }
    initialValue = text
  }

  /// What a word asks in this model.
  func kind(_ word: Token) throws(PlaceError) -> RecordedOperation.Kind {
    if word == "read" { return model == .listAppend ? .readList : .read }
    if word == "write", model != .listAppend { return .write }
    if word == "cas", model == .casRegister { return .compareAndSwap }
    if word == "append", canAppend { return .append }
    if word == "read2", model == .block { return .readTwo }
    if word == "write2", model == .block { return .writeTwo }
    let known =
      ["read"] + (model == .listAppend ? [] : ["write"])
      + (model == .casRegister ? ["cas"] : []) + (canAppend ? ["append"] : [])
      + (model == .block ? ["read2", "write2"] : [])
    throw PlaceError(
      word, "this model has no operation \(quoted(word)); known: \(known.joined(separator: ", "))",
      help: NearMiss.help(for: word.text, among: known))
  }
}

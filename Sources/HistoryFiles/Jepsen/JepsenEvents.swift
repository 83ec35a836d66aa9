import InputText
import LinearizabilityChecking

/// Turns events as Jepsen tells them into a history. The values of operations on independent keys
/// are pairs of key and value: `[k v]`.
struct JepsenEvents {
  let profile: JepsenProfile
  var builder: HistoryBuilder
  /// By process: whether its last call was a pair of key and value.
  var isPaired: [Bool] = []
  var uses = JepsenUses()
  /// Reads of transactions that found nothing, whatever nothing is for the object.
  var readsOfNothing: [Int32] = []
  let scratch = ScratchBytes()

  init(_ profile: JepsenProfile) {
    self.profile = profile
    builder = HistoryBuilder(
      profile.model ?? .register, initialValue: profile.initialValue ?? "nil")
  }

  /// Takes the next event.
  mutating func take(_ event: JepsenEvent) throws(PlaceError) {
    if event.process.kind == .keyword { return try takeRemark(event) }
    guard event.process.kind == .integer else {
      throw PlaceError(
        event.process.range,
        "expected a process, a whole number, found \(quoted(event.process.token))")
    }
    var event = event
    try unwrapTransaction(&event)
    guard let kind = JepsenWord.kind(event.function) else {
      throw unknown(event.function)
    }
    let process = builder.process(event.process.token)
    if Int(process) == isPaired.count { isPaired.append(false) }
    if event.type == ":invoke" { return try takeCall(event, kind, process) }
    let index = builder.openOperation(of: process)
    guard index >= 0 else {
      guard event.type == ":ok" || event.type == ":fail" || event.type == ":info" else {
        throw unknownType(event.type)
      }
      throw PlaceError(
        event.process.range, "process \(event.process.token.text) has no operation open here",
        help: "every :ok, :fail and :info follows an :invoke of the same process")
    }
    try refuseOther(event.function, kind, than: index)
    if event.type == ":ok" {
      try takeAnswer(event, index, process)
    } else if event.type == ":fail" {
      try takeFailure(event, index)
    } else if event.type == ":info" {
      try builder.end(index, .unknown, at: event.range)
    } else {
      throw unknownType(event.type)
    }
  }

  private func unknownType(_ type: Token) -> PlaceError {
    PlaceError(
      type, "unknown type \(type.text); known: :invoke, :ok, :fail, :info",
      help: NearMiss.help(for: type.text, among: [":invoke", ":ok", ":fail", ":info"]))
  }

  private func unknown(_ function: Token) -> PlaceError {
    let name = String(function.text.drop { $0 == ":" })
    return PlaceError(
      function, "unknown operation :\(name); known: \(JepsenWord.known.joined(separator: ", "))",
      help: NearMiss.help(for: name, among: JepsenWord.known))
  }

  /// A completion repeats the word of its call.
  private func refuseOther(
    _ function: Token, _ kind: RecordedOperation.Kind, than index: Int32
  ) throws(PlaceError) {
    let called = builder.history.operations[Int(index)].kind
    guard called.word.utf8Start != kind.word.utf8Start else { return }
    throw PlaceError(
      function,
      "this ends a \(kind.word), but the process has called the "
        + builder.history.phrase(index))
  }

  /// What the nemesis does, and other things beside the operations. Of a `:remark`, which is ours,
  /// the value is all.
  private mutating func takeRemark(_ event: JepsenEvent) throws(PlaceError) {
    var words: [String] = []
    if event.function != ":remark" {
      words.append(String(event.function.fullText.drop { $0 == ":" }))
    }
    if let value = event.value, value.kind != .nothing {
      scratch.clear()
      if value.hasEscapes { try JSONEscapes.decode(value.token, into: scratch) }
      words.append(value.hasEscapes ? scratch.token.fullText : value.token.fullText)
    }
    try builder.remark(words.joined(separator: " "), at: event.range)
  }

  /// A transaction of one operation on one key is that operation.
  private func unwrapTransaction(_ event: inout JepsenEvent) throws(PlaceError) {
    guard event.function == ":txn" else { return }
    let place = event.value?.range ?? event.range
    guard let step = try event.value?.single(), step.kind == .sequence else {
      throw PlaceError(
        place, "a transaction of several operations is no operation on one object",
        help: "transactions of one operation are understood: [[:append 3 1]], [[:r 3 nil]]")
    }
    var cursor = step.inside
    guard let word = try cursor.next(), word.kind == .keyword, let key = try cursor.next(),
      let value = try cursor.next(), try cursor.next() == nil
    else {
      throw PlaceError(step.range, "expected an operation with key and value: [:append 3 1]")
    }
    event.function = word.token
    event.key = key
    event.value = value
    event.isTransaction = true
  }

  // MARK: Values

  /// The number of a value without parts.
  mutating func valueID(_ value: EDNValue) throws(PlaceError) -> Int32 {
    builder.history.values.id(ofBytes: try bytes(value, "a value").bytes)
  }

  /// What a value is written as. The bytes are good until the next call.
  func bytes(_ value: EDNValue, _ what: StaticString) throws(PlaceError) -> Token {
    guard value.kind.isScalar, value.kind != .symbol else {
      throw PlaceError(value.range, "expected \(what), found \(quoted(value.token))")
    }
    guard value.hasEscapes else { return value.token }
    scratch.clear()
    try JSONEscapes.decode(value.token, into: scratch)
    return scratch.token
  }

  mutating func end(
    _ index: Int32, _ outcome: RecordedOperation.Outcome, _ event: JepsenEvent
  ) throws(PlaceError) {
    try builder.end(index, outcome, at: event.range)
  }
}

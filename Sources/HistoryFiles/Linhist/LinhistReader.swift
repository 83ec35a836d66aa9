import InputText
import LinearizabilityChecking

/// Reads `linhist 1`: fields between tabs, line order is real-time order, `#` starts a comment.
///
///     # linhist 1 model=cas init=0
///     inv <op> <proc> <f> <key> [args]
///     ret <op> <proc> ok [result]    or info, or fail
///
/// An operation without a `ret` is of unknown outcome, and its process may go on: only one that
/// returns after the next call of its process is an error.
struct LinhistReader: LineReader {
  private let request: HistoryRequest
  private var header: LinhistHeader?
  private var builder = HistoryBuilder(.register, initialValue: "")
  private var operations = OperationNames()
  /// By operation: whether it has ended.
  private var hasEnded: [Bool] = []
  private let scratch = ScratchBytes()

  init(_ request: HistoryRequest) {
    self.request = request
  }

  mutating func read(_ line: Token, number: Int) throws(PlaceError) {
    if line.isEmpty { return }
    guard let header else {
      let header = try LinhistHeader(line, request)
      self.header = header
      builder = HistoryBuilder(header.model, initialValue: header.initialValue)
      return
    }
    if line.first == UInt8(ascii: "#") { return try readComment(line) }
    var fields = LinhistFields(line)
    let word = try fields.next("inv or ret")
    if word == "inv" {
      try readCall(&fields, header, line, number)
    } else if word == "ret" {
      try readReturn(&fields, header, line)
    } else {
      throw PlaceError(
        word, "expected inv or ret, found \(quoted(word))",
        help: line.contains("\t") ? nil : "fields stand between tabs")
    }
  }

  mutating func finish(at end: Token) throws(PlaceError) -> RecordedHistory {
    guard header != nil else {
      throw PlaceError(end, "there is no header", help: LinhistHeader.example)
    }
    return builder.history
  }

  /// A comment may be a remark of ours.
  private mutating func readComment(_ line: Token) throws(PlaceError) {
    let mark: StaticString = "# remark: "
    guard line.hasPrefix(mark) else { return }
    let text = Token(line.base, line.start + mark.utf8CodeUnitCount, line.end)
    try builder.remark(text.fullText, at: text.range)
  }

  // MARK: Calls

  private mutating func readCall(
    _ fields: inout LinhistFields, _ header: LinhistHeader, _ line: Token, _ number: Int
  ) throws(PlaceError) {
    let name = try fields.next("the name of an operation")
    let processName = try fields.next("a process")
    let word = try fields.next("an operation")
    let kind = try header.kind(word)
    let key = try key(try fields.next("a key"), header)
    var expected: Int32 = -1
    var argument: Int32 = -1
    if kind == .compareAndSwap { expected = try value(try fields.next("the value expected")) }
    if kind.takesValue {
      let token = try fields.next("a value")
      argument = try header.isTokenList ? textOfOne(token) : value(token)
    }
    try fields.refuseMore()
    guard operations.add(name, Int32(hasEnded.count)) else {
      throw PlaceError(name, "there is an operation \(quoted(name)) already")
    }
    hasEnded.append(false)
    let process = builder.process(processName)
    let index = try builder.call(kind, process: process, key: key, line: number, at: line.range)
    builder.history.operations[index].expected = expected
    builder.history.operations[index].argument = argument
  }

  private mutating func key(
    _ token: Token, _ header: LinhistHeader
  ) throws(PlaceError) -> Int32 {
    guard header.model == .block else { return builder.history.keys.id(ofBytes: token.bytes) }
    guard let number = WholeNumber.value(token), let block = Int32(exactly: number), block >= 0,
      block < .max - 1
    else { throw PlaceError(token, "expected a block, 0 to \(Int32.max - 2)") }
    return block
  }

  private mutating func value(_ token: Token) throws(PlaceError) -> Int32 {
    if WholeNumber.isNumeral(token), token.count > 18, WholeNumber.value(token) == nil {
      throw WholeNumber.complaint(token)
    }
    return builder.history.values.id(ofBytes: token.bytes)
  }

  // MARK: Returns

  private mutating func readReturn(
    _ fields: inout LinhistFields, _ header: LinhistHeader, _ line: Token
  ) throws(PlaceError) {
    let name = try fields.next("the name of an operation")
    guard let index = operations.operation(name) else {
      throw PlaceError(name, "no operation \(quoted(name)) has been called")
    }
    let operation = builder.history.operations[Int(index)]
    guard !hasEnded[Int(index)] else {
      throw PlaceError(name, "operation \(quoted(name)) has ended already")
    }
    let processName = try fields.next("a process")
    guard builder.process(processName) == operation.process else {
      throw PlaceError(
        processName,
        "operation \(quoted(name)) was called by process "
          + "\"\(builder.history.processes[operation.process])\"")
    }
    guard builder.openOperation(of: operation.process) == index else {
      throw PlaceError(
        name,
        "process \(quoted(processName)) had two operations open: it has called another one since")
    }
    let word = try fields.next("ok, info or fail")
    let outcome: RecordedOperation.Outcome
    if word == "ok" {
      outcome = .ok
      try readAnswer(&fields, header, index, line)
    } else if word == "info" {
      outcome = .unknown
    } else if word == "fail" {
      outcome = .failed
    } else {
      throw PlaceError(word, "expected ok, info or fail, found \(quoted(word))")
    }
    try fields.refuseMore()
    hasEnded[Int(index)] = true
    try builder.end(index, outcome, at: line.range)
  }

  private mutating func readAnswer(
    _ fields: inout LinhistFields, _ header: LinhistHeader, _ index: Int32, _ line: Token
  ) throws(PlaceError) {
    var operation = builder.history.operations[Int(index)]
    switch operation.kind {
    case .read:
      let token = fields.nextIfAny()
      guard header.isTokenList || token != nil else {
        throw PlaceError(line.end..<line.end, "expected the value read")
      }
      let place = token ?? Token(line.base, line.end, line.end)
      operation.result = try header.isTokenList ? textOfList(place) : value(place)
    case .readList, .readTwo:
      let token = fields.nextIfAny() ?? Token(line.base, line.end, line.end)
      let start = builder.history.lists.count
      var rest = token
      while let element = rest.nextElement() {
        try builder.appendToList(try value(element), at: element.range)
      }
      operation.result = Int32(start)
      operation.resultCount = Int32(builder.history.lists.count - start)
      guard operation.kind == .readList || operation.resultCount == 2 else {
        throw PlaceError(token, "expected two values with a comma between them")
      }
    case .compareAndSwap:
      let token = try fields.next("true or false")
      guard token == "true" || token == "false" else {
        throw PlaceError(token, "expected true or false, found \(quoted(token))")
      }
      operation.result = token == "true" ? 1 : 0
    default: break
    }
    builder.history.operations[Int(index)].result = operation.result
    builder.history.operations[Int(index)].resultCount = operation.resultCount
  }

  // MARK: Lists as text

  // A key of model kva holds tokens. As a text, each of them has a comma behind it: then appending
  // a token is appending text.

  private mutating func textOfOne(_ token: Token) throws(PlaceError) -> Int32 {
    for offset in token.range where token.base[offset] == UInt8(ascii: ",") {
      throw PlaceError(offset..<offset + 1, "a value has no comma: commas stand between values")
    }
    return textOfList(token)
  }

  private mutating func textOfList(_ token: Token) -> Int32 {
    scratch.clear()
    for byte in token.bytes { scratch.append(byte) }
    if !token.isEmpty { scratch.append(UInt8(ascii: ",")) }
    return builder.history.values.id(ofBytes: scratch.token.bytes)
  }
}

extension Token {
  /// Takes the bytes up to the next comma; `nil` if nothing is left.
  fileprivate mutating func nextElement() -> Token? {
    guard start < end else { return nil }
    var stop = start
    while stop < end, base[stop] != UInt8(ascii: ",") { stop += 1 }
    let element = Token(base, start, stop)
    start = min(end, stop + 1)
    return element
  }
}

/// The fields of a line, between tabs.
struct LinhistFields {
  private var rest: Token
  private var hasMore = true

  init(_ line: Token) {
    rest = line
  }

  /// The next field, which must be there and not be empty.
  mutating func next(_ what: @autoclosure () -> String) throws(PlaceError) -> Token {
    guard let field = nextIfAny(), !field.isEmpty else {
      throw PlaceError(
        rest.start..<rest.start, "expected \(what())", help: hasMore ? nil : "is the line cut off?")
    }
    return field
  }

  mutating func nextIfAny() -> Token? {
    guard hasMore else { return nil }
    var stop = rest.start
    while stop < rest.end, rest.base[stop] != UInt8(ascii: "\t") { stop += 1 }
    let field = Token(rest.base, rest.start, stop)
    hasMore = stop < rest.end
    rest.start = min(rest.end, stop + 1)
    return field
  }

  func refuseMore() throws(PlaceError) {
    guard hasMore, !rest.isEmpty else { return }
    throw PlaceError(rest, "expected the end of the line, found \(quoted(rest))")
  }
}

import InputText
import LinearizabilityChecking

/// Reads our own lines; <doc:HistoryLines> describes them.
struct JSONLineReader: LineReader {
  static let version = 1

  private let request: HistoryRequest
  private var builder = HistoryBuilder(.register, initialValue: "")
  private var hasHeader = false
  /// The operations that stand in an order.
  private var orderedOperations: Set<Int> = []
  private var fields: JSONLineFields
  private let scratch = ScratchBytes()

  init(_ request: HistoryRequest) {
    self.request = request
    fields = JSONLineFields(scratch.token)
  }

  mutating func read(_ line: Token, number: Int) throws(PlaceError) {
    var line = line
    while line.count > 0, line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
      line.start += 1
    }
    if line.isEmpty { return }
    guard hasHeader else {
      do throws(PlaceError) {
        try fields.read(line)
        return try readHeader()
      } catch {
        throw error.fatal
      }
    }
    try fields.read(line)
    switch fields.leading {
    case .call: try readCall(number)
    case .returned: try readReturn()
    case .fail: try readEnd(.failed)
    case .unknown: try readEnd(.unknown)
    case .remark: try readRemark()
    case .order: try readOrder()
    default: throw PlaceError(line, "the header stands here a second time")
    }
  }

  mutating func finish(at end: Token) throws(PlaceError) -> RecordedHistory {
    guard hasHeader else {
      throw PlaceError(end, "there is no header", help: Self.headerExample)
    }
    return builder.history
  }

  private static let headerExample =
    #"{"crashproof":"history","version":1,"model":"register","initial":""}"#

  // MARK: Lines

  private mutating func readHeader() throws(PlaceError) {
    let value = fields.leadingValue
    guard fields.leading == .format, value.kind == .string, value.token == "history" else {
      throw PlaceError(
        fields.line, "the first line is no header of a history", help: Self.headerExample)
    }
    let version = try fields.need(.version, "it is 1")
    guard version.kind == .integer, WholeNumber.value(version.token) == Self.version else {
      throw PlaceError(version.range, "unknown version; this program reads version 1")
    }
    let model = try model(try fields.need(.model, "it says what kind of object was used"))
    var initial = request.initialValue ?? ""
    if let value = fields.take(.initial) {
      let text = try text(value, "the initial value")
      if let wanted = request.initialValue, wanted != text {
        throw PlaceError(
          value.range, "the file says that keys hold \"\(text)\" at first, --initial \"\(wanted)\"")
      }
      initial = text
    }
    if let about = fields.take(.about) { _ = try text(about, "what the file is about") }
    try fields.refuseTheRest("a header")
    builder = HistoryBuilder(model, initialValue: initial)
    hasHeader = true
  }

  private func model(_ value: JSONLineValue) throws(PlaceError) -> ObjectModel {
    let known = ObjectModel.allCases.map(\.rawValue)
    guard value.kind == .string, let model = ObjectModel(rawValue: value.token.fullText) else {
      throw PlaceError(
        value.range,
        "unknown model \(quoted(value.token)); known: \(known.joined(separator: ", "))",
        help: NearMiss.help(for: value.token.text, among: known))
    }
    guard request.model == nil || request.model == model else {
      throw PlaceError(
        value.range,
        "the file says model \(model.rawValue), --model \(request.model?.rawValue ?? "")")
    }
    return model
  }

  private mutating func readRemark() throws(PlaceError) {
    let value = fields.leadingValue
    let text = try text(value, "a remark")
    try fields.refuseTheRest("a remark")
    try builder.remark(text, at: value.range)
  }

  /// A part of an order in which updates may have taken effect; operations are numbered from 0 in
  /// the order of their calls, and have been called.
  private mutating func readOrder() throws(PlaceError) {
    let list = fields.leadingValue
    guard list.kind == .list else {
      throw PlaceError(list.range, "expected a list for \"order\", found \(list.phrase)")
    }
    try fields.refuseTheRest("an order")
    var cursor = JSONLineCursor(list.token)
    cursor.offset += 1
    if cursor.skip(UInt8(ascii: "]")) { return }
    repeat {
      let element = try cursor.element()
      guard element.kind == .integer, let number = WholeNumber.value(element.token),
        builder.history.operations.indices.contains(number)
      else {
        let count = builder.history.operations.count
        throw PlaceError(
          element.range, "expected the number of an operation below \(count), called so far")
      }
      guard orderedOperations.insert(number).inserted else {
        throw PlaceError(element.range, "operation \(number) stands in the order twice")
      }
      builder.history.hint.append(Int32(number))
    } while cursor.skip(UInt8(ascii: ","))
  }

  /// The process that the line is about.
  private mutating func process() throws(PlaceError) -> Int32 {
    let value = fields.leadingValue
    let bytes = try bytes(value, "a process")
    guard !bytes.isEmpty else { throw PlaceError(value.range, "a process has a name") }
    return builder.process(bytes)
  }

  private mutating func readEnd(_ outcome: RecordedOperation.Outcome) throws(PlaceError) {
    let operation = try openOperation()
    try fields.refuseTheRest("this line")
    try builder.end(operation, outcome, at: fields.line.range)
  }

  /// The operation that the process of the line has open.
  private mutating func openOperation() throws(PlaceError) -> Int32 {
    let process = try process()
    let operation = builder.openOperation(of: process)
    guard operation >= 0 else {
      let value = fields.leadingValue
      throw PlaceError(
        value.range, "process \(quoted(value.token)) has no operation open here",
        help: "every \"call\" ends once, with \"return\", \"fail\" or \"unknown\"")
    }
    return operation
  }
}

// MARK: - Calls and returns

extension JSONLineReader {
  private mutating func readCall(_ number: Int) throws(PlaceError) {
    let process = try process()
    let open = builder.openOperation(of: process)
    guard open < 0 else {
      let place = fields.leadingValue
      throw PlaceError(
        place.range,
        "process \(quoted(place.token)) has two operations open: its "
          + "\(builder.history.phrase(open)) has not ended")
    }
    let kind = try kind(builder.history.model)
    let key = try key(builder.history.model)
    var argument: Int32 = -1
    var expected: Int32 = -1
    if kind.takesValue {
      argument = try value(try fields.need(.value, "a \(kind.word) says which value"))
    }
    if kind == .compareAndSwap {
      expected = try value(try fields.need(.expected, "a cas says which value must be there"))
    }
    try fields.refuseTheRest("the call of a \(kind.word)")
    let index = try builder.call(
      kind, process: process, key: key, line: number, at: fields.line.range)
    builder.history.operations[index].argument = argument
    builder.history.operations[index].expected = expected
  }

  private mutating func kind(_ model: ObjectModel) throws(PlaceError) -> RecordedOperation.Kind {
    let op = try fields.need(.op, "a call says what it asks")
    guard op.kind == .string, var kind = RecordedOperation.Kind.named(op.token) else {
      throw model.unknown(op.token, at: op.range)
    }
    if model == .listAppend, kind == .read { kind = .readList }
    if model == .block, let count = fields.take(.count) {
      guard let blocks = WholeNumber.value(count.token), blocks == 1 || blocks == 2 else {
        throw PlaceError(count.range, "an operation spans 1 or 2 blocks")
      }
      if blocks == 2 { kind = kind == .read ? .readTwo : .writeTwo }
    }
    guard model.has(kind) else { throw model.unknown(op.token, at: op.range) }
    return kind
  }

  /// The id of the key, or the number of the block.
  private mutating func key(_ model: ObjectModel) throws(PlaceError) -> Int32 {
    guard model == .block else {
      guard let value = fields.take(.key) else { return builder.history.keys.id(of: "") }
      return builder.history.keys.id(ofBytes: try bytes(value, "a key").bytes)
    }
    let value = try fields.need(.key, "it is the number of a block")
    guard value.kind == .integer, let number = WholeNumber.value(value.token),
      let key = Int32(exactly: number), key >= 0, key < .max - 1
    else { throw PlaceError(value.range, "expected a block, 0 to \(Int32.max - 2)") }
    return key
  }

  private mutating func value(_ value: JSONLineValue) throws(PlaceError) -> Int32 {
    builder.history.values.id(ofBytes: try bytes(value, "a value").bytes)
  }

  private mutating func readReturn() throws(PlaceError) {
    let index = try openOperation()
    var operation = builder.history.operations[Int(index)]
    switch operation.kind {
    case .read, .dequeue:
      let value = try fields.need(.value, "a \(operation.kind.word) returns what it found")
      let isEmpty = operation.kind == .dequeue && value.kind == .null
      operation.result = isEmpty ? -1 : try self.value(value)
    case .append:
      if let value = fields.take(.value) { operation.result = try self.value(value) }
    case .readList: try readValues(&operation)
    case .readTwo:
      try readValues(&operation)
      guard operation.resultCount == 2 else {
        throw PlaceError(fields.line, "a read of two blocks returns two values")
      }
    case .compareAndSwap:
      operation.result = try flag(.swapped)
      if let found = fields.take(.found) { operation.resultCount = try value(found) }
    case .contains: operation.result = try flag(.present)
    case .write, .writeTwo, .enqueue, .add, .remove, .acquire, .release: break
    }
    try fields.refuseTheRest("the return of a \(operation.kind.word)")
    builder.history.operations[Int(index)].result = operation.result
    builder.history.operations[Int(index)].resultCount = operation.resultCount
    try builder.end(index, .ok, at: fields.line.range)
  }

  private mutating func flag(_ key: JSONLineKey) throws(PlaceError) -> Int32 {
    let value = try fields.need(key, "it is true or false")
    guard value.kind == .boolean else {
      throw PlaceError(
        value.range, "expected true or false for \"\(key.word)\", found \(value.phrase)")
    }
    return value.token == "true" ? 1 : 0
  }

  private mutating func readValues(_ operation: inout RecordedOperation) throws(PlaceError) {
    let list = try fields.need(.values, "a \(operation.kind.word) returns a list of values")
    let start = builder.history.lists.count
    guard list.kind == .list else {
      throw PlaceError(list.range, "expected a list for \"values\", found \(list.phrase)")
    }
    var cursor = JSONLineCursor(list.token)
    cursor.offset += 1
    if !cursor.skip(UInt8(ascii: "]")) {
      repeat {
        let element = try cursor.element()
        let id = try value(element)
        try builder.appendToList(id, at: element.range)
      } while cursor.skip(UInt8(ascii: ","))
    }
    operation.result = Int32(start)
    operation.resultCount = Int32(builder.history.lists.count - start)
  }

  // MARK: Texts

  /// The bytes of a string or a number. They are good until the next call.
  private mutating func bytes(
    _ value: JSONLineValue, _ what: String
  ) throws(PlaceError) -> Token {
    guard value.kind == .string || value.kind == .integer else {
      throw PlaceError(
        value.range, "expected a string or a number for \(what), found \(value.phrase)")
    }
    guard value.hasEscapes else { return value.token }
    scratch.clear()
    try JSONEscapes.decode(value.token, into: scratch)
    return scratch.token
  }

  private mutating func text(_ value: JSONLineValue, _ what: String) throws(PlaceError) -> String {
    try bytes(value, what).fullText
  }
}

import InputText
import SimulationKernel

/// Reads the entries of `script`.
struct ScriptReader {
  var scenario: ScenarioReader
  let entries: [JSONValue]
  /// The keys or blocks that `clients` asks for.
  let givenSpace: KeySpace?
  private var script = Script(keyNames: [], operations: [], delays: [])
  private var blockCount = 0

  init(scenario: ScenarioReader, entries: [JSONValue], givenSpace: KeySpace?) {
    self.scenario = scenario
    self.entries = entries
    self.givenSpace = givenSpace
  }

  /// The keys or blocks of the script: those it names, or as many as `clients` asks for.
  var space: KeySpace {
    if let givenSpace { return givenSpace }
    let isOnBlocks = blockCount > 0 || !scenario.words.summary.hasKeys
    return isOnBlocks ? .blocks(max(1, blockCount)) : .keys(max(1, script.keyNames.count))
  }

  mutating func read() -> Script {
    let shapes = scenario.keys.scriptEntries
    for entry in entries {
      guard case .object(let members) = entry.content else { continue }
      let tags = members.filter { member in shapes.contains { $0.tag == member.key } }
      guard tags.count == 1, let shape = shapes.first(where: { $0.tag == tags[0].key }) else {
        continue
      }
      let view = ObjectView(value: entry, shape: shape)
      if shape.tag == "delay" {
        readDelay(view)
      } else {
        readOperation(view, tag: tags[0].key)
      }
    }
    return script
  }

  private mutating func readDelay(_ view: ObjectView) {
    let from = view.duration("from")
    let to = view.durationIfGiven("to")
    if let to, to <= from {
      scenario.error("the delay ends at \(to), not after \(from)", at: view.range("to"))
    }
    guard let (sender, receiver) = scenario.readLink(view.given("delay")),
      let by = view.durationIfGiven("by")
    else { return }
    script.delays.append(
      ScriptedDelay(sender: sender, receiver: receiver, by: by, from: from, to: to))
  }

  private mutating func readOperation(_ view: ObjectView, tag: String) {
    let client = view.integerIfGiven("client")
    if let client, client > scenario.clientCount {
      scenario.error(
        "client \(client) does not exist; clients.count is \(scenario.clientCount)",
        at: view.range("client"))
    }
    guard let kind = readKind(view, tag), let client else { return }
    script.operations.append(
      ScriptedOperation(
        client: client, kind: kind, notBefore: view.duration("at"),
        wait: ScriptedOperation.Wait(rawValue: view.text("wait")) ?? .prior))
  }

  private mutating func readKind(_ view: ObjectView, _ tag: String) -> ScriptedOperation.Kind? {
    let isOnBlocks = tag == "read" || tag == "write"
    let summary = scenario.words.summary
    guard isOnBlocks ? summary.hasBlocks : summary.hasKeys else {
      let has = isOnBlocks ? "keys, not blocks" : "blocks, not keys"
      let instead = isOnBlocks ? "get and put" : "read and write"
      scenario.error(
        "the protocol \(quoted(scenario.words.name)) has \(has)", at: view.keyRange(tag),
        help: "use \(instead)")
      return nil
    }
    guard isOnBlocks ? script.keyNames.isEmpty : blockCount == 0 else {
      scenario.error(
        "a script works on keys or on blocks, not on both", at: view.keyRange(tag))
      return nil
    }
    let operation = Self.operation(tag)
    guard scenario.words.summary.operations.contains(operation) else {
      scenario.reportUnsupported(operation, at: view.keyRange(tag))
      return nil
    }
    if isOnBlocks { return readBlocks(view, tag) }
    guard let name = view.textIfGiven(tag), let key = index(ofKey: name, view.range(tag)) else {
      return nil
    }
    let value = tag == "get" || tag == "draw" ? "" : view.textIfGiven("value")
    guard let value else { return nil }
    switch tag {
    case "put": return .put(key: key, value: value)
    case "get": return .get(key: key)
    case "append": return .append(key: key, value: value)
    case "draw": return .draw(key: key)
    default:
      return view.textIfGiven("expect").map { .swap(key: key, expected: $0, value: value) }
    }
  }

  private static func operation(_ tag: String) -> OperationKind {
    switch tag {
    case "put", "write": .write
    case "append": .append
    case "draw": .draw
    case "swap": .swap
    default: .read
    }
  }

  private mutating func readBlocks(
    _ view: ObjectView, _ tag: String
  ) -> ScriptedOperation.Kind? {
    guard let first = view.integerIfGiven(tag) else { return nil }
    let count = view.integer("count")
    blockCount = max(blockCount, first + count)
    if case .blocks(let limit) = givenSpace, first + count > limit {
      scenario.error(
        "block \(first + count - 1) does not exist; clients.blocks is \(limit)",
        at: view.range(tag))
    }
    if tag == "read" { return .readBlocks(first: first, count: count) }
    return view.textIfGiven("value").map { .writeBlocks(first: first, count: count, value: $0) }
  }

  private mutating func index(ofKey name: String, _ range: SourceRange) -> Int? {
    if let index = script.keyNames.firstIndex(of: name) { return index }
    if case .keys(let limit) = givenSpace, script.keyNames.count >= limit {
      scenario.error(
        "\(quoted(name)) is key \(limit + 1) of the script; clients.keys is \(limit)", at: range)
      return nil
    }
    script.keyNames.append(name)
    return script.keyNames.count - 1
  }
}

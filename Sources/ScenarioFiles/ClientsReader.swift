import InputText
import SimulationKernel

/// What the clients do: drawn or scripted.
extension ScenarioReader {
  mutating func readWorkload() -> (Clients, Workload) {
    let clients = view.object("clients")
    var space = readSpace(clients)
    let workload: Workload
    if let script = view.given("script"), let entries = script.elements {
      for key in ScenarioKeys.drawnWorkloadKeys where clients.has(key) {
        error("clients.\(key) and script exclude each other", at: clients.keyRange(key))
      }
      if entries.isEmpty { error("the script has no entries", at: script.range) }
      var reader = ScriptReader(scenario: self, entries: entries, givenSpace: space)
      let script = reader.read()
      self = reader.scenario
      space = reader.space
      workload = .scripted(script)
    } else {
      workload = .drawn(readDrawnWorkload(clients, space ?? defaultSpace))
    }
    let settings = Clients(
      count: clients.integer("count"),
      openOperations: clients.integer("open"),
      space: space ?? defaultSpace,
      retry: readRetry(clients.object("retry")),
      finalRead: clients.flag("finalRead") ? .allKeys : .none)
    return (settings, workload)
  }

  private var defaultSpace: KeySpace { words.summary.hasKeys ? .keys(2) : .blocks(4) }

  /// The keys or blocks that the file asks for; nil if it says nothing of them.
  private mutating func readSpace(_ clients: ObjectView) -> KeySpace? {
    if clients.has("keys"), clients.has("blocks") {
      error("clients.keys and clients.blocks exclude each other", at: clients.keyRange("blocks"))
      return nil
    }
    if clients.has("blocks"), !words.summary.hasBlocks {
      error(
        "the protocol \(quoted(words.name)) has keys, not blocks", at: clients.keyRange("blocks"))
      return nil
    }
    if clients.has("keys"), !words.summary.hasKeys {
      error(
        "the protocol \(quoted(words.name)) has blocks, not keys", at: clients.keyRange("keys"))
      return nil
    }
    if let count = clients.integerIfGiven("keys") { return .keys(count) }
    if let count = clients.integerIfGiven("blocks") { return .blocks(count) }
    return nil
  }

  private mutating func readRetry(_ retry: ObjectView) -> RetryPolicy {
    let after = retry.duration("after")
    let limit = retry.durationIfGiven("limit")
    if let limit, limit < after {
      error(
        "clients.retry.limit is \(limit), less than after, which is \(after)",
        at: retry.range("limit"))
    }
    return RetryPolicy(
      after: after, factor: retry.integer("factor"),
      limit: limit ?? max(after, retry.duration("limit")))
  }

  private mutating func readDrawnWorkload(
    _ clients: ObjectView, _ space: KeySpace
  ) -> DrawnWorkload {
    let unaligned = clients.number("unaligned")
    if case .keys = space, unaligned > 0 {
      error("clients.unaligned is for blocks, not for keys", at: clients.keyRange("unaligned"))
    } else if space == .blocks(1), unaligned > 0 {
      error("clients.unaligned needs at least two blocks", at: clients.keyRange("unaligned"))
    }
    return DrawnWorkload(
      // Clients that are measured go on to the end of the run.
      operationsPerClient: mode == .measure ? 0 : clients.integer("operations"),
      mix: readMix(clients),
      pattern: DrawnWorkload.Pattern(rawValue: clients.text("pattern")) ?? .uniform,
      unalignedFraction: unaligned,
      think: clients.spanIfGiven("think") ?? DurationSpan(min: .zero, max: .zero))
  }

  private mutating func readMix(_ clients: ObjectView) -> [DrawnWorkload.Weight] {
    let supported = OperationKind.mixed.filter(words.summary.operations.contains)
    guard let given = clients.given("mix"), case .object(let members) = given.content else {
      let usual = supported.filter { $0 == .read || $0 == .write }
      let drawn = usual.isEmpty ? supported : usual
      return supported.map {
        DrawnWorkload.Weight(kind: $0, weight: drawn.contains($0) ? 1 : 0)
      }
    }
    let mix = clients.object("mix")
    for kind in OperationKind.mixed where !supported.contains(kind) {
      if mix.number(kind.rawValue) > 0 {
        reportUnsupported(kind, at: mix.keyRange(kind.rawValue))
      }
    }
    var weights = supported.map {
      DrawnWorkload.Weight(kind: $0, weight: mix.number($0.rawValue))
    }
    if mode == .measure, !mix.has("read"), let write = mix.numberIfGiven("write"), write < 1,
      let read = weights.firstIndex(where: { $0.kind == .read }),
      weights.allSatisfy({ $0.kind == .write || $0.weight == 0 })
    {
      weights[read].weight = 1 - write
      return weights
    }
    // An error in a key or a weight was reported; its default of 0 is no error of its own.
    let allAreZero = members.allSatisfy { member in
      mix.shape.key(member.key) != nil && mix.numberIfGiven(member.key) == 0
    }
    if allAreZero { error("clients.mix has no weight above 0", at: given.range) }
    return weights
  }

  mutating func reportUnsupported(_ kind: OperationKind, at range: SourceRange) {
    let supported = OperationKind.mixed.filter(words.summary.operations.contains)
    error(
      "the protocol \(quoted(words.name)) has no operation \(quoted(kind.rawValue)); it has: "
        + supported.map(\.rawValue).joined(separator: ", "), at: range)
  }
}

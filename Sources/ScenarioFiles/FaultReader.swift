import InputText
import SimulationKernel

/// What goes wrong: drawn or scripted.
extension ScenarioReader {
  mutating func readFaults(_ assumptions: Assumptions) -> Faults {
    let given = view.given("faults")
    if mode == .measure {
      if let given, case .object = given.content {
        error(
          "in mode measure no faults are drawn", at: given.range,
          help: "list them: faults: [{ after: \"30s\", crash: \"s1\" }]")
      }
      return .scripted((given?.elements ?? []).compactMap { readScriptedFault($0) })
    }
    guard let entries = given?.elements else {
      return .drawn(readDrawnFaults(assumptions))
    }
    return .scripted(entries.compactMap { readScriptedFault($0) })
  }

  private mutating func readDrawnFaults(_ assumptions: Assumptions) -> DrawnFaults {
    var value = view.given("faults")
    if let given = value, case .object = given.content {} else { value = nil }
    let budget = ObjectView(value: value, shape: keys.drawnFaults)
    let needs: [(key: String, word: NetworkWord)] = [
      ("partitions", .partitions), ("oneWayCuts", .partitions), ("slowLinks", .slow),
    ]
    for need in needs where budget.integer(need.key) > 0 {
      requireAssumption(
        need.word, for: "faults.\(need.key)", at: budget.range(need.key), assumptions)
    }
    for key in ["crashes", "powerLosses", "clusterPowerLosses"] where assumptions.down == 0 {
      guard budget.integer(key) > 0 else { continue }
      error(
        "faults.\(key) cannot be drawn: assume.down is 0", at: budget.range(key),
        help: "set assume.down to 1 or more")
    }
    return DrawnFaults(
      crashes: budget.integer("crashes"),
      restarts: budget.integer("restarts"),
      powerLosses: budget.integer("powerLosses"),
      clusterPowerLosses: budget.integer("clusterPowerLosses"),
      partitions: budget.integer("partitions"),
      oneWayCuts: budget.integer("oneWayCuts"),
      slowLinks: budget.integer("slowLinks"),
      nodes: (budget.given("nodes")?.elements ?? []).compactMap { readNode($0, .failing) },
      window: budget.duration("window"),
      restartAfter: budget.span("restartAfter"),
      partitionFor: budget.span("partitionFor"),
      slowBy: budget.span("slowBy"),
      storage: readDrawnStorage(budget),
      variation: budget.flag("swarm") ? .swarm : .asWritten)
  }

  private mutating func readScriptedFault(_ entry: JSONValue) -> ScriptedFault? {
    guard case .object(let members) = entry.content else { return nil }
    let shapes = keys.scriptedFaults
    let tags = members.filter { member in shapes.contains { $0.tag == member.key } }
    guard tags.count == 1, let shape = shapes.first(where: { $0.tag == tags[0].key }) else {
      return nil
    }
    let fault = ObjectView(value: entry, shape: shape)
    if let word = StorageWord(key: tags[0].key) {
      return readStorageFault(fault, word, tags[0].value)
    }
    switch tags[0].key {
    case "crash": return readFailure(fault, tags[0].value, .crash)
    case "powerLoss": return readFailure(fault, tags[0].value, .powerLoss)
    case "restart":
      let server = readNode(tags[0].value, .server)
      guard case .server(let number)? = server, let after = fault.durationIfGiven("after") else {
        return nil
      }
      return .restart(server: number, after: after)
    case "isolate":
      let to = readEnd(fault)
      return readNode(tags[0].value, .fixed).map {
        .isolation($0, from: fault.duration("from"), to: to)
      }
    case "cut":
      let to = readEnd(fault)
      let direction: ScriptedFault.Direction = fault.flag("oneWay") ? .oneWay : .bothWays
      return readLink(tags[0].value).map {
        .cut($0.0, $0.1, direction, from: fault.duration("from"), to: to)
      }
    default:
      guard let (first, second) = readLink(tags[0].value),
        let after = fault.durationIfGiven("after")
      else { return nil }
      return .heal(first, second, after: after)
    }
  }

  /// The end of a cut, which is after its beginning.
  private mutating func readEnd(_ fault: ObjectView) -> VirtualDuration? {
    let to = fault.durationIfGiven("to")
    if let to, to <= fault.duration("from") {
      error("the cut ends at \(to), not after \(fault.duration("from"))", at: fault.range("to"))
    }
    return to
  }
}

/// Failures of servers and when they happen.
extension ScenarioReader {
  /// Keys that only go with one way of saying when.
  private static let companions: [(key: String, triggers: [String])] = [
    ("occurrence", ["at", "request"]), ("label", ["request"]), ("effect", ["step"]),
    ("node", ["at", "request", "step"]),
  ]

  private mutating func readFailure(
    _ fault: ObjectView, _ target: JSONValue, _ cause: ScriptedFault.Cause
  ) -> ScriptedFault? {
    let isOfAll = cause == .powerLoss && target.text == "all"
    let server = isOfAll ? nil : readNode(target, .failingOrHost)
    if let node = fault.given("node"), let passing = readNode(node, .failing), let server,
      passing != server
    {
      error(
        "the fault hits \(quoted(server.name)), which must be the node, not "
          + quoted(passing.name), at: node.range)
    }
    guard let trigger = readTrigger(fault) else { return nil }
    if case .host = server, !trigger.isTime {
      error("a host can only fail after a time", at: target.range)
      return nil
    }
    guard isOfAll else { return server.map { .failure($0, cause, trigger) } }
    guard case .after(let time) = trigger else {
      error("a power loss of all can only happen after a time", at: target.range)
      return nil
    }
    return .powerLossOfAll(after: time)
  }

  private mutating func readTrigger(_ fault: ObjectView) -> FaultTrigger? {
    let given = ScenarioKeys.triggerKeys.filter(fault.has)
    if given.count > 1 {
      error("\(given[0]) and \(given[1]) exclude each other", at: fault.keyRange(given[1]))
      return nil
    }
    for companion in Self.companions where fault.has(companion.key) {
      if given.first.map({ !companion.triggers.contains($0) }) ?? true {
        let triggers = companion.triggers.joined(separator: " or ")
        error("\(companion.key) goes only with \(triggers)", at: fault.keyRange(companion.key))
      }
    }
    switch given.first {
    case "after":
      return fault.durationIfGiven("after").map(FaultTrigger.after)
    case "at":
      return readLabel(fault, "at").map {
        .crashPoint($0, request: nil, occurrence: fault.integer("occurrence"))
      }
    case "request":
      return readRequest(fault)
    case "step":
      guard fault.has("effect") else {
        let message = "step needs an effect, the number of effects to let happen"
        error(message, at: fault.keyRange("step"))
        return nil
      }
      guard let step = fault.integerIfGiven("step"), let effect = fault.integerIfGiven("effect")
      else { return nil }
      return .effect(effect, step: step)
    default:
      let choices = ScenarioKeys.triggerKeys.joined(separator: ", ")
      let range = fault.value?.range ?? .startOfFile
      error("this fault does not say when it happens: \(choices)", at: range)
      return nil
    }
  }

  private mutating func readRequest(_ fault: ObjectView) -> FaultTrigger? {
    guard fault.has("label") else {
      error("request needs a label, the crash point to reach", at: fault.keyRange("request"))
      return nil
    }
    guard let label = readLabel(fault, "label"), let number = fault.integerIfGiven("request")
    else { return nil }
    return .crashPoint(label, request: number, occurrence: fault.integer("occurrence"))
  }

  /// A named crash point of the protocol.
  private mutating func readLabel(_ fault: ObjectView, _ key: String) -> String? {
    guard let label = fault.textIfGiven(key) else { return nil }
    let known = words.summary.crashPoints
    guard !known.contains(label) else { return label }
    let list = known.isEmpty ? "it has none" : "known: \(known.joined(separator: ", "))"
    error(
      "unknown crash point \(quoted(label)) of the protocol \(quoted(words.name)); \(list)",
      at: fault.range(key), help: NearMiss.help(for: label, among: known))
    return nil
  }
}

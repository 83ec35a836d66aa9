import InputText
import SimulationKernel

/// What goes wrong: drawn or scripted.
extension ScenarioReader {
  mutating func readFaults(_ assumptions: Assumptions) -> Faults {
    guard let entries = view.given("faults")?.elements else {
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
    let action = readAction(fault, tags[0])
    let trigger = readTrigger(fault, action)
    guard let action, let trigger else { return nil }
    return ScriptedFault(trigger: trigger, action: action)
  }

  private mutating func readAction(_ fault: ObjectView, _ tag: JSONMember) -> FaultAction? {
    switch tag.key {
    case "crash": return readNode(tag.value, .failing).map(FaultAction.crash)
    case "restart": return readNode(tag.value, .failing).map(FaultAction.restart)
    case "powerLoss":
      if tag.value.text == "all" { return .powerLossOfAll }
      return readNode(tag.value, .failing).map(FaultAction.powerLoss)
    case "isolate":
      let until = readEnd(fault)
      return readNode(tag.value, .any).map { .isolate($0, until: until) }
    case "cut":
      let until = readEnd(fault)
      guard let (first, second) = readLink(tag.value) else { return nil }
      return .cut(first, second, fault.flag("oneWay") ? .oneWay : .bothWays, until: until)
    default:
      return readLink(tag.value).map { .heal($0.0, $0.1) }
    }
  }

  /// The end of a cut, which is after its beginning.
  private mutating func readEnd(_ fault: ObjectView) -> VirtualDuration? {
    guard let to = fault.durationIfGiven("to") else { return nil }
    let start = fault.durationIfGiven("from") ?? fault.durationIfGiven("after") ?? .zero
    if to <= start {
      error("the cut ends at \(to), not after \(start)", at: fault.range("to"))
    }
    return to
  }
}

/// When a scripted fault happens.
extension ScenarioReader {
  /// Keys that only go with one way of saying when.
  private static let companions: [(key: String, trigger: [String])] = [
    ("occurrence", ["at"]), ("label", ["request"]), ("effect", ["step"]),
    ("node", ["at", "request", "step"]),
  ]

  private mutating func readTrigger(_ fault: ObjectView, _ action: FaultAction?) -> FaultTrigger? {
    let allowed = ScenarioKeys.triggerKeys.filter { fault.shape.key($0) != nil }
    let given = allowed.filter(fault.has)
    if given.count > 1 {
      error("\(given[0]) and \(given[1]) exclude each other", at: fault.keyRange(given[1]))
      return nil
    }
    for companion in Self.companions where fault.has(companion.key) {
      if given.first.map({ !companion.trigger.contains($0) }) ?? true {
        let triggers = companion.trigger.joined(separator: ", ")
        error("\(companion.key) goes only with \(triggers)", at: fault.keyRange(companion.key))
      }
    }
    guard let trigger = given.first else {
      // A cut without a beginning holds from the start.
      if fault.shape.key("from") != nil { return .after(.zero) }
      let choices = allowed.joined(separator: ", ")
      error(
        "this fault does not say when it happens: \(choices)",
        at: fault.value?.range ?? .startOfFile)
      return nil
    }
    return readTrigger(fault, trigger, target: action.flatMap(Self.target))
  }

  private mutating func readTrigger(
    _ fault: ObjectView, _ trigger: String, target: NodeReference?
  ) -> FaultTrigger? {
    var node = target
    if let value = fault.given("node") {
      guard let named = readNode(value, .any) else { return nil }
      node = named
    }
    switch trigger {
    case "at":
      guard let label = readLabel(fault, "at") else { return nil }
      return .crashPoint(label, node: node, occurrence: fault.integer("occurrence"))
    case "request":
      guard fault.has("label") else {
        error("request needs a label, the crash point to reach", at: fault.keyRange("request"))
        return nil
      }
      guard let label = readLabel(fault, "label"), let number = fault.integerIfGiven("request")
      else { return nil }
      return .request(number, label: label, node: node)
    case "step":
      guard fault.has("effect") else {
        error(
          "step needs an effect, the number of effects to let happen", at: fault.keyRange("step"))
        return nil
      }
      guard let node else {
        error("step needs a node", at: fault.keyRange("step"))
        return nil
      }
      guard let step = fault.integerIfGiven("step"), let effect = fault.integerIfGiven("effect")
      else { return nil }
      return .effect(effect, step: step, node: node)
    default:
      return fault.durationIfGiven(trigger).map(FaultTrigger.after)
    }
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

  /// The one node that a fault hits; it is also the one that passes a crash point.
  static func target(_ action: FaultAction) -> NodeReference? {
    switch action {
    case .crash(let node), .powerLoss(let node), .isolate(let node, _): node
    case .restart, .powerLossOfAll, .cut, .heal: nil
    }
  }
}

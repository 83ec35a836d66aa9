import InputText
import SimulationKernel

extension Scenario {
  /// The scenario as a file with every default filled in; reading it gives an equal scenario.
  public func text(_ style: JSONWriter.Style = .json5) -> String {
    JSONWriter(style: style).text(of: tree)
  }

  /// The scenario with every default filled in, keys in the order of the documentation.
  ///
  /// Of a sweep, defaults in which its points differ stay unsaid.
  public var tree: JSONTree {
    if case .object(let members)? = measure.base {
      let own: [JSONTree.Member] = [
        .init("title", .string(title)), .init("notes", .string(notes)),
      ]
      return .object(
        own + members.filter { !["title", "notes"].contains($0.key) } + measure.sweepMembers)
    }
    return .object(members)
  }

  private var members: [JSONTree.Member] {
    var members: [JSONTree.Member] = [
      .init("title", .string(title)),
      .init("notes", .string(notes)),
      .init("protocol", .string(protocolName)),
      .init("servers", .integer(serverCount)),
      .init("variant", .string(variant)),
      .init("options", .object(options.map { .init($0.name, $0.value.tree) })),
      .init("clients", .object(clientMembers)),
    ]
    if !schedule.isEmpty {
      members.append(.init("schedule", .array(schedule.map(JSONTree.string))))
    } else if case .scripted(let script) = workload {
      members.append(.init("script", .array(script.entries)))
    }
    members += [
      .init("assume", assumptions.tree),
      .init("network", .object(network.members + (isMeasured ? measure.networkMembers : []))),
      .init("costs", costTree),
    ]
    if schedule.isEmpty { members.append(.init("faults", faults.tree)) }
    members += [
      .init("run", .object(runMembers)),
      .init("check", .array(checks.map(JSONTree.string))),
      .init("expect", expectation.tree),
    ]
    return isMeasured ? members + measure.members + measure.sweepMembers : members
  }

  private var isMeasured: Bool { run.mode == .measure }

  private var clientMembers: [JSONTree.Member] {
    var members: [JSONTree.Member] = [
      .init("count", .integer(clients.count)), .init("open", .integer(clients.openOperations)),
    ]
    switch clients.space {
    case .keys(let count): members.append(.init("keys", .integer(count)))
    case .blocks(let count): members.append(.init("blocks", .integer(count)))
    }
    if schedule.isEmpty, case .drawn(let drawn) = workload {
      members += drawn.members.filter { !isMeasured || $0.key != "operations" }
    }
    let retry = clients.retry
    return members + [
      .init(
        "retry",
        .object([
          .init("after", retry.after.tree), .init("factor", .integer(retry.factor)),
          .init("limit", retry.limit.tree),
        ])),
      .init("finalRead", .boolean(clients.finalRead == .allKeys)),
    ] + (isMeasured ? measure.clientMembers : [])
  }

  private var runMembers: [JSONTree.Member] {
    guard !schedule.isEmpty else {
      return run.members + (isMeasured ? measure.runMembers : [])
    }
    let members = run.members.filter { !["seeds", "swarm"].contains($0.key) }
    return members + [.init("openDisks", .boolean(run.powerLossDecision == .whenRead))]
  }

  private var costTree: JSONTree {
    .object(
      WorkKind.allCases.map { .init($0.key, costs[$0].tree) }
        + (isMeasured ? measure.costMembers : [])
        + [.init("diskWriteBack", diskWriteBack.tree)])
  }
}

extension VirtualDuration {
  var tree: JSONTree { .string(description) }
}

extension DurationSpan {
  var tree: JSONTree {
    min == max ? min.tree : .object([.init("min", min.tree), .init("max", max.tree)])
  }
}

extension ProtocolOptions.Value {
  var tree: JSONTree {
    switch self {
    case .flag(let value): .boolean(value)
    case .integer(let value): .integer(value)
    case .duration(let value): value.tree
    case .choice(let value): .string(value)
    }
  }
}

extension DrawnWorkload {
  var members: [JSONTree.Member] {
    [
      .init("operations", .integer(operationsPerClient)),
      .init("mix", .object(mix.map { .init($0.kind.rawValue, .number($0.weight)) })),
      .init("pattern", .string(pattern.rawValue)),
      .init("unaligned", .number(unalignedFraction)),
      .init("think", think.tree),
    ]
  }
}

extension Assumptions {
  var tree: JSONTree {
    .object(
      [
        .init("network", .array(network.map { .string($0.rawValue) })),
        .init("detector", .string(detector.rawValue)),
        .init("disk", .string(diskProfile)),
      ]
        + (storage.isEmpty
          ? [] : [.init("storage", .array(storage.map { .string($0.rawValue) }))])
        + [.init("down", .integer(down)), .init("detectAfter", detectAfter.tree)])
  }
}

extension NetworkSettings {
  var members: [JSONTree.Member] {
    [
      .init("latency", latency.tree),
      .init("distribution", .string(distribution.rawValue)),
      .init("loss", .number(loss)),
      .init("duplication", .number(duplication)),
      .init("reordering", .number(reordering)),
      .init(
        "slow", .object([.init("rate", .number(slowness.rate)), .init("by", slowness.by.tree)])),
    ]
  }
}

extension RunSettings {
  var members: [JSONTree.Member] {
    [
      .init("mode", .string(mode.rawValue)),
      .init("seeds", .integer(seedCount)),
      .init("seed", .integer(Int(clamping: firstSeed))),
      .init("steps", .integer(stepBudget)),
      .init("healWithin", healWithin.tree),
      .init("depth", .integer(depth)),
      .init("swarm", .boolean(variation == .swarm)),
    ] + recoveryMembers + (mode == .explore ? explore.members : explore.reachMembers)
  }

  /// A scenario that is run in another mode than its own does not keep the limit.
  private var recoveryMembers: [JSONTree.Member] {
    guard mode == .simulate, let recoverWithin else { return [] }
    return [.init("recoverWithin", recoverWithin.tree)]
  }
}

extension Expectation {
  var tree: JSONTree {
    switch self {
    case .pass: .string("pass")
    case .undecided: .string("undecided")
    case .violation(let checks):
      .object([
        .init(
          "violation",
          checks.count == 1 ? .string(checks[0]) : .array(checks.map(JSONTree.string)))
      ])
    }
  }
}

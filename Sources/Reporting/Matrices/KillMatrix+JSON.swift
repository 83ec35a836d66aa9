import InputText

extension KillMatrix {
  /// `{"bugs":[{"protocol","bug","change","caught":true,"scenarios":N,"by":{"simulate":{...}}}]}`.
  public var json: JSONTree { .object([.init("bugs", .array(rows.map(\.json)))]) }
}

extension KillMatrix.Row {
  fileprivate var json: JSONTree {
    .object([
      .init("protocol", .string(bug.protocolName)), .init("bug", .string(bug.id)),
      .init("change", .string(bug.change)), .init("scenarios", .integer(scenarios)),
      .init("caught", .boolean(!kills.isEmpty)),
      .init(
        "by",
        .object(
          KillMatrix.Engine.allCases.compactMap { engine in
            kills[engine].map { .init(engine.rawValue, $0.json) }
          })),
    ])
  }
}

extension KillMatrix.Kill {
  fileprivate var json: JSONTree {
    var members: [JSONTree.Member] = [
      .init("file", .string(file)), .init("check", .string(check)),
      .init("withinAssumptions", .boolean(withinAssumptions)),
    ]
    func add(_ name: String, _ number: Int?) {
      if let number { members.append(.init(name, .integer(number))) }
    }
    add("steps", steps)
    add("states", states)
    add("crashPoints", triedPoints)
    add("failingCrashPoints", failingPoints)
    if let sample {
      let found = sample.seedsToFind
      add("seeds", sample.seeds)
      add("failingSeeds", sample.hits)
      add("medianSeeds", found.median)
      add("medianSeedsLow", found.interval.lowerBound)
      add("medianSeedsHigh", found.interval.upperBound)
    }
    return .object(members)
  }
}

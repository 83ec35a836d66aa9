/// Finds the configurations from which all others follow.
struct MonitorReduction<Specification: MonitoredSpecification> {
  typealias Configuration = LinearizabilityMonitor<Specification>.Configuration

  let specification: Specification
  let open: [Specification.Operation]
  let abandoned: [Specification.Operation]
  var budget: MonitorBudget

  /// Pairs of configurations compared. Most do not fit at a glance; but there may be many.
  private var pairs = 0
  private static var pairsPerConfiguration: Int { 64 }

  /// The way from one configuration to another that is being looked for.
  private var target: Configuration
  /// What may take effect on it, each kind once.
  private var available: [Specification.Operation] = []
  /// Open operations that have to take effect on it, and how many abandoned ones may.
  private var missing: [Int] = []
  private var spare: [UInt32] = []

  init(
    _ specification: Specification, open: [Specification.Operation],
    abandoned: [Specification.Operation], budget: MonitorBudget
  ) {
    self.specification = specification
    self.open = open
    self.abandoned = abandoned
    self.budget = budget
    target = Configuration(
      state: specification.initialState(of: 0..<1), answers: [], remaining: [])
  }

  /// The members of `configurations` that follow from no other member, each once.
  ///
  /// Every step towards what follows uses up an operation, so a configuration follows from ones
  /// with more operations left only. These are looked at first.
  mutating func least(of configurations: [Configuration]) -> [Configuration] {
    if configurations.count <= 1 { return configurations }
    var met: Set<Configuration> = []
    var ranked: [(left: Int, configuration: Configuration)] = []
    for configuration in configurations where met.insert(configuration).inserted {
      ranked.append((Self.operationsLeft(configuration), configuration))
    }
    ranked.sort { $0.left > $1.left }
    if ranked.count > Self.pairwiseLimit {
      var closure = MonitorClosure(
        specification, open: open, abandoned: abandoned,
        limit: min(budget.left, ranked.count * ranked.count / 16))
      if let kept = closure.least(of: ranked.map(\.configuration)) {
        _ = budget.spend(closure.met)
        return kept
      }
    }
    return leastByPairs(ranked)
  }

  /// So many configurations are compared one by one.
  private static var pairwiseLimit: Int { 64 }

  private mutating func leastByPairs(
    _ ranked: [(left: Int, configuration: Configuration)]
  ) -> [Configuration] {
    var kept: [(left: Int, configuration: Configuration)] = []
    for candidate in ranked {
      var follows = false
      for one in kept where one.left > candidate.left {
        pairs += 1
        if pairs % Self.pairsPerConfiguration == 0 { _ = budget.spend(1) }
        follows = self.follows(candidate.configuration, from: one.configuration)
        if budget.isExhausted { return [] }
        if follows { break }
      }
      if !follows { kept.append(candidate) }
    }
    return kept.map(\.configuration)
  }

  private static func operationsLeft(_ configuration: Configuration) -> Int {
    var left = 0
    for answer in configuration.answers where answer == nil { left += 1 }
    for count in configuration.remaining { left += Int(count) }
    return left
  }

  /// Whether `other` follows from `one`.
  private mutating func follows(_ other: Configuration, from one: Configuration) -> Bool {
    missing.removeAll(keepingCapacity: true)
    spare.removeAll(keepingCapacity: true)
    for place in one.answers.indices where one.answers[place] != other.answers[place] {
      if one.answers[place] != nil { return false }
      missing.append(place)
    }
    for kind in one.remaining.indices {
      guard one.remaining[kind] >= other.remaining[kind] else { return false }
      spare.append(one.remaining[kind] - other.remaining[kind])
    }
    available.removeAll(keepingCapacity: true)
    for place in missing { available.append(open[place]) }
    for kind in spare.indices where spare[kind] > 0 { available.append(abandoned[kind]) }
    target = other
    return leads(one.state)
  }

  /// Whether the missing operations, each with its answer, and perhaps some of the spare ones lead
  /// from `state` to the target. The spare ones that are left over never take effect.
  private mutating func leads(_ state: Specification.State) -> Bool {
    if missing.isEmpty, state == target.state { return true }
    guard specification.mayLead(state, to: target.state, by: available) else { return false }
    guard budget.spend(1) else { return false }
    for index in missing.indices {
      let place = missing[index]
      for next in budget.successors(specification, state, open[place], nil)
      where specification.answer(of: open[place], from: state, to: next) == target.answers[place] {
        missing.remove(at: index)
        if leads(next) { return true }
        missing.insert(place, at: index)
      }
    }
    for kind in spare.indices where spare[kind] > 0 {
      for next in budget.successors(specification, state, abandoned[kind], nil)
      where next != state {
        spare[kind] -= 1
        if leads(next) { return true }
        spare[kind] += 1
      }
    }
    return false
  }
}

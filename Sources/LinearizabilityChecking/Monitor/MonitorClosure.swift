/// Finds the configurations from which all others follow by walking through everything that
/// follows, once. Of many configurations that is far less than all pairs.
struct MonitorClosure<Specification: MonitoredSpecification> {
  typealias Configuration = LinearizabilityMonitor<Specification>.Configuration

  private let specification: Specification
  private let open: [Specification.Operation]
  private let abandoned: [Specification.Operation]
  private let limit: Int
  /// How many configurations were met.
  private(set) var met = 0
  /// Of what was met, how many abandoned operations each way there left over.
  private var rests: [Place: [[UInt32]]] = [:]

  /// A configuration without its abandoned operations.
  private struct Place: Hashable {
    var state: Specification.State
    var answers: [Specification.Answer?]
  }

  /// - Parameter limit: how many configurations may be met.
  init(
    _ specification: Specification, open: [Specification.Operation],
    abandoned: [Specification.Operation], limit: Int
  ) {
    self.specification = specification
    self.open = open
    self.abandoned = abandoned
    self.limit = limit
  }

  /// The members of `ranked` that follow from no other; `nil` if more would have to be met than
  /// the limit allows. Those with more operations left must come first, each once.
  mutating func least(of ranked: [Configuration]) -> [Configuration]? {
    var kept: [Configuration] = []
    for candidate in ranked where meet(candidate) {
      kept.append(candidate)
      var pending = [candidate]
      while let configuration = pending.popLast() {
        if met > limit { return nil }
        expand(configuration, &pending)
      }
    }
    return kept
  }

  /// Whether nothing that was met stands for the configuration: the same with the same abandoned
  /// operations left, or with more, of which some then never take effect.
  private mutating func meet(_ configuration: Configuration) -> Bool {
    let place = Place(state: configuration.state, answers: configuration.answers)
    let known = rests[place] ?? []
    let isKnown = known.contains { rest in
      rest.indices.allSatisfy { rest[$0] >= configuration.remaining[$0] }
    }
    guard !isKnown else { return false }
    rests[place, default: []].append(configuration.remaining)
    met += 1
    return true
  }

  private mutating func expand(
    _ configuration: Configuration, _ pending: inout [Configuration]
  ) {
    let state = configuration.state
    var budget = MonitorBudget(limit: limit)
    for place in open.indices where configuration.answers[place] == nil {
      for next in budget.successors(specification, state, open[place], nil) {
        var longer = configuration
        longer.state = next
        longer.answers[place] = specification.answer(of: open[place], from: state, to: next)
        if meet(longer) { pending.append(longer) }
      }
    }
    for kind in abandoned.indices where configuration.remaining[kind] > 0 {
      for next in budget.successors(specification, state, abandoned[kind], nil)
      where next != state {
        var longer = configuration
        longer.state = next
        longer.remaining[kind] -= 1
        if meet(longer) { pending.append(longer) }
      }
    }
    if budget.isExhausted { met = limit + 1 }
  }
}

/// How many configurations a step of a monitor may still look at.
struct MonitorBudget {
  private(set) var left: Int

  init(limit: Int) { left = limit }

  /// Whether more was asked for than there was.
  var isExhausted: Bool { left < 0 }

  /// Pays for `count` configurations; false if that was too much.
  mutating func spend(_ count: Int) -> Bool {
    left = count > left ? -1 : left - count
    return left >= 0
  }
}

/// One step of a monitor: what the configurations become when an operation returns.
struct MonitorExpansion<Specification: MonitoredSpecification> {
  typealias Configuration = LinearizabilityMonitor<Specification>.Configuration
  typealias State = Specification.State

  let specification: Specification
  let open: [Specification.Operation]
  let abandoned: [Specification.Operation]
  var budget: MonitorBudget

  private var found: [Configuration] = []
  /// What was put on ``pending`` since the last start; looked up, never walked.
  private var met: Set<Branch> = []
  private var pending: [Branch] = []

  /// A configuration on the way to the return.
  private struct Branch: Hashable {
    var configuration: Configuration
    /// The state before the last step, if that was an abandoned operation taking effect.
    var stateBefore: State?
  }

  init(
    _ specification: Specification, open: [Specification.Operation],
    abandoned: [Specification.Operation], limit: Int
  ) {
    self.specification = specification
    self.open = open
    self.abandoned = abandoned
    budget = MonitorBudget(limit: limit)
  }

  /// The configurations without operation `place`, after it returned `response`. Some of them may
  /// follow from others. Meaningless if the budget is exhausted.
  mutating func completions(
    of place: Int, _ response: Specification.Response?, in configurations: [Configuration]
  ) -> [Configuration] {
    found.removeAll()
    for configuration in configurations {
      if let answer = configuration.answers[place] {
        if specification.allows(answer, open[place], response) {
          find(configuration, without: place, configuration.state)
        }
      } else {
        search(from: configuration, place, response)
      }
      if budget.isExhausted { return [] }
    }
    return found
  }

  private mutating func find(_ configuration: Configuration, without place: Int, _ state: State) {
    var rest = configuration
    rest.state = state
    rest.answers.remove(at: place)
    found.append(rest)
  }

  /// Lets operations take effect, in every order, until the one at `place` can answer.
  private mutating func search(
    from start: Configuration, _ place: Int, _ response: Specification.Response?
  ) {
    let isRead = specification.isReadOnly(open[place], response)
    met.removeAll(keepingCapacity: true)
    pending.removeAll(keepingCapacity: true)
    push(start, after: nil)
    while let branch = pending.popLast() {
      let state = branch.configuration.state
      let nexts = successors(of: open[place], state, response)
      if budget.isExhausted { return }
      for next in nexts where !isIdle(open[place], response, branch, next) {
        find(branch.configuration, without: place, next)
      }
      // Whatever could take effect before a read that fits can as well do so after it.
      if isRead, !nexts.isEmpty { continue }
      takeOpen(branch, except: place)
      takeAbandoned(branch)
      if budget.isExhausted { return }
    }
  }

  private mutating func takeOpen(_ branch: Branch, except place: Int) {
    let state = branch.configuration.state
    for other in open.indices where other != place && branch.configuration.answers[other] == nil {
      for next in successors(of: open[other], state, nil)
      where !isIdle(open[other], nil, branch, next) {
        var configuration = branch.configuration
        configuration.state = next
        configuration.answers[other] = specification.answer(
          of: open[other], from: state, to: next)
        push(configuration, after: nil)
      }
    }
  }

  private mutating func takeAbandoned(_ branch: Branch) {
    let state = branch.configuration.state
    for kind in abandoned.indices where branch.configuration.remaining[kind] > 0 {
      // Taking effect without effect gains nothing over never taking effect.
      for next in successors(of: abandoned[kind], state, nil)
      where next != state && !isIdle(abandoned[kind], nil, branch, next) {
        var configuration = branch.configuration
        configuration.state = next
        configuration.remaining[kind] -= 1
        push(configuration, after: state)
      }
    }
  }

  /// Whether the abandoned operation that took effect last makes no difference to this step: it
  /// leads to `next` and to the same answer without it too. That configuration comes by another
  /// branch and has the abandoned operation left.
  private func isIdle(
    _ operation: Specification.Operation, _ response: Specification.Response?, _ branch: Branch,
    _ next: State
  ) -> Bool {
    guard let before = branch.stateBefore,
      case .one(let other) = specification.next(before, operation, response), other == next
    else { return false }
    return specification.answer(of: operation, from: before, to: next)
      == specification.answer(of: operation, from: branch.configuration.state, to: next)
  }

  private mutating func push(_ configuration: Configuration, after stateBefore: State?) {
    guard budget.spend(1) else { return }
    // Fewer steps are worth trying after an abandoned operation, so a way that does not end with
    // one stands for those that do.
    let branch = Branch(configuration: configuration, stateBefore: stateBefore)
    if stateBefore != nil, met.contains(Branch(configuration: configuration, stateBefore: nil)) {
      return
    }
    if met.insert(branch).inserted { pending.append(branch) }
  }

  private mutating func successors(
    of operation: Specification.Operation, _ state: State, _ response: Specification.Response?
  ) -> [State] {
    budget.successors(specification, state, operation, response)
  }
}

extension MonitorBudget {
  /// The states that can follow; none if there are more than the budget allows.
  mutating func successors<S: SequentialSpecification>(
    _ specification: S, _ state: S.State, _ operation: S.Operation, _ response: S.Response?
  ) -> [S.State] {
    switch specification.next(state, operation, response) {
    case .none: return []
    case .one(let next): return [next]
    case .drawn(let count):
      guard spend(count) else { return [] }
      return (0..<count).map { specification.successor($0, of: state, operation, response) }
    }
  }
}

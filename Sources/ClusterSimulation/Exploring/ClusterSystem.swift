import LinearizabilityChecking
import ModelChecking
import NetworkSimulation
import SimulationKernel

/// A cluster as a system of components that a search can exhaust: the same handlers and effects as
/// in every other driver, cut along nodes, channels, clients and checks.
///
/// Left out, and bounded instead: time. Any armed timer may fire and any channel may deliver next;
/// retries, false suspicions and ticks are paid from a budget (``ExploredBudget``).
struct ClusterSystem<Subject: ReplicationProtocol>: ComponentSystem
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  typealias Component = ClusterComponent<Subject>
  typealias Signal = ClusterSignal<Subject.Message>
  typealias Step = Reaction<Component, Signal>

  var plan: ExplorePlan
  let nodes: ClusterLayout
  let slots: ClusterSlots
  /// A cluster in which nothing has started: steps are done on copies of it.
  let template: Cluster<Subject>
  let initialWorlds: [[Component]]
  let invariants: [StatePredicate<Component>]
  /// What continuations must come to.
  let questions: [ClusterGoal<Subject>]
  let exemptions: [StatePredicate<Component>]
  /// For each server whether the assumptions allow its failure, and whether they do not.
  var guards: [StatePredicate<Component>]
  let isPerfect: Bool
  let symmetry: ClusterSymmetry<Subject>
  let reduction: ClusterReduction<Subject>
  var ledger = CoverageLedger()
  /// Whether this is what another system continues in; see ``continuation``.
  var isContinuation = false
  let furtherLedger = CoverageLedger()

  init(_ setting: ClusterSetting<Subject>, _ plan: ExplorePlan) {
    var local = setting
    local.checks = []
    local.powerLoss = .open
    self.plan = plan
    var cluster = Cluster<Subject>(
      local, choices: Choices(stream: SeededStream(seed: 0, name: "search")))
    cluster.explores = true
    template = cluster
    let reduction = ClusterReduction(cluster, plan)
    self.reduction = reduction
    nodes = cluster.layout
    isPerfect = setting.detector == .perfect
    slots = ClusterSlots(nodes, checks: setting.checks, operations: plan.operations)
    symmetry = ClusterSymmetry(nodes, slots, plan)
    for node in 0..<nodes.nodeCount { _ = cluster.apply(.start(NodeID(node)), at: .start) }
    initialWorlds = [
      ClusterProjection(slots, plan, reduction).components(of: cluster, budget: plan.budget)
    ]
    let properties = ClusterInvariants<Subject>(
      nodes, slots, setting.checks, plan, hasDisks: !cluster.disks.isEmpty)
    invariants = properties.predicates
    questions = properties.goals
    exemptions = properties.exemptions
    guards = plan.tellsFailuresApart ? properties.tolerances : []
  }

  var layout: SlotLayout { slots.layout }
  var goals: [StatePredicate<Component>] { questions.map(\.goal) }
  var obligations: [StatePredicate<Component>] { questions.map(\.obligation) }

  var permutations: [SlotPermutation] { symmetry.permutations }

  func permuted(_ component: Component, in slot: Int, by permutation: Int) -> Component {
    symmetry.permuted(component, by: permutation)
  }

  func actions(of component: Component, in slot: Int) -> [Step] {
    switch (slots.kinds[slot], component.content) {
    case (.node(let node), _): actions(of: node, component)
    case (.channel(let sender, let receiver), .channel(let channel)):
      actions(of: channel, from: sender, to: receiver)
    default: []
    }
  }

  func reactions(of component: Component, in slot: Int, to signal: Signal) -> [Step] {
    switch (slots.kinds[slot], component.content) {
    case (.node(let node), _): reactions(of: node, component, to: signal)
    case (.channel(let sender, let receiver), .channel(let channel)):
      reactions(of: channel, from: sender, to: receiver, signal)
    case (.budget, .budget(let budget)):
      spent(budget, signal).map { [Step(becoming: Component(.budget($0)))] } ?? []
    case (.linearizability, .history(let history)):
      [Step(becoming: Component(.history(advanced(history, signal))))]
    case (.monitor, .check(let check)): [Step(becoming: Component(.check(advanced(check, signal))))]
    default: programmingError("a slot holds what does not belong there")
    }
  }

  private func spent(_ budget: ExploredBudget, _ signal: Signal) -> ExploredBudget? {
    let item: ExploredBudget.Item
    let rest: ExploredBudget?
    switch signal {
    case .spend(let spent): (item, rest) = (spent, budget.spending(spent))
    case .crashed(let node): (item, rest) = (.crash, budget.afterCrash(of: node.index))
    case .beyondAssumptions: return budget.beyondAssumptions()
    case .left(let node, let isUp):
      (item, rest) = (.suspicion, budget.afterLeaving(node.index, isUp: isUp))
    default: programmingError("a budget got a signal that is not for it")
    }
    if rest == nil { ledger.noteRefusal(of: item) }
    return rest
  }

  private func advanced(_ history: ExploredHistory, _ signal: Signal) -> ExploredHistory {
    if isContinuation { return history }
    var history = history
    switch signal {
    case .invoked(let client, let operation): history.invoke(client: client, operation)
    case .answered(let client, let operation, let response):
      history.complete(client: client, operation, response)
      if history.isUndecided { ledger.noteUndecidedHistory() }
    default: programmingError("the history got a signal that is not for it")
    }
    return history
  }

  private func advanced(_ check: ExploredCheck, _ signal: Signal) -> ExploredCheck {
    if isContinuation { return check }
    return switch signal {
    case .observed(let observations, let node): check.after(observations, of: node, nodes)
    case .died(let node): check.afterDeath(of: node)
    case .stepped(let history, let server, let isTail):
      check.afterStep(of: server, isTail: isTail, history.value)
    default: programmingError("a check got a signal that is not for it")
    }
  }
}

/// What kind of step a transition is.
extension StepTags {
  /// A fault: nothing that a system at rest does by itself.
  static let fault = StepTags(rawValue: 1)
  /// A client begins an operation.
  static let invocation = StepTags(rawValue: 2)
}

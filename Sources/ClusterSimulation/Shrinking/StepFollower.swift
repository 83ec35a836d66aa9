import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// ``Cluster/apply(_:at:crash:)``, specialised for a protocol where its type is known.
@usableFromInline
typealias StepApplication<Subject: ReplicationProtocol> =
  @Sendable (
    inout Cluster<Subject>, ClusterAction, VirtualTime, CrashRequest?
  ) -> Bool
where Subject.Message.Operation == Operation, Subject.Message.Response == Response

/// Does planned steps in a world that may differ from the one in which they were recorded: a driver
/// over ``Cluster/apply(_:at:crash:)``.
///
/// A step that is not possible is skipped. A parcel is found by the step that sent it, a timer by
/// the step that armed it; numbers and times follow from the world. Time is kept as
/// ``Readiness`` says, so that nothing happens before it could. As in the exhaustive search, a
/// message may be late and a timer overdue.
struct StepFollower<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  private(set) var cluster: Cluster<Subject>
  private(set) var readiness: Readiness
  var sources: StepSources
  /// The steps that were done, as they were done.
  private(set) var performed: [PlannedStep] = []
  private(set) var recorded: [RecordedStep] = []
  /// Whether every failure so far was one that the stated assumptions allow.
  private(set) var staysWithinAssumptions = true
  /// Operations of one client that may be open at once.
  let openLimit: Int
  /// By source of a parcel and channel: the place in the list of the step that is meant to take it.
  private var claims: [Claim: Int] = [:]
  private let apply: StepApplication<Subject>

  struct Claim: Hashable, Sendable {
    var source: StepSource
    var from: NodeID
    var to: NodeID
  }

  init(
    _ setting: ClusterSetting<Subject>, _ plan: RunPlan, openLimit: Int,
    apply: @escaping StepApplication<Subject>
  ) {
    cluster = Cluster(setting, choices: Choices(stream: SeededStream(seed: 0, name: "follow")))
    cluster.explores = true
    readiness = Readiness(cluster.layout, plan.network)
    sources = StepSources(nodeCount: cluster.layout.nodeCount)
    self.openLimit = openLimit
    self.apply = apply
  }

  /// Follows a list up to its end or the first violation.
  mutating func follow(_ steps: [PlannedStep]) {
    prepare(steps)
    for (place, step) in steps.enumerated() {
      follow(step, place: place)
      if cluster.violation != nil { break }
    }
  }

  /// Notes which step of a list is meant to take which parcel.
  mutating func prepare(_ steps: [PlannedStep]) {
    claims.removeAll(keepingCapacity: true)
    for (place, step) in steps.enumerated() {
      guard let source = step.source, let link = step.action.link else { continue }
      claims[Claim(source: source, from: link.from, to: link.to)] = place
    }
  }

  /// What a step means here; `nil` if it is not possible.
  func meaning(of step: PlannedStep, place: Int) -> (ClusterAction, PlannedStep.Manner)? {
    guard let meaning = resolve(step, place: place), cluster.isEnabled(meaning.0),
      isAllowed(meaning.0)
    else { return nil }
    return meaning
  }

  /// - Returns: whether the step was possible.
  @discardableResult
  mutating func follow(_ step: PlannedStep, place: Int) -> Bool {
    guard let (action, manner) = meaning(of: step, place: place) else { return false }
    let time = max(max(cluster.now, step.time ?? .start), readiness.time(of: action))
    let source = sources.source(of: action)
    let holds = assumptionsHold(action, step.crash)
    guard perform(step, action, at: time) else { return false }
    if !holds, step.crash == nil || cluster.report.crash != nil { staysWithinAssumptions = false }
    noteStorage()
    var done = step
    done.action = action
    done.crash = cluster.report.crash
    done.choices = cluster.lastChoices
    done.bounds = cluster.lastBounds
    done.decisions = cluster.lastDecisions.map(\.choice)
    done.source = source
    done.manner = manner
    performed.append(done)
    recorded.append(
      RecordedStep(
        time: cluster.now, action: action, crash: done.crash, choices: done.choices,
        decisions: done.decisions))
    sources.note(cluster.report, tag: step.tag)
    readiness.note(action, cluster.report, at: cluster.now)
    return true
  }

  /// Applies an action; where it turns out that the step is shorter than it was recorded, or has
  /// other outcomes to choose from, once more with what fits.
  private mutating func perform(
    _ step: PlannedStep, _ action: ClusterAction, at time: VirtualTime
  ) -> Bool {
    func request(_ count: Int) -> CrashRequest? {
      step.crash.map { CrashRequest(kind: $0.kind, place: .afterEffect(count)) }
    }
    guard step.crash != nil || !step.choices.isEmpty else {
      if !step.decisions.isEmpty { cluster.offerDecisions(step.decisions) }
      return apply(&cluster, action, time, nil)
    }
    let before = cluster
    var effectCount = step.crash?.effectCount ?? 0
    var choices = step.choices
    for _ in 0..<3 {
      cluster.offerChoices(choices)
      cluster.offerDecisions(step.decisions)
      guard apply(&cluster, action, time, request(effectCount)) else { return false }
      if step.crash != nil, cluster.report.crash == nil, effectCount > cluster.report.effectCount {
        effectCount = cluster.report.effectCount
      } else {
        let fitting = Self.fit(step, cluster.lastBounds)
        if fitting == choices || step.bounds.isEmpty || cluster.lastChoices == fitting { break }
        choices = fitting
      }
      cluster = before
    }
    return true
  }

  /// Outcomes for choices with other numbers of outcomes than were recorded: what was the last
  /// outcome, such as that everything under way arrives, stays the last.
  private static func fit(_ step: PlannedStep, _ bounds: [UInt32]) -> [UInt32] {
    guard bounds != step.bounds else { return step.choices }
    return bounds.enumerated().map { place, bound in
      guard step.choices.indices.contains(place), step.bounds.indices.contains(place) else {
        return 0
      }
      let wasLast = step.choices[place] + 1 == step.bounds[place]
      return wasLast ? bound - 1 : min(step.choices[place], bound - 1)
    }
  }

  // MARK: What is meant

  /// The action that a step means here; `nil` if there is none.
  private func resolve(
    _ step: PlannedStep, place: Int
  ) -> (ClusterAction, PlannedStep.Manner)? {
    switch step.action {
    case .deliver(let from, let to, let number):
      return parcel(step, number, from, to, place).map {
        (.deliver(from: from, to: to, number: $0.number), $0.manner)
      }
    case .lose(let from, let to, let number):
      let isCut = cluster.network.isCut(from: from, to: to)
      if step.manner == .overCutLink, !isCut { return nil }
      return parcel(step, number, from, to, place).map {
        (.lose(from: from, to: to, number: $0.number), isCut ? .overCutLink : $0.manner)
      }
    case .duplicate(let from, let to, let number):
      return parcel(step, number, from, to, place).map {
        (.duplicate(from: from, to: to, number: $0.number), $0.manner)
      }
    case .fire(let node, let timer):
      let meant = step.source.flatMap { sources.timer($0, of: node) } ?? timer
      return (.fire(node, isArmed(meant, node) ? meant : timer), .ordinary)
    case .resume(let node, let continuation):
      let meant = step.source.flatMap { sources.continuation($0, of: node) } ?? continuation
      let isWaiting = cluster.postponed[node.index].contains(meant)
      return (.resume(node, isWaiting ? meant : continuation), .ordinary)
    default: return (step.action, .ordinary)
    }
  }

  private func isArmed(_ timer: TimerID, _ node: NodeID) -> Bool {
    cluster.timers[node.index].generation(of: timer) != nil
  }

  /// The parcel that a step means: the one that was sent by the same step as when it was recorded
  /// or, on a channel that delivers in order, the first one instead. If there is none such, the
  /// first parcel that no later step is meant to take.
  private func parcel(
    _ step: PlannedStep, _ number: UInt32, _ from: NodeID, _ to: NodeID, _ place: Int
  ) -> (number: UInt32, manner: PlannedStep.Manner)? {
    guard let first = cluster.network.firstNumber(from: from, to: to) else { return nil }
    if step.takesFirst { return (first, .ordinary) }
    var meant: UInt32? = number
    if let source = step.source { meant = sources.parcel(source, from: from, to: to) }
    if let meant, cluster.network.isUnderWay(meant, from: from, to: to) {
      if meant == first { return (first, .ordinary) }
      // Of what was recorded, and not yet followed, the numbers are true.
      let overtakes = step.manner == .overtaking || step.source == nil
      return overtakes ? (meant, .overtaking) : (first, .ordinary)
    }
    let action = ClusterAction.deliver(from: from, to: to, number: first)
    guard let source = sources.source(of: action) else { return (first, .ordinary) }
    let claim = claims[Claim(source: source, from: from, to: to)]
    return claim.map { $0 > place } ?? false ? nil : (first, .ordinary)
  }

  // MARK: What is allowed

  /// A client has only so many operations open at once.
  private func isAllowed(_ action: ClusterAction) -> Bool {
    guard case .invoke(let node, _) = action else { return true }
    return cluster.openRequests.count { $0.client == node } < openLimit
  }

  /// Whether the stated assumptions allow what an action breaks.
  private func assumptionsHold(_ action: ClusterAction, _ crash: CrashWithinStep?) -> Bool {
    switch action {
    case .crash(let node, _): return cluster.tolerates(failureOf: node)
    case .clusterPowerLoss: return cluster.toleratesClusterPowerLoss
    case .cut: return cluster.setting.assumedNetwork.contains(.partitions)
    default: break
    }
    guard crash != nil, let node = action.node, cluster.layout.role(of: node) == .server else {
      return true
    }
    if cluster.isUp(node) { return cluster.tolerates(failureOf: node) }
    // A process that dies while it starts again was down anyhow; one that dies while it starts for
    // the first time fails as others do.
    return cluster.processes[node.index].starts > 0 || cluster.tolerates(abortOf: node)
  }

  /// Storage faults and the ends that servers put to themselves.
  private mutating func noteStorage() {
    for struck in cluster.disks.struck
    where !cluster.setting.assumedStorage.contains(struck.fault.word) {
      staysWithinAssumptions = false
    }
    if cluster.report.abort != nil {
      for node in cluster.report.died where !cluster.tolerates(abortOf: node) {
        staysWithinAssumptions = false
      }
    }
  }
}

extension ClusterAction {
  /// The channel of an action on a parcel.
  var link: (from: NodeID, to: NodeID)? {
    switch self {
    case .deliver(let from, let to, _), .lose(let from, let to, _), .duplicate(let from, let to, _):
      (from, to)
    default: nil
    }
  }
}

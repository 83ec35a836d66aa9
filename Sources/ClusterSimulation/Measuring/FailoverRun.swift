import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// The driver of a ``FailoverPlan``: unit latency, no service time, links that lose nothing, one
/// death, one report. No timer fires: what a failover needs is brought about by its report and by
/// messages alone. Nobody but the detector says that the server is dead: what calls it is lost.
struct FailoverRun<Subject: ReplicationProtocol>
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  private enum Event: Sendable {
    case start(NodeID)
    case deliver(MessageName)
    case resume(NodeID, Int)
    case invoke(NodeID, Operation)
    case crash, report
  }

  private let plan: FailoverPlan
  private var cluster: Cluster<Subject>
  private var queue = EventQueue<Event>()
  private var trace = CausalTrace()

  init(_ setting: ClusterSetting<Subject>, _ plan: FailoverPlan) {
    self.plan = plan
    cluster = Cluster(
      setting, choices: Choices(stream: SeededStream(seed: 1, name: "choices")))
  }

  mutating func run() -> FailoverMeasurement {
    for node in 0..<cluster.layout.nodeCount {
      queue.insert(.start(NodeID(node)), at: .start)
    }
    let death = MessageDelay.time(plan.steadyFor)
    let report = MessageDelay.time(plan.steadyFor + plan.undetectedFor)
    queue.insert(.crash, at: death)
    queue.insert(.report, at: report)
    scheduleRequests()
    while let (time, event) = queue.popFirst() { handle(event, at: time) }
    return trace.measurement(
      of: plan.requests, death: death, report: report, cluster.layout,
      unanswered: cluster.openRequests.count)
  }

  /// The first client queries, the second updates.
  private mutating func scheduleRequests() {
    let perDelay = max(1, plan.requestsPerDelay)
    let count = (plan.steadyFor + plan.undetectedFor + plan.thenFor) * perDelay
    let asksQueries = plan.requests != .updates
    let asksUpdates = plan.requests != .queries
    for number in 0..<count {
      let time = MessageDelay.time(number, per: perDelay)
      if asksQueries { queue.insert(.invoke(cluster.layout.client(0), .get(key: 0)), at: time) }
      if asksUpdates {
        let update = Operation.put(key: 0, value: "<\(number)>")
        queue.insert(.invoke(cluster.layout.client(1), update), at: time)
      }
    }
  }

  private mutating func handle(_ event: Event, at time: VirtualTime) {
    let victim = cluster.layout.server(plan.victim)
    switch event {
    case .start(let node): apply(.start(node), .start, at: time)
    case .invoke(let node, let operation): apply(.invoke(node, operation), .request, at: time)
    case .resume(let node, let continuation):
      apply(.resume(node, continuation), .continuation(node, continuation), at: time)
    case .deliver(let name):
      let action = ClusterAction.deliver(from: name.sender, to: name.receiver, number: name.number)
      let kind = kind(of: action)
      apply(action, .message(name, kind: kind), at: time)
    case .crash:
      // What it has sent arrives: links are reliable.
      let counts = (0..<cluster.layout.nodeCount).map {
        cluster.network.messageCount(from: victim, to: NodeID($0))
      }
      cluster.offerChoices(counts.filter { $0 > 0 }.map { UInt32($0) })
      apply(.crash(victim, .process), .start, at: time)
    case .report: apply(.reportFailure(victim), .report, at: time)
    }
  }

  private func kind(of action: ClusterAction) -> String {
    guard case .message(let message, _)? = cluster.input(of: action)?.1 else { return "" }
    return MessageKind.name(of: message.value.summary)
  }

  private mutating func apply(
    _ action: ClusterAction, _ cause: CausalTrace.Cause, at time: VirtualTime
  ) {
    let invoked = action.invokedOperation
    guard cluster.apply(action, at: time) else { return }
    let step = trace.append(cause, at: time, by: action.node)
    if let invoked { trace.noteRequest(isUpdate: !invoked.isReadOnly, step: step) }
    for request in cluster.report.completions.elements {
      trace.noteAnswer(of: request, cluster.layout, step: step)
    }
    let postponements = cluster.report.postponements.elements
    for item in postponements {
      trace.notePostponement(of: item.continuation, by: item.node, step: step)
      queue.insert(.resume(item.node, item.continuation), at: time + item.offset)
    }
    for sending in cluster.report.sendings.elements {
      let name = MessageName(
        sender: sending.sender, receiver: sending.receiver, number: sending.number)
      if cluster.isUp(sending.sender) {
        trace.noteSending(name, step: step)
        queue.insert(.deliver(name), at: time + sending.offset + MessageDelay.unit)
      } else {
        _ = cluster.network.take(name.number, from: name.sender, to: name.receiver)
      }
    }
  }
}

/// A message by its channel and its number there.
struct MessageName: Hashable, Sendable {
  var sender: NodeID
  var receiver: NodeID
  var number: UInt32
}

/// The unit of the measurement.
enum MessageDelay {
  static let unit = VirtualDuration.milliseconds(1)

  static func time(_ count: Int, per divisor: Int = 1) -> VirtualTime {
    VirtualTime(nanoseconds: Int64(count) * unit.nanoseconds / Int64(divisor))
  }

  /// In message delays, rounded up.
  static func count(_ duration: VirtualDuration) -> Int {
    Int((duration.nanoseconds + unit.nanoseconds - 1) / unit.nanoseconds)
  }
}

extension ClusterAction {
  fileprivate var invokedOperation: Operation? {
    if case .invoke(_, let operation) = self { operation } else { nil }
  }
}

@usableFromInline
func measureFailover<Subject: ReplicationProtocol>(
  _ setting: ClusterSetting<Subject>, _ plan: FailoverPlan
) -> FailoverMeasurement
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  var setting = setting
  for kind in WorkKind.allCases { setting.nodes.costs[kind] = .zero }
  setting.nodes.detector = .perfect
  setting.detector = .perfect
  setting.checks = []
  var run = FailoverRun(setting, plan)
  return run.run()
}

import SimulationKernel

/// What brought about what in a run: every step with its cause, every answer with the step that
/// gave it.
struct CausalTrace: Sendable {
  enum Cause: Sendable {
    case start
    case request
    /// The detector's word that the server is dead.
    case report
    case message(MessageName, kind: String)
    case continuation(NodeID, Int)
  }

  private struct Step: Sendable {
    var time: VirtualTime
    /// The message that arrived, if one did.
    var hop: MessageHop?
    var isReport: Bool
    /// The step that sent the message, or put the continuation off.
    var cause: Int?
  }

  private struct Request: Sendable {
    var isUpdate: Bool
    var invoked: Int
    var answered: Int?
  }

  private var steps: [Step] = []
  /// In order of invocation; by client their numbers are consecutive.
  private var requests: [[Request]] = []
  private var senders: [MessageName: Int] = [:]
  private var postponers: [PostponedName: Int] = [:]

  private struct PostponedName: Hashable, Sendable {
    var node: NodeID
    var continuation: Int
  }

  // MARK: Noting

  /// - Returns: the number of the step.
  mutating func append(_ cause: Cause, at time: VirtualTime, by node: NodeID?) -> Int {
    var step = Step(time: time, hop: nil, isReport: false, cause: nil)
    switch cause {
    case .start, .request: break
    case .report: step.isReport = true
    case .message(let name, let kind):
      step.hop = MessageHop(kind: kind, sender: name.sender, receiver: name.receiver)
      step.cause = senders[name]
    case .continuation(let node, let continuation):
      step.cause = postponers[PostponedName(node: node, continuation: continuation)]
    }
    steps.append(step)
    return steps.count - 1
  }

  mutating func noteSending(_ name: MessageName, step: Int) { senders[name] = step }

  mutating func notePostponement(of continuation: Int, by node: NodeID, step: Int) {
    postponers[PostponedName(node: node, continuation: continuation)] = step
  }

  mutating func noteRequest(isUpdate: Bool, step: Int) {
    let client = isUpdate ? 1 : 0
    while requests.count <= client { requests.append([]) }
    requests[client].append(Request(isUpdate: isUpdate, invoked: step))
  }

  mutating func noteAnswer(of request: RequestID, _ layout: ClusterLayout, step: Int) {
    requests[layout.clientIndex(of: request.client)][Int(request.number) - 1].answered = step
  }

  // MARK: Reading

  /// The messages that led to a step, the last one first, and whether they begin at the report.
  private func way(to step: Int) -> (hops: [(hop: MessageHop, time: VirtualTime)], report: Bool) {
    var hops: [(hop: MessageHop, time: VirtualTime)] = []
    var next: Int? = step
    var isFromReport = false
    while let number = next {
      if let hop = steps[number].hop { hops.append((hop, steps[number].time)) }
      isFromReport = steps[number].isReport
      next = steps[number].cause
    }
    return (hops, isFromReport)
  }

  func measurement(
    of kind: FailoverPlan.Requests, death: VirtualTime, report: VirtualTime,
    _ layout: ClusterLayout, unanswered: Int
  ) -> FailoverMeasurement {
    var result = FailoverMeasurement()
    result.unansweredCount = unanswered
    let all = requests.flatMap { $0 }
    // What brings answers about when nobody has failed is the normal way.
    let early = all.compactMap(\.answered).filter { steps[$0].time < death }
    let normal = Set(early.flatMap { way(to: $0).hops.map(\.hop.kind) })
    for request in all where request.isUpdate == (kind == .updates) {
      result.requestCount += 1
      guard let answered = request.answered else { continue }
      let invoked = steps[request.invoked].time
      let duration = MessageDelay.count(steps[answered].time - invoked)
      if steps[answered].time < death {
        result.normalDelays = max(result.normalDelays, duration)
      }
      let way = way(to: answered)
      let added = way.hops.filter { $0.time > report && !normal.contains($0.hop.kind) }
      if added.isEmpty {
        if !way.report { result.undisturbedDelays = max(result.undisturbedDelays, duration) }
        continue
      }
      result.delayedCount += 1
      if added.count > result.delays {
        result.delays = added.count
        result.hops = added.reversed().map(\.hop)
      }
    }
    result.clientsKnowAfter = clientsKnow(report: report, normal, layout)
    return result
  }

  /// The latest client's first news that go back to the report.
  private func clientsKnow(
    report: VirtualTime, _ normal: Set<String>, _ layout: ClusterLayout
  ) -> Int? {
    var first: [NodeID: VirtualTime] = [:]
    for (number, step) in steps.enumerated() where step.time > report {
      guard let hop = step.hop, layout.role(of: hop.receiver) == .client,
        !normal.contains(hop.kind), first[hop.receiver] == nil, way(to: number).report
      else { continue }
      first[hop.receiver] = step.time
    }
    guard first.count == layout.clientCount else { return nil }
    return first.values.max().map { MessageDelay.count($0 - report) }
  }
}

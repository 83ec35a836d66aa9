import DiskSimulation
import LinearizabilityChecking
import SimulationKernel

/// What one handler did, as its node alone sees it: the effects that other parts of the world have
/// yet to feel.
struct LocalStep<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  struct Sending: Sendable {
    var message: Keyed<Subject.Message>
    var receiver: NodeID
  }

  var sendings: [Sending] = []
  var completions: [(request: RequestID, response: Response)] = []
  var observations: [Observation] = []
  /// Effects of the whole handler; more than were carried out if the node crashed within it.
  var effectCount = 0
  var crash: CrashWithinStep?
  var choices: [UInt32] = []
  var bounds: [UInt32] = []
  var decisions: [DiskDecision] = []
  /// Named crash points that were passed.
  var passed: [String] = []
  /// Named crash points that lie where the node crashed.
  var crashedAt: [String] = []
}

/// What a handler is given beside its input.
struct StepGiven: Hashable, Sendable {
  var choices: [UInt32] = []
  var decisions: [UInt32] = []
  var crash: CrashWithinStep?
}

/// What begins a step of a node.
enum StepInput<Message: NodeMessage & Sendable>: Hashable, Sendable {
  case start
  case message(Keyed<Message>, from: NodeID)
  case unavailable(NodeID)
  case timer(TimerID)
  case resume(Int)
  case invoke(RequestID, Operation)
  /// The perfect detector's word, for the coordinator.
  case serverFailed(NodeID)
}

extension Cluster {
  /// Runs one handler of one node with the code of every other driver, and carries out the effects
  /// that concern the node itself: timers, continuations, files, its own death. The others are
  /// returned.
  mutating func stepAlone(
    _ node: NodeID, _ input: StepInput<Subject.Message>, _ given: StepGiven
  ) -> LocalStep<Subject> {
    host.choices.explores = true
    host.choices.offer(given.choices)
    host.choices.begin()
    report.clear()
    disks.forgetDecisions()
    offeredDecisions = given.decisions
    host.notesCrashPoints = true
    let crash = given.crash.map { CrashRequest(kind: $0.kind, place: .afterEffect($0.effectCount)) }
    runHandler(of: node, input, crash)
    let isServer = layout.role(of: node) == .server
    var limit = host.records.count
    report.effectCount = max(report.effectCount, limit)
    if let crash, isServer, disks.isEmpty {
      report.crash = crashPosition(crash, of: node, upTo: limit)
    }
    if let place = report.crash { limit = place.effectCount }
    var step = LocalStep<Subject>()
    var offset = VirtualDuration.zero
    for index in 0..<limit { carryOutAlone(host.records[index], of: node, &offset, &step) }
    step.effectCount = report.effectCount
    step.crash = report.crash
    step.passed = host.crashPoints.filter { $0.effectCount <= limit }.map(\.label.text)
    if step.crash != nil {
      step.crashedAt = host.crashPoints.filter { $0.effectCount == limit }.map(\.label.text)
    }
    if let crash = report.crash { endProcess(node, crash.kind) }
    step.choices = host.choices.taken
    step.bounds = host.choices.bounds
    step.decisions = disks.decisions
    return step
  }

  private mutating func runHandler(
    of node: NodeID, _ input: StepInput<Subject.Message>, _ crash: CrashRequest?
  ) {
    switch input {
    case .start:
      renew(node)
      runAlone(node, .start, crash)
    case .message(let message, let sender):
      runAlone(node, .message(message.value, from: sender), crash)
    case .unavailable(let peer): runAlone(node, .unavailable(peer), crash)
    case .timer(let timer):
      timers[node.index].disarm(timer)
      runAlone(node, .timer(timer), crash)
    case .resume(let continuation):
      removePostponed(continuation, of: node)
      runAlone(node, .resume(continuation), crash)
    case .invoke(let request, let operation):
      beginStep(of: node)
      clients[layout.clientIndex(of: node)].invoke(request, operation, &host)
    case .serverFailed(let server):
      beginStep(of: node)
      coordinator.serverFailed(server, &host)
    }
  }

  private mutating func carryOutAlone(
    _ effect: EffectRecord, of node: NodeID, _ offset: inout VirtualDuration,
    _ step: inout LocalStep<Subject>
  ) {
    switch effect {
    case .send(let index, let peer):
      step.sendings.append(
        LocalStep.Sending(message: Keyed(host.messages[Int(index)]), receiver: peer))
    case .complete(let request, let index):
      step.completions.append((request, host.responses[Int(index)]))
    case .accepted(let request, let epoch):
      step.observations.append(.accepted(request, epoch: epoch))
    case .answered(let request, let epoch):
      step.observations.append(.answered(request, epoch: epoch))
    case .applied(let request, let number):
      step.observations.append(.applied(request, sequence: number))
    case .observe(let index): step.observations.append(host.observations[Int(index)])
    case .setTimer, .cancelTimer, .resume, .work, .file: carryOut(effect, of: node, &offset)
    }
  }
}

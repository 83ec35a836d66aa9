import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

extension Cluster {
  /// Carries out the effects of the handler that just ran, up to where the node crashes.
  @inlinable
  mutating func carryOutEffects(of node: NodeID, _ crash: CrashRequest?) {
    let isServer = node.index < layout.serverCount
    let handlerCost = isServer ? setting.nodes.costs[.handler] : .zero
    var effects: [Effect<Subject.Message>] = []
    swap(&effects, &host.effects)
    report.effectCount = effects.count
    var limit = effects.count
    if let crash, isServer, let count = crashPosition(crash, in: effects, of: node) {
      limit = count
      report.crash = CrashWithinStep(effectCount: count, kind: crash.kind)
    }
    if isServer, !disks.isEmpty { host.files = NoFiles() }
    var offset = handlerCost
    for index in 0..<limit {
      carryOut(effects[index], of: node, &offset)
    }
    report.busy = offset
    effects.removeAll(keepingCapacity: true)
    swap(&effects, &host.effects)
    if report.crash != nil { takeDown(node, report.crash!.kind) }
    if isServer || layout.role(of: node) == .coordinator { checkInvariants(after: node) }
  }

  @inlinable
  mutating func carryOut(
    _ effect: Effect<Subject.Message>, of node: NodeID, _ offset: inout VirtualDuration
  ) {
    switch effect {
    case .send(let message, let peer): send(message, from: node, to: peer, offset)
    case .setTimer(let timer, let delay):
      let generation = timers[node.index].arm(timer)
      report.armings.append(
        StepReport.Arming(
          node: node, timer: timer, generation: generation, delay: offset + delay))
    case .cancelTimer(let timer): timers[node.index].disarm(timer)
    case .resume(let continuation):
      postponed[node.index].append(continuation)
      report.postponements.append(
        StepReport.Postponement(node: node, continuation: continuation, offset: offset))
    case .complete(let request, let response): complete(request, response)
    case .work(let duration): offset = offset + duration
    case .observe(let observation): observe(observation, by: node)
    case .file(let operation): offset = offset + performOnDisk(operation, of: node)
    case .crashPoint: break
    }
  }

  @inlinable
  mutating func send(
    _ message: Subject.Message, from sender: NodeID, to receiver: NodeID,
    _ offset: VirtualDuration
  ) {
    digest.combine(UInt64(receiver.index))
    digest.combine(message)
    guard processes[receiver.index].isUp else {
      refuse(from: sender, to: receiver, offset)
      return
    }
    let number = network.send(.message(message), from: sender, to: receiver)
    report.sendings.append(
      StepReport.Sending(sender: sender, receiver: receiver, number: number, offset: offset))
  }

  /// A message to a dead process is lost; with a perfect detector its sender learns so, behind the
  /// last message of the dead one.
  @usableFromInline
  mutating func refuse(from sender: NodeID, to receiver: NodeID, _ offset: VirtualDuration) {
    guard setting.detector == .perfect else { return }
    let number = network.send(.unavailable, from: receiver, to: sender)
    report.sendings.append(
      StepReport.Sending(sender: receiver, receiver: sender, number: number, offset: offset))
  }

  @inlinable
  mutating func complete(_ request: RequestID, _ response: Response) {
    let client = layout.clientIndex(of: request.client)
    guard let index = openOperations.close(request, client: client) else { return }
    history.complete(index, response: response)
    report.completions.append(request)
    digest.combine(request)
  }

  @inlinable
  mutating func observe(_ observation: Observation, by node: NodeID) {
    guard violation == nil else { return }
    if let found = monitors.observe(observation, by: node) {
      reportViolation(found)
    }
  }

  @usableFromInline
  mutating func reportViolation(_ found: Violation) {
    guard violation == nil else { return }
    violation = found
    violation?.step = stepCount
    violation?.time = now
  }

  /// Carries out a file operation on the stored disk; the handler worked on a copy of it.
  /// - Returns: how long it takes.
  @usableFromInline
  mutating func performOnDisk(_ operation: FileOperation, of node: NodeID) -> VirtualDuration {
    let cost = disks.cost(of: operation, on: node, setting.nodes.costs)
    disks.perform(operation, on: node)
    return cost
  }

  /// Where a requested crash falls, as a number of effects; `nil` if the step does not get there.
  @usableFromInline
  mutating func crashPosition(
    _ crash: CrashRequest, in effects: [Effect<Subject.Message>], of node: NodeID
  ) -> Int? {
    switch crash.place {
    case .afterEffect(let count): return count <= effects.count ? count : nil
    case .anywhere(let word):
      return Int(word.multipliedFullWidth(by: UInt64(effects.count + 1)).high)
    case .offset(let limit): return firstEffect(beginningAfter: limit, in: effects, of: node)
    case .labels(let triggers): return firstLabel(triggers, in: effects)
    }
  }

  private mutating func firstLabel(
    _ triggers: [LabelTrigger], in effects: [Effect<Subject.Message>]
  ) -> Int? {
    report.labelsPassed = triggers.map { _ in 0 }
    for (index, effect) in effects.enumerated() {
      guard case .crashPoint(let label, let request) = effect else { continue }
      let ordinal = request.map { openOperations.ordinal(of: $0) } ?? 0
      for (position, trigger) in triggers.enumerated() where trigger.matches(label, ordinal) {
        if report.labelsPassed[position] >= trigger.passes {
          report.label = position
          return index
        }
        report.labelsPassed[position] += 1
      }
    }
    return nil
  }

  func firstEffect(
    beginningAfter limit: VirtualDuration, in effects: [Effect<Subject.Message>], of node: NodeID
  ) -> Int? {
    var offset = setting.nodes.costs[.handler]
    if offset > limit { return 0 }
    for (index, effect) in effects.enumerated() {
      if case .work(let duration) = effect { offset = offset + duration }
      if case .file(let operation) = effect {
        offset = offset + disks.cost(of: operation, on: node, setting.nodes.costs)
      }
      if offset > limit { return index }
    }
    return nil
  }
}

extension LabelTrigger {
  func matches(_ label: StaticLabel, _ ordinal: Int) -> Bool {
    self.label == label.text && (requestOrdinal == nil || requestOrdinal == ordinal)
  }
}

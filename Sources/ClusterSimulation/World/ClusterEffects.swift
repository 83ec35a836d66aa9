import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

extension Cluster {
  /// Carries out the effects of the handler that just ran, up to where the node crashes.
  @inlinable
  mutating func carryOutEffects(of node: NodeID, _ crash: CrashRequest?) {
    let isServer = node.index < layout.serverCount
    let mayEnd = crash != nil || host.hasAborted
    if mayEnd { findEnd(of: node, crash) }
    let limit = mayEnd ? report.crash?.effectCount ?? host.records.count : host.records.count
    report.effectCount = max(report.effectCount, host.records.count)
    var offset = isServer ? setting.nodes.costs[.handler] + serviceTime : .zero
    for index in 0..<limit {
      carryOut(host.records[index], of: node, &offset)
    }
    report.busy = offset
    if mayEnd { endProcess(node) }
    if isServer || layout.role(of: node) == .coordinator { checkInvariants(after: node) }
  }

  /// Finds out where the step ends, if the node crashes or has ended its own process.
  @usableFromInline
  mutating func findEnd(of node: NodeID, _ crash: CrashRequest?) {
    host.endAtAbort()
    guard let crash, layout.role(of: node) == .server, disks.isEmpty else { return }
    report.crash = crashPosition(crash, of: node, upTo: host.records.count)
  }

  @usableFromInline
  mutating func endProcess(_ node: NodeID) {
    if let crash = report.crash {
      takeDown(node, crash.kind)
    } else if let aborted = host.aborted, layout.role(of: node) == .server {
      report.abort = aborted.reason
      takeDown(node, .process)
      if let found = unfoundedEnd(of: node, aborted.reason) { reportViolation(found) }
    }
  }

  /// A server ends its process when its disk has failed it. One that does so although no fault of a
  /// disk has ever struck has been brought there by the protocol: its copy is not the others', and
  /// it may not come back.
  private func unfoundedEnd(of node: NodeID, _ reason: StaticLabel) -> Violation? {
    guard setting.checks.contains(.convergence), !disks.isEmpty, !disks.wasStruck else {
      return nil
    }
    return Violation(
      .convergence,
      "\(layout.name(of: node)) ended its process (\(reason.text)), and no disk had a fault")
  }

  @inlinable
  mutating func carryOut(
    _ effect: EffectRecord, of node: NodeID, _ offset: inout VirtualDuration
  ) {
    switch effect {
    case .send(let index, let peer): send(Int(index), from: node, to: peer, offset)
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
    case .complete(let request, let index): complete(request, host.responses[Int(index)])
    case .work(let duration): offset = offset + duration
    case .accepted(let request, let epoch): monitors.accepted(request, epoch: epoch)
    case .answered(let request, let epoch):
      if let found = monitors.answered(request, epoch: epoch, by: node) { reportViolation(found) }
    case .applied(let request, _):
      if let found = monitors.applied(request, by: node) { reportViolation(found) }
    case .observe(let index): observe(Int(index), by: node)
    case .file(let index): carryOutFileOperation(Int(index), &offset)
    }
  }

  /// What changes the cache keeps the processor busy; an fsync waits for the disk and keeps that
  /// busy.
  @usableFromInline
  mutating func carryOutFileOperation(_ index: Int, _ offset: inout VirtualDuration) {
    let cost = cost(ofFileOperation: index)
    if host.fileOperations[index].isSync {
      offset = fileWork.sync(lasting: cost, askedAt: now + offset) - now
    } else {
      fileWork.changeCount += 1
      offset = offset + cost
    }
  }

  @inlinable
  mutating func send(
    _ index: Int, from sender: NodeID, to receiver: NodeID, _ offset: VirtualDuration
  ) {
    if keepsDigest {
      digest.combine(UInt64(receiver.index))
      digest.combine(host.messages[index])
    }
    // What is sent to a process before its first start waits for it.
    guard processes[receiver.index].isUp || processes[receiver.index].starts == 0 else {
      refuse(from: sender, to: receiver, offset)
      return
    }
    let number = network.send(.message(host.messages[index]), from: sender, to: receiver)
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
    // A broken protocol may complete what no client asked.
    guard layout.role(of: request.client) == .client else { return }
    let client = layout.clientIndex(of: request.client)
    guard client < layout.clientCount, let index = openOperations.close(request, client: client)
    else { return }
    if keepsHistory { history.complete(index, response: response) }
    report.completions.append(request)
    digest.combine(request)
  }

  @usableFromInline
  mutating func observe(_ index: Int, by node: NodeID) {
    if let found = monitors.observe(host.observations[index], by: node) {
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

  /// How long a file operation of the step keeps the node busy; an fsync pays for what was dirty.
  @usableFromInline
  func cost(ofFileOperation index: Int) -> VirtualDuration {
    DiskShelf.cost(
      of: host.fileOperations[index], dirtyBlocks: host.dirtyBlocks[index], setting.nodes.costs)
  }

  /// Where a requested crash falls; `nil` if the step does not get there, or not before it ends
  /// after `bound` effects.
  @usableFromInline
  mutating func crashPosition(
    _ crash: CrashRequest, of node: NodeID, upTo bound: Int
  ) -> CrashWithinStep? {
    let count: Int?
    var kind = crash.kind
    switch crash.place {
    case .afterEffect(let wanted): count = wanted
    case .anywhere(let word):
      count = Int(word.multipliedFullWidth(by: UInt64(host.records.count + 1)).high)
    case .offset(let limit): count = firstEffect(beginningAfter: limit, of: node)
    case .labels(let triggers):
      count = firstLabel(triggers, upTo: bound)
      kind = report.label.flatMap { triggers[$0].kind } ?? kind
    case .earliest(let requests): return earliest(requests, of: node, upTo: bound)
    }
    guard let count, count <= bound else { return nil }
    return CrashWithinStep(effectCount: count, kind: kind)
  }

  private mutating func earliest(
    _ requests: [CrashRequest], of node: NodeID, upTo bound: Int
  ) -> CrashWithinStep? {
    var first: CrashWithinStep?
    for (position, request) in requests.enumerated() {
      let bound = first.map { $0.effectCount - 1 } ?? bound
      if let found = crashPosition(request, of: node, upTo: bound) {
        first = found
        report.candidate = position
      }
    }
    return first
  }

  private mutating func firstLabel(_ triggers: [LabelTrigger], upTo bound: Int) -> Int? {
    report.labelsPassed = triggers.map { _ in 0 }
    for point in host.crashPoints where point.effectCount <= bound {
      let ordinal = point.request.map { openOperations.ordinal(of: $0) } ?? 0
      for (position, trigger) in triggers.enumerated()
      where trigger.matches(point.label, ordinal) {
        if report.labelsPassed[position] >= trigger.passes {
          report.label = position
          return point.effectCount
        }
        report.labelsPassed[position] += 1
      }
    }
    return nil
  }

  private func firstEffect(beginningAfter limit: VirtualDuration, of node: NodeID) -> Int? {
    var offset = setting.nodes.costs[.handler]
    if offset > limit { return 0 }
    for index in 0..<host.records.count {
      if case .work(let duration) = host.records[index] { offset = offset + duration }
      if case .file(let operation) = host.records[index] {
        offset = offset + cost(ofFileOperation: Int(operation))
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

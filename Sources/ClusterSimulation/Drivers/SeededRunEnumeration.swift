import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// What an enumeration of crash points needs of a run.
extension SeededRun {
  /// From now on, servers whose crash is given restart after a fixed time, and what is not given is
  /// the first possibility instead of drawn. There is no fault phase unless faults are scripted.
  mutating func beginEnumeration(restartAfter: VirtualDuration) {
    if case .drawn = plan.faults { heal(at: .start) }
    faults.restartAfter = restartAfter
    cluster.explores = true
    recorder = StepRecorder(writesLines: false)
  }

  /// The server whose handler ran in the step that was just done; `nil` if it was another kind of
  /// step, or none.
  func lastServer(after earlier: SeededRun) -> NodeID? {
    guard cluster.stepCount > earlier.cluster.stepCount, let step = recorder?.steps.last,
      let node = step.action.node, cluster.layout.role(of: node) == .server
    else { return nil }
    switch step.action {
    case .deliver, .fire, .resume, .start: return node
    default: return nil
    }
  }

  /// The server whose handler an event may run; `nil` if it is sure to run none.
  func server(of event: ScheduledEvent) -> NodeID? {
    let node: NodeID
    switch event {
    case .deliver(_, let receiver, _): node = receiver
    case .fire(let owner, _, _), .resume(let owner, _, _), .start(let owner): node = owner
    // A server that waited for the report of its death starts with it.
    case .reportFailure(let dead): node = dead
    case .fault(let index):
      guard case .restart(let dead) = faults.events[Int(index)] else { return nil }
      node = dead
    case .invoke, .writeBack, .mark: return nil
    }
    return cluster.layout.role(of: node) == .server ? node : nil
  }

  /// Whether handling an event may take a step of another kind before the server's.
  func mayTakeTwoSteps(_ event: ScheduledEvent) -> Bool {
    switch event {
    case .reportFailure, .fault: true
    default: false
    }
  }

  /// Whether handling an event may leave something open: what an open disk holds, or where a
  /// further crash falls.
  func mayFork(at event: ScheduledEvent, crashes: Bool) -> Bool {
    guard let node = server(of: event) else { return false }
    return crashes || (!cluster.disks.isEmpty && cluster.disks.disks[node.index].isOpen)
  }

  /// Gives up a run that its budget of steps has ended.
  mutating func exhaustIfCutShort() {
    if phase != .over, cluster.violation == nil, cluster.stepCount >= plan.limits.steps {
      exhaust()
    }
  }

  /// What an event is about to do, in a line.
  func text(of event: ScheduledEvent) -> String {
    switch event {
    case .deliver(let from, let to, _):
      guard let number = cluster.network.firstNumber(from: from, to: to) else { return "" }
      return cluster.text(.deliver(from: from, to: to, number: number))
    case .fire(let node, let timer, _): return cluster.text(.fire(node, timer))
    case .resume(let node, let continuation, _):
      return cluster.text(.resume(node, Int(continuation)))
    case .start(let node): return cluster.text(.start(node))
    default: return ""
    }
  }

  /// Equal for two runs whose futures are equal: the world, what clients saw, what monitors keep,
  /// the calendar, and what is still to be drawn.
  func worldFingerprint(crashesLeft: Int) -> UInt64 {
    var hasher = StableHasher()
    hasher.combine(cluster)
    hasher.combine(cluster.now)
    for entry in cluster.history.entries {
      hasher.combine(entry.client)
      hasher.combine(entry.operation)
      hasher.combine(entry.call)
      hasher.combine(entry.returned ?? -1)
      hasher.combine(entry.response?.text ?? "")
    }
    hasher.combine(cluster.observationDigest)
    for (time, event) in queue.sortedElements {
      hasher.combine(time)
      combine(event, into: &hasher)
    }
    for time in busyUntil + [lastInvocation, settleTime] { hasher.combine(max(time, cluster.now)) }
    for time in lastArrival { hasher.combine(max(time, cluster.now)) }
    hasher.combine(networkStream)
    hasher.combine(workloadStream)
    for node in faults.restartsWaiting { hasher.combine(node) }
    hasher.combine(faults.restartsWaiting.count)
    faults.combineScript(into: &hasher)
    hasher.combine(faults.staysWithinAssumptions)
    hasher.combine(phase.rawValue)
    hasher.combine(crashesLeft)
    return hasher.finalize()
  }

  /// Equal for two runs that ended alike: with the same answers to the clients, the same contents
  /// of the servers and the same verdict, whatever it took them.
  func endFingerprint(_ verdict: RunVerdict) -> UInt64 {
    var hasher = StableHasher()
    if case .violation(let violation) = verdict {
      hasher.combine(violation.check.rawValue)
      hasher.combine(violation.message)
    } else {
      hasher.combine(verdict == .pass)
    }
    for entry in cluster.history.entries {
      hasher.combine(entry.client)
      hasher.combine(entry.operation)
      hasher.combine(entry.response?.text ?? "")
    }
    for (server, node) in zip(cluster.servers, cluster.layout.servers) {
      hasher.combine(cluster.isUp(node))
      hasher.combine(server.isReplica)
      for entry in server.contents {
        hasher.combine(entry.key)
        hasher.combine(entry.value)
      }
    }
    return hasher.finalize()
  }

  private func combine(_ event: ScheduledEvent, into hasher: inout StableHasher) {
    func combine(_ kind: UInt64, _ node: NodeID, _ other: NodeID? = nil, _ number: UInt32 = 0) {
      hasher.combine(kind << 32 | UInt64(number))
      hasher.combine(node)
      if let other { hasher.combine(other) }
    }
    switch event {
    case .deliver(let from, let to, let number): combine(1, from, to, number)
    case .fire(let node, let timer, let generation):
      combine(2, node, nil, generation)
      hasher.combine(timer)
    case .resume(let node, let continuation, let start):
      combine(3, node, nil, UInt32(bitPattern: start))
      hasher.combine(Int(continuation))
    case .invoke(let client): combine(4, cluster.layout.client(Int(client)))
    case .start(let node): combine(5, node)
    case .reportFailure(let node): combine(6, node)
    case .writeBack(let node): combine(7, node)
    case .fault(let index):
      // Positions in the list depend on the order in which servers died.
      if case .restart(let node) = faults.events[Int(index)] { combine(8, node) }
    case .mark(let mark): hasher.combine(9 << 32 | mark.rawValue)
    }
  }
}

extension StableHasher {
  fileprivate mutating func combine(_ time: VirtualTime) {
    combine(UInt64(bitPattern: time.nanoseconds))
  }
}

extension CrashPointDriver {
  /// Handles the event of a fork with its outcomes and its crash.
  func take(_ fork: Fork, in run: inout Run) {
    run.faults.forced = fork.crash
    run.faults.updateMayStrike()
    if !fork.choices.isEmpty { run.cluster.offerChoices(fork.choices) }
    run.cluster.offerDecisions(fork.decisions)
    handle(&run, fork.event, fork.time)
    run.cluster.offerDecisions([])
    run.faults.forced = nil
    run.faults.updateMayStrike()
  }
}

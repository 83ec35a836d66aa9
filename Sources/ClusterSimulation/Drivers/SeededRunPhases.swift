import LinearizabilityChecking
import SimulationKernel

/// Beginning, healing, final reads, settling and verdict of a run.
extension SeededRun {
  @usableFromInline
  mutating func begin() {
    for node in 0..<cluster.layout.nodeCount {
      queue.insert(.start(NodeID(node)), at: .start)
    }
    for client in 0..<invocations.clientCount { scheduleInvocations(client: client) }
    let end = drawFaults()
    queue.insert(.mark(.heal), at: end)
    if !cluster.disks.isEmpty, let interval = cluster.setting.writeBackInterval {
      for server in cluster.layout.servers {
        queue.insert(.writeBack(server), at: .start + interval)
      }
    }
  }

  @usableFromInline
  mutating func handleRare(_ event: ScheduledEvent, at time: VirtualTime) {
    switch event {
    case .start(let node): perform(.start(node), at: time)
    case .reportFailure(let node):
      perform(.reportFailure(node), at: time)
      restartWhatWaited(node)
    case .writeBack(let node):
      perform(.writeBack(node), at: time)
      if phase != .settling, let interval = cluster.setting.writeBackInterval {
        queue.insert(.writeBack(node), at: time + interval)
      }
    case .fault(let index): strike(faults.events[Int(index)], at: time)
    case .mark(.heal): heal(at: time)
    case .mark(.deadline):
      if phase == .healed || phase == .finalReads { endUnlessClientsPause(at: time) }
    case .mark(.settled):
      if phase == .settling, time >= settleTime { phase = .over }
    case .deliver, .fire, .resume, .invoke: break
    }
  }

  /// Ends the fault phase, unless scripted faults still wait for their moment.
  mutating func heal(at time: VirtualTime) {
    guard phase == .faults else { return }
    if !faults.triggers.isEmpty || storageFaultsWait, !invocations.isComplete,
      faults.postponedHeals < 64
    {
      faults.postponedHeals += 1
      queue.insert(.mark(.heal), at: time + faults.patience)
      return
    }
    phase = .healed
    healTime = time
    faults.disarm()
    calmDisks(at: time)
    disturbance.heal()
    for link in faults.cutLinks(of: cluster.network, cluster.layout) {
      perform(.heal(from: link.from, to: link.to), at: time)
    }
    if faults.restartsAtHeal {
      for server in cluster.layout.servers where !cluster.isUp(server) { restart(server, time) }
    }
    queue.insert(.mark(.deadline), at: time + plan.limits.healWithin)
    advancePhase()
  }

  /// The time to finish in is that of the operations that are open: an operation that its client
  /// has yet to invoke is not late, and one that was invoked since has its own time.
  private mutating func endUnlessClientsPause(at time: VirtualTime) {
    let due = lastInvocation + plan.limits.healWithin
    if cluster.openOperationCount == 0, let next = queue.nextTime {
      queue.insert(.mark(.deadline), at: next + plan.limits.healWithin)
    } else if due > time {
      queue.insert(.mark(.deadline), at: due)
    } else {
      phase = .over
    }
  }

  /// Goes on to the final reads, and then to settling, once nothing is open.
  @usableFromInline
  mutating func advancePhase() {
    guard invocations.isComplete else { return }
    if phase == .healed {
      phase = .finalReads
      if plan.workload.readsAtEnd {
        invocations.appendFinalReads()
        scheduleInvocations(client: 0)
      }
    }
    if phase == .finalReads, invocations.isComplete {
      phase = .settling
      settle(from: cluster.now)
    }
  }

  /// Gives the replicas quiet time to agree.
  mutating func settle(from time: VirtualTime) {
    settleTime = time + plan.limits.settle
    queue.insert(.mark(.settled), at: settleTime)
  }

  /// The verdict of the run as it stands.
  @usableFromInline
  mutating func finish(_ checker: inout StoreChecker) -> RunResult {
    RunResult(
      seed: seed, verdict: verdict(&checker), steps: cluster.stepCount,
      digest: cluster.traceDigest, endTime: cluster.now, operations: cluster.history.count,
      faults: faults.counts, withinAssumptions: faults.staysWithinAssumptions,
      faultsEnd: healTime,
      recovery: healTime < lastCompletion ? lastCompletion - healTime : .zero)
  }

  private mutating func verdict(_ checker: inout StoreChecker) -> RunVerdict {
    let hasSettled = invocations.isComplete && exhausted == nil
    let verdict = cluster.finalVerdict(hasSettled: hasSettled, &checker)
    if case .violation = verdict { return verdict }
    if let exhausted { return .undecided(exhausted) }
    if !hasSettled, cluster.setting.checks.contains(.progress) {
      var violation = Violation(.progress, lackOfProgress)
      violation.step = cluster.stepCount
      violation.time = cluster.now
      return .violation(violation)
    }
    return verdict
  }

  private var lackOfProgress: String {
    let open = cluster.openRequests.map { request in
      "request \(request.number) of \(cluster.layout.name(of: request.client))"
    }
    let names = open.isEmpty ? "planned operations" : open.joined(separator: ", ")
    let healed = healTime == .never ? "the faults" : "the faults ended at \(healTime)"
    return "\(names) had not completed \(plan.limits.healWithin) after \(healed)"
  }
}

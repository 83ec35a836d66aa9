import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// From what a step made possible to when it happens.
extension SeededRun {
  @inlinable
  mutating func schedule(_ action: ClusterAction) {
    let now = cluster.now
    if let node = action.node, cluster.report.busy > .zero {
      busyUntil[node.index] = now + cluster.report.busy
    }
    for index in 0..<cluster.report.sendings.count {
      scheduleDelivery(cluster.report.sendings[index], now)
    }
    for index in 0..<cluster.report.armings.count {
      let arming = cluster.report.armings[index]
      queue.insert(
        .fire(arming.node, arming.timer, generation: arming.generation), at: now + arming.delay)
    }
    for index in 0..<cluster.report.postponements.count {
      let postponement = cluster.report.postponements[index]
      let start = cluster.processes[postponement.node.index].starts
      queue.insert(
        .resume(
          postponement.node, Int32(truncatingIfNeeded: postponement.continuation),
          start: Int32(truncatingIfNeeded: start)),
        at: now + postponement.offset)
    }
    if !cluster.report.completions.isEmpty { noteCompletions(now) }
    if !cluster.report.labelsPassed.isEmpty { notePassedLabels() }
    if faults.hasStorage { noteStorageFaults() }
    if !cluster.report.died.isEmpty { noteDeaths(action, now) }
    if !disturbance.isQuiet { disturb(now) }
  }

  @inlinable
  mutating func scheduleDelivery(_ sending: StepReport.Sending, _ now: VirtualTime) {
    var arrival = now + sending.offset + plan.network.latency.draw(&networkStream)
    if !disturbance.isQuiet {
      arrival = arrival + disturbance.extraDelay(sending.sender, sending.receiver, now)
      if networkStream.chance(disturbance.slowness) {
        arrival = arrival + plan.network.slowBy.draw(&networkStream)
      }
    }
    let slot = sending.sender.index * cluster.layout.nodeCount + sending.receiver.index
    let isOvertaken =
      disturbance.reorders && networkStream.chance(disturbance.reordering)
    if isOvertaken {
      arrival = arrival + plan.network.latency.draw(&networkStream) * 3
    } else {
      arrival = max(arrival, lastArrival[slot])
      lastArrival[slot] = arrival
    }
    queue.insert(
      .deliver(from: sending.sender, to: sending.receiver, number: sending.number), at: arrival)
  }

  /// Puts operations on the calendar for which the client has room.
  @usableFromInline
  mutating func scheduleInvocations(client: Int) {
    while let earliest = invocations.nextToSchedule(client: client) {
      let pause = plan.workload.think.draw(&workloadStream)
      let time = max(max(cluster.now, busyUntil[cluster.layout.client(client).index]), earliest)
      queue.insert(.invoke(client: UInt16(client)), at: time + pause)
    }
  }

  @usableFromInline
  mutating func noteCompletions(_ now: VirtualTime) {
    lastCompletion = now + cluster.report.busy
    for request in cluster.report.completions.elements {
      let client = cluster.layout.clientIndex(of: request.client)
      invocations.noteCompletion(client: client)
      scheduleInvocations(client: client)
    }
    advancePhase()
  }

  /// Loses or duplicates what the step sent, as the network's rates say. Losses and copies are
  /// actions of their own.
  @usableFromInline
  mutating func disturb(_ now: VirtualTime) {
    guard disturbance.loss > 0 || disturbance.duplication > 0 else { return }
    // What comes from a dead process is the word that it is dead: the detector's, which is perfect.
    let sendings = cluster.report.sendings.elements.filter { cluster.isUp($0.sender) }
    for sending in sendings {
      if networkStream.chance(disturbance.loss) {
        lose(sending.number, from: sending.sender, to: sending.receiver, now)
      } else if networkStream.chance(disturbance.duplication) {
        duplicate(sending, now)
      }
    }
  }

  @usableFromInline
  mutating func lose(
    _ number: UInt32, from sender: NodeID, to receiver: NodeID, _ time: VirtualTime
  ) {
    let action = ClusterAction.lose(from: sender, to: receiver, number: number)
    if recorder != nil { noteBefore(action) }
    guard cluster.apply(action, at: time) else { return }
    if recorder != nil { noteAfter(action) }
    faults.counts.losses += 1
  }

  private mutating func duplicate(_ sending: StepReport.Sending, _ time: VirtualTime) {
    let action = ClusterAction.duplicate(
      from: sending.sender, to: sending.receiver, number: sending.number)
    if recorder != nil { noteBefore(action) }
    guard cluster.apply(action, at: time) else { return }
    if recorder != nil { noteAfter(action) }
    faults.counts.duplications += 1
    for copy in cluster.report.sendings.elements { scheduleDelivery(copy, time) }
  }
}

/// How the network misbehaves at the moment: rates that end with the fault phase, and slow links.
@usableFromInline
struct NetworkDisturbance: Sendable {
  @usableFromInline var loss: Double
  @usableFromInline var duplication: Double
  @usableFromInline var reordering: Double
  @usableFromInline var slowness: Double
  @usableFromInline var reorders: Bool
  @usableFromInline var delays: [LinkDelay]
  /// Whether nothing at all is wrong, the usual case.
  @usableFromInline var isQuiet: Bool

  init(_ plan: NetworkPlan) {
    loss = plan.loss
    duplication = plan.duplication
    reordering = plan.reordering
    slowness = plan.slowness
    reorders = plan.reordering > 0
    delays = plan.delays
    isQuiet =
      loss == 0 && duplication == 0 && slowness == 0 && !reorders
      && delays.isEmpty
  }

  @usableFromInline
  func extraDelay(_ sender: NodeID, _ receiver: NodeID, _ now: VirtualTime) -> VirtualDuration {
    var extra = VirtualDuration.zero
    for delay in delays
    where delay.from == sender && delay.to == receiver && delay.start <= now && now < delay.end {
      extra = extra + delay.extra
    }
    return extra
  }

  mutating func add(_ delay: LinkDelay) {
    delays.append(delay)
    isQuiet = false
  }

  /// Ends everything. Parcels that were made to overtake still arrive by their own number.
  mutating func heal() {
    loss = 0
    duplication = 0
    reordering = 0
    slowness = 0
    delays.removeAll()
    isQuiet = !reorders
  }
}

import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// From what a step made possible to when it happens.
extension MeasuredRun {
  @inlinable
  mutating func schedule(_ action: ClusterAction, _ volume: Int) {
    let short = UInt16(truncatingIfNeeded: volume)
    let host = action.node.flatMap { $0.index < layout.serverCount ? hostIndex(volume, $0) : nil }
    let sendingCount = volumes[volume].report.sendings.count
    if meter.isOn { meter.messageCount += sendingCount }
    for index in 0..<sendingCount {
      scheduleDelivery(volumes[volume].report.sendings[index], volume, host)
    }
    for index in 0..<volumes[volume].report.armings.count {
      let arming = volumes[volume].report.armings[index]
      queue.insert(
        .fire(volume: short, arming.node, arming.timer, generation: arming.generation),
        at: now + arming.delay)
    }
    for index in 0..<volumes[volume].report.postponements.count {
      let postponement = volumes[volume].report.postponements[index]
      let start = volumes[volume].processes[postponement.node.index].starts
      queue.insert(
        .resume(
          volume: short, postponement.node,
          Int32(truncatingIfNeeded: postponement.continuation),
          start: Int32(truncatingIfNeeded: start)),
        at: now + stretched(postponement.offset, host))
    }
    if !volumes[volume].report.completions.isEmpty { noteCompletions(volume) }
    if !volumes[volume].report.died.isEmpty { noteDeaths(volume) }
    if recoveries.isWatching { noteMilestones(action, volume) }
  }

  @inlinable
  func hostIndex(_ volume: Int, _ node: NodeID) -> Int {
    Int(hostOfServer[serverIndex(volume, node)])
  }

  @inlinable
  func stretched(_ offset: VirtualDuration, _ host: Int?) -> VirtualDuration {
    guard let host, plan.hosts.switching > 0 else { return offset }
    return scaled(offset, host)
  }

  /// Arrivals on one channel keep their order.
  @inlinable
  mutating func scheduleDelivery(
    _ sending: StepReport.Sending, _ volume: Int, _ host: Int?
  ) {
    var departure = now + stretched(sending.offset, host)
    if sizesMessages, sending.sender.index < layout.serverCount,
      sending.receiver.index < layout.serverCount
    {
      departure = afterTransfer(sending, volume, departure)
    }
    var arrival = departure + plan.latency.draw(&networkStream)
    if plan.dispatch > .zero, sending.sender.index > sending.receiver.index,
      layout.role(of: sending.sender) == .client, sending.receiver.index < layout.serverCount
    {
      arrival = arrival + plan.dispatch
    }
    let nodes = layout.nodeCount
    let slot = (volume * nodes + sending.sender.index) * nodes + sending.receiver.index
    arrival = max(arrival, lastArrival[slot])
    lastArrival[slot] = arrival
    queue.insert(
      .deliver(
        volume: UInt16(truncatingIfNeeded: volume), from: sending.sender, to: sending.receiver,
        number: sending.number),
      at: arrival)
  }

  /// When a large message between servers has passed the links of its hosts: one at a time each
  /// way.
  @usableFromInline
  mutating func afterTransfer(
    _ sending: StepReport.Sending, _ volume: Int, _ departure: VirtualTime
  ) -> VirtualTime {
    guard
      let kind = messageKind(sending.number, sending.sender, sending.receiver, volume),
      let bytes = plan.messages.sizes[kind]
    else { return departure }
    let out = hostIndex(volume, sending.sender)
    let into = hostIndex(volume, sending.receiver)
    if out == into { return departure }
    let start = max(departure, hosts[out].outFreeAt, hosts[into].inFreeAt)
    let done = start + plan.messages.transferTime(bytes: bytes)
    hosts[out].outFreeAt = done
    hosts[into].inFreeAt = done
    meter.noteTransfer(bytes: bytes, until: done)
    return done
  }
}

import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// Queues in front of hosts.
extension MeasuredRun {
  /// The position of a server among those of all volumes.
  @inlinable
  func serverIndex(_ volume: Int, _ node: NodeID) -> Int {
    volume * layout.serverCount + node.index
  }

  /// Lets a server take the step that an event asks for, now or when its turn has come.
  @inlinable
  mutating func queueWork(_ event: MeasuredEvent, server node: NodeID) {
    let server = serverIndex(event.volume, node)
    let host = Int(hostOfServer[server])
    if hosts[host].freeCores > 0, hosts[host].hasNoWaiting, !isTakingStep[server] {
      takeStep(event, server, host)
    } else {
      hosts[host].wait(event, now, meter.isOn)
    }
  }

  /// Takes the first waiting step of a server that is not taking one, as long as the host has a
  /// processor for it.
  @inlinable
  mutating func runWaiting(on host: Int) {
    while hosts[host].freeCores > 0, let index = firstReady(on: host) {
      let event = hosts[host].takeWaiting(at: index, now, meter.isOn)
      takeStep(event, serverIndex(event.volume, event.node), host)
    }
  }

  /// Where the first waiting step stands whose server is not taking one.
  @inlinable
  func firstReady(on host: Int) -> Int? {
    for index in hosts[host].head..<hosts[host].waiting.count {
      let event = hosts[host].waiting[index]
      if !isTakingStep[serverIndex(event.volume, event.node)] { return index }
    }
    return nil
  }

  /// A step keeps its server until its end, and a processor as long as it does not wait for a disk.
  @inlinable
  mutating func takeStep(_ event: MeasuredEvent, _ server: Int, _ host: Int) {
    let volume = event.volume
    volumes[volume].fileWork.freeAt = hosts[host].diskFreeAt
    volumes[volume].report.busy = .zero
    takeStep(event)
    chargeDisk(volume, host)
    let busy = scaled(volumes[volume].report.busy, host)
    guard busy > .zero, isUp(server) else { return }
    let waited = volumes[volume].fileWork.waited
    volumes[volume].fileWork.waited = .zero
    let processor = VirtualDuration(nanoseconds: max(0, busy.nanoseconds - waited.nanoseconds))
    isTakingStep[server] = true
    if processor > .zero { hosts[host].takeCore(now, meter.isOn) }
    if processor > .zero, processor < busy {
      queue.insert(.coreFree(host: UInt16(truncatingIfNeeded: host)), at: now + processor)
    }
    let core = processor == busy ? UInt16(truncatingIfNeeded: host) : MeasuredEvent.noHost
    queue.insert(
      .serverFree(server: UInt32(truncatingIfNeeded: server), coreOf: core), at: now + busy)
  }

  @inlinable
  func isUp(_ server: Int) -> Bool {
    // Not `Cluster.isUp`: a method of an element would copy the whole cluster.
    volumes[server / layout.serverCount].processes[server % layout.serverCount].isUp
  }

  /// What the disk has to do since the last step.
  @inlinable
  mutating func chargeDisk(_ volume: Int, _ host: Int) {
    guard let freeAt = volumes[volume].fileWork.freeAt else { return }
    hosts[host].diskFreeAt = freeAt
    if meter.isOn { meter.note(volumes[volume].fileWork, of: host) }
    volumes[volume].fileWork.busy = .zero
    volumes[volume].fileWork.syncCount = 0
    volumes[volume].fileWork.changeCount = 0
  }

  /// Processes beyond the number of processors slow each other down.
  @inlinable
  func scaled(_ duration: VirtualDuration, _ host: Int) -> VirtualDuration {
    let surplus = hosts[host].serverCount - hosts[host].cores
    guard plan.hosts.switching > 0, surplus > 0 else { return duration }
    let factor = 1 + plan.hosts.switching * Double(surplus)
    return VirtualDuration(nanoseconds: Int64(Double(duration.nanoseconds) * factor))
  }

  /// What the message costs that an action delivers.
  @usableFromInline
  mutating func serviceTime(of action: ClusterAction, _ volume: Int) -> VirtualDuration {
    guard case .deliver(let sender, let receiver, let number) = action,
      receiver.index < layout.serverCount,
      let kind = messageKind(number, sender, receiver, volume)
    else { return .zero }
    var sum = VirtualDuration.zero
    for cost in plan.messages.costs where cost.kind == kind {
      if let role = cost.role, volumes[volume].servers[receiver.index].role != role { continue }
      sum = sum + cost.duration
    }
    return sum
  }

  /// The kind of a message under way; `nil` if it is none.
  mutating func messageKind(
    _ number: UInt32, _ sender: NodeID, _ receiver: NodeID, _ volume: Int
  ) -> String? {
    volumes[volume].messageKind(number, sender, receiver)
  }
}

extension Cluster {
  /// The kind of a message under way; `nil` if it is none. Mutating, so that it is asked in place
  /// where the cluster is an element: any other method would copy it.
  mutating func messageKind(
    _ number: UInt32, _ sender: NodeID, _ receiver: NodeID
  ) -> String? {
    let channel = network.channel(from: sender, to: receiver)
    let envelopes = channel.envelopes
    // Mostly it is the first or the last one.
    let envelope =
      envelopes.last?.number == number
      ? envelopes.last : envelopes.first { $0.number == number }
    guard case .message(let message)? = envelope?.parcel else { return nil }
    return MessageKind.name(of: message.summary)
  }
}

extension MeasuredEvent {
  /// The volume of an event of a node.
  @inlinable
  var volume: Int {
    switch self {
    case .deliver(let volume, _, _, _), .fire(let volume, _, _, _), .resume(let volume, _, _, _):
      Int(volume)
    default: 0
    }
  }

  /// The node of an event of one.
  @inlinable
  var node: NodeID {
    switch self {
    case .deliver(_, _, let node, _), .fire(_, let node, _, _), .resume(_, let node, _, _): node
    default: NodeID(0)
    }
  }
}

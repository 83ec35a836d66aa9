import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// What happens to processes, disks and links, rather than inside a handler.
extension Cluster {
  @usableFromInline
  mutating func applyToWorld(_ action: ClusterAction) {
    switch action {
    case .lose(let sender, let receiver, let number):
      _ = network.take(number, from: sender, to: receiver)
    case .duplicate(let sender, let receiver, let number):
      duplicate(number, from: sender, to: receiver)
    case .crash(let node, let kind):
      takeDown(node, kind)
    case .clusterPowerLoss:
      for server in layout.servers where isUp(server) { takeDown(server, .powerLoss) }
    case .reportFailure(let server):
      processes[server.index].hasUnreportedFailure = false
      reportFailure(of: server)
    case .cut(let sender, let receiver): network.setCut(true, from: sender, to: receiver)
    case .heal(let sender, let receiver): network.setCut(false, from: sender, to: receiver)
    case .writeBack(let node): disks.writeBack(node, given: offeredDecisions)
    case .faultDisk(let node, let request):
      disks.change(node, given: offeredDecisions) { $0.arm(request) }
    case .calmDisk(let node): disks.change(node, given: offeredDecisions) { $0.disarm() }
    case .start, .deliver, .fire, .resume, .invoke:
      programmingError("an action of a node reached the world", context)
    }
  }

  mutating func duplicate(_ number: UInt32, from sender: NodeID, to receiver: NodeID) {
    guard let copy = network.duplicate(number, from: sender, to: receiver) else { return }
    report.sendings.append(
      StepReport.Sending(sender: sender, receiver: receiver, number: copy, offset: .zero))
  }

  mutating func reportFailure(of server: NodeID) {
    guard let node = layout.coordinator else { return }
    beginStep(of: node)
    coordinator.serverFailed(server, &host)
    carryOutEffects(of: node, nil)
  }

  /// Ends a server's process. Its memory, timers and continuations are gone; what was under way to
  /// it is lost; of what it sent, each channel keeps a chosen number of the oldest parcels.
  @usableFromInline
  mutating func takeDown(_ node: NodeID, _ kind: CrashKind) {
    for receiver in 0..<layout.nodeCount {
      let receiver = NodeID(receiver)
      let count = network.messageCount(from: node, to: receiver)
      if count > 0 {
        network.cut(from: node, to: receiver, keepingFirst: host.choices.choose(count + 1))
      }
    }
    for caller in network.loseEverything(to: node) where caller != node && isUp(caller) {
      refuse(from: caller, to: node, .zero)
    }
    endProcess(node, kind)
    monitors.processDied(node)
  }

  /// What the end of its process means for the node itself.
  mutating func endProcess(_ node: NodeID, _ kind: CrashKind) {
    require(layout.role(of: node) == .server, "only servers crash", context)
    processes[node.index].isUp = false
    processes[node.index].hasUnreportedFailure = setting.detector == .perfect
    timers[node.index].disarmAll()
    postponed[node.index].removeAll()
    report.died.append(node)
    if kind == .powerLoss, !disks.isEmpty {
      disks.losePower(node, setting.powerLoss, &host.choices)
    }
  }

  /// Starts a process: with fresh memory, and with the files that are there.
  @inlinable
  mutating func start(_ node: NodeID, _ crash: CrashRequest?) {
    renew(node)
    run(node, .start, crash)
  }

  @usableFromInline
  mutating func renew(_ node: NodeID) {
    processes[node.index].isUp = true
    processes[node.index].starts += 1
    if processes[node.index].starts > 1, layout.role(of: node) == .server {
      servers[node.index] = Subject.makeServer(node, setting.nodes)
    }
  }
}

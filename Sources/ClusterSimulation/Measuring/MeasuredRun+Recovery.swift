import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// Hosts that fail with all their servers, and the replicas that are made anew on others: one copy
/// out of a host and one into it at a time (van Renesse and Schneider, OSDI 2004, section 5.3).
extension MeasuredRun {
  mutating func failHost(_ host: Int) {
    guard hosts.indices.contains(host), hosts[host].isUp else { return }
    hosts[host].isUp = false
    for volume in volumes.indices {
      for node in layout.servers
      where hostIndex(volume, node) == host && volumes[volume].isUp(node) {
        perform(.crash(node, .process), volume)
      }
    }
    rare(
      .reportHost(UInt16(truncatingIfNeeded: host)),
      at: now + plan.detectAfter.draw(&networkStream))
    if let reboot = plan.hosts.rebootAfter {
      rare(.hostIsBack(UInt16(truncatingIfNeeded: host)), at: now + reboot)
    }
  }

  /// The master learns of every server that died with the host. The replicas wait in an order that
  /// is drawn for hosts to be made anew on.
  mutating func reportHost(_ host: Int) {
    var lost: [RecoveryQueue.Lost] = []
    for volume in volumes.indices {
      for node in layout.servers
      where hostIndex(volume, node) == host && !volumes[volume].isUp(node)
        && volumes[volume].processes[node.index].hasUnreportedFailure
      {
        perform(.reportFailure(node), volume)
        lost.append(RecoveryQueue.Lost(volume: volume, node: node))
      }
    }
    for position in lost.indices {
      lost.swapAt(position, position + placementStream.below(lost.count - position))
    }
    recoveries.running.removeAll { copy in
      guard !volumes[copy.replica.volume].isUp(copy.replica.node) else { return false }
      return lost.contains(copy.replica)
    }
    recoveries.lost += lost
    startRecoveries()
  }

  /// Begins every copy for which both hosts are free. A server with files has left them on its
  /// host: it is not made anew elsewhere.
  mutating func startRecoveries() {
    guard plan.hosts.count > 0, !Subject.usesDisk else { return }
    var waiting: [RecoveryQueue.Lost] = []
    for replica in recoveries.lost {
      guard let source = source(of: replica), !recoveries.isSource(source),
        let target = target(for: replica)
      else {
        waiting.append(replica)
        continue
      }
      let server = serverIndex(replica.volume, replica.node)
      hosts[Int(hostOfServer[server])].serverCount -= 1
      hostOfServer[server] = UInt16(truncatingIfNeeded: target)
      hosts[target].serverCount += 1
      recoveries.running.append(
        RecoveryQueue.Running(replica: replica, source: source, target: target))
      recoveries.isWatching = true
      start(replica.node, replica.volume)
    }
    recoveries.lost = waiting
  }

  /// The host that a replica is copied from.
  private func source(of replica: RecoveryQueue.Lost) -> Int? {
    let volume = replica.volume
    for server in 0..<layout.serverCount where volumes[volume].processes[server].isUp {
      guard volumes[volume].servers[server].isReplica else { continue }
      if plan.copiesFrom == nil || volumes[volume].servers[server].role == plan.copiesFrom {
        return hostIndex(volume, NodeID(server))
      }
    }
    return nil
  }

  /// A host drawn from those that are up, receive no copy and hold no other server of the volume.
  private mutating func target(for replica: RecoveryQueue.Lost) -> Int? {
    let taken = layout.servers
      .filter { $0 != replica.node && volumes[replica.volume].processes[$0.index].isUp }
      .map { hostIndex(replica.volume, $0) }
    let free = hosts.indices.filter {
      hosts[$0].isUp && !recoveries.isTarget($0) && !taken.contains($0)
    }
    return free.isEmpty ? nil : free[placementStream.below(free.count)]
  }

  // MARK: Progress

  /// Looks at what a step has brought a recovering server to.
  @usableFromInline
  mutating func noteMilestones(_ action: ClusterAction, _ volume: Int) {
    guard let node = action.node, node.index < layout.serverCount else { return }
    guard recoveries.concerns(volume, node) else { return }
    if volume == 0, node == recoveries.watched, recoveries.recovered == nil {
      noteRestarted(node)
    }
    let copy = RecoveryQueue.Lost(volume: volume, node: node)
    guard let index = recoveries.running.firstIndex(where: { $0.replica == copy }),
      volumes[volume].servers[node.index].isReplica
    else { return }
    recoveries.running.remove(at: index)
    recoveries.updateWatching()
    startRecoveries()
  }

  private mutating func noteRestarted(_ node: NodeID) {
    let host = hostIndex(0, node)
    for point in volumes[0].passedCrashPoints {
      let offset = stretched(volumes[0].offset(ofEffect: point.effectCount), host)
      recoveries.note(point.label.text, at: now + offset)
    }
    if volumes[0].servers[node.index].isReplica {
      recoveries.noteRecovered(at: now + scaled(volumes[0].report.busy, host))
    }
  }
}

extension Cluster {
  /// The named crash points of the last step.
  var passedCrashPoints: [PassedCrashPoint] { host.crashPoints }

  /// How long after the beginning of the last step its server got to an effect, had it not waited
  /// for a disk that others use.
  func offset(ofEffect count: Int) -> VirtualDuration {
    var offset = setting.nodes.costs[.handler] + serviceTime
    for index in 0..<min(count, host.records.count) {
      switch host.records[index] {
      case .work(let duration): offset = offset + duration
      case .file(let operation): offset = offset + cost(ofFileOperation: Int(operation))
      default: break
      }
    }
    return offset
  }
}

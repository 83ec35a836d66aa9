import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// Beginning, faults, and the end of a measured run.
extension MeasuredRun {
  mutating func begin(_ setting: ClusterSetting<Subject>) {
    for volume in volumes.indices {
      for node in 0..<layout.nodeCount {
        rare(.start(volume: UInt16(truncatingIfNeeded: volume), NodeID(node)), at: .start)
      }
    }
    for client in clients.indices {
      queue.insert(.invoke(client: UInt16(truncatingIfNeeded: client)), at: .start)
    }
    if Subject.usesDisk, let interval = setting.writeBackInterval, interval > .zero {
      for volume in volumes.indices {
        for server in layout.servers {
          rare(
            .writeBack(volume: UInt16(truncatingIfNeeded: volume), server), at: .start + interval)
        }
      }
    }
    for (index, fault) in plan.faults.enumerated() {
      rare(.fault(UInt16(truncatingIfNeeded: index)), at: fault.time)
    }
    rare(.measuringBegins, at: plan.measuresFrom)
    rare(.measuringEnds, at: plan.end)
  }

  mutating func rare(_ event: RareEvent, at time: VirtualTime) {
    queue.insertApart(.rare(event), at: time)
  }

  @usableFromInline
  mutating func handleRare(_ event: RareEvent) {
    switch event {
    case .start(let volume, let node): start(node, Int(volume))
    case .writeBack(let volume, let node):
      perform(.writeBack(node), Int(volume))
      if let interval = volumes[Int(volume)].setting.writeBackInterval {
        rare(event, at: now + interval)
      }
    case .fault(let index):
      meter.noteFault(Int(index), at: now)
      strike(plan.faults[Int(index)])
    case .reportFailure(let volume, let node):
      perform(.reportFailure(node), Int(volume))
      if volume == 0 { restartWhatWaited(node) }
    case .reportHost(let host): reportHost(Int(host))
    case .hostIsBack(let host):
      hosts[Int(host)].isUp = true
      startRecoveries()
    case .measuringBegins:
      meter.isOn = true
      for host in hosts.indices { hosts[host].startMeasuring(at: now) }
    case .measuringEnds:
      for host in hosts.indices { hosts[host].integrate(to: now) }
      meter.finish(at: now)
      isOver = true
    }
  }

  /// A start keeps the server busy, as a step does, but waits for no processor and takes none.
  mutating func start(_ node: NodeID, _ volume: Int) {
    guard node.index < layout.serverCount else { return perform(.start(node), volume) }
    let server = serverIndex(volume, node)
    let host = Int(hostOfServer[server])
    volumes[volume].fileWork.freeAt = hosts[host].diskFreeAt
    perform(.start(node), volume)
    chargeDisk(volume, host)
    volumes[volume].fileWork.waited = .zero
    let busy = scaled(volumes[volume].report.busy, host)
    guard busy > .zero, isUp(server) else { return }
    isTakingStep[server] = true
    queue.insert(
      .serverFree(server: UInt32(truncatingIfNeeded: server), coreOf: MeasuredEvent.noHost),
      at: now + busy)
  }

  private mutating func strike(_ fault: MeasuredFault) {
    switch fault {
    case .crash(let selector, let kind, _):
      guard let node = server(selector), volumes[0].isUp(node) else { return }
      perform(.crash(node, kind), 0)
    case .restart(let node, _): restart(node)
    case .hostFailure(let host, _): failHost(host)
    }
  }

  private func server(_ selector: ServerSelector) -> NodeID? {
    switch selector {
    case .server(let node): node
    case .role(let role):
      layout.servers.first { volumes[0].isUp($0) && volumes[0].servers[$0.index].role == role }
    }
  }

  /// Starts a crashed server of the first volume again, once its death has been reported.
  private mutating func restart(_ node: NodeID) {
    guard !volumes[0].isUp(node) else { return }
    if volumes[0].processes[node.index].hasUnreportedFailure {
      recoveries.restartsWaiting.append(node)
      return
    }
    recoveries.watch(node, from: now)
    start(node, 0)
  }

  private mutating func restartWhatWaited(_ node: NodeID) {
    guard let index = recoveries.restartsWaiting.firstIndex(of: node) else { return }
    recoveries.restartsWaiting.remove(at: index)
    restart(node)
  }

  /// A single server's death is reported for itself, a host's for all its servers at once.
  @usableFromInline
  mutating func noteDeaths(_ volume: Int) {
    let died = volumes[volume].report.died
    for node in died {
      let server = serverIndex(volume, node)
      isTakingStep[server] = false
      let host = Int(hostOfServer[server])
      hosts[host].forgetWaiting(
        where: { $0.volume == volume && $0.node == node }, at: now)
      guard hosts[host].isUp, volumes[volume].setting.detector == .perfect else { continue }
      rare(
        .reportFailure(volume: UInt16(truncatingIfNeeded: volume), node),
        at: now + plan.detectAfter.draw(&networkStream))
    }
  }
}

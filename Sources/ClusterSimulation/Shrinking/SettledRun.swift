import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// A world that is left alone: nothing goes wrong from now on. Links are healed and disks calmed,
/// whatever is under way arrives after the shortest latency, timers fire at their deadlines, deaths
/// are reported, and no client invokes anything. Nothing is drawn. It ends when every open
/// operation is answered and the replicas have had time to agree, or when the scenario's time is
/// over.
extension SeededRun {
  /// - Parameters:
  ///   - cluster: the world as another driver has left it.
  ///   - readiness: what that driver knows of its clock.
  init(leavingAlone cluster: Cluster<Subject>, _ readiness: Readiness, _ plan: RunPlan) {
    self.init(cluster.setting, plan.undisturbed, seed: 0)
    self.cluster = cluster
    self.cluster.explores = true
    let layout = cluster.layout
    var open = Array(repeating: 0, count: layout.clientCount)
    for request in cluster.openRequests { open[layout.clientIndex(of: request.client)] += 1 }
    invocations = InvocationSchedule(open: open, plan.workload)
    busyUntil = readiness.busyUntil
    faults.hasStorage = !cluster.disks.isEmpty
    fillCalendar(readiness)
    heal(at: cluster.now)
  }

  private mutating func fillCalendar(_ readiness: Readiness) {
    let now = cluster.now
    func time(_ action: ClusterAction) -> VirtualTime { max(now, readiness.time(of: action)) }
    let layout = cluster.layout
    for node in (0..<layout.nodeCount).map({ NodeID($0) }) {
      if cluster.processes[node.index].starts == 0 { queue.insert(.start(node), at: now) }
      for timer in cluster.timers[node.index].armed {
        guard let generation = cluster.timers[node.index].generation(of: timer) else { continue }
        queue.insert(.fire(node, timer, generation: generation), at: time(.fire(node, timer)))
      }
      let start = Int32(truncatingIfNeeded: cluster.processes[node.index].starts)
      for continuation in cluster.postponed[node.index] {
        queue.insert(
          .resume(node, Int32(truncatingIfNeeded: continuation), start: start),
          at: time(.resume(node, continuation)))
      }
      if cluster.processes[node.index].hasUnreportedFailure {
        queue.insert(.reportFailure(node), at: time(.reportFailure(node)))
      }
      for receiver in (0..<layout.nodeCount).map({ NodeID($0) }) {
        fillCalendar(from: node, to: receiver, time)
      }
    }
    if !cluster.disks.isEmpty, let interval = cluster.setting.writeBackInterval {
      for server in layout.servers { queue.insert(.writeBack(server), at: now + interval) }
    }
  }

  private mutating func fillCalendar(
    from sender: NodeID, to receiver: NodeID, _ time: (ClusterAction) -> VirtualTime
  ) {
    let slot = sender.index * cluster.layout.nodeCount + receiver.index
    for envelope in cluster.network.channel(from: sender, to: receiver).envelopes {
      let number = envelope.number
      let arrival = max(
        lastArrival[slot], time(.deliver(from: sender, to: receiver, number: number)))
      lastArrival[slot] = arrival
      queue.insert(.deliver(from: sender, to: receiver, number: number), at: arrival)
    }
  }

  /// Runs to the end and gives the verdict.
  /// - Parameter handle: ``handle(_:at:)``, specialised for the protocol.
  mutating func settle(
    _ handle: (inout SeededRun, ScheduledEvent, VirtualTime) -> Void, _ checker: inout StoreChecker
  ) -> RunResult {
    let limit = cluster.stepCount + plan.limits.steps
    advancePhase()
    while phase != .over, cluster.violation == nil, let (time, event) = queue.popFirst() {
      handle(&self, event, max(time, cluster.now))
      if cluster.stepCount >= limit {
        exhaust()
        break
      }
    }
    return finish(&checker)
  }
}

extension RunPlan {
  /// The same without faults, drawn delays and further operations.
  var undisturbed: RunPlan {
    var plan = RunPlan()
    plan.limits = limits
    plan.network.latency = LatencyModel(
      .fixed, from: network.latency.shortest, to: network.latency.shortest)
    let detection = network.detectAfter.shortest
    plan.network.detectAfter = DurationRange(detection, detection)
    plan.workload.readsAtEnd = false
    plan.workload.script = []
    return plan
  }
}

import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// What an enumeration of crash points needs of a run.
extension SeededRun {
  /// From now on, crashed servers restart after a fixed time, and what is not given is the first
  /// possibility instead of drawn.
  mutating func beginEnumeration(restartAfter: VirtualDuration) {
    heal(at: .start)
    faults.restartAfter = restartAfter
    cluster.explores = true
    recorder = StepRecorder(writesLines: false)
  }

  /// Handles the event of a fork with its outcomes and its crash.
  mutating func take(_ fork: CrashPointDriver<Subject>.Fork) {
    faults.forced = fork.crash
    faults.updateMayStrike()
    if !fork.choices.isEmpty { cluster.offerChoices(fork.choices) }
    cluster.offerDecisions(fork.decisions)
    handle(fork.event, at: fork.time)
    cluster.offerDecisions([])
    faults.forced = nil
    faults.updateMayStrike()
  }

  /// The server whose handler ran in the last step; `nil` if it was another kind of step.
  var lastServer: NodeID? {
    guard let step = recorder?.steps.last, let node = step.action.node,
      cluster.layout.role(of: node) == .server
    else { return nil }
    switch step.action {
    case .deliver, .fire, .resume, .start: return node
    default: return nil
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
  /// and the calendar.
  var worldFingerprint: UInt64 {
    var hasher = StableHasher()
    hasher.combine(cluster)
    hasher.combine(UInt64(bitPattern: cluster.now.nanoseconds))
    for entry in cluster.history.entries {
      hasher.combine(entry.client)
      hasher.combine(entry.operation)
      hasher.combine(entry.call)
      hasher.combine(entry.returned ?? -1)
      hasher.combine(entry.response?.text ?? "")
    }
    hasher.combine(cluster.observationDigest)
    for (time, event) in queue.sortedElements {
      hasher.combine(UInt64(bitPattern: time.nanoseconds))
      hasher.combine("\(event)")
    }
    for time in busyUntil { hasher.combine(UInt64(bitPattern: time.nanoseconds)) }
    hasher.combine(faults.staysWithinAssumptions)
    hasher.combine("\(phase)")
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
}

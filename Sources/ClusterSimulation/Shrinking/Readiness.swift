import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// When what a world holds can happen by the clock: parcels after the shortest latency, timers at
/// their deadlines, reports of deaths after the shortest delay, and nothing at a node that is busy.
/// It is fed by the report of every step.
struct Readiness: Sendable {
  private let nodeCount: Int
  private let latency: VirtualDuration
  private let detection: VirtualDuration
  /// By channel and number of parcel.
  private var arrivals: [[VirtualTime]]
  private var deadlines: [[TimerID: VirtualTime]]
  private var continuations: [[Int: VirtualTime]]
  private var reports: [VirtualTime]
  private(set) var busyUntil: [VirtualTime]

  init(_ layout: ClusterLayout, _ network: NetworkPlan) {
    nodeCount = layout.nodeCount
    latency = network.latency.shortest
    detection = network.detectAfter.shortest
    arrivals = Array(repeating: [], count: nodeCount * nodeCount)
    deadlines = Array(repeating: [:], count: nodeCount)
    continuations = Array(repeating: [:], count: nodeCount)
    reports = Array(repeating: .start, count: nodeCount)
    busyUntil = Array(repeating: .start, count: nodeCount)
  }

  mutating func note(_ action: ClusterAction, _ report: StepReport, at now: VirtualTime) {
    if let node = action.node, report.busy > .zero { busyUntil[node.index] = now + report.busy }
    for index in 0..<report.sendings.count {
      let sending = report.sendings[index]
      arrivals[sending.sender.index * nodeCount + sending.receiver.index].append(
        now + sending.offset + latency)
    }
    for index in 0..<report.armings.count {
      let arming = report.armings[index]
      deadlines[arming.node.index][arming.timer] = now + arming.delay
    }
    for index in 0..<report.postponements.count {
      let postponement = report.postponements[index]
      continuations[postponement.node.index][postponement.continuation] = now + postponement.offset
    }
    for node in report.died {
      busyUntil[node.index] = now
      reports[node.index] = now + detection
    }
  }

  /// When an action may happen; the start for what nothing holds up.
  func time(of action: ClusterAction) -> VirtualTime {
    switch action {
    case .deliver(let from, let to, let number):
      return max(arrival(number, from, to), busyUntil[to.index])
    case .fire(let node, let timer):
      return max(deadlines[node.index][timer] ?? .start, busyUntil[node.index])
    case .resume(let node, let continuation):
      return max(continuations[node.index][continuation] ?? .start, busyUntil[node.index])
    case .invoke(let node, _): return busyUntil[node.index]
    case .reportFailure(let node): return reports[node.index]
    default: return .start
    }
  }

  private func arrival(_ number: UInt32, _ from: NodeID, _ to: NodeID) -> VirtualTime {
    let times = arrivals[from.index * nodeCount + to.index]
    let place = Int(number)
    return times.indices.contains(place) ? times[place] : .start
  }
}

import NetworkSimulation
import SimulationKernel

/// Servers that fail and volumes that are copied, from a system in which every replica is there
/// until a volume is unavailable.
struct PlacementSystem: Sendable {
  private enum Event: Sendable {
    case failure
    case copied(lane: Int, attempt: UInt32)
  }

  /// A copy under way, or a place for one.
  private struct Lane: Sendable {
    var replica = -1
    var source = 0
    var destination = 0
    /// The recovery that it belongs to, by its number.
    var recovery = 0
    /// Grows with each copy: the end of an abandoned one means nothing.
    var attempt: UInt32 = 0
  }

  /// What one failed server has lost.
  private struct Recovery: Sendable {
    var lost: [Int32]
    var begun = 0
    var running = 0

    var isDone: Bool { running == 0 && begun == lost.count }
  }

  private let plan: PlacementPlan
  private var volumes: PlacedVolumes
  private var queue = EventQueue<Event>()
  private var lanes: [Lane] = []
  private var freeLanes: [Int] = []
  /// In the order of the failures; done ones at the front are left out, `finished` of them.
  private var recoveries: [Recovery] = []
  private var finished = 0
  private(set) var time = VirtualTime.start

  init(_ plan: PlacementPlan, _ stream: inout SeededStream) {
    self.plan = plan
    volumes = PlacedVolumes(plan, &stream)
    scheduleFailure(&stream)
  }

  /// Servers whose failure would make a volume unavailable.
  var criticalServers: Int { volumes.criticalServers }

  /// The next failure or end of a copy.
  enum Step {
    case copied
    case failed
    /// The end: all replicas of a volume are lost.
    case unavailable
    /// The end: virtual time has run out.
    case timedOut
  }

  mutating func step(_ stream: inout SeededStream) -> Step {
    while let (now, event) = queue.popFirst() {
      if now == .never { return .timedOut }
      if case .copied(let lane, let attempt) = event {
        guard lanes[lane].replica >= 0, lanes[lane].attempt == attempt else { continue }
        time = now
        finish(lane)
        startCopies(&stream)
        return .copied
      }
      time = now
      guard fail(stream.below(plan.servers)) else { return .unavailable }
      scheduleFailure(&stream)
      startCopies(&stream)
      return .failed
    }
    programmingError("servers have stopped failing")
  }

  /// All servers together: the minimum of exponential waits, and each is as likely as the others.
  private mutating func scheduleFailure(_ stream: inout SeededStream) {
    let uniform = Double((stream.next() >> 11) | 1) * (1.0 / 9_007_199_254_740_992.0)
    let mean = Double(plan.meanTimeBetweenFailures.nanoseconds) / Double(plan.servers)
    let wait = min(-naturalLogarithm(uniform) * mean, 9e18)
    queue.insert(.failure, at: time + VirtualDuration(nanoseconds: Int64(wait)))
  }

  // MARK: Copies

  /// - Returns: false if a volume has become unavailable.
  private mutating func fail(_ server: Int) -> Bool {
    guard let lost = volumes.fail(server) else { return false }
    for index in lanes.indices {
      let lane = lanes[index]
      guard lane.replica >= 0, lane.source == server || lane.destination == server else { continue }
      volumes.abandonCopy(of: lane.replica)
      recoveries[lane.recovery - finished].lost.append(Int32(lane.replica))
      free(index)
    }
    recoveries.append(Recovery(lost: lost))
    return true
  }

  private mutating func finish(_ index: Int) {
    volumes.put(lanes[index].replica, on: lanes[index].destination)
    free(index)
    let done = recoveries.prefix { $0.isDone }.count
    if done > 0 {
      recoveries.removeFirst(done)
      finished += done
    }
  }

  private mutating func free(_ index: Int) {
    recoveries[lanes[index].recovery - finished].running -= 1
    lanes[index].replica = -1
    freeLanes.append(index)
  }

  private mutating func startCopies(_ stream: inout SeededStream) {
    for index in recoveries.indices {
      while recoveries[index].running < plan.copyLimit,
        recoveries[index].begun < recoveries[index].lost.count
      {
        let lane = freeLanes.popLast() ?? lanes.count
        if lane == lanes.count { lanes.append(Lane()) }
        let replica = Int(recoveries[index].lost[recoveries[index].begun])
        recoveries[index].begun += 1
        recoveries[index].running += 1
        let destination = volumes.destination(of: replica, &stream)
        volumes.beginCopy(of: replica, to: destination)
        lanes[lane] = Lane(
          replica: replica, source: volumes.source(of: replica), destination: destination,
          recovery: index + finished, attempt: lanes[lane].attempt &+ 1)
        queue.insert(
          .copied(lane: lane, attempt: lanes[lane].attempt), at: time + plan.volumeCopy)
      }
    }
  }
}

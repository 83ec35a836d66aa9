import NetworkSimulation
import SimulationKernel

/// Swarm testing (Groce, Zhang, Eide, Chen and Regehr, ISSTA 2012): each seed leaves out some kinds
/// of fault and some kinds of operation, because what is left then meets in combinations that a
/// mixture of everything hardly ever produces.
extension RunPlan {
  /// The plan as one seed uses it. Counts and rates of the scenario are upper bounds.
  func forSeed(_ stream: inout SeededStream) -> RunPlan {
    var plan = isSwarm ? swarmed(&stream) : self
    if case .drawn(let drawn) = faults, drawn.drawsSubset || isSwarm {
      plan.faults = .drawn(Self.thin(drawn, &stream))
    }
    return plan
  }

  private func swarmed(_ stream: inout SeededStream) -> RunPlan {
    var plan = self
    plan.network.loss = Self.thin(network.loss, &stream)
    plan.network.duplication = Self.thin(network.duplication, &stream)
    plan.network.reordering = Self.thin(network.reordering, &stream)
    plan.network.slowness = Self.thin(network.slowness, &stream)
    plan.network.latency = Self.vary(network.latency, &stream)
    plan.network.detectAfter = Self.vary(network.detectAfter, &stream)
    plan.workload = Self.vary(workload, &stream)
    return plan
  }

  private static func thin(_ rate: Double, _ stream: inout SeededStream) -> Double {
    let share = Double(1 + stream.below(4)) / 4
    return stream.chance(0.5) ? rate * share : 0
  }

  private static func thin(_ count: Int, _ stream: inout SeededStream) -> Int {
    let drawn = 1 + stream.below(count)
    return stream.chance(0.5) && count > 0 ? drawn : 0
  }

  private static func thin(_ drawn: DrawnFaults, _ stream: inout SeededStream) -> DrawnFaults {
    var thinned = drawn
    // One crash kind in two is left out, but not the only thing there is.
    thinned.crashes = stream.chance(0.8) ? 1 + stream.below(max(1, drawn.crashes)) : 0
    thinned.crashes = min(thinned.crashes, drawn.crashes)
    thinned.restarts = stream.chance(0.7) ? drawn.restarts : 0
    thinned.powerLosses = thin(drawn.powerLosses, &stream)
    thinned.clusterPowerLosses = thin(drawn.clusterPowerLosses, &stream)
    thinned.partitions = thin(drawn.partitions, &stream)
    thinned.oneWayCuts = thin(drawn.oneWayCuts, &stream)
    thinned.slowLinks = thin(drawn.slowLinks, &stream)
    let scale = Int64(1) << Int64(stream.below(4))
    thinned.window = VirtualDuration(
      nanoseconds: max(1, drawn.window.nanoseconds / 4 * scale))
    thinned.storage = drawn.storage.map { kind in
      var kind = kind
      kind.count = thin(kind.count, &stream)
      return kind
    }
    return thinned
  }

  private static func vary(_ latency: LatencyModel, _ stream: inout SeededStream) -> LatencyModel {
    var varied = latency
    switch stream.below(4) {
    case 0: varied.distribution = .exponential
    case 1: varied.distribution = .fixed
    default: varied.distribution = latency.distribution
    }
    return varied
  }

  /// A detector that is faster than the network reports a death before the last words of the dead
  /// have arrived; a slow one lets much happen in between.
  private static func vary(
    _ detection: DurationRange, _ stream: inout SeededStream
  ) -> DurationRange {
    switch stream.below(4) {
    case 0: DurationRange(.zero, detection.shortest)
    case 1: DurationRange(detection.longest, detection.longest * 8)
    default: detection
    }
  }

  private static func vary(_ workload: Workload, _ stream: inout SeededStream) -> Workload {
    guard workload.script == nil else { return workload }
    var varied = workload
    let weights: [Double] = (0..<5).map { _ in [0, 1, 1, 3][stream.below(4)] }
    varied.mix.write *= max(weights[0], workload.mix.append > 0 ? 0 : 0.5)
    varied.mix.read *= max(weights[1], 0.25)
    varied.mix.append *= weights[2]
    varied.mix.draw *= weights[3]
    varied.mix.swap *= weights[4]
    if stream.chance(0.3) { varied.think = DurationRange(.zero, .zero) }
    varied.pattern = Workload.Pattern.allCases[stream.below(3)]
    varied.openPerClient = 1 + stream.below(workload.openPerClient)
    return varied
  }
}

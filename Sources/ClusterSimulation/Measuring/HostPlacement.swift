import SimulationKernel

/// Which servers run on which hosts when a measured run begins.
struct HostPlacement {
  private let plan: HostPlan
  private let serverCount: Int
  private let volumeCount: Int

  init(_ plan: HostPlan, _ serverCount: Int, volumeCount: Int) {
    self.plan = plan
    self.serverCount = serverCount
    self.volumeCount = volumeCount
  }

  /// By server of all volumes: the position of its host.
  func hosts(_ stream: inout SeededStream) -> [UInt16] {
    var result: [UInt16] = []
    result.reserveCapacity(volumeCount * serverCount)
    for volume in 0..<volumeCount {
      result += hosts(ofVolume: volume, &stream).map { UInt16(truncatingIfNeeded: $0) }
    }
    return result
  }

  private func hosts(ofVolume volume: Int, _ stream: inout SeededStream) -> [Int] {
    guard plan.count > 0 else {
      return (0..<serverCount).map { volume * serverCount + $0 }
    }
    switch plan.placement {
    case .ring: return (0..<serverCount).map { (volume + $0) % plan.count }
    case .fixed(let hosts):
      return (0..<serverCount).map { hosts.indices.contains($0) ? hosts[$0] : 0 }
    case .random: return drawn(&stream)
    }
  }

  /// The beginning of a shuffle; with more servers than hosts they go around again.
  private func drawn(_ stream: inout SeededStream) -> [Int] {
    var all = Array(0..<plan.count)
    for position in 0..<min(serverCount, plan.count) {
      all.swapAt(position, position + stream.below(plan.count - position))
    }
    return (0..<serverCount).map { all[$0 % plan.count] }
  }
}

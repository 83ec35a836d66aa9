import SimulationKernel

/// Storage faults of a seeded run. Its stream `storage` draws which faults are armed, when and
/// where, and what becomes of them when they strike; a run without any draws nothing from it.
extension SeededRun {
  /// Puts drawn storage faults on the calendar.
  mutating func drawStorageFaults(_ drawn: DrawnFaults) {
    for kind in drawn.storage {
      for _ in 0..<kind.count {
        let time = VirtualTime.start + storageStream.duration(from: .zero, to: drawn.window)
        put(.storage(nil, kind.draw(&storageStream)), at: time)
      }
    }
  }

  /// Arms a storage fault.
  /// - Parameter selector: whose disk; `nil` for one that is drawn among those whose server may
  ///   fail, because a server that notices a fault may well stop.
  mutating func strike(
    _ selector: ServerSelector?, _ request: StorageFaultRequest, at time: VirtualTime
  ) {
    guard let node = selector.map({ server($0) }) ?? drawStorageVictim() else { return }
    perform(.faultDisk(node, request), at: max(time, cluster.now))
  }

  private mutating func drawStorageVictim() -> NodeID? {
    guard case .drawn(let drawn) = plan.faults, mayFailAnother(drawn) else { return nil }
    let victims = victims(of: drawn)
    return victims.isEmpty ? nil : victims[storageStream.below(victims.count)]
  }

  /// Whether the budget of servers that are down at once leaves room for one more, those counted
  /// that a fault is waiting for: but not if it is a stall, or a power loss that has to come first.
  func mayFailAnother(_ drawn: DrawnFaults) -> Bool {
    let down = cluster.layout.servers.count {
      !cluster.isUp($0) || (faults.hasStorage && cluster.disks.mayStop($0))
    }
    return down + faults.armed.count < drawn.largestDown
  }

  /// The servers that drawn faults may hit now.
  func victims(of drawn: DrawnFaults) -> [NodeID] {
    let chosen = drawn.targets.isEmpty ? nil : Set(drawn.targets.compactMap { server($0) })
    return cluster.layout.servers.filter { node in
      cluster.isUp(node) && chosen?.contains(node) != false && tolerates(node)
    }
  }

  /// Counts what struck in the last step; a fault that is not assumed breaks the assumptions.
  @usableFromInline
  mutating func noteStorageFaults() {
    for struck in cluster.disks.struck {
      faults.counts.storageFaults += 1
      noteAssumption(cluster.setting.assumedStorage.contains(struck.fault.word))
    }
  }

  /// Ends what waits to strike.
  mutating func calmDisks(at time: VirtualTime) {
    guard faults.hasStorage else { return }
    for server in cluster.layout.servers where cluster.disks.hasArmedFaults(server) {
      perform(.calmDisk(server), at: time)
    }
  }

  /// Whether a scripted storage fault still waits for its moment.
  var storageFaultsWait: Bool {
    guard faults.hasStorage, case .scripted = plan.faults else { return false }
    return cluster.layout.servers.contains { cluster.disks.hasArmedFaults($0) }
  }
}

import ScenarioFiles
import SimulationKernel

/// What may go wrong in a scenario, in the terms of the frontier matrix.
public struct FaultModel: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The process of a server dies; what it wrote to files stays.
    case crash
    /// A server loses power, and with it what was not synced.
    case powerLoss
    case restart
    /// Every server is down at the same time.
    case allDown
    /// A live server is taken for dead.
    case falseSuspicion
    case partition
    case loss
    case duplication
    case reordering
    /// A disk fails.
    case storage
  }

  /// In the order of `Kind.allCases`, each once.
  public var kinds: [Kind]
  /// Crashes and losses of power together, at most.
  public var crashes: Int
  /// The persistence profile; `nil` without files.
  public var disk: String?
  /// Options of the protocol that are not its defaults, as `volume: linear`.
  public var options: [String]

  public init(kinds: [Kind], crashes: Int, disk: String? = nil, options: [String] = []) {
    self.kinds = Kind.allCases.filter(kinds.contains)
    self.crashes = crashes
    self.disk = disk
    self.options = options
  }
}

extension FaultModel {
  public init(_ scenario: Scenario, _ summary: ProtocolSummary, keepsFiles: Bool) {
    var counted = CountedFaults(serverCount: scenario.serverCount, keepsFiles: keepsFiles)
    switch scenario.run.mode {
    case .explore: counted.add(scenario.run.explore)
    case .crashpoints:
      counted.add(scenario.faults)
      counted.kinds.formUnion(keepsFiles ? [.crash, .powerLoss] : [.crash])
      counted.crashes += scenario.run.depth
    case .simulate, .measure:
      counted.add(scenario.faults)
      counted.add(scenario.network, scenario.faults, scenario.assumptions.detector)
    }
    var options: [String] = []
    for (setting, option) in zip(scenario.options, summary.options)
    where setting.value != option.fallback {
      options.append("\(setting.name): \(setting.value.words)")
    }
    self.init(
      kinds: Array(counted.kinds), crashes: counted.crashes,
      disk: keepsFiles ? scenario.assumptions.diskProfile : nil, options: options)
  }
}

/// Adds up the faults of a scenario.
private struct CountedFaults {
  let serverCount: Int
  let keepsFiles: Bool
  var kinds: Set<FaultModel.Kind> = []
  var crashes = 0

  mutating func add(_ kind: FaultModel.Kind, _ count: Int) {
    if count > 0 { kinds.insert(kind) }
  }

  mutating func add(_ settings: ExploreSettings) {
    func count(_ bound: String) -> Int { settings.bound(bound) ?? .max }
    crashes = count("crashes")
    if crashes > 0 {
      if settings.crashKinds.contains("crash") || !keepsFiles { kinds.insert(.crash) }
      if settings.crashKinds.contains("powerLoss"), keepsFiles { kinds.insert(.powerLoss) }
      if crashes >= max(2, serverCount) { kinds.insert(.allDown) }
    }
    add(.restart, count("restarts"))
    add(.falseSuspicion, count("falseSuspicions"))
    add(.loss, count("losses"))
    add(.duplication, count("duplicates"))
    add(.reordering, count("overtakings"))
    add(.partition, count("cuts"))
  }

  mutating func add(_ faults: Faults) {
    switch faults {
    case .drawn(let drawn):
      crashes += drawn.crashes + drawn.powerLosses
      add(.crash, drawn.crashes)
      add(.powerLoss, drawn.powerLosses)
      add(.restart, drawn.restarts)
      add(.allDown, drawn.clusterPowerLosses)
      add(.partition, drawn.partitions + drawn.oneWayCuts)
      add(.storage, drawn.storage.map(\.count).reduce(0, +))
    case .scripted(let faults):
      for fault in faults { add(fault) }
      let victims = faults.compactMap { fault -> NodeReference? in
        if case .failure(let victim, _, _) = fault { victim } else { nil }
      }
      if serverCount > 1, Set(victims).count >= serverCount { kinds.insert(.allDown) }
    }
  }

  private mutating func add(_ fault: ScriptedFault) {
    switch fault {
    case .failure(_, let cause, _):
      crashes += 1
      kinds.insert(cause == .crash ? .crash : .powerLoss)
    case .powerLossOfAll: kinds.insert(.allDown)
    case .restart: kinds.insert(.restart)
    case .cut, .isolation: kinds.insert(.partition)
    case .heal: break
    case .storage: kinds.insert(.storage)
    }
  }

  /// Time-outs are wrong only where messages are late.
  mutating func add(_ network: NetworkSettings, _ faults: Faults, _ detector: DetectorWord) {
    if network.loss > 0 { kinds.insert(.loss) }
    if network.duplication > 0 { kinds.insert(.duplication) }
    if network.reordering > 0 { kinds.insert(.reordering) }
    var isSlow = network.slowness.rate > 0
    if case .drawn(let drawn) = faults, drawn.slowLinks > 0 { isSlow = true }
    if isSlow, detector == .timeouts { kinds.insert(.falseSuspicion) }
  }
}

extension ProtocolOption {
  fileprivate var fallback: ProtocolOptions.Value {
    switch kind {
    case .flag(let value): .flag(value)
    case .integer(let value, _): .integer(value)
    case .duration(let value): .duration(value)
    case .choice(let value, _): .choice(value)
    }
  }
}

extension ProtocolOptions.Value {
  /// As it stands in a scenario file.
  fileprivate var words: String {
    switch self {
    case .flag(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .duration(let duration): duration.description
    case .choice(let word): word
    }
  }
}

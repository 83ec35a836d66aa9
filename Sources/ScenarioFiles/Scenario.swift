import SimulationKernel

/// A scenario with every default filled in: what ``Scenario/read(_:vocabulary:)`` makes of a file.
public struct Scenario: Hashable, Sendable {
  public var title: String
  /// Free text of the author; may be empty.
  public var notes: String
  public var protocolName: String
  /// Servers, without the coordinator; within the range of the protocol.
  public var serverCount: Int
  /// `correct` or the id of a known bug.
  public var variant: String
  /// Every option of the protocol, in the protocol's order.
  public var options: [OptionSetting]
  public var clients: Clients
  public var workload: Workload
  /// Every step in its order, in an encoding of the simulator's, in place of workload, faults and
  /// draws; empty if the scenario has none.
  public var schedule: [String]
  public var assumptions: Assumptions
  public var network: NetworkSettings
  public var costs: CostTable
  /// Time between two rounds of a disk's background write-back; zero: there is none.
  public var diskWriteBack: VirtualDuration
  public var faults: Faults
  public var run: RunSettings
  /// Read in mode `measure`.
  public var measure = MeasureSettings()
  /// Names of checks, in the order of the file; at least one, but in mode `measure`.
  public var checks: [String]
  public var expectation: Expectation
}

extension Scenario {
  /// The options in the form that protocols read.
  public var protocolOptions: ProtocolOptions {
    var values: [String: ProtocolOptions.Value] = [:]
    for option in options { values[option.name] = option.value }
    return ProtocolOptions(values)
  }
}

/// One option of the protocol and its value.
public struct OptionSetting: Hashable, Sendable {
  public var name: String
  public var value: ProtocolOptions.Value
}

/// A closed range of durations to draw from; `min == max` draws nothing.
public struct DurationSpan: Hashable, Sendable {
  public var min: VirtualDuration
  public var max: VirtualDuration

  public init(min: VirtualDuration, max: VirtualDuration) {
    self.min = min
    self.max = max
  }
}

/// The fault model that the scenario promises to stay within.
public struct Assumptions: Hashable, Sendable {
  /// In the order of `NetworkWord.allCases`, each once; at least one.
  public var network: [NetworkWord]
  public var detector: DetectorWord
  public var diskProfile: String
  /// The storage faults that the design is meant to survive, in the order of
  /// `StorageWord.allCases`; a violation after any other is outside the assumptions.
  public var storage: [StorageWord]
  /// Most servers that may be down at once; 0 to `serverCount`.
  public var down: Int
  /// How long after a crash a perfect detector tells.
  public var detectAfter: DurationSpan
}

/// What the virtual network does to messages. A rate that is not 0 has its word among the assumed.
public struct NetworkSettings: Hashable, Sendable {
  public enum Distribution: String, Hashable, Sendable, CaseIterable {
    /// Always `latency.min`, which equals `latency.max`.
    case fixed
    case uniform
    /// From `latency.min` on, cut at `latency.max`.
    case exponential
  }

  /// One way, without queueing.
  public var latency: DurationSpan
  public var distribution: Distribution
  /// Probabilities per message, 0 to 1.
  public var loss: Double
  public var duplication: Double
  public var reordering: Double
  public var slowness: Slowness

  /// Messages that take longer than the others.
  public struct Slowness: Hashable, Sendable {
    /// Probability per message, 0 to 1.
    public var rate: Double
    /// Added to the latency.
    public var by: DurationSpan
  }
}

/// How the scenario is run and for how long.
public struct RunSettings: Hashable, Sendable {
  public var mode: RunMode
  /// Number of seeds; at least 1.
  public var seedCount: Int
  public var firstSeed: UInt64
  /// Most steps of one run; what is not decided then is undecided.
  public var stepBudget: Int
  /// Virtual time after the last fault within which every operation must finish.
  public var healWithin: VirtualDuration
  /// Most virtual time from the end of the faults to the last answer, over all seeds; read in mode
  /// `simulate`, `nil`: any.
  public var recoverWithin: VirtualDuration?
  /// Whether each seed draws its own subset of the network's rates and of the workload.
  public var variation: Variation
  /// In mode `crashpoints`: crashes in a row; at least 1.
  public var depth: Int
  /// In a schedule: when it is decided what a power loss leaves on a disk.
  public var powerLossDecision: PowerLossDecision
  /// Read in mode `explore`.
  public var explore: ExploreSettings
}

/// When it is decided what a power loss leaves on a disk.
public enum PowerLossDecision: Hashable, Sendable {
  case whenItStrikes
  /// As in the modes `crashpoints` and `explore`.
  case whenRead
}

/// Whether seeds differ in more than their draws.
public enum Variation: Hashable, Sendable {
  /// Every seed has the kinds and rates that stand in the file.
  case asWritten
  /// Each seed draws its own subset of kinds and rates.
  case swarm
}

/// How the scenario should end.
public enum Expectation: Hashable, Sendable {
  case pass
  case undecided
  /// At least one seed violates one of these checks.
  case violation(anyOf: [String])
}

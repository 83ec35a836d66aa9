import InputText
import SimulationKernel

/// What mode `measure` runs: closed-loop clients for a stretch of virtual time on servers whose
/// work takes time.
public struct MeasureSettings: Hashable, Sendable {
  /// Virtual time before anything is measured.
  public var warmUp = VirtualDuration.seconds(1)
  /// Virtual time that is measured, after the warm-up; more than 0.
  public var duration = VirtualDuration.seconds(10)
  /// Length of a bucket of the throughput over time; `nil`: there is no timeline.
  public var timeline: VirtualDuration?
  /// Stretches of the run of which throughput is told apart, in the order of the file.
  public var windows: [MeasureWindow] = []
  /// Copies of the whole replicated system, each with its own servers; clients pick one for each
  /// operation. At least 1.
  public var volumes = 1
  /// Added on the way of every request from a client to a server, but not on the way back.
  public var dispatch = VirtualDuration.zero
  /// The last so many clients only update, all others only read; `nil`: all draw from the mix.
  public var updaters: Int?
  /// A client that has waited so long leaves its operation open and goes on; `nil`: it waits.
  public var giveUpAfter: VirtualDuration?
  public var hosts = HostSettings()
  public var transfer = TransferSettings()
  /// Service time by kind of message, on top of the handler's.
  public var messageCosts: [MessageCost] = []
  /// What is swept, in the order of the file; empty: one point.
  public var axes: [SweepAxis] = []
  /// Every combination of the axes' values, the last axis running fastest; one point without
  /// coordinates if there are no axes.
  public var points: [SweepPoint] = []
  /// What a sweep varies, as a file would say it: what its points have in common and what the file
  /// says beyond; `nil` without a sweep.
  var base: JSONTree?
  public var charts: [ChartSettings] = []
  public var expectations: [MeasureExpectation] = []

  public init() {}
}

/// A stretch of the run, counted from its start (not from the end of the warm-up).
public struct MeasureWindow: Hashable, Sendable {
  public var name: String
  public var from: VirtualDuration
  /// Later than `from`, at most warm-up plus duration.
  public var to: VirtualDuration

  public init(name: String, from: VirtualDuration, to: VirtualDuration) {
    self.name = name
    self.from = from
    self.to = to
  }
}

/// The machines that servers run on.
public struct HostSettings: Hashable, Sendable {
  /// Where the servers of a volume run.
  public enum Placement: String, Hashable, Sendable, CaseIterable {
    /// Server n of volume v on host (v + n) mod hosts.
    case ring
    /// On hosts drawn for each volume, no two servers of a volume on one.
    case random
  }

  /// 0: each server has a host of its own; otherwise hosts are called `h1` and so on.
  public var count = 0
  public var placement = Placement.ring
  /// For one volume: by host, the numbers (from 1) of its servers, in place of a placement; empty:
  /// as the placement says.
  public var servers: [[Int]] = []
  /// Steps that a host runs at the same time, each of another server; at least 1.
  public var cores = 1
  /// What a step takes longer for each server of its host beyond the number of cores, as a part of
  /// itself: the price of switching between processes; 0 or more.
  public var switching = 0.0
  /// From a host's failure to when servers may be placed on it again; `nil`: never.
  public var rebootAfter: VirtualDuration?
}

/// Messages between servers so large that the network's bandwidth matters.
public struct TransferSettings: Hashable, Sendable {
  /// Bytes per second into a host, and out of it; `nil`: unlimited.
  public var bandwidth: Int?
  /// Kinds of message and their size in bytes; others have none.
  public var sizes: [MessageSize] = []

  public struct MessageSize: Hashable, Sendable {
    public var kind: String
    public var bytes: Int

    public init(kind: String, bytes: Int) {
      self.kind = kind
      self.bytes = bytes
    }
  }
}

/// Service time of a kind of message.
public struct MessageCost: Hashable, Sendable {
  public var kind: String
  /// Only for a server with this role; `nil`: for every server.
  public var role: String?
  public var duration: VirtualDuration

  public init(kind: String, role: String?, duration: VirtualDuration) {
    self.kind = kind
    self.role = role
    self.duration = duration
  }
}

// MARK: - Sweeps

/// One dimension of a sweep: a value of the scenario, or a name with alternatives.
public struct SweepAxis: Hashable, Sendable {
  /// The path of a key (`clients.mix.write`), or the axis's own name if its values are
  /// alternatives.
  public var name: String
  /// As they stand in the file, in its order; at least one.
  public var values: [SweepValue]
  /// Whether the values are names of alternatives, rather than of the key that is the axis's name.
  public var hasAlternatives: Bool

  public init(name: String, values: [SweepValue], hasAlternatives: Bool = false) {
    self.name = name
    self.values = values
    self.hasAlternatives = hasAlternatives
  }
}

/// One value of an axis.
public struct SweepValue: Hashable, Sendable {
  /// The value as people read it: `0.03`, `chain`, `5ms`.
  public var label: String
  /// The number, if it is one: durations in seconds, sizes in bytes.
  public var number: Double?
  /// As it stands in the file: the value of the key, or the keys that an alternative changes.
  public var content: JSONTree

  public init(label: String, number: Double?, content: JSONTree = .null) {
    self.label = label
    self.number = number
    self.content = content
  }
}

/// One combination of the values of all axes.
public struct SweepPoint: Hashable, Sendable {
  /// By axis: position of its value.
  public var indices: [Int]
  /// The scenario with these values put in; its own sweep is empty.
  public var scenario: Scenario
}

// MARK: - Charts

/// A line chart in the report.
public struct ChartSettings: Hashable, Sendable {
  public enum Scale: String, Hashable, Sendable, CaseIterable {
    case linear
    case log
    /// Linear from near the least value on, rather than from zero; only upwards.
    case fitted
  }

  public var title: String
  /// The axis of the sweep along which lines run; `time` for the timeline.
  public var x: String
  /// The measured quantities; one line for each, and for each combination of the other axes.
  public var y: [String]
  public var xScale = Scale.linear
  public var yScale = Scale.linear
  /// Only these values of other axes; empty: all.
  public var at: [AxisSelection] = []

  public init(title: String, x: String, y: [String]) {
    self.title = title
    self.x = x
    self.y = y
  }
}

/// One value of one axis.
public struct AxisSelection: Hashable, Sendable {
  public var axis: String
  /// Positions among the axis's values; at least one.
  public var indices: [Int]

  public init(axis: String, indices: [Int]) {
    self.axis = axis
    self.indices = indices
  }
}

// MARK: - Expectations

/// What a measurement should come to: a claim of a document, and how the simulation bears it out.
public struct MeasureExpectation: Hashable, Sendable {
  /// How the simulation stands to the document.
  public enum Standing: String, Hashable, Sendable, CaseIterable {
    /// The figure agrees.
    case reproduced
    /// The order or shape agrees.
    case inShape = "in shape"
    /// It does not agree; the condition says what comes out instead.
    case notReproduced = "not reproduced"
  }

  /// Whether a figure of the document went into the costs of the scenario.
  public enum Basis: String, Hashable, Sendable, CaseIterable {
    case calibrated
    case predicted
  }

  /// What a sequence of values along an axis looks like.
  public enum Shape: String, Hashable, Sendable, CaseIterable {
    /// Each value is more than the one before.
    case rising
    case falling
    /// All within the tolerance of their mean.
    case flat
    /// Within the tolerance of a straight line through the axis's numbers.
    case linear
    /// Falls first, then rises.
    case valley
    /// Rises first, then falls.
    case peak
  }

  public enum Condition: Hashable, Sendable {
    /// Within a part of a value.
    case about(Double, within: Double)
    /// Between two values, both included.
    case between(Double, Double)
    /// A value for each value of an axis (by position), each within its part; the mean of the
    /// deviations, as parts, at most `mean`.
    case curve(axis: String, [CurvePoint], mean: Double?)
    /// For every combination of the other axes.
    case shape(Shape, axis: String, within: Double)
  }

  public struct CurvePoint: Hashable, Sendable {
    /// Position of the value on the axis.
    public var index: Int
    public var value: Double
    public var within: Double

    public init(index: Int, value: Double, within: Double) {
      self.index = index
      self.value = value
      self.within = within
    }
  }

  /// What the document says, or what is claimed; not empty.
  public var claim: String
  /// Where it says so; may be empty.
  public var source: String
  public var standing: Standing
  public var basis: Basis
  /// Why it is not reproduced, or anything worth knowing; may be empty.
  public var because: String
  /// The measured quantity.
  public var measure: String
  /// Of these points; of all values of an axis that is not named.
  public var at: [AxisSelection]
  /// Divides the quantity by another: of the same points but for the axes named here.
  public var per: Denominator?
  public var condition: Condition
  /// Where it stands in the file; line from 1. A scenario that is printed has other lines.
  public var line: Int

  public struct Denominator: Hashable, Sendable {
    public var measure: String
    public var at: [AxisSelection]
  }
}

import SimulationKernel

/// One quantity that was measured.
public struct MeasuredValue: Hashable, Sendable {
  /// For example `throughput.total`.
  public var name: String
  /// `1/s`, `ms`, `MB/s`; empty for numbers without a unit.
  public var unit: String
  /// `nil` if there was nothing to measure.
  public var value: Double?

  public init(_ name: String, _ unit: String, _ value: Double?) {
    self.name = name
    self.unit = unit
    self.value = value
  }
}

/// What one measured run came to.
public struct Measurement: Sendable {
  /// In a fixed order that follows from the plan and the cluster alone.
  public var values: [MeasuredValue]
  /// Completed operations per second by bucket: all, reads, updates. Empty without a timeline.
  public var timeline: [[Double]]
  public var verdict: RunVerdict
  public var stepCount: Int
  public var operationCount: Int
  public var wasCancelled = false
  /// The volume that the verdict is about, counted from 0; `nil` if all pass.
  public var volume: Int?

  /// The value of a quantity; `nil` if it is not there or there was nothing to measure.
  public func value(_ name: String) -> Double? {
    values.first { $0.name == name }?.value
  }
}

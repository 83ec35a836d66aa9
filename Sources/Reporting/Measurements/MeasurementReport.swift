/// What a scenario of mode `measure` came to: a table of quantities over the points of its sweep,
/// with its charts and what was claimed of it.
public struct MeasurementReport: Hashable, Sendable {
  /// One dimension of the sweep.
  public struct Axis: Hashable, Sendable {
    public var name: String
    /// Labels in order; at least one.
    public var labels: [String]
    /// By label: the number, if all labels are numbers; otherwise empty.
    public var numbers: [Double]

    public init(name: String, labels: [String], numbers: [Double]) {
      self.name = name
      self.labels = labels
      self.numbers = numbers
    }
  }

  /// A column of the table.
  public struct Quantity: Hashable, Sendable {
    /// For example `throughput.total`.
    public var name: String
    /// For example `1/s`, `ms`; empty for ratios.
    public var unit: String

    public init(name: String, unit: String) {
      self.name = name
      self.unit = unit
    }
  }

  /// The mean over seeds, and how far the true mean may be from it.
  public struct Estimate: Hashable, Sendable {
    public var mean: Double
    /// Half the width of the 95 % confidence interval (Student's t); `nil` with one seed.
    public var margin: Double?

    public init(mean: Double, margin: Double?) {
      self.mean = mean
      self.margin = margin
    }
  }

  /// One combination of the axes' values.
  public struct Point: Hashable, Sendable {
    /// By axis: position of the label; empty if there are no axes.
    public var indices: [Int]
    /// By quantity; `nil`: there is nothing to measure, for example no update completed.
    public var values: [Estimate?]
    /// By series of the timeline, the mean over seeds by bucket.
    public var timeline: [[Double]]

    public init(indices: [Int], values: [Estimate?], timeline: [[Double]] = []) {
      self.indices = indices
      self.values = values
      self.timeline = timeline
    }
  }

  /// The timeline's buckets and series.
  public struct Timeline: Hashable, Sendable {
    /// Seconds of a bucket.
    public var bucket: Double
    public var series: [Quantity]

    public init(bucket: Double, series: [Quantity]) {
      self.bucket = bucket
      self.series = series
    }
  }

  /// A line chart; lines that are drawn follow from the axes.
  public struct Chart: Hashable, Sendable {
    public var title: String
    /// Name of an axis, or `time`.
    public var x: String
    public var y: [String]
    public var hasLogarithmicX: Bool
    public var hasLogarithmicY: Bool
    /// Whether the axis upwards begins near the least value rather than at zero.
    public var isFittedY: Bool
    /// By axis: the positions that are drawn; empty: all.
    public var selection: [[Int]]

    public init(
      title: String, x: String, y: [String], hasLogarithmicX: Bool = false,
      hasLogarithmicY: Bool = false, isFittedY: Bool = false, selection: [[Int]] = []
    ) {
      self.title = title
      self.x = x
      self.y = y
      self.hasLogarithmicX = hasLogarithmicX
      self.hasLogarithmicY = hasLogarithmicY
      self.isFittedY = isFittedY
      self.selection = selection
    }
  }

  /// What was claimed, and what came out.
  public struct Claim: Hashable, Sendable {
    public var text: String
    public var source: String
    /// `reproduced`, `in shape` or `not reproduced`, as the scenario says.
    public var standing: String
    /// `calibrated` or `predicted`.
    public var basis: String
    public var because: String
    /// What should come out: `about 2 (within 5 %)`.
    public var expected: String
    /// What came out: `2.03`.
    public var found: String
    /// Whether it came out as the scenario says.
    public var holds: Bool
    /// What is missing, in a sentence; empty if it holds.
    public var objection: String

    public init(
      text: String, source: String, standing: String, basis: String, because: String,
      expected: String, found: String, holds: Bool, objection: String
    ) {
      self.text = text
      self.source = source
      self.standing = standing
      self.basis = basis
      self.because = because
      self.expected = expected
      self.found = found
      self.holds = holds
      self.objection = objection
    }
  }

  public var axes: [Axis]
  public var quantities: [Quantity]
  /// In the order of the sweep, the last axis running fastest.
  public var points: [Point]
  public var timeline: Timeline?
  public var charts: [Chart]
  public var claims: [Claim]
  /// Seeds of each point.
  public var seeds: Int
  /// Virtual seconds measured for each seed.
  public var seconds: Double

  public init(
    axes: [Axis], quantities: [Quantity], points: [Point], timeline: Timeline? = nil,
    charts: [Chart] = [], claims: [Claim] = [], seeds: Int, seconds: Double
  ) {
    self.axes = axes
    self.quantities = quantities
    self.points = points
    self.timeline = timeline
    self.charts = charts
    self.claims = claims
    self.seeds = seeds
    self.seconds = seconds
  }
}

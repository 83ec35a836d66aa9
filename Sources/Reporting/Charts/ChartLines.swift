/// What a chart shows: its lines, taken from a measurement.
struct ChartLines: Hashable, Sendable {
  struct Line: Hashable, Sendable {
    /// Empty if there is only one line.
    var label: String
    /// In the order of x.
    var points: [Point]
  }

  struct Point: Hashable, Sendable {
    var x: Double
    /// Not finite: there is nothing to show, and the line has a gap.
    var y: Double
    var margin: Double?
  }

  /// What stands along the horizontal axis.
  enum Horizontal: Hashable, Sendable {
    case numbers
    /// Evenly spaced, the first at 0.
    case words([String])
  }

  /// Lines shown, at most: more cannot be told apart.
  static let limit = 24

  private(set) var lines: [Line] = []
  private(set) var horizontal = Horizontal.numbers
  private(set) var xLabel: String
  private(set) var yLabel = ""
  /// The values that all lines have in common though others were measured: `clients = 8`.
  private(set) var common = ""
  /// Lines beyond the limit.
  private(set) var omitted = 0

  init(_ chart: MeasurementReport.Chart, of report: MeasurementReport) {
    xLabel = chart.x
    let isTime = chart.x == "time"
    let known = isTime ? report.timeline?.series ?? [] : report.quantities
    let shown = chart.y.compactMap { name in known.firstIndex { $0.name == name } }
    let xAxis = isTime ? nil : report.axes.firstIndex { $0.name == chart.x }
    guard isTime || xAxis != nil, !shown.isEmpty else { return }
    let names = LineNames(report, chart, without: xAxis)
    common = names.common
    yLabel = Self.label(of: shown.map { known[$0] })
    let units = Set(shown.map { known[$0].unit })
    var groups: [(key: [Int], points: [MeasurementReport.Point])] = []
    for point in report.points where names.selects(point) {
      var key = point.indices
      if let xAxis { key[xAxis] = 0 }
      if let known = groups.firstIndex(where: { $0.key == key }) {
        groups[known].points.append(point)
      } else {
        groups.append((key, [point]))
      }
    }
    let scale = isTime ? timeScale(report) : axisScale(report, xAxis)
    for group in groups {
      for quantity in shown {
        guard lines.count < Self.limit else {
          omitted += 1
          continue
        }
        var label = names.label(of: group.key)
        if shown.count > 1 || label.isEmpty && groups.count * shown.count > 1 {
          let unit = units.count > 1 && !known[quantity].unit.isEmpty
          let name = known[quantity].name + (unit ? " (\(known[quantity].unit))" : "")
          label += label.isEmpty ? name : ": " + name
        }
        let points =
          isTime
          ? Self.timeline(group.points, quantity, report.timeline?.bucket ?? 1, scale)
          : Self.sweep(group.points, quantity, report, xAxis ?? 0, horizontal, scale)
        lines.append(Line(label: label, points: points))
      }
    }
  }

  /// `latency.reads.p50 (ms)`; of several quantities their common unit.
  private static func label(of quantities: [MeasurementReport.Quantity]) -> String {
    let units = quantities.reduce(into: [String]()) { units, quantity in
      if !quantity.unit.isEmpty, !units.contains(quantity.unit) { units.append(quantity.unit) }
    }
    guard let first = quantities.first else { return "" }
    if quantities.count == 1 {
      return first.unit.isEmpty ? first.name : "\(first.name) (\(first.unit))"
    }
    let parts = quantities.map { $0.name.split(separator: ".").map(String.init) }
    var shared = parts[0]
    for part in parts {
      shared = zip(shared, part).prefix { $0.0 == $0.1 }.map(\.0)
    }
    let unit = units.joined(separator: ", ")
    if shared.isEmpty { return unit }
    return shared.joined(separator: ".") + (unit.isEmpty ? "" : " (\(unit))")
  }

  // MARK: Horizontal axis

  /// What seconds are divided by; the label says the unit.
  private mutating func timeScale(_ report: MeasurementReport) -> Double {
    let buckets = report.points.flatMap(\.timeline).map(\.count).max() ?? 0
    let seconds = Double(buckets) * (report.timeline?.bucket ?? 1)
    let unit = Self.unit(ofLongest: seconds, allowsParts: false)
    xLabel = "time (\(unit.name))"
    return unit.seconds
  }

  /// As ``timeScale(_:)`` for an axis of the sweep; 1 for plain numbers.
  private mutating func axisScale(_ report: MeasurementReport, _ position: Int?) -> Double {
    guard let position else { return 1 }
    let axis = report.axes[position]
    guard axis.numbers.count == axis.labels.count, !axis.numbers.isEmpty else {
      horizontal = .words(axis.labels)
      return 1
    }
    // Labels that are no numbers but have one are durations: `5ms`.
    guard axis.labels.contains(where: { Double($0) == nil }) else { return 1 }
    let longest = axis.numbers.filter(\.isFinite).map(\.magnitude).max() ?? 1
    let unit = Self.unit(ofLongest: longest, allowsParts: true)
    xLabel = "\(axis.name) (\(unit.name))"
    return unit.seconds
  }

  private static func unit(
    ofLongest seconds: Double, allowsParts: Bool
  ) -> (name: String, seconds: Double) {
    if seconds > 14_400 { return ("h", 3_600) }
    if seconds > 600 { return ("min", 60) }
    guard allowsParts, seconds < 1 else { return ("s", 1) }
    return seconds < 0.001 ? ("µs", 0.000_001) : ("ms", 0.001)
  }

  // MARK: Points

  private static func sweep(
    _ points: [MeasurementReport.Point], _ quantity: Int, _ report: MeasurementReport, _ axis: Int,
    _ horizontal: Horizontal, _ scale: Double
  ) -> [Point] {
    let numbers = report.axes[axis].numbers
    let found = points.compactMap { point -> Point? in
      let index = point.indices[axis]
      let value = quantity < point.values.count ? point.values[quantity] : nil
      var x = Double(index)
      if horizontal == .numbers {
        guard numbers.indices.contains(index) else { return nil }
        x = numbers[index] / scale
      }
      return Point(x: x, y: value?.mean ?? .nan, margin: value?.margin)
    }
    // Equal numbers keep the order of the sweep.
    return found.filter { $0.x.isFinite }.enumerated()
      .sorted { ($0.element.x, $0.offset) < ($1.element.x, $1.offset) }.map(\.element)
  }

  /// Each bucket's value stands in its middle.
  private static func timeline(
    _ points: [MeasurementReport.Point], _ series: Int, _ bucket: Double, _ scale: Double
  ) -> [Point] {
    guard let point = points.first, point.timeline.indices.contains(series) else { return [] }
    return point.timeline[series].enumerated().map { number, value in
      Point(x: (Double(number) + 0.5) * bucket / scale, y: value, margin: nil)
    }.filter { $0.x.isFinite }
  }
}

/// What lines are called: by the values of the axes in which they differ.
private struct LineNames {
  private let axes: [MeasurementReport.Axis]
  /// By axis: the positions drawn.
  private let drawn: [[Int]]
  private let isNamed: [Bool]
  private let shortNames: [String]

  init(_ report: MeasurementReport, _ chart: MeasurementReport.Chart, without xAxis: Int?) {
    axes = report.axes
    drawn = report.axes.indices.map { axis in
      let chosen = axis < chart.selection.count ? chart.selection[axis] : []
      return chosen.isEmpty ? Array(report.axes[axis].labels.indices) : chosen
    }
    let drawn = drawn
    isNamed = report.axes.indices.map { $0 != xAxis && drawn[$0].count > 1 }
    let last = report.axes.map { $0.name.split(separator: ".").last.map(String.init) ?? $0.name }
    shortNames = report.axes.indices.map { axis in
      last.count { $0 == last[axis] } > 1 ? report.axes[axis].name : last[axis]
    }
    var common: [String] = []
    for axis in axes.indices where axis != xAxis && drawn[axis].count == 1 {
      let label = drawn[axis][0]
      if axes[axis].labels.count > 1, axes[axis].labels.indices.contains(label) {
        common.append("\(axes[axis].name) = \(axes[axis].labels[label])")
      }
    }
    self.common = common.joined(separator: ", ")
  }

  let common: String

  func selects(_ point: MeasurementReport.Point) -> Bool {
    point.indices.count == axes.count
      && zip(drawn, point.indices).allSatisfy { $0.contains($1) }
  }

  /// `chain, clients = 8`.
  func label(of indices: [Int]) -> String {
    let parts = axes.indices.filter { isNamed[$0] }.compactMap { axis -> String? in
      guard axes[axis].labels.indices.contains(indices[axis]) else { return nil }
      let label = axes[axis].labels[indices[axis]]
      return axes[axis].numbers.isEmpty ? label : "\(shortNames[axis]) = \(label)"
    }
    return parts.joined(separator: ", ")
  }
}

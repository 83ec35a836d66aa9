import Reporting
import ScenarioFiles

/// Compares what was measured with what a scenario says of it.
struct ClaimCheck {
  private let settings: MeasureSettings
  private let report: MeasurementReport

  init(_ settings: MeasureSettings, _ report: MeasurementReport) {
    self.settings = settings
    self.report = report
  }

  var claims: [MeasurementReport.Claim] {
    settings.expectations.map { expectation in
      let result = result(of: expectation)
      return MeasurementReport.Claim(
        text: expectation.claim, source: expectation.source,
        standing: expectation.standing.rawValue, basis: expectation.basis.rawValue,
        because: expectation.because, expected: result.expected, found: result.found,
        holds: result.objections.isEmpty, objection: result.objections.joined(separator: ", "))
    }
  }

  /// What was wanted, what came out, and what is wrong with it.
  struct Result {
    var expected: String
    var found: String
    var objections: [String]
  }

  private func result(of expectation: MeasureExpectation) -> Result {
    let selection = selection(expectation.at)
    switch expectation.condition {
    case .about(let value, let within):
      let expected = "about \(text(value)) (within \(percent(within)))"
      return each(expectation, selection, expected) {
        abs($0 - value) <= abs(value) * within
      }
    case .between(let low, let high):
      return each(expectation, selection, "\(text(low)) to \(text(high))") {
        low <= $0 && $0 <= high
      }
    case .curve(let axis, let points, let mean):
      return curve(expectation, selection, axis, points, mean)
    case .shape(let shape, let axis, let within):
      return self.shape(expectation, selection, axis, shape, within)
    }
  }

  // MARK: Values

  /// By axis: the positions that an expectation speaks of.
  private func selection(_ at: [AxisSelection]) -> [[Int]] {
    settings.axes.map { axis in
      at.first { $0.axis == axis.name }?.indices ?? Array(axis.values.indices)
    }
  }

  /// The points of a selection, in the order of the sweep.
  private func points(_ selection: [[Int]]) -> [MeasurementReport.Point] {
    report.points.filter { point in
      zip(point.indices, selection).allSatisfy { $1.contains($0) }
    }
  }

  /// The quantity at a point, divided by the other if the expectation says so.
  func value(
    _ expectation: MeasureExpectation, at point: MeasurementReport.Point
  ) -> Double? {
    guard let value = value(of: expectation.measure, at: point) else { return nil }
    guard let per = expectation.per else { return value }
    var indices = point.indices
    for choice in per.at {
      guard let axis = settings.axes.firstIndex(where: { $0.name == choice.axis }),
        let index = choice.indices.first
      else { continue }
      indices[axis] = index
    }
    guard let other = report.points.first(where: { $0.indices == indices }),
      let divisor = self.value(of: per.measure, at: other), divisor != 0
    else { return nil }
    return value / divisor
  }

  private func value(of name: String, at point: MeasurementReport.Point) -> Double? {
    guard let column = report.quantities.firstIndex(where: { $0.name == name }) else {
      return nil
    }
    return point.values[column]?.mean
  }

  /// `design chain, servers 3`, or nothing if there is only one point.
  func name(of point: MeasurementReport.Point) -> String {
    zip(report.axes, point.indices).map { "\($0.name) \($0.labels[$1])" }.joined(separator: ", ")
  }

  private func missing(_ point: MeasurementReport.Point, _ what: String) -> String {
    let place = name(of: point)
    return "nothing was measured" + (place.isEmpty ? "" : " at \(place)") + " of \(what)"
  }

  // MARK: One value at a time

  private func each(
    _ expectation: MeasureExpectation, _ selection: [[Int]], _ expected: String,
    _ holds: (Double) -> Bool
  ) -> Result {
    var found: [Double] = []
    var objections: [String] = []
    for point in points(selection) {
      guard let value = value(expectation, at: point) else {
        objections.append(missing(point, expectation.measure))
        continue
      }
      found.append(value)
      if !holds(value) {
        let place = name(of: point)
        objections.append(text(value) + (place.isEmpty ? "" : " at \(place)"))
      }
    }
    return Result(
      expected: expected, found: range(found), objections: shortened(objections))
  }

  /// `2.03`, or `1.98 to 2.05`.
  private func range(_ values: [Double]) -> String {
    guard let low = values.min(), let high = values.max() else { return "nothing" }
    let ends = [text(low), text(high)]
    return ends[0] == ends[1] ? ends[0] : "\(ends[0]) to \(ends[1])"
  }

  private func shortened(_ objections: [String]) -> [String] {
    guard objections.count > 4 else { return objections }
    return objections.prefix(3) + ["\(objections.count - 3) more"]
  }

  // MARK: Along an axis

  /// For every combination of the other axes: the values along one, by position there.
  private func lines(
    _ expectation: MeasureExpectation, _ selection: [[Int]], along axis: String
  ) -> [[(index: Int, point: MeasurementReport.Point, value: Double?)]] {
    guard let position = settings.axes.firstIndex(where: { $0.name == axis }) else { return [] }
    var order: [[Int]] = []
    var lines: [[Int]: [(index: Int, point: MeasurementReport.Point, value: Double?)]] = [:]
    for point in points(selection) {
      var others = point.indices
      others[position] = -1
      if lines[others] == nil { order.append(others) }
      lines[others, default: []].append(
        (point.indices[position], point, value(expectation, at: point)))
    }
    return order.compactMap { lines[$0] }
  }

  private func curve(
    _ expectation: MeasureExpectation, _ selection: [[Int]], _ axis: String,
    _ points: [MeasureExpectation.CurvePoint], _ mean: Double?
  ) -> Result {
    var deviations: [Double] = []
    var objections: [String] = []
    for line in lines(expectation, selection, along: axis) {
      for wanted in points {
        guard let entry = line.first(where: { $0.index == wanted.index }) else { continue }
        guard let value = entry.value else {
          objections.append(missing(entry.point, expectation.measure))
          continue
        }
        let deviation = wanted.value == 0 ? abs(value) : abs(value / wanted.value - 1)
        deviations.append(deviation)
        if deviation > wanted.within {
          objections.append(
            "\(text(value)) instead of \(text(wanted.value)) at \(name(of: entry.point))")
        }
      }
    }
    let average = deviations.isEmpty ? 0 : deviations.reduce(0, +) / Double(deviations.count)
    if deviations.isEmpty { objections.append("no point of the curve was measured") }
    if let mean, average > mean {
      objections.append("the mean deviation is \(percent(average)), more than \(percent(mean))")
    }
    let widest = points.map(\.within).max() ?? 0
    return Result(
      expected: "\(points.count) values of a curve (each within \(percent(widest))"
        + (mean.map { ", on average \(percent($0))" } ?? "") + ")",
      found: "mean deviation \(percent(average)), largest \(percent(deviations.max() ?? 0))",
      objections: shortened(objections))
  }

  private func shape(
    _ expectation: MeasureExpectation, _ selection: [[Int]], _ axis: String,
    _ shape: MeasureExpectation.Shape, _ within: Double
  ) -> Result {
    guard let settings = settings.axes.first(where: { $0.name == axis }) else {
      return Result(expected: shape.rawValue, found: "nothing", objections: ["no axis \(axis)"])
    }
    var found: [String] = []
    var objections: [String] = []
    for line in lines(expectation, selection, along: axis) {
      if let gap = line.first(where: { $0.value == nil }) {
        objections.append(missing(gap.point, expectation.measure))
        continue
      }
      let values = line.compactMap(\.value)
      found.append(values.map { text($0) }.joined(separator: ", "))
      let curve = MeasuredCurve(
        x: line.map { settings.values[$0.index].number ?? Double($0.index) }, y: values)
      if let objection = curve.objection(to: shape, within: within) {
        objections.append(objection)
      }
    }
    if found.isEmpty, objections.isEmpty { objections.append("nothing was measured") }
    let tolerance = within > 0 ? " (within \(percent(within)))" : ""
    return Result(
      expected: "\(shape.rawValue) along \(axis)\(tolerance)",
      found: found.prefix(3).joined(separator: "; "), objections: shortened(objections))
  }

  // MARK: Numbers

  func text(_ value: Double) -> String { MeasuredNumber.text(value) }

  func percent(_ part: Double) -> String { "\(MeasuredNumber.text(part * 100)) %" }
}

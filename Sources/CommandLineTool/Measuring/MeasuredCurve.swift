import Reporting
import ScenarioFiles

/// Values along an axis, and whether they look as claimed.
struct MeasuredCurve {
  /// By value: where it stands on the axis.
  var x: [Double]
  var y: [Double]

  /// What speaks against the shape; `nil` if nothing does.
  /// - Parameter within: a part: how far values may be from being flat or linear; for rising and
  ///   falling values, how far one may go the wrong way.
  func objection(to shape: MeasureExpectation.Shape, within: Double) -> String? {
    guard y.count > 1 else { return "one value has no shape" }
    switch shape {
    case .rising: return firstStep(where: { $1 > $0 - abs($0) * within }, "does not rise")
    case .falling: return firstStep(where: { $1 < $0 + abs($0) * within }, "does not fall")
    case .flat: return flatObjection(within)
    case .linear: return linearObjection(within)
    case .valley: return turnObjection(at: y.indices.min { y[$0] < y[$1] }, isFalling: true)
    case .peak: return turnObjection(at: y.indices.max { y[$0] < y[$1] }, isFalling: false)
    }
  }

  private func firstStep(where holds: (Double, Double) -> Bool, _ what: String) -> String? {
    for index in 1..<y.count where !holds(y[index - 1], y[index]) {
      return "\(what) from \(MeasuredNumber.text(y[index - 1])) to \(MeasuredNumber.text(y[index]))"
    }
    return nil
  }

  private func flatObjection(_ within: Double) -> String? {
    let mean = y.reduce(0, +) / Double(y.count)
    guard let worst = y.max(by: { abs($0 - mean) < abs($1 - mean) }),
      abs(worst - mean) > abs(mean) * within
    else { return nil }
    return "\(MeasuredNumber.text(worst)) is too far from the mean \(MeasuredNumber.text(mean))"
  }

  /// The least-squares line; each value may be off by a part of itself.
  private func linearObjection(_ within: Double) -> String? {
    guard y.count > 2 else { return "two values are always on a line" }
    let count = Double(y.count)
    let meanX = x.reduce(0, +) / count
    let meanY = y.reduce(0, +) / count
    let squares = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let products = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    guard squares > 0 else { return "all values stand at one place of the axis" }
    let slope = products / squares
    for (place, value) in zip(x, y) {
      let line = meanY + slope * (place - meanX)
      if abs(value - line) > abs(value) * within {
        return "\(MeasuredNumber.text(value)) is off the line (\(MeasuredNumber.text(line)))"
      }
    }
    return nil
  }

  /// The extreme is inside, and the curve is monotonous on both sides of it.
  private func turnObjection(at turn: Int?, isFalling: Bool) -> String? {
    guard let turn, turn > 0, turn < y.count - 1 else { return "has its extreme at an end" }
    for index in 1..<y.count {
      let falls = y[index] < y[index - 1]
      if falls != (isFalling == (index <= turn)) {
        return "turns at \(MeasuredNumber.text(y[index])), beside its extreme"
      }
    }
    return nil
  }
}

import Foundation

/// Round numbers along an axis: 1, 2 or 5 times a power of ten apart, or, on a logarithmic axis,
/// such numbers themselves.
struct RoundTicks: Hashable, Sendable {
  /// Ascending; those that are labelled.
  var major: [Double]
  /// Ascending; without a label.
  var minor: [Double] = []
  /// Digits after the point that all labels have.
  var places = 0

  var labels: [String] { major.map { MeasuredNumber.tick($0, places: places) } }

  /// Numbers beyond are not drawn: differences of them may not be finite.
  static let greatest = 1e300
  /// Numbers nearer to zero count as zero.
  static let smallest = 1e-300

  /// The round numbers from the last below or at `low` to the first above or at `high`.
  /// - Parameter limit: intervals, about; at least one.
  static func covering(_ low: Double, _ high: Double, limit: Int) -> RoundTicks {
    linear(low, high, limit: limit, isCovering: true)
  }

  /// The round numbers between two numbers, both included.
  static func within(_ low: Double, _ high: Double, limit: Int) -> RoundTicks {
    linear(low, high, limit: limit, isCovering: false)
  }

  private static func linear(
    _ low: Double, _ high: Double, limit: Int, isCovering: Bool
  ) -> RoundTicks {
    let (low, high) = spread(low, high)
    let rough = (high - low) / Double(max(1, limit))
    var power = Int(floor(log10(rough)))
    let fraction = rough / tenTo(power)
    var factor = fraction <= 1.000_001 ? 1 : fraction <= 2 ? 2 : fraction <= 5 ? 5 : 10
    if factor == 10 { (factor, power) = (1, power + 1) }
    // Slack, so that 0.3 / 0.1 counts as 3.
    let slack = 1e-9
    let (lower, upper) = (quotient(low, factor, power), quotient(high, factor, power))
    let first = isCovering ? floor(lower + slack) : ceil(lower - slack)
    let last = isCovering ? ceil(upper - slack) : floor(upper + slack)
    guard first <= last else { return RoundTicks(major: []) }
    let numbers = Array(Int(first)...Int(last)).map { multiple($0 * factor, power) }
    return RoundTicks(major: numbers, places: max(0, -power))
  }

  /// Powers of ten, with 2 and 5 times them where there is room.
  ///
  /// - Parameters:
  ///   - low: more than 0.
  ///   - isCovering: whether the first is below or at `low` and the last above or at `high`.
  static func logarithmic(
    _ low: Double, _ high: Double, limit: Int, isCovering: Bool
  ) -> RoundTicks {
    let low = min(max(low, smallest), greatest)
    let high = min(max(high, low), greatest)
    let first = Int(floor(log10(low))) - 1
    let last = Int(floor(log10(high))) + 1
    func chosen(_ factors: [Int], every step: Int = 1) -> [Double] {
      // A step more at both ends, to cover them.
      let powers = (first - step...last + step).filter { ($0 % step + step) % step == 0 }
      let all = powers.flatMap { power in factors.map { multiple($0, power) } }
      let inside = all.filter { $0 >= low * (1 - 1e-9) && $0 <= high * (1 + 1e-9) }
      guard isCovering else { return inside }
      let below = all.last { $0 <= low * (1 + 1e-9) }
      let above = all.first { $0 >= high * (1 - 1e-9) }
      let outside = [below, above].compactMap { $0 }.filter { !inside.contains($0) }
      return (inside + outside).sorted()
    }
    let limit = max(2, limit)
    var major = chosen([1, 2, 5])
    if major.count > limit + 2 { major = chosen([1]) }
    var step = 2
    while major.count > limit + 2, step < 700 {
      major = chosen([1], every: step)
      step += 1
    }
    if isCovering, major.count == 1 { major = [major[0] / 2, major[0], major[0] * 2] }
    let ends = isCovering ? (major.first ?? low, major.last ?? high) : (low, high)
    guard last - first <= 12 else { return RoundTicks(major: major) }
    let fine = (first...last).flatMap { power in (1...9).map { multiple($0, power) } }
    let minor = fine.filter { $0 > ends.0 && $0 < ends.1 && !major.contains($0) }
    return RoundTicks(major: major, minor: minor)
  }

  /// The ends, apart from each other by an amount that can be told.
  private static func spread(_ low: Double, _ high: Double) -> (Double, Double) {
    let low = min(max(low, -greatest), greatest)
    let high = min(max(high, low), greatest)
    let size = max(low.magnitude, high.magnitude)
    if size < smallest { return (0, 1) }
    if high - low > size * 1e-9 { return (low, high) }
    return low > 0 ? (0, high * 1.25) : (low * 1.25, 0)
  }

  private static func tenTo(_ power: Int) -> Double { pow(10, Double(power)) }

  /// `number / (factor · 10^power)`.
  private static func quotient(_ number: Double, _ factor: Int, _ power: Int) -> Double {
    number / Double(factor) / tenTo(power)
  }

  /// The double nearest to `number · 10^power`.
  private static func multiple(_ number: Int, _ power: Int) -> Double {
    Double("\(number)e\(power)") ?? 0
  }
}

import Foundation

/// Where numbers stand along an axis of a chart, and which of them are labelled.
struct ChartScale: Hashable, Sendable {
  /// Less than `high`; more than 0 if the scale is logarithmic.
  let low: Double
  let high: Double
  let isLogarithmic: Bool
  let ticks: RoundTicks
  /// Labels of ``RoundTicks/major`` in their order.
  let labels: [String]

  /// Whether a number can stand on such an axis at all.
  static func canShow(_ number: Double, isLogarithmic: Bool) -> Bool {
    guard number.isFinite, number.magnitude <= RoundTicks.greatest else { return false }
    return !isLogarithmic || number >= RoundTicks.smallest
  }

  /// An axis of measured values: its ends are labelled, and zero is on it unless it is logarithmic,
  /// so that heights can be compared, or somebody wants to see small differences.
  init(values: [Double], isLogarithmic: Bool, beginsAtZero: Bool = true, limit: Int) {
    let shown = values.filter { Self.canShow($0, isLogarithmic: isLogarithmic) }
    self.isLogarithmic = isLogarithmic
    if isLogarithmic {
      let (low, high) = (shown.min() ?? 1, shown.max() ?? 10)
      ticks = RoundTicks.logarithmic(low, high, limit: limit, isCovering: true)
    } else if !beginsAtZero, let low = shown.min(), let high = shown.max() {
      ticks = RoundTicks.covering(low, high, limit: limit)
    } else {
      let (low, high) = (min(0, shown.min() ?? 0), max(0, shown.max() ?? 1))
      ticks = RoundTicks.covering(low, high, limit: limit)
    }
    let low = ticks.major.first ?? 0
    self.low = low
    high = max(ticks.major.last ?? 1, low.nextUp)
    labels = ticks.labels
  }

  /// An axis of what was varied: from the least to the greatest number, with a little room.
  init(positions: [Double], isLogarithmic: Bool, limit: Int) {
    let shown = positions.filter { Self.canShow($0, isLogarithmic: isLogarithmic) }
    self.isLogarithmic = isLogarithmic
    let least = shown.min() ?? (isLogarithmic ? 1 : 0)
    let greatest = shown.max() ?? 10
    if isLogarithmic {
      let isPoint = greatest <= least * (1 + 1e-9)
      // A quotient of the two might not be finite.
      let room = isPoint ? 2 : pow(10, (log10(greatest) - log10(least)) * 0.03)
      low = max(RoundTicks.smallest / 10, least / room)
      high = min(greatest * room, RoundTicks.greatest * 10)
      ticks = RoundTicks.logarithmic(low, high, limit: limit, isCovering: false)
    } else {
      let difference = greatest - least
      let isPoint = difference <= max(least.magnitude, greatest.magnitude) * 1e-9
      let room = isPoint ? max(least.magnitude / 2, 0.5) : difference * 0.03
      let start = least - room
      // Zero is a natural end of most quantities.
      low = least >= 0 && (start < 0 || least < difference * 0.1) ? min(0, least) : start
      high = greatest + room
      ticks = RoundTicks.within(low, high, limit: limit)
    }
    labels = ticks.labels
  }

  /// Words, evenly spaced: the first at 0, the next at 1.
  /// - Parameter stride: each so many of the words is labelled; at least 1.
  init(words: [String], stride: Int) {
    isLogarithmic = false
    low = -0.5
    high = max(Double(words.count) - 0.5, 0.5)
    let labelled = words.indices.filter { $0 % max(1, stride) == 0 }
    ticks = RoundTicks(major: labelled.map(Double.init))
    labels = labelled.map { words[$0] }
  }

  /// 0 at `low`, 1 at `high`; what lies outside stands at the end that is nearer.
  func fraction(_ number: Double) -> Double {
    if number <= low { return 0 }
    if number >= high { return 1 }
    let fraction =
      isLogarithmic
      ? (log10(number) - log10(low)) / (log10(high) - log10(low)) : (number - low) / (high - low)
    return fraction.isFinite ? min(max(fraction, 0), 1) : 0
  }
}

import ClusterSimulation
import Foundation

/// How many seeds it takes to find a failure, if each seed finds it with the same probability.
///
/// With probability p a seed, half of all searches are over after ln(1/2)/ln(1-p) seeds. The
/// interval takes the exact binomial interval of p for the hits that were counted (Clopper and
/// Pearson 1934), which is a little wider than the counting that ends with a hit would need.
public struct SeedsToFind: Hashable, Sendable {
  /// Seeds, at least 1.
  public var median: Int
  /// The median if p is at the upper end of its 95 % interval, and at the lower.
  public var interval: ClosedRange<Int>
}

extension HitSample {
  public var seedsToFind: SeedsToFind {
    let (seeds, hits) = (Double(max(1, self.seeds)), Double(max(1, min(self.hits, self.seeds))))
    let least = BetaDistribution(hits, seeds - hits + 1).quantile(0.025)
    let most = hits == seeds ? 1 : BetaDistribution(hits + 1, seeds - hits).quantile(0.975)
    let median = Self.median(hits / seeds)
    let (low, high) = (Self.median(most), Self.median(least))
    return SeedsToFind(median: median, interval: min(low, median)...max(high, median))
  }

  private static func median(_ probability: Double) -> Int {
    guard probability < 1 else { return 1 }
    return max(1, Int((log(0.5) / log1p(-probability)).rounded(.up)))
  }
}

/// The beta distribution with two positive parameters.
struct BetaDistribution {
  let first: Double
  let second: Double

  init(_ first: Double, _ second: Double) {
    self.first = first
    self.second = second
  }

  /// The value that a draw is below with that probability, 0 to 1; by bisection to 50 bits.
  func quantile(_ probability: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if cumulative(middle) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The regularised incomplete beta function at x, 0 to 1.
  func cumulative(_ x: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    let logBeta = lgamma(first) + lgamma(second) - lgamma(first + second)
    let front = exp(first * log(x) + second * log1p(-x) - logBeta)
    // The fraction converges quickly on its side of the mean.
    if x < (first + 1) / (first + second + 2) { return front * fraction(x) / first }
    return 1 - front * BetaDistribution(second, first).fraction(1 - x) / second
  }

  /// Its continued fraction, by the method of Lentz.
  private func fraction(_ x: Double) -> Double {
    let tiny = 1e-300
    func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / away(1 - (first + second) * x / (first + 1))
    var result = d
    for m in 1...1_000 {
      let m = Double(m)
      let even = m * (second - m) * x / ((first + 2 * m - 1) * (first + 2 * m))
      d = 1 / away(1 + even * d)
      c = away(1 + even / c)
      result *= d * c
      let odd =
        -(first + m) * (first + second + m) * x / ((first + 2 * m) * (first + 2 * m + 1))
      d = 1 / away(1 + odd * d)
      c = away(1 + odd / c)
      let change = d * c
      result *= change
      if abs(change - 1) < 1e-14 { break }
    }
    return result
  }
}

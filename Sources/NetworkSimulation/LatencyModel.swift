import SimulationKernel

/// How long parcels take on a link.
public struct LatencyModel: Hashable, Sendable {
  public enum Distribution: String, Hashable, Sendable, CaseIterable {
    /// Always the shortest.
    case fixed
    /// Evenly between shortest and longest.
    case uniform
    /// Shortest plus an exponential wait whose mean is (longest - shortest) / 4, cut off at 16
    /// means.
    case exponential
  }

  public var distribution: Distribution
  public var shortest: VirtualDuration
  public var longest: VirtualDuration

  public init(
    _ distribution: Distribution, from shortest: VirtualDuration, to longest: VirtualDuration
  ) {
    self.distribution = distribution
    self.shortest = shortest
    self.longest = longest
  }

  @inlinable
  public func draw(_ stream: inout SeededStream) -> VirtualDuration {
    switch distribution {
    case .fixed: shortest
    case .uniform: stream.duration(from: shortest, to: longest)
    case .exponential: shortest + exponentialWait(&stream)
    }
  }

  @usableFromInline
  func exponentialWait(_ stream: inout SeededStream) -> VirtualDuration {
    let mean = Double(max(0, longest.nanoseconds - shortest.nanoseconds)) / 4
    let uniform = Double((stream.next() >> 11) | 1) * (1.0 / 9_007_199_254_740_992.0)
    let wait = min(-naturalLogarithm(uniform), 16) * mean
    return VirtualDuration(nanoseconds: Int64(min(wait, 9e18)))
  }
}

/// ln(x) for 0 < x <= 1 from IEEE additions, multiplications and divisions only, so that it is the
/// same on every platform (a library's logarithm may differ in the last bit).
///
/// x = m * 2^e with 0.5 <= m < 1; ln m = 2 artanh((m - 1) / (m + 1)), whose series has 20 terms of
/// ratio at most 1/9: the error is below 1e-15. Exponential waits are drawn with it.
public func naturalLogarithm(_ x: Double) -> Double {
  let exponent = x.exponent
  let mantissa = x.significand / 2
  let ratio = (mantissa - 1) / (mantissa + 1)
  let square = ratio * ratio
  var power = ratio
  var sum = 0.0
  for term in 0..<20 {
    sum += power / Double(2 * term + 1)
    power *= square
  }
  return 2 * sum + Double(exponent + 1) * 0.693_147_180_559_945_309_4
}

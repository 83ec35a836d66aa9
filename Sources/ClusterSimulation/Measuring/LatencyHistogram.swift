import SimulationKernel

/// Counts of durations, from which quantiles are read with a relative error below 1/2048: 1024
/// buckets for every power of two, as in Gil Tene's HdrHistogram.
public struct LatencyHistogram: Hashable, Sendable {
  @usableFromInline var counts: [Int] = []
  public private(set) var count = 0
  @usableFromInline var sum = 0.0
  public private(set) var shortest = VirtualDuration(nanoseconds: .max)
  public private(set) var longest = VirtualDuration.zero

  public init() {}

  /// Counts a duration; less than zero counts as zero.
  public mutating func add(_ duration: VirtualDuration) {
    let nanoseconds = max(0, duration.nanoseconds)
    let bucket = Self.bucket(of: nanoseconds)
    if bucket >= counts.count {
      counts.append(contentsOf: repeatElement(0, count: bucket + 1 - counts.count))
    }
    counts[bucket] += 1
    count += 1
    sum += Double(nanoseconds)
    shortest = min(shortest, VirtualDuration(nanoseconds: nanoseconds))
    longest = max(longest, VirtualDuration(nanoseconds: nanoseconds))
  }

  /// `nil` if nothing was counted.
  public var meanNanoseconds: Double? { count == 0 ? nil : sum / Double(count) }

  /// The duration that a part of all does not exceed; `nil` if nothing was counted.
  /// - Parameter part: 0...1; 0.5 is the median.
  public func quantile(_ part: Double) -> VirtualDuration? {
    guard count > 0 else { return nil }
    let rank = max(1, Int((part * Double(count)).rounded(.up)))
    var seen = 0
    for (bucket, number) in counts.enumerated() {
      seen += number
      guard seen >= rank else { continue }
      let middle = VirtualDuration(nanoseconds: Self.middle(of: bucket))
      return min(max(middle, shortest), longest)
    }
    return longest
  }

  /// Below 2048 each nanosecond has its bucket; above, the ten bits behind the leading one count.
  static func bucket(of nanoseconds: Int64) -> Int {
    if nanoseconds < 2048 { return Int(nanoseconds) }
    let shift = 53 - nanoseconds.leadingZeroBitCount
    return shift << 10 + Int(nanoseconds >> Int64(shift))
  }

  static func middle(of bucket: Int) -> Int64 {
    if bucket < 2048 { return Int64(bucket) }
    let shift = bucket >> 10 - 1
    let leading = Int64(bucket - shift << 10)
    return leading << Int64(shift) + (1 << Int64(shift)) / 2
  }
}

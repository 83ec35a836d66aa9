/// A span of virtual time: a whole number of nanoseconds.
public struct VirtualDuration: Hashable, Comparable, Sendable {
  /// Length in virtual nanoseconds; never negative in a running simulation.
  public var nanoseconds: Int64

  @inlinable
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  public static let zero = VirtualDuration(nanoseconds: 0)

  @inlinable
  public static func microseconds(_ count: Int64) -> VirtualDuration {
    VirtualDuration(nanoseconds: count * 1_000)
  }

  @inlinable
  public static func milliseconds(_ count: Int64) -> VirtualDuration {
    VirtualDuration(nanoseconds: count * 1_000_000)
  }

  @inlinable
  public static func seconds(_ count: Int64) -> VirtualDuration {
    VirtualDuration(nanoseconds: count * 1_000_000_000)
  }

  @inlinable
  public static func < (left: VirtualDuration, right: VirtualDuration) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The sum; stays at the largest duration instead of overflowing.
  @inlinable
  public static func + (left: VirtualDuration, right: VirtualDuration) -> VirtualDuration {
    let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
    return VirtualDuration(nanoseconds: overflow ? .max : sum)
  }

  /// The duration `count` times; stays at the largest duration instead of overflowing.
  @inlinable
  public static func * (duration: VirtualDuration, count: Int64) -> VirtualDuration {
    let (product, overflow) = duration.nanoseconds.multipliedReportingOverflow(by: count)
    return VirtualDuration(nanoseconds: overflow ? .max : product)
  }
}

/// An instant of a run: virtual nanoseconds since its start.
public struct VirtualTime: Hashable, Comparable, Sendable {
  /// Nanoseconds since the start of the run; never negative.
  public var nanoseconds: Int64

  @inlinable
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  public static let start = VirtualTime(nanoseconds: 0)

  /// Later than every event of every run.
  public static let never = VirtualTime(nanoseconds: .max)

  @inlinable
  public static func < (left: VirtualTime, right: VirtualTime) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The instant `duration` later; ``never`` instead of overflowing.
  @inlinable
  public static func + (time: VirtualTime, duration: VirtualDuration) -> VirtualTime {
    let (sum, overflow) = time.nanoseconds.addingReportingOverflow(duration.nanoseconds)
    return VirtualTime(nanoseconds: overflow ? .max : sum)
  }

  @inlinable
  public static func - (later: VirtualTime, earlier: VirtualTime) -> VirtualDuration {
    VirtualDuration(nanoseconds: later.nanoseconds - earlier.nanoseconds)
  }
}

extension VirtualDuration: CustomStringConvertible {
  /// The shortest exact form in one unit that scenario files accept, for example `1.5s` or `10us`.
  public var description: String {
    let units: [(name: String, length: Int64)] = [
      ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
    ]
    guard nanoseconds != 0 else { return "0s" }
    let magnitude = nanoseconds.magnitude
    for unit in units where magnitude >= UInt64(unit.length) {
      let whole = magnitude / UInt64(unit.length)
      var fraction = String(magnitude % UInt64(unit.length))
      let digits = String(unit.length).count - 1
      fraction = String(repeating: "0", count: max(0, digits - fraction.count)) + fraction
      while fraction.hasSuffix("0") { fraction.removeLast() }
      let sign = nanoseconds < 0 ? "-" : ""
      return sign + String(whole) + (fraction.isEmpty ? "" : "." + fraction) + unit.name
    }
    return "\(nanoseconds)ns"
  }
}

extension VirtualTime: CustomStringConvertible {
  public var description: String {
    self == .never ? "never" : VirtualDuration(nanoseconds: nanoseconds).description
  }
}

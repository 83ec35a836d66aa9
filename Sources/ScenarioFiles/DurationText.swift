import SimulationKernel

/// Durations as scenario files write them: a decimal number and a unit, `10ms`, `1.5s`, `2min`.
enum DurationText {
  static let units: [(name: String, nanoseconds: UInt64)] = [
    ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
  ]

  static let unitNames = units.map(\.name)

  /// The longest duration of a scenario: sums of many stay far from the end of 64 bits.
  static let longest = VirtualDuration.seconds(3_600_000)
  static let longestText = "1000h"

  enum Mistake: Error, Hashable {
    case notADuration
    case noUnit
    case unknownUnit(String)
    case belowOneNanosecond
    case tooLong
  }

  /// Exact: no floating point is involved, and no input overflows.
  static func parse(_ text: String) throws(Mistake) -> VirtualDuration {
    let scalars = Array(text.unicodeScalars)
    let point: Unicode.Scalar = "."
    let end = scalars.firstIndex { $0 != point && !isDigit($0) } ?? scalars.count
    let parts = scalars[..<end].split(separator: point, omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else { throw .notADuration }
    let unit = String(String.UnicodeScalarView(scalars[end...]))
    if unit.isEmpty { throw .noUnit }
    guard let length = units.first(where: { $0.name == unit })?.nanoseconds else {
      let isWord = unit.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0 == " " }
      throw isWord ? .unknownUnit(unit) : .notADuration
    }
    // Zeros at the end of a fraction say nothing.
    var fraction = parts.count == 2 ? parts[1] : []
    while fraction.last == "0" { fraction.removeLast() }
    var mantissa: UInt64 = 0
    for digit in parts[0] + fraction {
      let (scaled, overflow) = mantissa.multipliedReportingOverflow(by: 10)
      guard !overflow, scaled <= UInt64.max - 9 else {
        throw fraction.count > 14 ? .belowOneNanosecond : .tooLong
      }
      mantissa = scaled + UInt64(digit.value - 0x30)
    }
    return try scaled(mantissa, by: length, fractionDigits: fraction.count)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(scalar)
  }

  private static func scaled(
    _ mantissa: UInt64, by length: UInt64, fractionDigits: Int
  ) throws(Mistake) -> VirtualDuration {
    let product = mantissa.multipliedFullWidth(by: length)
    var divisor: UInt64 = 1
    for _ in 0..<fractionDigits {
      let (next, overflow) = divisor.multipliedReportingOverflow(by: 10)
      if overflow { throw .belowOneNanosecond }
      divisor = next
    }
    // A larger quotient would not fit into 64 bits.
    guard product.high < divisor else { throw .tooLong }
    let (nanoseconds, rest) = divisor.dividingFullWidth(product)
    guard rest == 0 else { throw .belowOneNanosecond }
    guard nanoseconds <= UInt64(longest.nanoseconds) else { throw .tooLong }
    return VirtualDuration(nanoseconds: Int64(nanoseconds))
  }
}

extension VirtualDuration {
  /// The duration that a word of a scenario file says, such as `1.5ms`; `nil` if it says none.
  public init?(scenarioText text: String) {
    guard let duration = try? DurationText.parse(text) else { return nil }
    self = duration
  }
}

/// Sizes as scenario files write them: a decimal number and a unit, `240MB`, `512B`. Units are
/// decimal: 1 MB is 1,000,000 bytes.
enum SizeText {
  /// From the largest to the smallest; `digits` is the power of ten.
  static let units: [(name: String, digits: Int)] = [("GB", 9), ("MB", 6), ("KB", 3), ("B", 0)]

  static let unitNames = units.map(\.name)

  /// The largest size of a scenario, in bytes: sums of many stay far from the end of 64 bits.
  static let largest = 1_000_000_000_000
  static let largestText = "1000GB"

  enum Mistake: Error, Hashable {
    case notASize
    case belowOneByte
    case tooLarge
  }

  /// The number of bytes. Exact: no floating point is involved, and no input overflows.
  static func parse(_ text: String) throws(Mistake) -> Int {
    guard let unit = units.first(where: { text.hasSuffix($0.name) }) else { throw .notASize }
    let parts = text.unicodeScalars.dropLast(unit.name.count)
      .split(separator: ".", omittingEmptySubsequences: false).map(Array.init)
    guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }),
      parts.joined().allSatisfy({ ("0"..."9").contains($0) })
    else { throw .notASize }
    var fraction = parts.count == 2 ? parts[1] : []
    while fraction.last == "0" { fraction.removeLast() }
    guard fraction.count <= unit.digits else { throw .belowOneByte }
    fraction += Array(repeating: "0", count: unit.digits - fraction.count)
    var bytes = 0
    for digit in parts[0] + fraction {
      bytes = bytes * 10 + Int(digit.value - 0x30)
      guard bytes <= largest else { throw .tooLarge }
    }
    return bytes
  }

  /// The text of a number of bytes, which is 0 or more, in the largest unit that it fills.
  static func text(of bytes: Int) -> String {
    let unit = units.first { bytes >= power($0.digits) } ?? ("B", 0)
    let scale = power(unit.digits)
    var fraction = String(bytes % scale + scale).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return "\(bytes / scale)" + (fraction.isEmpty ? "" : ".\(fraction)") + unit.name
  }

  private static func power(_ digits: Int) -> Int {
    (0..<digits).reduce(1) { product, _ in product * 10 }
  }
}

/// Parts of a whole as scenario files write them: `"2%"`, or the number 0.02.
enum FractionText {
  /// Nil if the text is no percentage.
  static func parse(_ text: String) -> Double? {
    guard text.hasSuffix("%"), text.first.map({ ("0"..."9").contains($0) }) == true,
      let percent = Double(text.dropLast()), percent.isFinite
    else { return nil }
    return percent / 100
  }
}

extension SizeText {
  /// The bytes that a size of this kind says; nil if it says none.
  static func bytes(_ text: String, _ kind: SizeKind) -> Int? {
    guard text.hasSuffix(kind.suffix) else { return nil }
    return try? parse(String(text.dropLast(kind.suffix.count)))
  }
}

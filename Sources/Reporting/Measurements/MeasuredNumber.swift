/// Measured numbers as people read them: the same on every machine and in every language.
///
/// Numbers are rounded from their shortest decimal digits, half away from zero.
public enum MeasuredNumber {
  /// What stands for nothing measured, and for what is no finite number.
  static let nothing = "–"
  /// Digits of a measured value.
  public static let digits = 4
  /// Digits of a margin: more would say more than a margin knows.
  static let marginDigits = 2

  /// `2.030`, `41,230`, `0.001200`, `1.200·10⁹`; a whole number of few digits stands as it is.
  public static func text(_ number: Double, digits: Int = digits) -> String {
    guard number.isFinite else { return nothing }
    if number == 0 { return "0" }
    if number.magnitude < 10_000, number == number.rounded() { return String(Int(number)) }
    var decimal = Decimal(number)
    decimal.round(to: max(1, digits))
    return decimal.text(padding: max(1, digits))
  }

  /// `2.030 ± 0.0041`; without a margin the mean alone.
  static func text(_ estimate: MeasurementReport.Estimate?) -> String {
    guard let estimate, estimate.mean.isFinite else { return nothing }
    guard let margin = estimate.margin, margin.isFinite else { return text(estimate.mean) }
    return "\(text(estimate.mean)) ± \(text(margin, digits: marginDigits))"
  }

  /// All digits that the number has, as programs read it: `0.1`, `1e-07`; empty if not finite.
  static func exact(_ number: Double) -> String {
    guard number.isFinite else { return "" }
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A round number of an axis: `0.05`, `20,000`, `10⁻⁵`, `2·10⁸`.
  /// - Parameter places: digits after the point, at least.
  static func tick(_ number: Double, places: Int = 0) -> String {
    guard number.isFinite else { return nothing }
    if number == 0 { return "0" }
    var decimal = Decimal(number)
    decimal.round(to: 12)
    return decimal.text(padding: decimal.digits.count, places: places)
  }

  /// Decimal digits and the power of ten of the first.
  private struct Decimal {
    var isNegative: Bool
    /// Most significant first, none of them in front or behind that is zero.
    var digits: [UInt8]
    var exponent: Int

    /// - Parameter number: finite and not zero.
    init(_ number: Double) {
      isNegative = number < 0
      let parts = number.magnitude.description.split(separator: "e")
      let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
      let whole = mantissa[0].utf8.map { $0 - 48 }
      let fraction = mantissa.dropFirst().flatMap { $0.utf8.map { $0 - 48 } }
      digits = whole + fraction
      exponent = whole.count - 1 + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
      trim()
    }

    private mutating func trim() {
      let zeros = digits.prefix { $0 == 0 }.count
      digits.removeFirst(zeros)
      exponent -= zeros
      while digits.last == 0 { digits.removeLast() }
    }

    mutating func round(to count: Int) {
      guard digits.count > count else { return }
      let roundsUp = digits[count] >= 5
      digits.removeLast(digits.count - count)
      if roundsUp {
        var place = count - 1
        while place >= 0, digits[place] == 9 {
          digits[place] = 0
          place -= 1
        }
        if place >= 0 {
          digits[place] += 1
        } else {
          digits.insert(1, at: 0)
          exponent += 1
        }
      }
      trim()
    }

    /// - Parameters:
    ///   - padding: significant digits, zeros behind included.
    ///   - places: digits after the point, at least.
    func text(padding: Int, places: Int = 0) -> String {
      let sign = isNegative ? "-" : ""
      var all = digits.map(Int.init)
      all += Array(repeating: 0, count: max(0, padding - all.count))
      guard (-4...6).contains(exponent) else { return sign + scientific(all) }
      if exponent < 0 { all = Array(repeating: 0, count: -exponent) + all }
      let wholeCount = max(0, exponent) + 1
      all += Array(repeating: 0, count: max(0, wholeCount + places - all.count))
      let whole = all.prefix(wholeCount).reduce(0) { $0 * 10 + $1 }
      let fraction = all.dropFirst(wholeCount).map(String.init).joined()
      return sign + ReportText.grouped(whole) + (fraction.isEmpty ? "" : "." + fraction)
    }

    private func scientific(_ all: [Int]) -> String {
      let power = "10" + Self.superscript(exponent)
      if all == [1] { return power }
      let fraction = all.dropFirst().map(String.init).joined()
      return "\(all[0])" + (fraction.isEmpty ? "" : "." + fraction) + "·" + power
    }

    private static func superscript(_ number: Int) -> String {
      let signs = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
      let digits = String(number.magnitude).utf8.map { signs[Int($0) - 48] }
      return (number < 0 ? "⁻" : "") + String(digits)
    }
  }
}

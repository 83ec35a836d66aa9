/// Numbers as reports show them: the same digits everywhere.
public enum ReportNumber {
  /// A number with so many significant digits, without an exponent and without zeros at its end.
  ///
  /// Ties are rounded to even, as in IEEE arithmetic. What is not a finite number is told in words.
  public static func text(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite else { return value.isNaN ? "not a number" : value < 0 ? "-∞" : "∞" }
    guard value != 0 else { return "0" }
    var magnitude = abs(value)
    var exponent = 0
    while magnitude >= 10, exponent < 400 {
      magnitude /= 10
      exponent += 1
    }
    while magnitude < 1, exponent > -400 {
      magnitude *= 10
      exponent -= 1
    }
    let decimals = min(max(0, digits - 1 - exponent), 15)
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * scale).rounded(.toNearestOrEven)
    guard scaled < 9e18 else { return value.description }
    let whole = String(UInt64(scaled))
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + whole }
    let padded = String(repeating: "0", count: max(0, decimals + 1 - whole.count)) + whole
    var fraction = padded.suffix(decimals)
    while fraction.last == "0" { fraction.removeLast() }
    return sign + padded.dropLast(decimals) + (fraction.isEmpty ? "" : "." + fraction)
  }
}

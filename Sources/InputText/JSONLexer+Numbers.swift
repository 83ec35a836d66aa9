extension JSONLexer {
  /// A number, or whatever stands where a sign, a point or a digit began one.
  mutating func numberToken() -> JSONToken {
    let start = offset
    let isNegative = peek() == "-"
    if isNegative || peek() == "+" { offset += 1 }
    let digitsStart = offset
    // The whole run first: "10ms" is one mistake, not a number and a name.
    while let scalar = peek() {
      let previous = offset > digitsStart ? scalars[offset - 1] : nil
      guard Self.continuesNumber(scalar, after: previous) else { break }
      offset += 1
    }
    let literal = text(start..<offset)
    guard let number = Self.number(text(digitsStart..<offset), isNegative, literal: literal) else {
      if offset == start { offset += 1 }
      reportBadNumber(literal, start..<offset)
      let zero = JSONNumber(text: literal, double: .nan, integer: nil)
      return JSONToken(kind: .number(zero), offsets: start..<offset)
    }
    return JSONToken(kind: .number(number), offsets: start..<offset)
  }

  private mutating func reportBadNumber(_ literal: String, _ offsets: Range<Int>) {
    let digits = literal.drop { $0 == "+" || $0 == "-" }
    if digits.first == "0", digits.dropFirst().first?.isNumber ?? false {
      report("the number \(quoted(literal)) may not start with 0", offsets)
    } else if digits.isEmpty || digits == "." {
      report("expected digits, found \(quoted(literal))", offsets)
    } else {
      let help = "if it is a text or has a unit, put it in quotes"
      report("\(quoted(literal)) is not a number", offsets, help: help)
    }
  }

  private static func continuesNumber(
    _ scalar: Unicode.Scalar, after previous: Unicode.Scalar?
  ) -> Bool {
    if scalar == "." || continuesIdentifier(scalar) { return true }
    return (scalar == "+" || scalar == "-") && (previous == "e" || previous == "E")
  }

  /// The number that an unsigned literal stands for; nil if it is none.
  static func number(_ digits: String, _ isNegative: Bool, literal: String) -> JSONNumber? {
    switch digits {
    case "Infinity":
      return JSONNumber(text: literal, double: isNegative ? -.infinity : .infinity, integer: nil)
    case "NaN":
      return JSONNumber(text: literal, double: .nan, integer: nil)
    case _ where digits.hasPrefix("0x") || digits.hasPrefix("0X"):
      return hexadecimal(digits.dropFirst(2), isNegative, literal: literal)
    default:
      return decimal(Array(digits.unicodeScalars), isNegative, literal: literal)
    }
  }

  private static func hexadecimal(
    _ digits: Substring, _ isNegative: Bool, literal: String
  ) -> JSONNumber? {
    guard !digits.isEmpty else { return nil }
    var double = 0.0
    for scalar in digits.unicodeScalars {
      guard let value = hexValue(scalar) else { return nil }
      double = double * 16 + Double(value)
    }
    let integer = Int((isNegative ? "-" : "") + digits, radix: 16)
    return JSONNumber(text: literal, double: isNegative ? -double : double, integer: integer)
  }

  private static func decimal(
    _ digits: [Unicode.Scalar], _ isNegative: Bool, literal: String
  ) -> JSONNumber? {
    var index = 0
    func takeDigits() -> String {
      let start = index
      while index < digits.count, Self.isDigit(digits[index]) { index += 1 }
      return String(String.UnicodeScalarView(digits[start..<index]))
    }
    let whole = takeDigits()
    if whole.count > 1, whole.hasPrefix("0") { return nil }
    var fraction = ""
    if index < digits.count, digits[index] == "." {
      index += 1
      fraction = takeDigits()
    }
    if whole.isEmpty, fraction.isEmpty { return nil }
    var exponent = ""
    if index < digits.count, digits[index] == "e" || digits[index] == "E" {
      index += 1
      if index < digits.count, digits[index] == "+" || digits[index] == "-" {
        exponent = digits[index] == "-" ? "-" : ""
        index += 1
      }
      let power = takeDigits()
      if power.isEmpty { return nil }
      exponent += power
    }
    guard index == digits.count else { return nil }
    let sign = isNegative ? "-" : ""
    if fraction.isEmpty, exponent.isEmpty, let integer = Int(sign + whole) {
      let double = isNegative && integer == 0 ? -0.0 : Double(integer)
      return JSONNumber(text: literal, double: double, integer: integer)
    }
    let normal =
      sign + (whole.isEmpty ? "0" : whole) + "." + (fraction.isEmpty ? "0" : fraction)
      + (exponent.isEmpty ? "" : "e" + exponent)
    guard let double = Double(normal) else { return nil }
    return JSONNumber(text: literal, double: double, integer: exactInteger(double))
  }

  /// The integer that a double is; nil beyond 2^53, where a double no longer tells one integer from
  /// the next. (`Int(exactly:)` needs the C math library, which this module does not link.)
  private static func exactInteger(_ double: Double) -> Int? {
    guard double.magnitude <= 9_007_199_254_740_992 else { return nil }
    let integer = Int(double)
    return Double(integer) == double ? integer : nil
  }
}

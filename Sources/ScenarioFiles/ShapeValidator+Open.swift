import InputText

/// Sizes, parts, and objects whose keys the author chooses.
extension ShapeValidator {
  mutating func checkOpen(_ value: JSONValue, _ shape: Shape, _ path: String) {
    switch shape {
    case .size(let kind): checkSize(value, kind)
    case .fraction(let range): checkFraction(value, range, path)
    case .map(let noun, let element):
      guard case .object(let members) = value.content else { return expected("an object", value) }
      for member in members {
        if member.key.isEmpty {
          diagnostics.error("the \(noun) needs a name", at: member.keyRange)
        }
        check(member.value, element, path: "\(path).\(member.key)")
      }
    case .changes:
      guard case .object = value.content else { return expected("an object", value) }
    default: break
    }
  }

  private mutating func checkSize(_ value: JSONValue, _ kind: SizeKind) {
    let phrase = Shape.size(kind).phrase
    guard case .string(let text) = value.content else { return expected(phrase, value) }
    let units = SizeText.unitNames.map { $0 + kind.suffix }.joined(separator: ", ")
    guard text.hasSuffix(kind.suffix) else {
      return diagnostics.error(
        "expected \(phrase), found \(quoted(text))", at: value.range, help: "units: \(units)")
    }
    do {
      _ = try SizeText.parse(String(text.dropLast(kind.suffix.count)))
    } catch {
      switch error {
      case .notASize:
        diagnostics.error(
          "expected \(phrase), found \(quoted(text))", at: value.range, help: "units: \(units)")
      case .belowOneByte:
        diagnostics.error(
          "the size \(quoted(text)) is not a whole number of bytes", at: value.range)
      case .tooLarge:
        let limit = SizeText.largestText + kind.suffix
        diagnostics.error("the size \(quoted(text)) is more than \(limit)", at: value.range)
      }
    }
  }

  private mutating func checkFraction(
    _ value: JSONValue, _ range: ClosedRange<Double>, _ path: String
  ) {
    guard case .string(let text) = value.content else {
      guard case .number = value.content else {
        return expected(Shape.fraction(range).phrase, value)
      }
      return check(value, .number(range), path: path)
    }
    guard let fraction = FractionText.parse(text) else {
      return diagnostics.error(
        "expected \(Shape.fraction(range).phrase), found \(quoted(text))", at: value.range)
    }
    guard !range.contains(fraction) else { return }
    let limits = "\(Self.short(range.lowerBound * 100))% to \(Self.short(range.upperBound * 100))%"
    diagnostics.error("\(path) must be from \(limits), found \(text)", at: value.range)
  }
}

import SimulationKernel

/// What was found out about one unit of an enumeration as one line of words, for progress files:
///
///     17 pass 2 1 214 14 2 0 2 0 0 0 4103377 8 5 3 violation durability 1 0 ...
///
/// that is: the number of the unit, and for each crash point and kind of crash its verdict,
/// outcomes, merged runs, steps, operations, faults by kind, longest recovery in nanoseconds, and
/// closed sets, images and leaves. A number beyond counting is written `-`.
public enum CrashPointUnitText {
  /// No enumeration counts further; sums of such numbers stay within 63 bits.
  private static let count = 0...1_000_000_000_000

  public static func encode(_ unit: Int, _ tallies: [CrashPointTally]) -> String {
    (["\(unit)"] + tallies.flatMap(words)).joined(separator: " ")
  }

  private static func words(_ tally: CrashPointTally) -> [String] {
    var words: [String]
    switch tally.verdict {
    case .pass: words = ["pass"]
    case .violation(let checks):
      words = ["violation", checks.names.map(\.rawValue).joined(separator: ",")]
    case .undecided(let reason): words = ["undecided", LineWords.escape(reason)]
    }
    let counts = [tally.outcomes, tally.merged, tally.steps, tally.operations]
    let faults = FaultCounts.kinds.map { tally.faults[keyPath: $0] }
    words += (counts + faults).map { "\($0)" } + ["\(tally.longestRecovery.nanoseconds)"]
    words += [tally.loss.closedSets, tally.loss.images].map { $0.map { "\($0)" } ?? "-" }
    return words + ["\(tally.loss.leaves)"]
  }

  /// - Throws: ``StepTextError`` if the line is no such line.
  public static func decode(
    _ line: String
  ) throws(StepTextError) -> (unit: Int, tallies: [CrashPointTally]) {
    var words = LineWords(line)
    let unit = try words.number("the number of a unit", count)
    var tallies: [CrashPointTally] = []
    while words.peek != nil { tallies.append(try tally(&words)) }
    return (unit, tallies)
  }

  private static func tally(_ words: inout LineWords) throws(StepTextError) -> CrashPointTally {
    var tally = CrashPointTally()
    tally.verdict = try verdict(&words)
    tally.outcomes = try words.number("a number of outcomes", count)
    tally.merged = try words.number("a number of merged runs", count)
    tally.steps = try words.number("a number of steps", count)
    tally.operations = try words.number("a number of operations", count)
    for kind in FaultCounts.kinds {
      tally.faults[keyPath: kind] = try words.number("a number of faults", count)
    }
    let recovery = try words.number("a time in nanoseconds", 0...Int.max)
    tally.longestRecovery = VirtualDuration(nanoseconds: Int64(recovery))
    tally.loss.closedSets = try words.numberIfCounted("a number of closed sets")
    tally.loss.images = try words.numberIfCounted("a number of images")
    tally.loss.leaves = try words.number("a number of leaves", count)
    return tally
  }

  private static func verdict(
    _ words: inout LineWords
  ) throws(StepTextError) -> CrashPointVerdict {
    let verdict = try words.word("a verdict")
    switch verdict {
    case "pass": return .pass
    case "undecided": return .undecided(try words.text())
    case "violation":
      let names = try words.word("checks").split(separator: ",").map(String.init)
      let checks = names.compactMap { CheckName(rawValue: $0) }
      guard checks.count == names.count, !checks.isEmpty else {
        throw StepTextError(message: "\"\(names.joined(separator: ","))\" are no checks")
      }
      return .violation(CheckSet(checks))
    default: throw StepTextError(message: "\"\(verdict)\" is no verdict")
    }
  }
}

extension LineWords {
  /// A number that is not negative; `nil` for `-`.
  fileprivate mutating func numberIfCounted(_ expected: String) throws(StepTextError) -> Int? {
    if peek == "-" {
      _ = try word(expected)
      return nil
    }
    return try number(expected, 0...Int.max)
  }
}

/// What passing seeds say about the seeds that were not run.
///
/// If all of N independent seeds passed, then with 95 % confidence at most 1 - 0.05^(1/N) of all
/// seeds fail: were it more, N seeds would all pass in fewer than 5 % of all cases. (This is the
/// upper end of the exact binomial interval of Clopper and Pearson for no failure; the rule of
/// three, 3/N, comes near it.) It speaks of the seeds of that scenario, which draw its faults and
/// delays: not of other scenarios, and not of schedules that no seed draws.
enum Statistics {
  /// Fewer seeds say too little to be worth a line.
  static let fewestRuns = 30

  /// Whether the scenario's runs are a sample in which nothing failed.
  static func isCleanSample(_ scenario: ScenarioReport) -> Bool {
    scenario.mode == "simulate" && scenario.verdict == .pass && scenario.endedAsExpected
      && scenario.undecidedRuns == 0 && scenario.runs >= fewestRuns
  }

  /// The bound as a percentage with two significant digits, rounded up: `1.5 %`, `0.03 %`.
  static func failureRateBound(runs: Int) -> String { bound(runs: runs).percentage }

  /// A decimal fraction: `units` divided by 10 to the power `places`.
  struct Fraction: Hashable {
    var units: Int
    var places: Int

    var value: Double { Double("\(units)e-\(places)") ?? 0 }

    var percentage: String {
      guard places > 2 else { return "\(units * (places == 2 ? 1 : 100)) %" }
      let digits = String(units)
      let zeros = String(repeating: "0", count: max(0, places - 1 - digits.count))
      var text = zeros + digits
      text.insert(".", at: text.index(text.endIndex, offsetBy: 2 - places))
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
      return text + " %"
    }
  }

  /// The smallest fraction p of two significant digits with (1 - p)^runs <= 0.05; all of the seeds
  /// if none were run.
  static func bound(runs: Int) -> Fraction {
    guard runs > 0 else { return Fraction(units: 1, places: 0) }
    let runs = UInt64(min(runs, ResultsJSON.greatestCount))
    var one: UInt64 = 100
    var places = 2
    // As long as two digits reach with one place more.
    while isAtMostOneInTwenty(allPassing: 99, of: one * 10, runs: runs), places < 18 {
      one *= 10
      places += 1
    }
    var (low, high): (UInt64, UInt64) = (0, 100)
    while high - low > 1 {
      let middle = (low + high) / 2
      if isAtMostOneInTwenty(allPassing: middle, of: one, runs: runs) {
        high = middle
      } else {
        low = middle
      }
    }
    return Fraction(units: Int(high), places: places)
  }

  /// Whether so many runs all pass in at most one case of twenty, if `failing` of `one` seeds fail.
  ///
  /// Whole numbers only, so that it is the same on every machine: probabilities in units of 2^-64,
  /// and every rounding makes the chance larger and thereby the bound, if anything, wider.
  private static func isAtMostOneInTwenty(
    allPassing failing: UInt64, of one: UInt64, runs: UInt64
  ) -> Bool {
    guard failing > 0 else { return false }
    guard failing < one else { return true }
    var base = quotient(one - failing, one)
    var chance: UInt64?
    var exponent = runs
    while true {
      if exponent & 1 == 1 { chance = chance.map { product($0, base) } ?? base }
      exponent >>= 1
      if exponent == 0 { break }
      base = product(base, base)
    }
    return chance.map { $0 <= quotient(1, 20) } ?? false
  }

  /// `part / whole`, less than 1, rounded up.
  private static func quotient(_ part: UInt64, _ whole: UInt64) -> UInt64 {
    let (quotient, rest) = whole.dividingFullWidth((high: part, low: 0))
    return rest == 0 ? quotient : roundedUp(quotient)
  }

  private static func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (high, low) = left.multipliedFullWidth(by: right)
    return low == 0 ? high : roundedUp(high)
  }

  private static func roundedUp(_ number: UInt64) -> UInt64 { number == .max ? .max : number + 1 }

  /// The scenarios of which a bound can be stated with the fewest and with the most runs.
  static func extremes(_ report: RunReport) -> (fewest: Int, most: Int, scenarios: Int)? {
    let runs = report.scenarios.filter(isCleanSample).map(\.runs)
    guard let fewest = runs.min(), let most = runs.max() else { return nil }
    return (fewest, most, runs.count)
  }

  /// Sums that stop at the greatest number instead of trapping: results may come from anywhere.
  static func sum(_ numbers: some Sequence<Int>) -> Int {
    numbers.reduce(0) { total, number in
      let (sum, overflow) = total.addingReportingOverflow(number)
      return overflow ? Int.max : sum
    }
  }
}

/// What passing seeds say about the seeds that were not run.
///
/// If all of N independent seeds passed, then with 95 % confidence at most 3/N of all seeds fail
/// (the rule of three; exact would be 1 - 0.05^(1/N), which is smaller). It speaks of the seeds of
/// that scenario, which draw its faults and delays: not of other scenarios, and not of schedules
/// that no seed draws.
enum Statistics {
  /// Fewer seeds say too little to be worth a line.
  static let fewestRuns = 30

  /// Whether the scenario's runs are a sample in which nothing failed.
  static func isCleanSample(_ scenario: ScenarioReport) -> Bool {
    scenario.mode == "simulate" && scenario.verdict == .pass && scenario.endedAsExpected
      && scenario.undecidedRuns == 0 && scenario.runs >= fewestRuns
  }

  /// The bound as a percentage with two significant digits, rounded up: `1.5 %`, `0.03 %`.
  static func failureRateBound(runs: Int) -> String {
    guard runs > 3 else { return "100 %" }
    let runs = min(runs, ResultsJSON.greatestCount)
    // In units of a percent times a power of ten, as whole numbers: the same on every machine.
    var unit = 1
    var decimals = 0
    while 300 * unit / runs < 10, decimals < 12 {
      unit *= 10
      decimals += 1
    }
    let scaled = (300 * unit + runs - 1) / runs
    let fraction = String(repeating: "0", count: max(0, decimals - digits(scaled % unit)))
    var text = "\(scaled / unit)"
    if decimals > 0 { text += "." + fraction + (scaled % unit == 0 ? "" : "\(scaled % unit)") }
    while decimals > 0, text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text + " %"
  }

  private static func digits(_ number: Int) -> Int { number == 0 ? 0 : String(number).count }

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

import ClusterSimulation
import Reporting
import ScenarioFiles
import SimulationKernel

/// What a search claims, and under which bounds: enough to repeat it and to compare.
struct ExploreCertificate {
  let entries: [ScenarioReport.CertificateEntry]

  init(_ scenario: Scenario, _ exploration: ScenarioRun.Exploration) {
    let result = exploration.report
    let settings = scenario.run.explore
    var entries: [ScenarioReport.CertificateEntry] = []
    func add(_ name: String, _ value: String) {
      entries.append(ScenarioReport.CertificateEntry(name: name, value: value))
    }
    add("verdict", Self.verdict(result.verdict))
    add("states", "\(result.states)")
    add("transitions", "\(result.transitions)")
    add("depth", "\(result.depth)")
    add("states without continuation", "\(result.deadEnds)")
    add("digest of the states", DigestText.text(result.digest))
    let bounds = settings.bounds.map { "\($0.name) \($0.count.map { "\($0)" } ?? "unlimited")" }
    add("bounds", bounds.joined(separator: ", "))
    add(
      "assumptions",
      "network \(scenario.assumptions.network.map(\.rawValue).joined(separator: "+")), "
        + "detector \(scenario.assumptions.detector.rawValue), "
        + "disk \(scenario.assumptions.diskProfile)")
    add("time", "abstracted away: any armed timer may fire next, any channel deliver next")
    add("storage", Self.storage(settings, states: result.states))
    add(
      "reductions", settings.usesSymmetry ? "symmetry where the system declares it" : "none")
    let figures = result.figures
    add(
      "memoised steps",
      "\(figures.lookUps) look-ups, \(figures.systemCalls) runs of handlers and rules, "
        + "\(figures.components) components, \(figures.signals) signals")
    if let confirmation = exploration.confirmation {
      add(
        "repeated in the other order",
        confirmation == .agrees ? "the same states, transitions, depth and digest" : "DIFFERS")
    }
    let coverage = result.coverage
    add("messages reached", coverage.messages.joined(separator: ", "))
    add("timers and continuations reached", coverage.timers.joined(separator: ", "))
    add("crash points passed", coverage.crashPoints.joined(separator: ", "))
    add("crash points crashed at", coverage.crashedAt.joined(separator: ", "))
    add("notes", coverage.notes.joined(separator: ", "))
    self.entries = entries.filter { !$0.value.isEmpty }
  }

  private static func verdict(_ verdict: ExploreReport.Verdict) -> String {
    switch verdict {
    case .exhausted: "exhausted, no violation"
    case .violation(let found):
      "violation of \(found.violation.check.rawValue), shortest in \(found.length) steps"
    case .undecided(let reason): "undecided: \(reason)"
    }
  }

  private static func storage(_ settings: ExploreSettings, states: Int) -> String {
    guard settings.usesFingerprints else {
      return "exact; components are compared by 128-bit content hashes"
    }
    // n(n-1)/2^65, as a power of two.
    let pairs = Double(states) * Double(max(0, states - 1))
    let exponent = pairs > 0 ? 65 - Int(pairs.exponent) - 1 : 65
    return "64-bit fingerprints; odds that a state was lost below 2^-\(exponent)"
  }
}

import ClusterSimulation
import Reporting
import ScenarioFiles
import SimulationKernel

/// What a search claims, and under which bounds: enough to repeat it and to compare.
struct ExploreCertificate {
  private(set) var entries: [ScenarioReport.CertificateEntry] = []

  init(_ run: ScenarioRun, _ exploration: ScenarioRun.Exploration) {
    let result = exploration.report
    let settings = run.loaded.scenario.run.explore
    add("verdict", Self.verdict(result.verdict))
    add("states", "\(result.states)")
    add("transitions", "\(result.transitions)")
    add("symmetry", Self.symmetry(result))
    add("depth", "\(result.depth)")
    add("states without continuation", "\(result.deadEnds)")
    add("digest of the states", DigestText.text(result.digest))
    addBounds(run, result)
    addChecks(run, result)
    add("storage", Self.storage(settings, result))
    add("reductions", Self.reductions(run.options.reductions))
    let figures = result.figures
    add(
      "memoised steps",
      "\(figures.lookUps) look-ups, "
        + "\(figures.components) components, \(figures.signals) signals; "
        + "\(figures.leftHalves) and \(figures.rightHalves) halves of states")
    if let confirmation = exploration.confirmation {
      add(
        "repeated in the other order",
        confirmation == .agrees ? "the same states, transitions, depth and digest" : "DIFFERS")
    }
    if let symmetry = exploration.symmetry, symmetry.worlds > 0 {
      add(
        "renamings followed",
        "at \(symmetry.worlds) states on \(symmetry.walks) walks: "
          + (symmetry.objection == nil ? "they commute with every step" : "MISMATCH"))
    }
    if let paths = exploration.paths {
      add(
        "seeded runs followed",
        "\(paths.runs - paths.beyond) of \(paths.runs), with \(paths.steps) steps; "
          + "\(paths.beyond) leave the bounds on purpose; "
          + (paths.mismatch == nil ? "no step is none of the search" : "MISMATCH"))
    }
  }

  private mutating func add(_ name: String, _ value: String) {
    guard !value.isEmpty else { return }
    entries.append(ScenarioReport.CertificateEntry(name: name, value: value))
  }

  private mutating func addBounds(_ run: ScenarioRun, _ result: ExploreReport) {
    let scenario = run.loaded.scenario
    let settings = scenario.run.explore
    let operations = run.runner().operations(seed: run.seeds.first)
    let clients = operations.enumerated().map { client, list in
      "c\(client + 1): " + list.map(\.text).joined(separator: ", ")
    }
    add("operations", clients.joined(separator: "; "))
    let bounds = settings.bounds.map { "\($0.name) \($0.count.map { "\($0)" } ?? "unlimited")" }
    add("bounds", bounds.joined(separator: ", "))
    if settings.bound("crashes") != 0 {
      let words = run.crashKinds.map { $0 == .process ? "death of the process" : "loss of power" }
      add("kinds of crash", words.joined(separator: ", "))
    }
    let spent = result.spentItems.map(\.word).joined(separator: ", ")
    add(
      "cut off by the bounds",
      result.refusals == 0 ? "nothing" : "\(result.refusals) steps, for want of: \(spent)")
    add(
      "assumptions",
      "network \(scenario.assumptions.network.map(\.rawValue).joined(separator: "+")), "
        + "detector \(scenario.assumptions.detector.rawValue)"
        + (run.entry.usesDisk ? ", disk \(scenario.assumptions.diskProfile)" : ""))
    add("time", "abstracted away: any armed timer may fire next, any channel deliver next")
  }

  /// What is looked at in every state, and what of the scenario is not.
  private mutating func addChecks(_ run: ScenarioRun, _ result: ExploreReport) {
    var looked: [String] = []
    var left: [String] = []
    for name in run.loaded.scenario.checks {
      switch CheckName(rawValue: name) {
      case .durability?: left.append("\(name) (let a client read in the end)")
      case .progress?, .convergence?:
        if let reason = run.reasonAgainstProgress {
          left.append("\(name) (\(reason))")
        } else {
          looked.append(name)
        }
      default: looked.append(name)
      }
    }
    add("checks", looked.joined(separator: ", "))
    add("not looked at", left.joined(separator: ", "))
    if let progress = result.progress { addProgress(run, progress) }
  }

  private mutating func addProgress(
    _ run: ScenarioRun, _ figures: ExploreReport.ProgressFigures
  ) {
    let settings = run.loaded.scenario.run.explore
    if run.loaded.scenario.checks.contains(CheckName.progress.rawValue) {
      let excuse =
        settings.furtherTicks == 0 ? "for want of retries or beyond" : "beyond"
      add(
        "progress",
        "\(figures.deadEnds) dead ends, \(figures.cycling) states in closed cycles, "
          + "\(figures.exempt) states excused \(excuse) the assumptions")
    }
    if let diverging = figures.diverging {
      add(
        "convergence",
        "\(diverging) states in which all is done and from which replicas never agree")
    }
    guard let further = figures.continuation else { return }
    let ticks = settings.furtherTicks.map { "\($0) further ticks" } ?? "any number of ticks"
    let end =
      figures.endsForWantOfTicks ? "some end for want of ticks" : "none ends for want of ticks"
    add(
      "beyond the bounds",
      "\(further.worlds) worlds continued with any number of retries and \(ticks), \(end); "
        + "\(further.states) states, \(further.transitions) transitions")
  }

  private static func verdict(_ verdict: ExploreReport.Verdict) -> String {
    switch verdict {
    case .exhausted: "exhausted, no violation"
    case .violation(let found):
      "violation of \(found.violation.check.rawValue), shortest in \(found.length) steps"
    case .undecided(let reason): "undecided: \(reason)"
    }
  }

  private static func symmetry(_ result: ExploreReport) -> String {
    switch result.symmetry {
    case .notAsked: "none: it is not asked for"
    case .progressAsked: "none: the question about progress tells clients apart"
    case .undeclared(let name, let usesDisk):
      "none: \(name) declares no renaming of clients"
        + (usesDisk ? ", whose requests and values are in its files" : "")
    case .noLikeClients: "none: no two clients ask for the same"
    case .clients(let names, let groupSize):
      "\(names.joined(separator: ", ")) are alike, \(groupSize) permutations; without it "
        + "\(result.statesInOrbits) states, \(result.transitionsInOrbits) transitions"
    }
  }

  /// Each keeps every verdict; see ``ExploreReductions``.
  private static func reductions(_ reductions: ExploreReductions) -> String {
    (["histories with equal futures are one state"] + reductions.words).joined(separator: ", ")
  }

  private static func storage(_ settings: ExploreSettings, _ result: ExploreReport) -> String {
    guard settings.usesFingerprints else {
      return "exact; components are compared by 128-bit content hashes"
    }
    // n(n-1)/2^65, as a power of two. The least of g hashes is small more often than not, so that
    // two are equal g^2/(2g-1) times as often.
    var pairs = Double(result.states) * Double(max(0, result.states - 1))
    if case .clients(_, let size) = result.symmetry {
      pairs *= Double(size * size) / Double(2 * size - 1)
    }
    let exponent = pairs > 0 ? 65 - Int(pairs.exponent) - 1 : 65
    return "64-bit fingerprints; odds that a state was lost below 2^-\(exponent)"
  }
}

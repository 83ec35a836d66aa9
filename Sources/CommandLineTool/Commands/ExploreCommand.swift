import ClusterSimulation
import Foundation
import InputText
import Reporting
import ScenarioFiles
import SimulationKernel

/// `crashproof explore`: every interleaving, crash and disk outcome within bounds.
enum ExploreCommand {
  static let command = Command(
    name: "explore", operands: "FILE...",
    summary: "exhaust everything that can happen within a scenario's bounds",
    discussion: """
      Takes the operations of the scenario's first seed, or its script, and visits every state that
      the cluster can reach: every order of deliveries and timers, and within the bounds that stand
      in run (crashes, restarts, falseSuspicions, retries, ticks, losses, duplicates, overtakings,
      cuts) every fault at every effect boundary with every outcome that a recovery can tell apart.
      Time is abstracted away. Ends with a certificate, or with the shortest counterexample.
      Exit codes: 0 every scenario ended as it expects, 1 some did not, or a pinned count or a
      demand to reach something is not met; 2 undecided (a budget was spent). What the command line
      says of bounds, seed or symmetry takes the place of the scenario's; its pinned counts are then
      not looked at. What a search leaves out although the system could do it, all of it without
      consequence: unheeded-words (that a peer is dead, for who never heeds it), done-clients
      (deliveries to clients without operations left), unread-histories (what a store may hold when
      nobody will read), dead-memory (timers that are not paid for, and what is counted for them),
      messages-as-read (parts of messages that no receiver looks at).
      """,
    options: [
      CommandOption("crashes", .named("K"), "crashes at most (default: the scenario's)"),
      CommandOption("states", .named("N"), "most states to keep (default: the scenario's)"),
      CommandOption("memory", .named("MB"), "most memory to use (default: the scenario's)"),
      CommandOption("fingerprints", "keep 64-bit fingerprints instead of whole states"),
      CommandOption(
        "reductions", .named("WORDS"), "leave out only these, joined by commas, or none (below)"),
      CommandOption("no-symmetry", "do not identify states that differ by names of like clients"),
      CommandOption("confirm", "search again in another order and compare"),
      CommandOption(
        "verify", .named("N"),
        "first follow N seeded runs, and N walks with renamed clients, step by step"),
      CommandOption("seed", .named("S"), "the seed whose operations are taken"),
      CommandOption("jobs", .named("N"), "threads (default: cores)"),
      CommandOption("report", .named("DIR"), "the report folder (default: Reports)"),
      CommandOption("json", "one JSON document on stdout"),
    ], run: run)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    guard !arguments.operands.isEmpty else {
      throw UsageError("explore needs scenario files", command: "explore")
    }
    var options = RunOptions()
    options.seed = try arguments.integer("seed", in: 0...Int.max).map { UInt64($0) }
    options.jobs =
      try arguments.integer("jobs", in: 1...64)
      ?? min(64, ProcessInfo.processInfo.activeProcessorCount)
    options.reportFolder = arguments.text("report") ?? "Reports"
    let request = ExploreCall(
      confirms: arguments.has("confirm"),
      verifiedSeeds: try arguments.integer("verify", in: 1...1_000_000) ?? 0)
    if let words = arguments.text("reductions") { options.reductions = try reductions(words) }
    let loaded = try scenarios(arguments)
    let folder = ReportFolder(path: options.reportFolder)
    try folder.prepare()
    Interruption.listen()
    let names = FailureNames(files: loaded.map(\.path))
    let console = Console(arguments)
    var outcomes: [ExploreOutcome] = []
    var wallSeconds: [Double] = []
    for scenario in loaded where !Interruption.hasHappened {
      let start = ContinuousClock.now
      outcomes.append(try explore(scenario, options, names, console, request))
      wallSeconds.append(seconds(start.duration(to: .now)))
    }
    var report = RunReport(
      version: toolVersion, scenarios: outcomes.map(\.report), wallSeconds: wallSeconds,
      wasInterrupted: Interruption.hasHappened)
    let failures = outcomes.flatMap { $0.outcome.files(in: &report) }
    try folder.publish(report, formats: ReportFormat.allCases, failures: failures)
    if arguments.has("json") {
      let documents = outcomes.map(\.json)
      let document = documents.count == 1 ? documents[0] : .array(documents)
      Console.print(JSONWriter(style: .json).text(of: document))
    } else {
      for outcome in outcomes { Console.print(outcome.text) }
    }
    return outcomes.contains { $0.isOurMistake } ? 70 : report.exitCode
  }

  private static func scenarios(_ arguments: ParsedArguments) throws -> [LoadedScenario] {
    var loaded = try InputFiles.scenarios(try InputFiles.scenarioPaths(arguments.operands))
    try loaded.requireWorkload("explore")
    let crashes = try arguments.integer("crashes", in: 0...1000)
    let states = try arguments.integer("states", in: 1...4_000_000_000)
    let memory = try arguments.integer("memory", in: 16...1_000_000)
    for index in loaded.indices {
      loaded[index].scenario.run.mode = .explore
      var settings = loaded[index].scenario.run.explore
      if let states { settings.states = states }
      if let memory { settings.memory = memory }
      if let crashes, let place = settings.bounds.firstIndex(where: { $0.name == "crashes" }) {
        settings.bounds[place].count = crashes
      }
      if arguments.has("fingerprints") { settings.usesFingerprints = true }
      if arguments.has("no-symmetry") { settings.usesSymmetry = false }
      let changesCounts = ["crashes", "seed", "no-symmetry", "reductions"].contains {
        arguments.has($0)
      }
      if changesCounts { settings.pins = ExploreSettings.Pins() }
      loaded[index].scenario.run.explore = settings
    }
    return loaded
  }

  private static func reductions(_ text: String) throws -> ExploreReductions {
    var reductions: ExploreReductions = []
    for word in text.split(separator: ",") where word != "none" {
      guard let known = ExploreReductions.named.first(where: { $0.word == word }) else {
        let words = ExploreReductions.named.map(\.word).joined(separator: ", ")
        throw UsageError("unknown reduction \(word); known: \(words), none", command: "explore")
      }
      reductions.insert(known.reduction)
    }
    return reductions
  }

  private static func explore(
    _ loaded: LoadedScenario, _ options: RunOptions, _ names: FailureNames, _ console: Console,
    _ call: ExploreCall
  ) throws -> ExploreOutcome {
    let run = ScenarioRun(loaded, options, names)
    let runner = run.runner()
    let line = SearchLine(isShown: console.showsProgress, title: loaded.scenario.title)
    defer { line.clear() }
    let paths = run.verify(runner, seeds: call.verifiedSeeds)
    let symmetry = run.verifySymmetry(runner, walks: call.verifiedSeeds)
    var exploration = run.explore(runner, confirms: call.confirms) { line.update($0) }
    exploration.paths = paths
    exploration.symmetry = symmetry
    return ExploreOutcome(
      outcome: run.exploreOutcome(exploration), exploration: exploration)
  }
}

/// What a call asks of every search beside the search itself.
private struct ExploreCall {
  var confirms: Bool
  /// Seeded runs to follow through the search.
  var verifiedSeeds: Int
}

import ClusterSimulation
import Foundation
import InputText
import ModelChecking
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
      Exit codes: 0 exhausted without violation, 1 violation, 2 undecided (a budget was spent).
      """,
    options: [
      CommandOption("crashes", .named("K"), "crashes at most (default: the scenario's)"),
      CommandOption("states", .named("N"), "most states to keep (default: the scenario's)"),
      CommandOption("memory", .named("MB"), "most memory to use (default: the scenario's)"),
      CommandOption("fingerprints", "keep 64-bit fingerprints instead of whole states"),
      CommandOption("no-symmetry", "do not identify states that differ by names of like clients"),
      CommandOption("confirm", "search again in another order and compare"),
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
    let loaded = try scenarios(arguments)
    let folder = ReportFolder(path: options.reportFolder)
    try folder.prepare()
    Interruption.listen()
    let names = FailureNames(files: loaded.map(\.path))
    let console = Console(arguments)
    var outcomes: [(outcome: ScenarioRun.Outcome, report: ExploreReport)] = []
    var wallSeconds: [Double] = []
    for scenario in loaded {
      let start = ContinuousClock.now
      outcomes.append(
        try explore(scenario, options, names, console, confirms: arguments.has("confirm")))
      wallSeconds.append(seconds(start.duration(to: .now)))
    }
    let report = RunReport(
      version: toolVersion, scenarios: outcomes.map(\.outcome.report), wallSeconds: wallSeconds,
      wasInterrupted: Interruption.hasHappened)
    try folder.publish(
      report, formats: ReportFormat.allCases, failures: outcomes.compactMap(\.outcome.failure))
    if arguments.has("json") {
      Console.print(JSONWriter(style: .json).text(of: document(outcomes)))
    } else {
      for outcome in outcomes { Console.print(text(outcome.outcome.report)) }
    }
    return outcomes.map { exitCode($0.outcome.report) }.max { weight($0) < weight($1) } ?? 0
  }

  private static func scenarios(_ arguments: ParsedArguments) throws -> [LoadedScenario] {
    var loaded = try InputFiles.scenarios(try InputFiles.scenarioPaths(arguments.operands))
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
      loaded[index].scenario.run.explore = settings
    }
    return loaded
  }

  private static func explore(
    _ loaded: LoadedScenario, _ options: RunOptions, _ names: FailureNames, _ console: Console,
    confirms: Bool
  ) throws -> (outcome: ScenarioRun.Outcome, report: ExploreReport) {
    guard let entry = ProtocolCatalog.entry(named: loaded.scenario.protocolName) else {
      programmingError("the vocabulary lets a protocol through that the catalog does not know")
    }
    let run = ScenarioRun(loaded: loaded, entry: entry, options: options, names: names)
    let conversion = ScenarioConversion(loaded.scenario, entry)
    guard let runner = entry.makeRunner(conversion.setting, conversion.plan) else {
      programmingError("the vocabulary lets a variant through that the protocol does not know")
    }
    let line = SearchLine(isShown: console.showsProgress, title: loaded.scenario.title)
    defer { line.clear() }
    let exploration = run.explore(runner, confirms: confirms) { line.update($0) }
    return (run.exploreOutcome(exploration), exploration.report)
  }

  private static func exitCode(_ report: ScenarioReport) -> Int32 {
    switch report.verdict {
    case .pass: 0
    case .violation: 1
    case .undecided: 2
    }
  }

  /// A violation weighs more than a doubt.
  private static func weight(_ code: Int32) -> Int { [0: 0, 2: 1, 1: 2][code] ?? 3 }

  private static func text(_ report: ScenarioReport) -> String {
    var lines = ["\(report.file): \(report.verdict.rawValue)"]
    if let message = report.message { lines.append("  \(message)") }
    let width = report.certificate.map(\.name.count).max() ?? 0
    for entry in report.certificate {
      let name = entry.name + String(repeating: " ", count: width - entry.name.count)
      lines.append("  \(name)  \(entry.value)")
    }
    if let command = report.replayCommand { lines.append("  replay: \(command)") }
    return lines.joined(separator: "\n")
  }

  private static func document(
    _ outcomes: [(outcome: ScenarioRun.Outcome, report: ExploreReport)]
  ) -> JSONTree {
    let trees = outcomes.map { json($0.outcome.report, $0.report) }
    return trees.count == 1 ? trees[0] : .array(trees)
  }

  private static func json(_ report: ScenarioReport, _ result: ExploreReport) -> JSONTree {
    var isExhausted = false
    if case .exhausted = result.verdict { isExhausted = true }
    return .object([
      .init("file", .string(report.file)),
      .init("verdict", .string(report.verdict.rawValue)),
      .init("exhausted", .boolean(isExhausted)),
      .init("states", .integer(result.states)),
      .init("transitions", .integer(result.transitions)),
      .init("depth", .integer(result.depth)),
      .init("failure", report.failureFile.map { .string($0) } ?? .null),
      .init("check", report.check.map { .string($0) } ?? .null),
      .init("message", report.message.map { .string($0) } ?? .null),
      .init("digest", .string(DigestText.text(result.digest))),
      .init(
        "certificate",
        .object(report.certificate.map { .init($0.name, .string($0.value)) })),
    ])
  }
}

/// How far a search has come, on one line that is drawn over itself.
final class SearchLine: Sendable {
  private let isShown: Bool
  private let title: String
  private let start = ContinuousClock.now

  init(isShown: Bool, title: String) {
    self.isShown = isShown
    self.title = title
  }

  func update(_ progress: SearchProgress) {
    guard isShown else { return }
    let elapsed = max(0.001, seconds(start.duration(to: .now)))
    let rate = Int(Double(progress.states) / elapsed)
    let hits = Int(progress.hitRate * 10_000)
    let line =
      "\(progress.states) states, \(rate)/s, depth \(progress.depth), frontier "
      + "\(progress.frontier), \(progress.bytes >> 20) MB, hits \(hits / 100).\(hits % 100) %  "
      + title
    StandardStreams.write("\r\u{1B}[K\(line.prefix(99))", to: 2)
  }

  func clear() {
    if isShown { StandardStreams.write("\r\u{1B}[K", to: 2) }
  }
}

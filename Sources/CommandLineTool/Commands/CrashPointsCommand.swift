import ClusterSimulation
import Foundation
import InputText
import Reporting
import ScenarioFiles
import SimulationKernel

/// `crashproof crashpoints`: every crash point of a schedule, with every outcome.
enum CrashPointsCommand {
  static let command = Command(
    name: "crashpoints", operands: "FILE...",
    summary: "crash a scenario's schedule at every effect boundary",
    discussion: """
      Takes the schedule of the scenario's seed without its faults. At every effect boundary of
      every step of a server, its process dies, or its machine loses power; it restarts, everything
      runs on to the end and is checked. After a power loss the disk is open: whenever something is
      read that may or may not have survived, both happen. Runs that reach equal worlds are merged.
      Crash points with a name, or at which something was found, are listed; --verbose lists all.
      Exit codes: 0 no violation, 1 violation, 2 undecided.

      What is found is kept in the report folder until the report is published. An enumeration that
      was interrupted or killed goes on with --resume, and its report is the same as if it had not
      been. Progress of another scenario, or of other options, is refused.

      --table sets what the protocol's document promises at its named crash points beside what
      happens there to the scenario's writes, in the variants that the document describes and in
      the correct one.
      """,
    options: [
      CommandOption("depth", .named("K"), "crashes in a row: 1 or 2 (default: the scenario's)"),
      CommandOption("label", .named("NAME"), "only this named crash point (list crashpoints)"),
      CommandOption("table", "promises of the document beside what happens, by crash point"),
      CommandOption("seed", .named("S"), "the seed of the first schedule"),
      CommandOption(
        "seeds", .named("N"), "as many schedules (default: 1, or as a crash-point scenario says)"),
      CommandOption("jobs", .named("N"), "threads (default: cores)"),
      CommandOption("shard", .named("I/N"), "the I-th of N parts of the schedules' steps"),
      CommandOption("resume", "go on with an enumeration that was killed"),
      CommandOption("report", .named("DIR"), "the report folder (default: Reports)"),
      CommandOption(
        "verify-determinism", "replay some outcomes and compare (default if CI is set)"),
      CommandOption("no-verify-determinism", "do not"),
      CommandOption("no-shrink", "leave a failure as it is found"),
      CommandOption("replays", .named("N"), "versions of a failure to try (see crashproof shrink)"),
      CommandOption("json", "one JSON document on stdout"),
    ], run: run)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    guard !arguments.operands.isEmpty else {
      throw UsageError("crashpoints needs scenario files", command: "crashpoints")
    }
    let options = try options(arguments)
    let depth = try arguments.integer("depth", in: 1...2)
    let seeds = try arguments.integer("seeds", in: 1...10_000)
    let loaded = try InputFiles.scenarios(try InputFiles.scenarioPaths(arguments.operands))
    try loaded.requireWorkload("crashpoints")
    let names = FailureNames(files: loaded.map(\.path))
    var runs = loaded.map { loaded in
      var run = ScenarioRun(loaded, options, names, EnumerationOptions(arguments, seeds))
      if loaded.scenario.run.mode != .crashpoints {
        run.enumeration.schedules = seeds ?? 1
        run.enumeration.includesFaults = false
        run.loaded.scenario.run.mode = .crashpoints
      }
      if let depth { run.loaded.scenario.run.depth = depth }
      return run
    }
    for run in runs { try requireKnown(run.enumeration.labels, in: run) }
    if arguments.has("table") {
      try requireTables(runs, arguments)
      for index in runs.indices { runs[index].enumeration.labels = runs[index].tableLabels }
    }
    let folder = ReportFolder(path: options.reportFolder)
    try folder.prepare()
    for run in runs where run.enumeration.resumes {
      _ = try run.progress(of: run.crashPointRequest, run.runner())
    }
    Interruption.listen()
    return try report(runs, arguments, folder)
  }

  private static func report(
    _ runs: [ScenarioRun], _ arguments: ParsedArguments, _ folder: ReportFolder
  ) throws -> Int32 {
    let console = Console(arguments)
    var outcomes: [ScenarioRun.Outcome] = []
    var report = RunReport(version: toolVersion, scenarios: [], wallSeconds: [])
    for run in runs where !Interruption.hasHappened {
      let start = ContinuousClock.now
      let line = ProgressLine(run, console)
      var outcome = try run.run { line.update($0) }
      line.clear()
      if arguments.has("table"), let table = run.entry.summary.crashTable {
        outcome.report.crashTable = run.crashTable(table)
      }
      outcomes.append(outcome)
      report.scenarios.append(outcome.report)
      report.wallSeconds.append(seconds(start.duration(to: .now)))
    }
    report.wasInterrupted = Interruption.hasHappened || outcomes.contains(where: \.wasCancelled)
    let failures = outcomes.flatMap { $0.files(in: &report) }
    try folder.publish(report, formats: ReportFormat.allCases, failures: failures)
    for (run, outcome) in zip(runs, outcomes) {
      outcome.leak?.tell(of: run.loaded.path)
      outcome.progress?.finish(wasInterrupted: report.wasInterrupted)
    }
    if arguments.has("json") {
      Console.print(JSONWriter(style: .json).text(of: .array(report.scenarios.map(json))))
    } else {
      let selection: CrashPointTable.Selection = arguments.has("verbose") ? .all : .remarkable
      for scenario in report.scenarios { Console.print(text(scenario, selection)) }
    }
    if outcomes.contains(where: { $0.leak != nil }) { return 70 }
    return exitCode(report)
  }

  // MARK: Options

  private static func options(_ arguments: ParsedArguments) throws -> RunOptions {
    var options = RunOptions()
    options.seed = try arguments.integer("seed", in: 0...Int.max).map { UInt64($0) }
    options.jobs =
      try arguments.integer("jobs", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
    options.shard = try arguments.shard("shard") ?? .whole
    options.reportFolder = arguments.text("report") ?? "Reports"
    options.verifiesDeterminism = arguments.verifiesDeterminism
    try options.takeShrinking(arguments)
    return options
  }

  /// A label that the protocol of a scenario does not have would enumerate nothing.
  private static func requireKnown(_ labels: [String], in run: ScenarioRun) throws {
    let known = run.entry.summary.crashPoints
    for label in labels where !known.contains(label) {
      var message = "\(run.loaded.path): \(run.entry.name) has no crash point \(quoted(label))"
      message += known.isEmpty ? "; it names none" : "; known: \(known.joined(separator: ", "))"
      if let near = NearMiss.help(for: label, among: known) { message += "; \(near)" }
      throw UsageError(message, command: "crashpoints")
    }
  }

  /// A table is made as a whole, of protocols that have one.
  private static func requireTables(_ runs: [ScenarioRun], _ arguments: ParsedArguments) throws {
    for option in ["label", "depth", "shard", "resume"] where arguments.has(option) {
      throw UsageError("--table and --\(option) do not go together", command: "crashpoints")
    }
    for run in runs where run.entry.summary.crashTable == nil {
      let known = ProtocolCatalog.entries.filter { $0.summary.crashTable != nil }.map(\.name)
      throw UsageError(
        "\(run.loaded.path): no document has a crash table of \(run.entry.name); "
          + "known: \(known.joined(separator: ", "))", command: "crashpoints")
    }
  }

  // MARK: Answers

  /// A violation weighs more than a doubt; what was expected does not matter here.
  private static func exitCode(_ report: RunReport) -> Int32 {
    if report.scenarios.contains(where: { $0.verdict == .violation }) { return 1 }
    let isOpen = report.wasInterrupted || report.scenarios.contains { $0.verdict == .undecided }
    return isOpen ? 2 : 0
  }

  private static func text(
    _ scenario: ScenarioReport, _ selection: CrashPointTable.Selection
  ) -> String {
    guard let table = scenario.crashPoints else { return "" }
    var text = "\(scenario.file): \(table.figures.joined(separator: ", ")): "
    text += scenario.verdict.rawValue + "\n"
    if let losses = table.lossPhrase { text += "  \(losses)\n" }
    if let message = scenario.message { text += "  \(message)\n" }
    if let command = scenario.replayCommand { text += "  replay: \(command)\n" }
    if let command = scenario.checkCommand { text += "  history: \(command)\n" }
    guard let crashTable = scenario.crashTable else { return text + table.text(selection) }
    if selection == .all { text += table.text(selection) }
    return text + "promises of \(crashTable.source), and what happens:\n\n" + crashTable.text
  }

  private static func json(_ scenario: ScenarioReport) -> JSONTree {
    let table = scenario.crashPoints ?? CrashPointTable(seeds: [], total: 0, rows: [])
    guard case .object(let members) = table.json else { return .null }
    var all: [JSONTree.Member] = [
      .init("file", .string(scenario.file)),
      .init("verdict", .string(scenario.verdict.rawValue)),
      .init("check", scenario.check.map { .string($0) } ?? .null),
      .init("message", scenario.message.map { .string($0) } ?? .null),
      .init("failure", scenario.failureFile.map { .string($0) } ?? .null),
      .init("history", scenario.historyFile.map { .string($0) } ?? .null),
      .init("crashPoints", .integer(table.rows.count)),
    ]
    all += members.filter { $0.key != "tried" }
    if let table = scenario.crashTable { all.append(.init("crashTable", table.json)) }
    return .object(all)
  }
}

extension EnumerationOptions {
  init(_ arguments: ParsedArguments, _ schedules: Int?) {
    labels = arguments.text("label").map { [$0] } ?? []
    self.schedules = schedules
    dividesEverything = true
    resumes = arguments.has("resume")
  }
}

extension ScenarioRun {
  /// The crash points that the protocol's document speaks of.
  fileprivate var tableLabels: [String] { entry.summary.crashTable?.rows.map(\.label) ?? [] }
}

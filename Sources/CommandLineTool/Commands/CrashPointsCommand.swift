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
      Takes the schedule of the scenario's first seed without its faults. At every effect boundary
      of every step of a server, its process dies, or its machine loses power; it restarts,
      everything runs on to the end and is checked. After a power loss the disk is open: whenever
      something is read that may or may not have survived, both happen. Runs that reach equal worlds
      are merged. Exit codes: 0 no violation, 1 violation, 2 undecided.
      """,
    options: [
      CommandOption("depth", .named("K"), "crashes in a row: 1 or 2 (default: the scenario's)"),
      CommandOption("label", .named("NAME"), "only this named crash point (list crashpoints)"),
      CommandOption("seed", .named("S"), "the seed of the schedule"),
      CommandOption("jobs", .named("N"), "threads (default: cores)"),
      CommandOption("shard", .named("I/N"), "the I-th of N parts of the schedule's steps"),
      CommandOption("report", .named("DIR"), "the report folder (default: Reports)"),
      CommandOption("json", "one JSON document on stdout"),
    ], run: run)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    guard !arguments.operands.isEmpty else {
      throw UsageError("crashpoints needs scenario files", command: "crashpoints")
    }
    var options = RunOptions()
    options.seed = try arguments.integer("seed", in: 0...Int.max).map { UInt64($0) }
    options.jobs =
      try arguments.integer("jobs", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
    options.shard = try arguments.shard("shard") ?? .whole
    options.reportFolder = arguments.text("report") ?? "Reports"
    let depth = try arguments.integer("depth", in: 1...2)
    var loaded = try InputFiles.scenarios(try InputFiles.scenarioPaths(arguments.operands))
    for index in loaded.indices {
      loaded[index].scenario.run.mode = .crashpoints
      if let depth { loaded[index].scenario.run.depth = depth }
    }
    let labels = arguments.text("label").map { [$0] } ?? []
    for label in labels { try requireKnown(label, in: loaded) }
    let folder = ReportFolder(path: options.reportFolder)
    try folder.prepare()
    Interruption.listen()
    let names = FailureNames(files: loaded.map(\.path))
    let console = Console(arguments)
    var tables: [CrashPointTable] = []
    var wallSeconds: [Double] = []
    for scenario in loaded {
      let start = ContinuousClock.now
      tables.append(try table(of: scenario, options, names, console, labels))
      wallSeconds.append(seconds(start.duration(to: .now)))
    }
    let report = RunReport(
      version: toolVersion, scenarios: tables.map(\.outcome.report), wallSeconds: wallSeconds,
      wasInterrupted: tables.contains { $0.outcome.wasCancelled })
    try folder.publish(
      report, formats: ReportFormat.allCases,
      failures: tables.flatMap { [$0.outcome.failure, $0.outcome.history].compactMap { $0 } })
    if arguments.has("json") {
      Console.print(JSONWriter(style: .json).text(of: .array(tables.map(\.json))))
    } else {
      for table in tables { Console.print(table.text(isDetailed: arguments.has("verbose"))) }
    }
    return tables.map(\.exitCode).max { Self.weight($0) < Self.weight($1) } ?? 0
  }

  /// A violation weighs more than a doubt.
  private static func weight(_ code: Int32) -> Int { [0: 0, 2: 1, 1: 2][code] ?? 3 }

  private static func table(
    of loaded: LoadedScenario, _ options: RunOptions, _ names: FailureNames, _ console: Console,
    _ labels: [String]
  ) throws -> CrashPointTable {
    guard let entry = ProtocolCatalog.entry(named: loaded.scenario.protocolName) else {
      programmingError("the vocabulary lets a protocol through that the catalog does not know")
    }
    let run = ScenarioRun(loaded: loaded, entry: entry, options: options, names: names)
    let conversion = ScenarioConversion(loaded.scenario, entry)
    guard let runner = entry.makeRunner(conversion.setting, conversion.plan) else {
      programmingError("the vocabulary lets a variant through that the protocol does not know")
    }
    let line = ProgressLine(
      isShown: console.showsProgress, title: loaded.scenario.title, total: 100)
    defer { line.clear() }
    let result = run.enumerate(runner, labels: labels) { done, total in
      line.update(100 * done / max(1, total), found: "per cent of the steps")
    }
    return CrashPointTable(
      outcome: run.crashPointOutcome(result, runner), result: result, layout: runner.layout)
  }

  /// A label that no protocol of the scenarios has would enumerate nothing.
  private static func requireKnown(_ label: String, in loaded: [LoadedScenario]) throws {
    for scenario in loaded {
      let known =
        ProtocolCatalog.entry(named: scenario.scenario.protocolName)?.summary.crashPoints ?? []
      guard !known.contains(label) else { continue }
      throw UsageError(
        "\(scenario.path): \(scenario.scenario.protocolName) has no crash point "
          + "\(quoted(label)); known: \(known.joined(separator: ", "))", command: "crashpoints")
    }
  }
}

/// Crash points, what each of them came to, and the verdict.
struct CrashPointTable {
  let outcome: ScenarioRun.Outcome
  let result: CrashPointReport
  let layout: ClusterLayout

  var exitCode: Int32 {
    switch outcome.report.verdict {
    case .pass: 0
    case .violation: 1
    case .undecided: 2
    }
  }

  func text(isDetailed: Bool) -> String {
    var text = "\(outcome.report.file): \(result.results.count) of \(result.total) crash points, "
    text += "\(result.outcomes) outcomes, \(result.merged) merged: "
    text += outcome.report.verdict.rawValue + "\n"
    for row in result.results where isDetailed || row.failure != nil || row.undecided != nil {
      text += "  " + line(row) + "\n"
    }
    if exitCode != 0, let message = outcome.report.message { text += "  \(message)\n" }
    if let command = outcome.report.replayCommand { text += "  replay: \(command)\n" }
    if let command = outcome.report.checkCommand { text += "  history: \(command)\n" }
    return text
  }

  private func line(_ row: CrashPointResult) -> String {
    let point = row.point
    let kind = row.kind == .process ? "crash" : "power loss"
    let labels = point.labels.isEmpty ? "" : " (\(point.labels.joined(separator: ", ")))"
    return "step \(point.step), \(point.action): \(kind) after effect \(point.effectCount)"
      + "\(labels): \(row.outcomes) outcomes, \(verdict(row))"
  }

  private func verdict(_ row: CrashPointResult) -> String {
    if let failure = row.failure { return "violation of \(failure.violation.check.rawValue)" }
    return row.undecided == nil ? "pass" : "undecided"
  }

  var json: JSONTree {
    .object([
      .init("file", .string(outcome.report.file)),
      .init("verdict", .string(outcome.report.verdict.rawValue)),
      .init("crashPoints", .integer(result.results.count)),
      .init("total", .integer(result.total)),
      .init("outcomes", .integer(result.outcomes)),
      .init("merged", .integer(result.merged)),
      .init("check", outcome.report.check.map { .string($0) } ?? .null),
      .init("failure", outcome.report.failureFile.map { .string($0) } ?? .null),
      .init("history", outcome.report.historyFile.map { .string($0) } ?? .null),
      .init("rows", .array(result.results.map(row))),
    ])
  }

  private func row(_ row: CrashPointResult) -> JSONTree {
    .object([
      .init("step", .integer(row.point.step)),
      .init("node", .string(layout.name(of: row.point.node))),
      .init("afterEffect", .integer(row.point.effectCount)),
      .init("labels", .array(row.point.labels.map { .string($0) })),
      .init("kind", .string(row.kind.rawValue)),
      .init("outcomes", .integer(row.outcomes)),
      .init("merged", .integer(row.merged)),
      .init("verdict", .string(verdict(row))),
    ])
  }
}

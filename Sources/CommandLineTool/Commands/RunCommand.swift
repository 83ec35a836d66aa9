import ClusterSimulation
import Foundation
import InputText
import Reporting
import ScenarioFiles
import SimulationKernel

/// `crashproof run`: the main job.
enum RunCommand {
  static let command = Command(
    name: "run", operands: "[PATH...]",
    summary: "run scenario files or folders and write reports",
    discussion: """
      PATH is a scenario file or a folder of them (default: Scenarios). Folders called "long" run
      only if they are named. Each scenario says what it expects; the exit code is 0 if all of them
      ended so, 1 if some did not, 2 if some were undecided and nothing failed.

      Ctrl-C ends the run after the seeds in progress and still writes the report. Enumerations of
      crash points keep what they have found in the report folder until the report is published:
      --resume goes on with those that Ctrl-C or anything else has ended, and the report is then the
      same as if nothing had.

      --baseline names the results.json of an earlier run: the report then says what has become
      worse, better or slower to recover since. The exit code remains that of this run.

      With GITHUB_ACTIONS set to true, what did not end as expected is annotated at its line; with
      GITHUB_STEP_SUMMARY set, report.md is appended to that file.
      """,
    options: [
      CommandOption("seed", .named("S"), "the first seed, instead of each scenario's own"),
      CommandOption(
        "seeds", .named("N"), "how many seeds, instead of each scenario's own (mode simulate)"),
      CommandOption("jobs", .named("N"), "threads to run seeds on (default: cores)"),
      CommandOption("shard", .named("I/N"), "run the I-th of N parts of the work"),
      CommandOption("resume", "go on with enumerations of crash points that were killed"),
      CommandOption("report", .named("DIR"), "the report folder (default: Reports)"),
      CommandOption(
        "format", .named("LIST"), "report formats (default: text,json,junit,markdown,html)"),
      CommandOption("baseline", .named("FILE"), "compare with results.json of an earlier run"),
      CommandOption("filter", .named("TEXT"), "only scenarios whose path or title contains TEXT"),
      CommandOption(
        "verify-determinism", "run one seed in twenty again and compare (default if CI is set)"),
      CommandOption("no-verify-determinism", "do not"),
      CommandOption(
        "coverage", "run seeds again to see what they reach: messages, crash points"),
      CommandOption("no-shrink", "leave failures as they are found"),
      CommandOption("replays", .named("N"), "versions of a failure to try (see crashproof shrink)"),
      CommandOption("loose", "skip steps of schedules that are not possible, and say how many"),
      CommandOption("json", "one JSON document on stdout"),
    ], run: run)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    let options = try options(arguments)
    let formats = try formats(arguments)
    let paths = arguments.operands.isEmpty ? ["Scenarios"] : arguments.operands
    let loaded = try InputFiles.scenarios(try InputFiles.scenarioPaths(paths))
    let baseline = try arguments.text("baseline").map(Baseline.init(path:))
    let selected = select(loaded, arguments.text("filter"), options.shard)
    guard !selected.isEmpty else { throw nothingToRun(paths, arguments.text("filter"), loaded) }
    let folder = ReportFolder(path: options.reportFolder)
    try folder.prepare()
    Interruption.listen()
    var session = RunSession(
      options: options,
      enumeration: EnumerationOptions(resumes: arguments.has("resume")),
      console: Console(arguments), names: FailureNames(files: loaded.map(\.path)),
      style: RunSession.Style(arguments), files: selected.map(\.path))
    try session.checkProgress(of: selected)
    var report = try session.run(selected)
    report.baseline = baseline?.comparison(with: report, among: loaded.map(\.path))
    try folder.publish(report, formats: formats, failures: session.failures)
    session.forgetProgress(report)
    if arguments.has("json") {
      Console.print(ResultsJSON.text(of: report, wallTimes: .leftOut))
    } else {
      session.finish(report)
    }
    let job = GitHubJob()
    job.annotate(report, on: arguments.has("json") ? 2 : 1)
    job.summarize(report)
    return session.foundLeak ? 70 : report.exitCode
  }

  // MARK: Options

  private static func options(_ arguments: ParsedArguments) throws -> RunOptions {
    var options = RunOptions()
    options.seed = try arguments.integer("seed", in: 0...Int.max).map { UInt64($0) }
    options.seeds = try arguments.integer("seeds", in: 1...100_000_000)
    options.jobs =
      try arguments.integer("jobs", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
    options.shard = try arguments.shard("shard") ?? .whole
    options.reportFolder = arguments.text("report") ?? "Reports"
    options.collectsCoverage = arguments.has("coverage")
    options.isLoose = arguments.has("loose")
    try options.takeShrinking(arguments)
    options.verifiesDeterminism = arguments.verifiesDeterminism
    return options
  }

  private static func formats(_ arguments: ParsedArguments) throws -> [ReportFormat] {
    guard let text = arguments.text("format") else { return ReportFormat.allCases }
    return try text.split(separator: ",").map { word in
      guard let format = ReportFormat(rawValue: String(word)) else {
        let known = ReportFormat.allCases.map(\.rawValue)
        var message = "unknown report format \(quoted(String(word))); known: "
        message += known.joined(separator: ", ")
        if let near = NearMiss.closest(to: String(word), among: known) {
          message += "; did you mean \(near)?"
        }
        throw UsageError(message, command: "run")
      }
      return format
    }
  }

  /// What the filter leaves, and of it this shard's part: scenarios that expect a pass are divided
  /// by seeds, the others and searches go to one shard each.
  private static func select(
    _ loaded: [LoadedScenario], _ filter: String?, _ shard: Shard
  ) -> [LoadedScenario] {
    let matching = loaded.filter { loaded in
      filter.map { loaded.path.contains($0) || loaded.scenario.title.contains($0) } ?? true
    }
    return matching.enumerated().filter { index, loaded in
      if case .pass = loaded.scenario.expectation, loaded.scenario.run.mode != .explore {
        return true
      }
      return index % shard.count == shard.index
    }.map(\.element)
  }

  private static func nothingToRun(
    _ paths: [String], _ filter: String?, _ loaded: [LoadedScenario]
  ) -> any Error {
    let places = paths.joined(separator: ", ")
    guard let filter, !loaded.isEmpty else {
      return MissingFileError(path: places, reason: "there is no scenario file (*.json5) here")
    }
    return UsageError(
      "no scenario of \(places) has \(quoted(filter)) in its path or title", command: "run")
  }
}

extension RunOptions {
  /// Whether failures are made smaller, and at what cost.
  mutating func takeShrinking(_ arguments: ParsedArguments) throws {
    shrinks = !arguments.has("no-shrink")
    shrinkReplays = try arguments.integer("replays", in: 1...10_000_000)
  }
}

extension ParsedArguments {
  /// Whether to run some things twice: as the options say, or else if the environment has `CI` set.
  var verifiesDeterminism: Bool {
    let isInCI = ProcessInfo.processInfo.environment["CI"].map { !$0.isEmpty } ?? false
    return (isInCI || has("verify-determinism")) && !has("no-verify-determinism")
  }
}

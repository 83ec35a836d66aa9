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
      """,
    options: [
      CommandOption("seed", .named("S"), "the first seed, instead of each scenario's own"),
      CommandOption("seeds", .named("N"), "how many seeds, instead of each scenario's own"),
      CommandOption("jobs", .named("N"), "threads to run seeds on (default: cores)"),
      CommandOption("shard", .named("I/N"), "run the I-th of N parts of the work"),
      CommandOption("report", .named("DIR"), "the report folder (default: Reports)"),
      CommandOption(
        "format", .named("LIST"), "report formats (default: text,json,junit,markdown)"),
      CommandOption("filter", .named("TEXT"), "only scenarios whose path or title contains TEXT"),
      CommandOption(
        "verify-determinism", "run one seed in twenty again and compare (default if CI is set)"),
      CommandOption("no-verify-determinism", "do not"),
      CommandOption("json", "one JSON document on stdout"),
    ], run: run)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    0
  }
}

enum ReportCommand {
  static let command = Command(
    name: "report", operands: "merge DIR...",
    summary: "combine the results of several runs or shards",
    discussion: "",
    options: [], run: { _ in 0 })
}

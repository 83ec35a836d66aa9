import Foundation
import InputText
import Reporting

/// `crashproof benchmark`: the figures of this machine, in one run.
enum BenchmarkCommand {
  static let command = Command(
    name: "benchmark", operands: "simulate|explore|check|disk|failover|report|...",
    summary: "measure this machine",
    discussion: """
      simulate: steps per second of CPU time on one core, for a chain of three servers with two
      clients under all its checks, and the same without checks; the ratio is the checkers' share.
      explore: exhaustive search of a chain of three servers with up to two crashes, a model that
      other engines have counted too, and of the protocols in comparable bounds; with one thread and
      with several, exact and by fingerprints.
      check: how fast histories are read, format by format, and how fast they are checked, reading
      left out: legal and illegal ones of every theory, from 1,000 operations to a million, and
      what needs a search. Each case runs in a process of its own, whose peak memory includes the
      history but not its making. With --verify: draws N small histories of every object and
      compares theories, hints, search and monitors with brute force. Exit code 1 if any differ;
      the history is printed as lines that crashproof check reads.
      disk: how many classes of crash states a recovery visits that reads a log of unsynced
      records. With --verify N: every program of up to N file calls from a grammar, under every
      disk profile: what is chosen when recovery reads gives the outcomes of all closed sets, also
      over a second power loss, and the states that crashproof disk lists. Exit code 1 if not.
      failover: how many message delays the failover of a chain, and of a primary with backups, adds
      to the answers of queries and updates when one server fails, from the report of the failure
      on, with the messages that they are; every message takes one unit of virtual time, work none.
      shrink: how small failures of the known bugs under Scenarios become, beside the shortest ways
      that the searches pin, as a page in Markdown. It holds no time: the same on every machine.
      report: how long a report takes that tells of 100,000 seeds, by format, and written to files
      with those of its failures. Campaigns come before, and are not measured.
      placement: days until all replicas of some volume are lost, for three ways to place volumes on
      servers, beside Figure 7 of the chain replication paper. With --verify: what the paper says
      about the figure, with the points it takes. Exit code 1 if something is not so, 2 if
      undecided.
      measurements: what documents measured beside what a run of Scenarios/measurements gave, as a
      page in Markdown, from the results.json of that run.
      Build with -c release; figures of a debug build mean nothing.
      """,
    options: [
      CommandOption("steps", .named("N"), "simulate: steps to run at least (default 10000000)"),
      CommandOption("crashes", .named("K"), "explore: with so many crashes alone (0 to 2)"),
      CommandOption("repeats", .named("N"), "explore: runs of each case (default 3)"),
      CommandOption("case", .named("TEXT"), "check: cases whose name contains TEXT alone"),
      CommandOption("here", "check: in this process, without one for each case"),
      CommandOption(
        "verify", .optionalNumber("N"),
        "disk: all programs of N calls (1 to 6); check: N histories; placement"),
      CommandOption("model", .named("NAME"), "check --verify: this object alone"),
      CommandOption("seed", .named("S"), "check --verify: the first seed; placement (default 1)"),
      CommandOption("profile", .named("NAME"), "disk --verify: this profile alone"),
      CommandOption("servers", .named("N"), "placement: with so many servers alone"),
      CommandOption("replicas", .named("N"), "placement: with so many replicas alone"),
      CommandOption(
        "events", .named("N"), "placement: failures and copies at most (default 4000000)"),
      CommandOption(
        "results", .named("FILE"),
        "measurements: of this run (default Reports/results.json)"),
      CommandOption(
        "jobs", .named("N"), "explore (default 2), others (default cores): threads"),
      CommandOption("json", "a JSON document a line for each case"),
    ], run: run)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    Interruption.listen()
    switch arguments.operands {
    case ["simulate"]:
      let steps = try arguments.integer("steps", in: 1...1_000_000_000_000) ?? 10_000_000
      let (figures, remark) = try SimulationBenchmark.figures(steps: steps)
      show(figures, arguments, remark)
      return 0
    case ["check"]: return try check(arguments)
    case ["explore"]:
      let crashes = try arguments.integer("crashes", in: 0...2)
      show(
        try ExploreBenchmark.figures(
          crashes: crashes.map { $0...$0 } ?? 0...2,
          threads: try arguments.integer("jobs", in: 1...64) ?? 2,
          repeats: try arguments.integer("repeats", in: 1...1000) ?? 3), arguments)
      return 0
    case ["disk"]:
      if arguments.has("verify") {
        guard let calls = try arguments.integer("verify", in: 1...6) else {
          throw UsageError("disk --verify needs a number of calls, 1 to 6", command: "benchmark")
        }
        return try DiskBenchmark.verify(
          calls: calls, profile: arguments.text("profile"),
          jobs: try jobs(arguments), Console(arguments))
      }
      show(try DiskBenchmark.figures(), arguments)
      return 0
    case ["failover"]:
      for figure in try FailoverBenchmark.figures() {
        Console.print(arguments.has("json") ? figure.json : FailoverBenchmark.text(figure))
      }
      return 0
    case ["shrink"]:
      var benchmark = try ShrinkBenchmark(jobs: try jobs(arguments))
      try benchmark.run()
      Console.print(
        arguments.has("json")
          ? benchmark.jsonLines.joined(separator: "\n") : benchmark.markdown)
      return Interruption.hasHappened ? 2 : 0
    case ["report"]:
      show(try ReportBenchmark().figures(), arguments)
      return Interruption.hasHappened ? 2 : 0
    case ["placement"]: return try placement(arguments)
    case ["measurements"]: return try measurements(arguments)
    default:
      throw UsageError(
        "benchmark needs one of: simulate, explore, check, disk, failover, shrink, report, "
          + "placement, measurements",
        command: "benchmark")
    }
  }

  private static func measurements(_ arguments: ParsedArguments) throws -> Int32 {
    let file = arguments.text("results") ?? "Reports/results.json"
    guard let page = MeasurementPage(try InputFiles.results(file)) else {
      throw MissingFileError(path: file, reason: "no scenario of it measures what was claimed")
    }
    Console.print(page.text)
    return 0
  }

  private static func placement(_ arguments: ParsedArguments) throws -> Int32 {
    var benchmark = PlacementBenchmark()
    benchmark.servers = try arguments.integer("servers", in: 1...10_000)
    benchmark.replicas = try arguments.integer("replicas", in: 1...16)
    if let events = try arguments.integer("events", in: 1...1_000_000_000) {
      benchmark.eventLimit = events
    }
    benchmark.seed = UInt64(try arguments.integer("seed", in: 0...Int.max / 2) ?? 1)
    let rows = benchmark.rows(jobs: try jobs(arguments))
    guard !rows.isEmpty || Interruption.hasHappened else {
      throw UsageError("placement needs at least as many servers as replicas", command: "benchmark")
    }
    for row in rows { Console.print(arguments.has("json") ? row.json : row.text) }
    guard arguments.has("verify") else { return Interruption.hasHappened ? 2 : 0 }
    let claims = PlacementClaims(rows).all
    for claim in claims { Console.print("\(claim.verdict.rawValue): \(claim.sentence)") }
    if claims.contains(where: { $0.verdict == .fails }) { return 1 }
    return claims.contains { $0.verdict == .undecided } ? 2 : 0
  }

  private static func check(_ arguments: ParsedArguments) throws -> Int32 {
    if arguments.has("verify") {
      var campaign = VerdictCampaign(console: Console(arguments))
      let count = try arguments.integer("verify", in: 1...1_000_000_000_000)
      campaign.histories = count ?? campaign.histories
      campaign.firstSeed = try arguments.integer("seed", in: 0...Int.max / 2) ?? 1
      campaign.jobs = try jobs(arguments)
      campaign.printsJSON = arguments.has("json")
      if let model = try CheckCommand.model(arguments.text("model")) { campaign.models = [model] }
      return campaign.run()
    }
    let names = CheckBenchmark.names(containing: arguments.text("case"))
    guard !names.isEmpty else {
      let text = quoted(arguments.text("case") ?? "")
      throw UsageError("no case of benchmark check contains \(text)", command: "benchmark")
    }
    let figures = try CheckBenchmark.run(names, isHere: arguments.has("here")) {
      show([$0], arguments)
    }
    if !arguments.has("json"), let growth = CheckBenchmark.growth(figures) {
      Console.print(growth)
    }
    return Interruption.hasHappened ? 2 : 0
  }

  private static func jobs(_ arguments: ParsedArguments) throws -> Int {
    try arguments.integer("jobs", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
  }

  private static func show(
    _ figures: [BenchmarkFigure], _ arguments: ParsedArguments, _ remark: String? = nil
  ) {
    for figure in figures {
      Console.print(arguments.has("json") ? figure.json : figure.text)
    }
    if let remark, !arguments.has("json") { Console.print(remark) }
  }
}

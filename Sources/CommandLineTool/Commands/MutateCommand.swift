import ClusterSimulation
import Foundation
import InputText
import ScenarioFiles
import SimulationKernel

/// `crashproof mutate`: what the scenarios catch if a file call of the protocol were left out or
/// came in another order.
enum MutateCommand {
  static let command = Command(
    name: "mutate", operands: "[PATH...]",
    summary: "leave out and swap file calls of correct protocols; see which scenarios notice",
    discussion: """
      Runs scenarios of correct variants that expect a pass (default: those of Scenarios whose
      protocol has a disk) and notes where in its source the protocol calls its files. Then, one by
      one, each fsync is dropped, and each two neighbouring calls of a step, or of the end of a step
      and the beginning of its continuation, change places; the scenarios run until one fails. The
      file service does this; the protocol is not changed.

      What no scenario catches is compared: if every crash point of every enumeration among the
      scenarios has the same ends with the mutation as without, under all profiles that the protocol
      claims, and power was lost after the mutation had made a difference, it is equivalent: the
      fsync is superfluous, or the order does not matter. Exit codes: 0 all mutations are caught or
      equivalent, 1 some are not, 2 interrupted.
      """,
    options: [
      CommandOption("list", "only list the mutations; with --json as a document"),
      CommandOption("only", .named("TEXT"), "only mutations whose places or calls contain TEXT"),
      CommandOption("seeds", .named("N"), "at most so many seeds of each scenario"),
      CommandOption("jobs", .named("N"), "threads (default: cores)"),
      CommandOption("json", "one JSON document on stdout"),
    ], run: run)

  /// Seeds of a scenario that are enough to see which calls it makes.
  private static let coverageSeeds = 300

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    let jobs =
      try arguments.integer("jobs", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
    let seeds = try arguments.integer("seeds", in: 1...100_000_000)
    let loaded = try scenarios(arguments.operands)
    Interruption.listen()
    let console = Console(arguments)
    let coverage = try coverage(of: loaded, jobs: jobs, seeds: seeds, console)
    let findings = coverage.all.filter { finding in
      guard let text = arguments.text("only") else { return true }
      return "\(finding.mutation.text) \(finding.calls)".contains(text)
    }
    var table = MutationTable(isList: arguments.has("list"))
    let isJSON = arguments.has("json")
    if !isJSON { Console.print(table.header) }
    var comparison = EndComparison(MutationSearch(loaded, jobs: jobs, seeds: seeds))
    let line = ProgressLine("", unit: "mutations", total: findings.count, console)
    for (done, finding) in findings.enumerated() where !Interruption.hasHappened {
      let verdict = table.isList ? nil : judge(finding, coverage, &comparison)
      let row = MutationTable.Row(finding: finding, verdict: verdict)
      table.rows.append(row)
      line.clear()
      if !isJSON { Console.print(row.text) }
      line.update(done + 1, found: "\(table.gapCount) not caught")
    }
    line.clear()
    table.wasInterrupted = Interruption.hasHappened
    Console.print(isJSON ? JSONWriter(style: .json).text(of: table.json) : "\n" + table.summary)
    return table.exitCode
  }

  private static func judge(
    _ finding: MutationFinding, _ coverage: MutationCoverage, _ comparison: inout EndComparison
  ) -> MutationVerdict {
    guard finding.isIndependent else { return .notApplicable }
    guard finding.makesDifference else {
      return .equivalent("the read is answered alike before and after")
    }
    for loaded in coverage.scenarios(reaching: finding.mutation) {
      switch comparison.search.run(loaded, FileStudy(finding.mutation)) {
      case .passed: break
      case .failed(let check, let place):
        return .caught(scenario: loaded.path, check: check, place: place)
      case .undecided(let reason): return .notCaught("\(loaded.path) is undecided: \(reason)")
      case .interrupted: return .notCaught("interrupted")
      }
    }
    return comparison.compare(finding.mutation)
  }

  // MARK: What is run

  /// The scenarios that can say something: of correct variants with a disk that expect a pass.
  private static func scenarios(_ operands: [String]) throws -> [LoadedScenario] {
    let paths = operands.isEmpty ? ["Scenarios"] : operands
    let loaded = try InputFiles.scenarios(try InputFiles.scenarioPaths(paths)).filter { loaded in
      guard case .pass = loaded.scenario.expectation, loaded.scenario.variant == "correct",
        let entry = ProtocolCatalog.entry(named: loaded.scenario.protocolName)
      else { return false }
      return entry.usesDisk && loaded.schedule == nil
    }
    guard !loaded.isEmpty else {
      throw UsageError(
        "mutate needs scenarios of a correct variant with a disk that expect a pass",
        command: "mutate")
    }
    return loaded
  }

  private static func coverage(
    of loaded: [LoadedScenario], jobs: Int, seeds: Int?, _ console: Console
  ) throws -> MutationCoverage {
    var coverage = MutationCoverage()
    let search = MutationSearch(
      loaded, jobs: jobs, seeds: min(seeds ?? coverageSeeds, coverageSeeds))
    let line = ProgressLine("", unit: "scenarios", total: loaded.count, console)
    defer { line.clear() }
    for (done, scenario) in search.scenarios.enumerated() {
      let study = FileStudy()
      if case .failed(let check, let place) = search.run(scenario, study) {
        throw UsageError(
          "\(scenario.path) fails without any mutation: \(check), \(place)", command: "mutate")
      }
      coverage.add(study, of: scenario)
      line.update(done + 1, found: "\(coverage.count) mutations")
    }
    return coverage
  }
}

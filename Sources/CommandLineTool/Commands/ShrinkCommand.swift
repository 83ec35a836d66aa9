import ClusterSimulation
import Foundation
import InputText
import LinearizabilityChecking
import ScenarioFiles
import SimulationKernel

/// `crashproof shrink`: makes a failure smaller.
enum ShrinkCommand {
  static let command = Command(
    name: "shrink", operands: "FAILURE",
    summary: "make a failure smaller by leaving things out",
    discussion: """
      Leaves out clients, faults, operations with all that follows from them, servers, timers and
      steps, and puts simpler crash points, disk outcomes, keys and earlier times in place of
      others, as long as the same check fails for the same reason, inside or outside the stated
      assumptions as before. The result replays like any failure file. It is minimal in this sense:
      without any one of its steps, faults, operations, clients or servers it passes, or fails for
      another reason. As in a search, a message may take longer than the scenario says.

      What replicas owe once they have come to rest (progress, convergence, durability) is judged
      behind the steps, when the world has been left alone for as long as the scenario says; the
      last of the decisions is then the word "settle", and the steps that follow are not counted.

      crashproof run shrinks what it finds by itself. A counterexample of a search is the shortest
      there is within its bounds and stays as it is, and so does a recovery that took too long.

      Exit codes: 0 smaller, or as small as can be; 1 the failure does not reproduce; 2 the budget
      of replays was spent, so that it may not be minimal (it is written all the same); 65 bad
      failure file; 66 no such file.
      """,
    options: [
      CommandOption(
        "out", .named("FILE"),
        "where to write (default: FAILURE ending in .shrunk.json, or in .json5)"),
      CommandOption(
        "as-scenario", "write a scenario with a schedule, for Scenarios/regressions and for editing"
      ),
      CommandOption(
        "replays", .named("N"),
        "try at most N versions (default \(FailureShrinking.defaultReplays))"),
      CommandOption("json", "one JSON document on stdout"),
    ], run: run)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    guard arguments.operands.count == 1, let path = arguments.operands.first else {
      throw UsageError("shrink needs one failure file", command: "shrink")
    }
    let replays = try arguments.integer("replays", in: 1...10_000_000)
    let input = try FailureInput(path)
    guard let check = input.check else {
      programmingError("the vocabulary lets a check through that nobody knows")
    }
    if input.failure.faultsEnd != nil {
      return keep(
        input, arguments, end: "recovery",
        "how long a recovery takes says nothing once steps of it are left out")
    }
    var shrinking = FailureShrinking(scenario: input.failure.scenario, entry: input.entry)
    if let replays { shrinking.replays = replays }
    if input.failure.scenario.run.mode == .explore {
      // The search has looked at everything shorter.
      if !arguments.has("as-scenario") {
        return keep(
          input, arguments, end: "shortest", "within its bounds the search found nothing shorter")
      }
      shrinking.isAsShortAsCanBe = true
    }
    let outcome = shrinking.shrink(input.steps, settles: input.settles, check: check)
    let answer = ShrinkAnswer(input: input, path: path, arguments: arguments, outcome: outcome)
    return try answer.give()
  }

  /// A failure that stays as it is: a counterexample of a search, or a slow recovery.
  private static func keep(
    _ input: FailureInput, _ arguments: ParsedArguments, end: String, _ reason: String
  ) -> Int32 {
    let result = input.runner.replay(input.replayRequest()).result
    let isReproduced = ReplayAnswer(input.failure, result, isPartial: nil).isReproduced
    if arguments.has("json") {
      Console.print(
        JSONWriter(style: .json).text(
          of: .object([
            .init("reproduced", .boolean(isReproduced)),
            .init("check", .string(input.failure.check)),
            .init("from", .integer(input.steps.count)),
            .init("steps", .integer(input.steps.count)),
            .init("replays", .integer(0)),
            .init("end", .string(end)),
          ])))
    } else {
      let count = input.steps.count
      Console.print(
        isReproduced
          ? "\(count) steps: \(reason), so nothing was written"
          : "not reproduced: \(result.divergence ?? "another trace"); nothing was written")
    }
    return isReproduced ? 0 : 1
  }
}

/// What `crashproof shrink` answers, and what it writes.
private struct ShrinkAnswer {
  let input: FailureInput
  let path: String
  let arguments: ParsedArguments
  let outcome: FailureShrinking.Outcome

  /// - Returns: the exit code.
  func give() throws -> Int32 {
    switch outcome {
    case .notReproduced(let reason):
      let text = "not reproduced: \(reason); nothing was written"
      Console.print(arguments.has("json") ? json(reproduced: false, []) : text)
      return 1
    case .shrunk(let result):
      let out = arguments.text("out") ?? defaultOut
      let message = Violations.message(result.shrunk.violation, in: result.recorded)
      let isScenario = arguments.has("as-scenario")
      let written =
        isScenario
        ? result.scenarioText(like: input.failure, message: message)
        : result.file(
          like: input.failure, message: message, command: "crashproof replay \(out)"
        ).text
      try OutputFile.write(written, to: out)
      Console.print(
        arguments.has("json") ? json(result, out, message) : text(result, out, message))
      return result.shrunk.end == .budget ? 2 : 0
    }
  }

  private var defaultOut: String {
    let stem = path.hasSuffix(".json") ? String(path.dropLast(5)) : path
    return stem + (arguments.has("as-scenario") ? ".json5" : ".shrunk.json")
  }

  private var isSearch: Bool { input.failure.scenario.run.mode == .explore }

  private func text(
    _ result: FailureShrinking.Result, _ out: String, _ message: String
  ) -> String {
    let sentence =
      isSearch
      ? "\(result.originalStepCount) steps: within its bounds, the search found nothing shorter"
      : result.sentence
    let command = arguments.has("as-scenario") ? "run: crashproof run" : "replay: crashproof replay"
    return "\(sentence)\n\(message)\n\(command) \(out)"
  }

  private func json(
    _ result: FailureShrinking.Result, _ out: String, _ message: String
  ) -> String {
    let shrunk = result.shrunk
    return json(
      reproduced: true,
      [
        .init("steps", .integer(shrunk.steps.count)),
        .init("replays", .integer(shrunk.replays)),
        .init("end", .string(isSearch ? "shortest" : shrunk.end.rawValue)),
        .init("settles", .boolean(shrunk.settles)),
        .init("servers", .integer(shrunk.servers)),
        .init("clients", .integer(shrunk.clients)),
        .init("withinAssumptions", .boolean(shrunk.withinAssumptions)),
        .init("digest", .string(DigestText.text(shrunk.digest))),
        .init("message", .string(message)),
        .init("out", .string(out)),
      ])
  }

  private func json(reproduced: Bool, _ members: [JSONTree.Member]) -> String {
    JSONWriter(style: .json).text(
      of: .object(
        [
          .init("reproduced", .boolean(reproduced)),
          .init("check", .string(input.failure.check)),
          .init("from", .integer(input.steps.count)),
        ] + members))
  }
}

/// What is said of violations.
enum Violations {
  /// What a violation says; of linearizability what contradicts what in the history.
  static func message(_ violation: Violation, in history: RecordedHistory) -> String {
    guard violation.check == .linearizability else { return violation.message }
    var checker = HistoryChecker()
    var explainer = HistoryExplainer()
    explainer.namesProcesses = true
    return explainer.explain(history, checker.check(history))?.sentence ?? violation.message
  }
}

/// A file that a command writes where the user says.
enum OutputFile {
  /// - Throws: ``MissingFileError`` if it cannot be written.
  static func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw MissingFileError(path: path, reason: "the file cannot be written")
    }
  }
}

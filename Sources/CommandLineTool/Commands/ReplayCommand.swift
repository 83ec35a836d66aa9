import ClusterSimulation
import InputText
import LinearizabilityChecking
import ScenarioFiles
import SimulationKernel

/// `crashproof replay`: does a failure file's steps again.
enum ReplayCommand {
  static let command = Command(
    name: "replay", operands: "FAILURE",
    summary: "re-run a failure file step by step",
    discussion: """
      Says whether the same steps lead to the same violation with the same trace digest, or at which
      step today's code does something else, what was expected there and what was possible instead.
      With --loose such a step is skipped, and the others are followed as far as they make sense: a
      parcel that is not there any more is the first one of its channel. Exit code 0: reproduced; 1:
      not reproduced.

      --step on a terminal walks through the run, forwards and backwards, and shows nodes, disks and
      channels after any step; elsewhere it prints a line for every step. --commands does the same
      walk without a terminal. --diagram draws the run, as SVG, as Mermaid if OUT ends in .mmd, as
      text if it ends in .txt or is -.
      """,
    options: [
      CommandOption("loose", "skip steps that are not possible, and say how many"),
      CommandOption("until", .named("N"), "do only the first N steps"),
      CommandOption("step", "walk through the run; without a terminal, a line for every step"),
      CommandOption("commands", .named("FILE"), "walk through the run as a file says; - for stdin"),
      CommandOption("diagram", .named("OUT"), "draw the run: OUT.svg, OUT.mmd, OUT.txt or -"),
      CommandOption(
        "changes", "with --step, name below each step what it changed: memories, disks, channels"),
      CommandOption("last", .named("N"), "with --step, print only the last N lines"),
      CommandOption("json", "one JSON document on stdout"),
    ], run: run)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    guard arguments.operands.count == 1, let path = arguments.operands.first else {
      throw UsageError("replay needs one failure file", command: "replay")
    }
    let until = try arguments.integer("until", in: 0...Int.max)
    let last = try arguments.integer("last", in: 1...Int.max)
    let picture = try arguments.text("diagram").map { try DiagramFile($0) }
    try refuseContradictions(arguments)
    let input = try FailureInput(path)
    let travel = try arguments.text("commands").map { try TravelSession.commands($0) }
    if arguments.has("loose") { return try follow(input, arguments) }
    let steps = input.steps
    let recording = input.runner.replay(
      input.replayRequest(limit: until ?? .max, detail: detail(arguments)))
    let told = FailureTelling(input, limit: until)
    try picture?.write(told.story(states: false))
    let isConversation =
      travel == nil && arguments.has("step") && !arguments.has("json") && Console.isConversation
    if let travel {
      TravelSession.run(TimeTravel(told.story(states: true)), travel)
    } else if isConversation {
      TravelSession.talk(TimeTravel(told.story(states: true)))
    }
    let answer = ReplayAnswer(
      input.failure, recording.result, isPartial: until.map { $0 < steps.count })
    if arguments.has("step"), !arguments.has("json"), travel == nil, !isConversation {
      for line in recording.lines.suffix(last ?? .max) { Console.print(line) }
    }
    Console.print(arguments.has("json") ? answer.json : answer.text)
    return answer.exitCode
  }

  /// What would be ignored is refused.
  private static func refuseContradictions(_ arguments: ParsedArguments) throws {
    let pairs = [
      ("loose", "until"), ("loose", "commands"), ("loose", "diagram"), ("commands", "json"),
    ]
    for (one, other) in pairs where arguments.has(one) && arguments.has(other) {
      throw UsageError("--\(one) and --\(other) do not go together", command: "replay")
    }
    if arguments.has("json"), arguments.text("diagram") == "-" {
      throw UsageError("--json and --diagram - do not go together", command: "replay")
    }
  }

  private static func follow(
    _ input: FailureInput, _ arguments: ParsedArguments
  ) throws -> Int32 {
    var request = ScheduleRequest(steps: input.plannedSteps)
    request.isLoose = true
    request.settles = input.settles
    request.detail = detail(arguments)
    let result = input.runner.follow(request)
    let answer = LooseAnswer(failure: input.failure, result: result, stepCount: input.steps.count)
    let last = try arguments.integer("last", in: 1...Int.max)
    if arguments.has("step"), !arguments.has("json") {
      for line in result.lines.suffix(last ?? .max) { Console.print(line) }
    }
    Console.print(arguments.has("json") ? answer.json : answer.text)
    return answer.isReproduced ? 0 : 1
  }

  private static func detail(_ arguments: ParsedArguments) -> LineDetail {
    guard arguments.has("step") else { return .none }
    return arguments.has("changes") ? .changes : .steps
  }
}

/// What a replay is told as.
struct ReplayAnswer {
  let failure: FailureFile
  let result: ReplayResult
  /// Whether fewer steps than recorded were asked for.
  let isPartial: Bool

  init(_ failure: FailureFile, _ result: ReplayResult, isPartial: Bool?) {
    self.failure = failure
    self.result = result
    self.isPartial = isPartial ?? false
  }

  var digest: String { DigestText.text(result.digest) }

  /// Same check, same trace.
  var isReproduced: Bool {
    guard case .violation(let violation) = result.verdict else { return false }
    return violation.check.rawValue == failure.check && digest == failure.digest
  }

  var exitCode: Int32 {
    if result.divergedAt != nil { return 1 }
    return isReproduced || isPartial ? 0 : 1
  }

  var text: String {
    if let step = result.divergedAt {
      return "diverged at step \(step): \(result.divergence ?? "")\n"
        + "the code, or the scenario, is not what it was when the failure was recorded"
    }
    if isReproduced {
      return "reproduced: violation of \(failure.check) after \(result.steps) steps"
        + "\(settling), digest \(digest)\n\(failure.message)"
    }
    if isPartial { return "\(result.steps) steps done, digest \(digest)" }
    switch result.verdict {
    case .pass: return "not reproduced: all \(result.steps) steps were possible and no check failed"
    case .undecided(let reason): return "not reproduced: \(reason)"
    case .violation(let violation):
      return "not reproduced: violation of \(violation.check.rawValue) instead of "
        + "\(failure.check), or another trace (digest \(digest), recorded \(failure.digest))\n"
        + violation.message
    }
  }

  /// Steps that happened by themselves.
  private var settling: String {
    result.settlingSteps > 0 ? " and \(result.settlingSteps) more that follow by themselves" : ""
  }

  var json: String {
    JSONWriter(style: .json).text(
      of: .object([
        .init("reproduced", .boolean(isReproduced)),
        .init("steps", .integer(result.steps)),
        .init("digest", .string(digest)),
        .init("divergedAt", result.divergedAt.map { .integer($0) } ?? .null),
        .init("check", .string(failure.check)),
        .init("message", .string(result.divergence ?? failure.message)),
      ]))
  }
}

/// What following a failure is told as when steps may be skipped.
struct LooseAnswer {
  let failure: FailureFile
  let result: ScheduleReport
  /// Steps of the failure file.
  let stepCount: Int

  /// The same check fails; the trace may be another one.
  var isReproduced: Bool {
    guard case .violation(let violation) = result.verdict else { return false }
    return violation.check.rawValue == failure.check
  }

  var text: String {
    var lines: [String] = []
    switch result.verdict {
    case .violation(let violation):
      let word = isReproduced ? "reproduced" : "not reproduced"
      lines.append(
        "\(word): violation of \(violation.check.rawValue) after \(result.steps.count) steps")
      lines.append(violation.message)
    case .pass: lines.append("not reproduced: no check failed")
    case .undecided(let reason): lines.append("not reproduced: \(reason)")
    }
    lines.insert("skipped \(result.skipped.count) of \(stepCount) steps", at: 1)
    for step in result.skipped.prefix(Self.shown) {
      lines.append("  step \(step.place): \(step.text)")
    }
    if result.skipped.count > Self.shown {
      lines.append("  and \(result.skipped.count - Self.shown) more")
    }
    return lines.joined(separator: "\n")
  }

  /// Skipped steps that are named.
  private static let shown = 10

  var json: String {
    JSONWriter(style: .json).text(
      of: .object([
        .init("reproduced", .boolean(isReproduced)),
        .init("steps", .integer(result.steps.count)),
        .init("digest", .string(DigestText.text(result.digest))),
        .init("divergedAt", result.skipped.first.map { .integer($0.place) } ?? .null),
        .init("skipped", .array(result.skipped.map { .integer($0.place) })),
        .init("check", .string(failure.check)),
      ]))
  }
}

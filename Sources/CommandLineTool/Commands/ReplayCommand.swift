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
      step today's code does something else. Exit code 0: reproduced; 1: not reproduced.
      """,
    options: [
      CommandOption("until", .named("N"), "do only the first N steps"),
      CommandOption("step", "print a line for every step"),
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
    let file = try InputFiles.source(path)
    let failure = try FailureFile.read(file, vocabulary: ProtocolCatalog.vocabulary)
    guard let entry = ProtocolCatalog.entry(named: failure.scenario.protocolName) else {
      programmingError("the vocabulary lets a protocol through that the catalog does not know")
    }
    let conversion = ScenarioConversion(failure.scenario, entry)
    guard let runner = entry.makeRunner(conversion.setting, conversion.plan) else {
      programmingError("the vocabulary lets a variant through that the protocol does not know")
    }
    let steps = try decode(failure.decisions, of: file, runner.layout)
    let recording = runner.replay(
      ReplayRequest(
        steps: steps, limit: until ?? .max,
        expectsProgress: failure.check == CheckName.progress.rawValue,
        recovery: RecoveryLimit(
          faultsEnd: failure.faultsEnd, recoverWithin: failure.scenario.run.recoverWithin),
        detail: detail(arguments)))
    let answer = ReplayAnswer(failure, recording.result, isPartial: until.map { $0 < steps.count })
    if arguments.has("step"), !arguments.has("json") {
      for line in recording.lines.suffix(last ?? .max) { Console.print(line) }
    }
    Console.print(arguments.has("json") ? answer.json : answer.text)
    return answer.exitCode
  }

  private static func detail(_ arguments: ParsedArguments) -> LineDetail {
    guard arguments.has("step") else { return .none }
    return arguments.has("changes") ? .changes : .steps
  }

  /// - Throws: `Diagnostics` with every decision that is no step.
  private static func decode(
    _ decisions: [String], of file: SourceFile, _ layout: ClusterLayout
  ) throws -> [RecordedStep] {
    let text = StepText(layout)
    var steps: [RecordedStep] = []
    var diagnostics = Diagnostics(file: file)
    let positions = decisionRanges(file)
    for (index, decision) in decisions.enumerated() {
      do throws(StepTextError) {
        steps.append(try text.decode(decision))
      } catch {
        diagnostics.error(
          "decision \(index + 1): \(error.message)",
          at: positions.indices.contains(index) ? positions[index] : .startOfFile)
      }
    }
    if diagnostics.hasErrors { throw diagnostics }
    return steps
  }

  private static func decisionRanges(_ file: SourceFile) -> [SourceRange] {
    let decisions = (try? JSONReader.read(file))?.member("decisions")?.value
    guard case .array(let elements)? = decisions?.content else { return [] }
    return elements.map(\.range)
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
      return "reproduced: violation of \(failure.check) after \(result.steps) steps, "
        + "digest \(digest)\n\(failure.message)"
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

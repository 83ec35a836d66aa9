import ClusterSimulation
import HistoryFiles
import InputText
import LinearizabilityChecking
import Reporting
import ScenarioFiles
import SimulationKernel

/// What is written down about failing runs.
extension ScenarioRun {
  struct FailureFiles {
    var failure: FailureText
    var history: FailureText?
    /// What was violated, in words.
    var message: String
    /// `nil` if the files are about the run that failed.
    var shrinking: ScenarioReport.Shrinking?
  }

  /// A failing run.
  struct FailedRun {
    var violation: Violation
    var seed: UInt64
    var steps: [RecordedStep]
    var digest: UInt64
    /// What the clients saw; `nil` if nobody knows.
    var history: RecordedHistory?
    /// Whether the world was left alone behind the steps, and judged then.
    var settles = false
    /// When the faults ended, from the start of a run that failed by recovering too slowly.
    var faultsEnd: VirtualDuration?
    /// Whether there may be a smaller one.
    var isShrinkable = true
  }

  /// The files of a failing run, made smaller unless somebody asks for the run as it was.
  func failureFiles(_ failed: FailedRun, _ runner: ClusterRunner) -> FailureFiles {
    let name = names.name(file: loaded.path, seed: failed.seed)
    let text = StepText(runner.layout)
    let message =
      failed.history.map { Violations.message(failed.violation, in: $0) }
      ?? failed.violation.message
    var file = FailureFile(
      scenario: loaded.scenario, scenarioFile: loaded.path, seed: failed.seed,
      check: failed.violation.check.rawValue, message: message, stepCount: failed.steps.count,
      digest: DigestText.text(failed.digest), decisions: failed.steps.map { text.encode($0) },
      command: "crashproof replay \(options.reportFolder)/failures/\(name)",
      faultsEnd: failed.faultsEnd)
    if failed.settles { file.decisions.append(FailureFile.settlingWord) }
    if let smaller = shrink(file, failed) { return smaller }
    return FailureFiles(
      failure: FailureText(name: name, text: file.text),
      history: failed.history.map { historyFile($0, besides: name) }, message: message)
  }

  /// - Returns: `nil` if the failure stays as it is.
  private func shrink(_ file: FailureFile, _ failed: FailedRun) -> FailureFiles? {
    guard failed.isShrinkable, options.shrinks else { return nil }
    var shrinking = FailureShrinking(scenario: loaded.scenario, entry: entry)
    if let replays = options.shrinkReplays { shrinking.replays = replays }
    guard
      case .shrunk(let result) = shrinking.shrink(
        failed.steps, settles: failed.settles, check: failed.violation.check)
    else { return nil }
    let name = names.name(file: loaded.path, seed: failed.seed)
    let message = Violations.message(result.shrunk.violation, in: result.recorded)
    let smaller = result.file(like: file, message: message, command: file.command)
    return FailureFiles(
      failure: FailureText(name: name, text: smaller.text),
      history: historyFile(result.recorded, besides: name), message: message,
      shrinking: ScenarioReport.Shrinking(
        steps: result.shrunk.steps.count, replays: result.shrunk.replays,
        isMinimal: result.shrunk.end == .minimal))
  }

  /// Says where the files are, and what they are about.
  func name(_ files: FailureFiles?, in report: inout ScenarioReport) {
    let folder = "\(options.reportFolder)/failures/"
    report.failureFile = files.map { folder + $0.failure.name }
    report.historyFile = files?.history.map { folder + $0.name }
    report.shrinking = files?.shrinking
    if let files { report.message = files.message }
  }

  /// The history of a failing run, in our own lines.
  private func historyFile(_ history: RecordedHistory, besides failure: String) -> FailureText {
    FailureText(
      name: FailureNames.historyName(besides: failure), text: HistoryWriter.text(of: history))
  }
}

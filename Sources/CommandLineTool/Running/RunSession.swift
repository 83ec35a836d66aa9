import ClusterSimulation
import InputText
import Reporting
import ScenarioFiles
import SimulationKernel
import Synchronization

/// The scenarios of one call, run one after the other and told as they end.
struct RunSession {
  /// How much is printed.
  struct Style {
    var detail: TerminalReport.Detail
    /// Scenarios are printed with all their defaults before they run.
    var showsDefaults: Bool
    /// stdout is kept for a JSON document.
    var isSilent: Bool

    init(_ arguments: ParsedArguments) {
      detail = arguments.has("quiet") ? .unexpectedOnly : .everyScenario
      showsDefaults = arguments.has("verbose")
      isSilent = arguments.has("json")
    }
  }

  let options: RunOptions
  let console: Console
  let names: FailureNames
  let style: Style
  let terminal: TerminalReport
  let enumeration: EnumerationOptions
  private(set) var failures: [FailureText] = []
  /// Of enumerations, kept until their report is published.
  private var progress: [EnumerationProgress] = []
  private(set) var foundLeak = false

  init(
    options: RunOptions, enumeration: EnumerationOptions, console: Console, names: FailureNames,
    style: Style, files: [String]
  ) {
    self.options = options
    self.enumeration = enumeration
    self.console = console
    self.names = names
    self.style = style
    terminal = TerminalReport(
      colors: console.usesColor ? .ansi : .none, detail: style.detail, files: files)
  }

  mutating func run(_ scenarios: [LoadedScenario]) throws -> RunReport {
    var report = RunReport(version: toolVersion, scenarios: [], wallSeconds: [])
    report.knownBugs = ProtocolCatalog.knownBugs
    report.subjects = ProtocolCatalog.frontierSubjects
    for loaded in scenarios {
      if Interruption.hasHappened {
        report.wasInterrupted = true
        break
      }
      let start = ContinuousClock.now
      if style.showsDefaults, !style.isSilent {
        Console.print("// \(loaded.path)\n" + loaded.scenario.text())
      }
      let outcome = try run(loaded)
      report.scenarios.append(outcome.report)
      if let coverage = outcome.coverage { report.coverage.add(coverage) }
      report.wallSeconds.append(seconds(start.duration(to: .now)))
      if outcome.wasCancelled { report.wasInterrupted = true }
      failures += outcome.files(in: &report)
      if let leak = outcome.leak {
        leak.tell(of: loaded.path)
        foundLeak = true
      }
      if let kept = outcome.progress { progress.append(kept) }
      let text = terminal.text(of: outcome.report)
      if !style.isSilent, !text.isEmpty { Console.print(text) }
    }
    return report
  }

  private func run(_ loaded: LoadedScenario) throws -> ScenarioRun.Outcome {
    let run = ScenarioRun(loaded, options, names, enumeration)
    let line = ProgressLine(run, console)
    defer { line.clear() }
    var outcome = try run.run { line.update($0) }
    outcome.coverage = run.observedCoverage(outcome.report)
    outcome.report.place = loaded.place
    // A measurement says how fast a design is, not what it survives.
    if loaded.scenario.run.mode != .measure {
      outcome.report.faultModel = FaultModel(
        loaded.scenario, run.entry.summary, keepsFiles: run.entry.usesDisk)
    }
    return outcome
  }

  /// Finds out before anything is run whether everything that was left unfinished can go on.
  func checkProgress(of scenarios: [LoadedScenario]) throws {
    guard enumeration.resumes else { return }
    for loaded in scenarios where loaded.scenario.run.mode == .crashpoints {
      let run = ScenarioRun(loaded, options, names, enumeration)
      _ = try run.progress(of: run.crashPointRequest, run.runner())
    }
  }

  /// To be called when the report is published.
  func forgetProgress(_ report: RunReport) {
    for kept in progress { kept.finish(wasInterrupted: report.wasInterrupted) }
  }

  func finish(_ report: RunReport) {
    Console.print(terminal.summary(of: report) + "reports in \(options.reportFolder)\n")
  }
}

extension DeterminismLeak {
  /// A run that is not the same twice: ours to mend, so it comes before any verdict.
  func tell(of file: String) {
    Console.error(
      """
      \(file): seed \(seed) is not deterministic: two runs differ at step \(step)
        first:  \(first)
        second: \(second)
        usual suspects: a handler that iterates a Set or Dictionary, reads a clock, or keeps state \
      outside its node
      """)
  }
}

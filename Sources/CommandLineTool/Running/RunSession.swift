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
  private(set) var failures: [FailureText] = []
  private(set) var foundLeak = false

  init(
    options: RunOptions, console: Console, names: FailureNames, style: Style, files: [String]
  ) {
    self.options = options
    self.console = console
    self.names = names
    self.style = style
    terminal = TerminalReport(
      colors: console.usesColor ? .ansi : .none, detail: style.detail, files: files)
  }

  mutating func run(_ scenarios: [LoadedScenario]) throws -> RunReport {
    var report = RunReport(version: toolVersion, scenarios: [], wallSeconds: [])
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
      report.wallSeconds.append(seconds(start.duration(to: .now)))
      if outcome.wasCancelled { report.wasInterrupted = true }
      failures += [outcome.failure, outcome.history].compactMap { $0 }
      if let leak = outcome.leak { tell(leak, of: loaded) }
      let text = terminal.text(of: outcome.report)
      if !style.isSilent, !text.isEmpty { Console.print(text) }
    }
    return report
  }

  private func run(_ loaded: LoadedScenario) throws -> ScenarioRun.Outcome {
    guard let entry = ProtocolCatalog.entry(named: loaded.scenario.protocolName) else {
      programmingError("the vocabulary lets a protocol through that the catalog does not know")
    }
    let scenarioRun = ScenarioRun(loaded: loaded, entry: entry, options: options, names: names)
    let line = ProgressLine(
      isShown: console.showsProgress, title: loaded.scenario.title,
      total: scenarioRun.seeds.count)
    defer { line.clear() }
    return try scenarioRun.run { done in line.update(done, found: "nothing found") }
  }

  /// A run that is not the same twice: ours to mend, so it comes before any verdict.
  private mutating func tell(_ leak: DeterminismLeak, of loaded: LoadedScenario) {
    foundLeak = true
    Console.error(
      """
      \(loaded.path): seed \(leak.seed) is not deterministic: two runs differ at step \(leak.step)
        first:  \(leak.first)
        second: \(leak.second)
        usual suspects: a handler that iterates a Set or Dictionary, reads a clock, or keeps state \
      outside its node
      """)
  }

  func finish(_ report: RunReport) {
    Console.print(terminal.summary(of: report) + "reports in \(options.reportFolder)\n")
  }
}

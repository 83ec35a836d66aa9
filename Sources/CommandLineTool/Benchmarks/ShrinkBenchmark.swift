import ClusterSimulation
import InputText
import LinearizabilityChecking
import Reporting
import ScenarioFiles
import SimulationKernel

/// How small failures of known bugs become, beside the shortest way that a search found.
struct ShrinkBenchmark {
  /// One known bug's scenario.
  struct Row {
    var file: String
    var variant: String
    var check: String
    /// Steps of the failure as it was found, and of the smaller one, without first starts.
    var found: Int
    var shrunk: Int
    /// Of the search for the same check of the same bug; `nil` if none is pinned.
    var shortest: Int?
    var replays: Int
    var isMinimal: Bool
    /// Whether the rest happens by itself.
    var settles: Bool
    /// Whether the correct variant breaks the same check where it follows the same steps.
    var correctFails: Bool

    var ratio: Double? { shortest.map { Double(shrunk) / Double(max(1, $0)) } }
  }

  private(set) var rows: [Row] = []
  private let scenarios: [LoadedScenario]
  private let jobs: Int

  init(jobs: Int) throws {
    let paths = try InputFiles.scenarioPaths(["Scenarios"]).filter { $0.contains("/known-bugs/") }
    scenarios = try InputFiles.scenarios(paths)
    self.jobs = jobs
  }

  mutating func run() throws {
    for loaded in scenarios where !Interruption.hasHappened {
      if loaded.scenario.run.mode == .explore || loaded.schedule != nil { continue }
      if let row = try row(loaded) { rows.append(row) }
    }
  }

  /// - Returns: `nil` if nothing fails.
  private func row(_ loaded: LoadedScenario) throws -> Row? {
    var options = RunOptions()
    options.jobs = jobs
    options.shrinks = false
    let run = ScenarioRun(loaded, options, FailureNames(files: [loaded.path]))
    guard let failure = try run.run(progress: { _ in }).failure else { return nil }
    let file = SourceFile(path: loaded.path, bytes: Array(failure.text.utf8))
    let input = try FailureInput(file)
    guard let check = input.check else { return nil }
    let shrinking = FailureShrinking(scenario: loaded.scenario, entry: input.entry)
    guard
      case .shrunk(let result) = shrinking.shrink(
        input.steps, settles: input.settles, check: check)
    else { return nil }
    return Row(
      file: loaded.path, variant: loaded.scenario.variant, check: check.rawValue,
      found: Self.countWithoutStarts(input.steps),
      shrunk: Self.countWithoutStarts(result.shrunk.steps),
      shortest: shortest(loaded.scenario, check), replays: result.shrunk.replays,
      isMinimal: result.shrunk.end == .minimal, settles: result.shrunk.settles,
      correctFails: correctFails(result, input.entry))
  }

  /// Steps but for the first starts of processes, which a search does not count.
  private static func countWithoutStarts(_ steps: [RecordedStep]) -> Int {
    var started: Set<NodeID> = []
    return steps.count { step in
      guard case .start(let node) = step.action else { return true }
      return !started.insert(node).inserted
    }
  }

  private func shortest(_ scenario: Scenario, _ check: CheckName) -> Int? {
    scenarios.lazy.map(\.scenario).filter {
      $0.run.mode == .explore && $0.protocolName == scenario.protocolName
        && $0.variant == scenario.variant && $0.expectation == .violation(anyOf: [check.rawValue])
    }.compactMap(\.run.explore.pins.length).min()
  }

  private func correctFails(
    _ result: FailureShrinking.Result, _ entry: CatalogEntry
  ) -> Bool {
    var correct = result.scenario
    correct.variant = "correct"
    let report = entry.runner(of: correct).follow(result.shrunk.schedule)
    guard case .violation(let found) = report.verdict else { return false }
    return found.check == result.shrunk.violation.check
  }
}

extension ShrinkBenchmark {
  /// The table as a page.
  var markdown: String {
    var lines = [
      "# Shrunk failures beside the shortest ones", "",
      "Made by `crashproof benchmark shrink`.", "", Self.legend, "",
      "| bug | scenario | check | found | shrunk | shortest | ratio | replays | |",
      "|---|---|---|--:|--:|--:|--:|--:|---|",
    ]
    lines += rows.map { row in
      let cells = [
        row.variant, Self.name(row.file), row.check, "\(row.found)", "\(row.shrunk)",
        row.shortest.map { "\($0)" } ?? "", row.ratio.map(Self.text) ?? "", "\(row.replays)",
        remarks(row),
      ]
      return "| " + cells.joined(separator: " | ") + " |"
    }
    return (lines + ["", summary]).joined(separator: "\n") + "\n"
  }

  private static let legend = """
    Every scenario of a known bug that finds it by seeds or at crash points: the steps of the
    failure as it was found, and after shrinking, both without the first starts of processes, which
    a search does not count; the length that the search for the same check of the same bug pins
    under `known-bugs`, empty where the search looks for another check or there is none; and how
    many versions were tried. The search has other operations and bounds, so a shrunk failure may be
    shorter than its shortest. It does not count the loss of second copies of periodic messages and
    words that nobody heeds; shrinking counts everything.

    *then alone*: what replicas owe is judged when the world has been left alone behind the steps,
    and what happens by itself until then is not counted, while the search counts it: these ratios
    compare less. *budget*: stopped at the budget of replays. *correct variant too*: where the
    correct variant follows the same steps as far as it can, the same check fails.
    """

  private func remarks(_ row: Row) -> String {
    [
      row.settles ? "then alone" : nil, row.isMinimal ? nil : "budget",
      row.correctFails ? "correct variant too" : nil,
    ].compactMap { $0 }.joined(separator: ", ")
  }

  private static func name(_ file: String) -> String {
    let stem = file.hasSuffix(".json5") ? String(file.dropLast(6)) : file
    return stem.replacing("Scenarios/", with: "").replacing("/known-bugs/", with: "/")
  }

  private static func text(_ ratio: Double) -> String {
    let hundredths = Int((ratio * 100).rounded())
    let digits = String(hundredths % 100)
    return "\(hundredths / 100)." + (digits.count < 2 ? "0" + digits : digits)
  }

  /// The medians, in a sentence each.
  var summary: String {
    func sentence(_ rows: [Row], _ what: String) -> String {
      let ratios = rows.compactMap(\.ratio).sorted()
      guard !ratios.isEmpty else { return "\(what): none." }
      let middle = ratios.count / 2
      let median =
        ratios.count % 2 == 1 ? ratios[middle] : (ratios[middle - 1] + ratios[middle]) / 2
      let large = ratios.count { $0 > 1.3 }
      return "\(what): median ratio \(Self.text(median)) over \(ratios.count), the largest "
        + "\(Self.text(ratios[ratios.count - 1])), \(large) above 1.30."
    }
    let found = rows.map(\.found).reduce(0, +)
    let shrunk = rows.map(\.shrunk).reduce(0, +)
    return [
      "\(rows.count) failures, \(found) steps as found, \(shrunk) after shrinking, "
        + "\(rows.map(\.replays).reduce(0, +)) replays; \(rows.count(where: \.correctFails)) also "
        + "fail the correct variant.",
      sentence(rows, "All that have both lengths"),
      sentence(rows.filter { !$0.settles }, "Those whose every step is counted"),
    ].joined(separator: "  \n")
  }

  /// A line for each bug.
  var jsonLines: [String] {
    rows.map { row in
      JSONWriter(style: .json, width: .max).text(
        of: .object([
          .init("benchmark", .string("shrink")),
          .init("case", .string(row.file)),
          .init("check", .string(row.check)),
          .init("found", .integer(row.found)),
          .init("shrunk", .integer(row.shrunk)),
          .init("shortest", row.shortest.map(JSONTree.integer) ?? .null),
          .init("replays", .integer(row.replays)),
          .init("minimal", .boolean(row.isMinimal)),
          .init("settles", .boolean(row.settles)),
          .init("correctFails", .boolean(row.correctFails)),
        ]))
    }
  }
}

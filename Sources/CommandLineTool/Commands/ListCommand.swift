import ClusterSimulation
import DiskSimulation
import InputText
import Reporting
import ScenarioFiles
import SimulationKernel

/// `crashproof list`: what there is.
enum ListCommand {
  static let topics = [
    "protocols", "scenarios", "checks", "profiles", "bugs", "crashpoints", "faults",
  ]

  static let command = Command(
    name: "list", operands: "[\(topics.joined(separator: "|"))]",
    summary: "list protocols, scenarios, checks, profiles, known bugs, crash points, faults",
    discussion: """
      Without a topic, everything but the scenarios is listed.

      With --results, `list bugs` shows the kill matrix of a run: which engine caught which known
      bug, what it needed and by which check; FILE is its results.json. --short leaves out all that
      other seeds would change.
      """,
    options: [
      CommandOption(
        "results", .named("FILE"), "bugs: what caught them in the run that wrote FILE"),
      CommandOption("short", "with --results: a line for each bug, without figures of seeds"),
      CommandOption("json", "one JSON document on stdout"),
    ], run: run)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    guard arguments.operands.count <= 1 else {
      throw UsageError("list takes one topic at most", command: "list")
    }
    let topic = arguments.operands.first
    if let topic, !topics.contains(topic) {
      var message = "unknown topic \(quoted(topic)); known: \(topics.joined(separator: ", "))"
      if let near = NearMiss.closest(to: topic, among: topics) {
        message += "; did you mean \(near)?"
      }
      throw UsageError(message, command: "list")
    }
    if let file = arguments.text("results") {
      guard topic == "bugs" else {
        throw UsageError("--results belongs to the topic bugs", command: "list")
      }
      return try printKillMatrix(file, arguments)
    }
    let shown = topic.map { [$0] } ?? topics.filter { $0 != "scenarios" }
    let sections = try shown.map { ($0, try rows($0)) }
    if arguments.has("json") {
      Console.print(JSONWriter(style: .json).text(of: json(sections)))
    } else {
      Console.print(text(sections, withTitles: topic == nil))
    }
    return 0
  }

  /// Which engine caught which bug in a run.
  private static func printKillMatrix(_ file: String, _ arguments: ParsedArguments) throws -> Int32
  {
    var report = try InputFiles.results(file)
    report.knownBugs = ProtocolCatalog.knownBugs
    guard let matrix = KillMatrix(report) else {
      throw MissingFileError(path: file, reason: "no scenario of it is about a known bug")
    }
    if arguments.has("json") {
      Console.print(JSONWriter(style: .json).text(of: matrix.json))
    } else {
      Console.print(arguments.has("short") ? matrix.shortForm : matrix.text)
    }
    return 0
  }

  /// Name and explanation of each entry.
  private static func rows(_ topic: String) throws -> [NamedHelp] {
    let entries = ProtocolCatalog.entries
    switch topic {
    case "protocols": return entries.map { NamedHelp($0.name, $0.summary.headline) }
    case "scenarios":
      let loaded = try InputFiles.scenarios(try InputFiles.scenarioPaths(["Scenarios"]))
      return loaded.map { NamedHelp($0.path, $0.scenario.title) }
    case "checks": return ProtocolCatalog.vocabulary.checks
    case "faults": return ScenarioVocabulary.faults
    case "profiles": return ProtocolCatalog.vocabulary.diskProfiles
    case "bugs":
      return entries.flatMap { entry in
        entry.variants.dropFirst().map { NamedHelp("\(entry.name) \($0.name)", $0.help) }
      }
    default:
      return entries.flatMap { entry in
        let rows = entry.summary.crashTable?.rows ?? []
        return entry.summary.crashPoints.map { name in
          NamedHelp(
            "\(entry.name) \(quoted(name))", rows.first { $0.label == name }?.place ?? "")
        }
      }
    }
  }

  private static func text(_ sections: [(String, [NamedHelp])], withTitles: Bool) -> String {
    var text = ""
    for (topic, rows) in sections {
      if withTitles { text += (text.isEmpty ? "" : "\n") + topic + ":\n" }
      let width = rows.map(\.name.count).max() ?? 0
      for row in rows {
        let indent = withTitles ? "  " : ""
        text += (indent + HelpText.pad(row.name, width) + "  " + row.help).trimmedEnd + "\n"
      }
    }
    return text
  }

  private static func json(_ sections: [(String, [NamedHelp])]) -> JSONTree {
    .object(
      sections.map { topic, rows in
        .init(
          topic,
          .array(
            rows.map {
              .object([.init("name", .string($0.name)), .init("help", .string($0.help))])
            }))
      })
  }
}

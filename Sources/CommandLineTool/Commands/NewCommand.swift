import Foundation
import InputText
import ScenarioFiles

/// `crashproof new`: a commented starter scenario.
enum NewCommand {
  static let command = Command(
    name: "new", operands: "PATH", summary: "write a commented starter scenario",
    discussion: "An existing file is left alone.",
    options: [
      CommandOption(
        "protocol", .named("NAME"), "the protocol of the scenario (crashproof list protocols)")
    ], run: run)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    guard arguments.operands.count == 1, let path = arguments.operands.first else {
      throw UsageError("new needs the path of the file to write", command: "new")
    }
    let words = try protocolWords(arguments.text("protocol"))
    guard !FileManager.default.fileExists(atPath: path) else {
      throw UsageError("\(path) exists already; it was left as it is", command: "new")
    }
    let text = StarterScenario.text(words, vocabulary: ProtocolCatalog.vocabulary)
    let url = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url, options: .withoutOverwriting)
    } catch {
      throw MissingFileError(path: path, reason: "the file cannot be written")
    }
    Console.print("wrote \(path); run it with: crashproof run \(path)")
    return 0
  }

  private static func protocolWords(_ name: String?) throws -> ProtocolWords {
    let known = ProtocolCatalog.entries.map(\.name)
    guard let name = name ?? known.first else {
      throw UsageError("there is no protocol", command: "new")
    }
    guard let words = ProtocolCatalog.vocabulary.words(of: name) else {
      var message = "unknown protocol \(quoted(name)); known: \(known.joined(separator: ", "))"
      if let near = NearMiss.closest(to: name, among: known) {
        message += "; did you mean \(near)?"
      }
      throw UsageError(message, command: "new")
    }
    return words
  }
}

/// `crashproof schema`: the JSON Schema of scenario files.
enum SchemaCommand {
  static let command = Command(
    name: "schema", operands: "", summary: "print the JSON Schema of the scenario format",
    discussion: "Editors that know JSON Schema complete and check scenario files with it.",
    options: [], run: run)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    guard arguments.operands.isEmpty else {
      throw UsageError("schema takes no arguments", command: "schema")
    }
    Console.print(ScenarioSchema.text(vocabulary: ProtocolCatalog.vocabulary))
    return 0
  }
}

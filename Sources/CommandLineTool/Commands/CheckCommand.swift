import Foundation
import HistoryFiles
import InputText
import LinearizabilityChecking

/// `crashproof check`: are recorded histories linearizable?
enum CheckCommand {
  static let command = Command(
    name: "check", operands: "HISTORY...",
    summary: "linearizability of recorded histories",
    discussion: """
      HISTORY is a file, a folder (every file in it), or - for the standard input. Its first line
      tells the format: log lines of Jepsen (jepsen-log), a map a line of operations on keys
      (kv-log), maps of Jepsen (edn), linhist, or our own lines (json, also called jsonl), which
      every failing run leaves as failures/NAME.history.jsonl beside its failure file.

      The model is one of \(names.prefix(5).joined(separator: ", ")),
      \(names.dropFirst(5).joined(separator: ", ")). Our own lines and linhist name it themselves; a
      jepsen-log is a cas-register and nil at first, a kv-log is kv and empty at first, and in edn
      the operations tell it.

      A violation is explained: the smallest set of operations that contradict each other, how far
      the history can be explained, and a picture of what happened. Operations are numbered by
      their calls, from 0. --picture draws it as SVG: into FILE, or of several histories one for
      each violation into a folder of that name.

      --convert writes a single history in another format instead of checking it.

      Exit codes: 0 all linearizable, 1 some violation, 2 some undecided and no violation, 65 some
      file is no history (the others are checked), 66 no such file.
      """,
    options: [
      CommandOption("model", .named("NAME"), "what kind of object was used"),
      CommandOption("format", .named("NAME"), "the format (default: auto)"),
      CommandOption("initial", .text("VALUE"), "what keys hold before the first update"),
      CommandOption(
        "limit", .named("STATES"), "configurations to try in searches (default: 100000000)"),
      CommandOption("jobs", .named("N"), "files at a time (default: cores)"),
      CommandOption("picture", .named("FILE"), "draw violations as SVG (several: a folder)"),
      CommandOption("convert", .named("FORMAT"), "write the history in this format"),
      CommandOption("output", .named("FILE"), "with --convert: where to (default: stdout)"),
      CommandOption("json", "one JSON document on stdout"),
    ], run: run)

  private static let names = ObjectModel.allCases.map(\.rawValue)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    guard !arguments.operands.isEmpty else {
      throw UsageError("check needs histories", command: "check")
    }
    var request = HistoryRequest(path: "")
    request.model = try model(arguments.text("model"))
    let format = arguments.text("format")
    request.format = format == "auto" ? nil : try self.format(format, "--format", ["auto"])
    request.initialValue = arguments.text("initial")
    let files = try HistoryPaths.files(arguments.operands)
    if let target = try self.format(arguments.text("convert"), "--convert") {
      if arguments.has("picture") {
        throw UsageError("--picture goes with a check, not with --convert", command: "check")
      }
      return try convert(files, request, to: target, arguments.text("output"))
    }
    if arguments.has("output") {
      throw UsageError("--output goes with --convert", command: "check")
    }
    var session = CheckSession(files: files, request: request, console: Console(arguments))
    session.limit = try arguments.integer("limit", in: 1...Int.max) ?? session.limit
    session.jobs =
      try arguments.integer("jobs", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
    session.isQuiet = arguments.has("quiet")
    session.printsJSON = arguments.has("json")
    session.pictures = arguments.text("picture").map { PictureFiles($0, of: files) }
    return try session.run()
  }

  // MARK: Options

  static func model(_ name: String?) throws -> ObjectModel? {
    guard let name else { return nil }
    if let model = ObjectModel(rawValue: name) { return model }
    throw unknown(name, "--model", "model", known: names)
  }

  private static func format(
    _ name: String?, _ option: String, _ more: [String] = []
  ) throws -> HistoryFormat? {
    guard let name else { return nil }
    if let format = HistoryFormat(name: name) { return format }
    throw unknown(
      name, option, "format", known: more + HistoryFormat.allCases.map(\.rawValue))
  }

  private static func unknown(
    _ name: String, _ option: String, _ what: String, known: [String]
  ) -> UsageError {
    var message =
      "\(option): unknown \(what) \(quoted(name)); known: \(known.joined(separator: ", "))"
    if let near = NearMiss.closest(to: name, among: known) { message += "; did you mean \(near)?" }
    return UsageError(message, command: "check")
  }

  // MARK: Conversion

  private static func convert(
    _ files: [String], _ request: HistoryRequest, to format: HistoryFormat, _ output: String?
  ) throws -> Int32 {
    guard files.count == 1, let file = files.first else {
      throw UsageError("--convert takes one history, not \(files.count)", command: "check")
    }
    var request = request
    request.path = file
    let input = try HistoryInput(file)
    do {
      let history = try HistoryReader.read(request) { try input.read(into: $0) }
      try HistoryOutput(output).write(history, as: format)
    } catch let error as StreamDiagnostics {
      Console.error(error.rendered)
      return 65
    } catch let error as InexpressibleHistory {
      throw UsageError("\(file): \(error.message)", command: "check")
    }
    return 0
  }
}

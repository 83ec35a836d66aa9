import ClusterSimulation
import Foundation
import InputText

/// Walks through a failure: with somebody at a terminal, or as a file of commands says.
enum TravelSession {
  /// Commands of a file, or of stdin, which is `-`.
  static func commands(_ path: String) throws -> [(text: String, TravelCommand)] {
    guard path == "-" else { return try commands(try InputFiles.source(path)) }
    let bytes = FileHandle.standardInput.readDataToEndOfFile()
    return try commands(SourceFile(path: "-", bytes: [UInt8](bytes)))
  }

  /// Commands of a file, a line each; `#` begins a comment.
  /// - Throws: `Diagnostics` with every line that is no command.
  static func commands(_ file: SourceFile) throws(Diagnostics) -> [(text: String, TravelCommand)] {
    var diagnostics = Diagnostics(file: file)
    var commands: [(text: String, TravelCommand)] = []
    for number in 1...file.lineCount {
      let line = String(String.UnicodeScalarView(file.line(number)))
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
        .joined(separator: " ")
      guard !words.isEmpty else { continue }
      do throws(TravelCommand.Mistake) {
        commands.append((words, try TravelCommand.read(words)))
      } catch {
        let start = SourcePosition(line: number, column: 1)
        let end = SourcePosition(line: number, column: words.count + 1)
        diagnostics.error(
          error.message, at: SourceRange(start: start, end: end), help: error.help)
      }
    }
    if diagnostics.hasErrors { throw diagnostics }
    return commands
  }

  /// Does all commands, each printed before its answer.
  static func run(_ travel: TimeTravel, _ commands: [(text: String, TravelCommand)]) {
    var travel = travel
    Console.print(travel.greeting)
    for (text, command) in commands where !travel.hasEnded {
      Console.print("> \(text)\n" + travel.perform(command))
    }
  }

  /// Reads commands from the terminal until `quit` or the end of input.
  static func talk(_ travel: TimeTravel) {
    var travel = travel
    Console.print(travel.greeting)
    while !travel.hasEnded {
      Console.prompt("> ")
      guard let line = readLine() else { break }
      do throws(TravelCommand.Mistake) {
        Console.print(travel.perform(try TravelCommand.read(line)))
      } catch {
        Console.print(error.message + (error.help.map { "; \($0)" } ?? "") + "\n")
      }
    }
  }
}

import InputText
import Reporting
import SimulationKernel

/// The `crashproof` command: finds the command, runs it, turns errors into messages and exit codes.
public enum CrashProofCommand {
  static let commands: [Command] = [
    RunCommand.command, ReplayCommand.command, ShrinkCommand.command, CrashPointsCommand.command,
    ExploreCommand.command,
    MutateCommand.command, CheckCommand.command, ListCommand.command, NewCommand.command,
    SchemaCommand.command, DiskCommand.command, ReportCommand.command, BenchmarkCommand.command,
  ]

  /// - Parameters:
  ///   - arguments: the words after the program's name.
  ///   - added: protocols of the program's own, which scenarios can name like ours.
  /// - Returns: the exit code.
  public static func main(_ arguments: [String], adding added: [CatalogEntry] = []) -> Int32 {
    ProtocolCatalog.add(added)
    StandardStreams.prepare()
    let code = answer(arguments)
    guard let reason = StandardStreams.failureReason else { return code }
    Console.error("crashproof: cannot write to stdout: \(reason)")
    return 66
  }

  private static func answer(_ arguments: [String]) -> Int32 {
    do {
      return try dispatch(arguments)
    } catch let error as UsageError {
      Console.error("crashproof: \(error.message)")
      let help = error.command.map { "crashproof \($0) --help" } ?? "crashproof --help"
      Console.error("\(help) tells more")
      return 64
    } catch let error as BadInputError {
      for diagnostics in error.diagnostics { Console.error(diagnostics.rendered) }
      let count = error.diagnostics.reduce(0) { $0 + $1.errorCount }
      Console.error("\(count) error\(count == 1 ? "" : "s"); nothing was run")
      return 65
    } catch let error as Diagnostics {
      Console.error(error.rendered)
      return 65
    } catch let error as MissingFileError {
      Console.error("crashproof: \(error.path): \(error.reason)")
      return 66
    } catch let error as ReportFolderError {
      Console.error("crashproof: \(error)")
      return 66
    } catch {
      Console.error("crashproof: \(error)")
      return 70
    }
  }

  private static func dispatch(_ arguments: [String]) throws -> Int32 {
    guard let name = arguments.first else {
      Console.print(HelpText.overview(commands))
      return 0
    }
    switch name {
    case "--help", "-h", "help":
      return try help(arguments.dropFirst().first)
    case "--version", "version":
      Console.print("crashproof \(toolVersion)")
      return 0
    default: break
    }
    guard let command = commands.first(where: { $0.name == name }) else { throw unknown(name) }
    let parsed = try ParsedArguments(Array(arguments.dropFirst()), for: command)
    if parsed.has("help") {
      Console.print(HelpText.help(command))
      return 0
    }
    if parsed.has("version") {
      Console.print("crashproof \(toolVersion)")
      return 0
    }
    return try command.run(parsed)
  }

  private static func help(_ name: String?) throws -> Int32 {
    guard let name else {
      Console.print(HelpText.overview(commands))
      return 0
    }
    guard let command = commands.first(where: { $0.name == name }) else { throw unknown(name) }
    Console.print(HelpText.help(command))
    return 0
  }

  private static func unknown(_ name: String) -> UsageError {
    var message = "unknown command \(quoted(name))"
    if let near = NearMiss.closest(to: name, among: commands.map(\.name)) {
      message += "; did you mean \(near)?"
    }
    return UsageError(message)
  }
}

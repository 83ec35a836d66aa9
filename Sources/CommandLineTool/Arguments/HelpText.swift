/// The help of the whole tool and of each command.
enum HelpText {
  static func overview(_ commands: [Command]) -> String {
    var text = """
      CrashProof \(toolVersion): a deterministic simulator and model checker for replicated storage.

      usage: crashproof COMMAND [OPTION...] [ARGUMENT...]

      commands:

      """
    let width = commands.map(\.name.count).max() ?? 0
    for command in commands {
      text += "  \(pad(command.name, width))  \(command.summary)\n"
    }
    text += """

      crashproof COMMAND --help tells more about one of them.

      exit codes: 0 every scenario ended as it expects; 1 some did not; 2 undecided and nothing
      failed; 64 wrong usage; 65 bad input file; 66 no such file; 70 internal error of CrashProof.

      """
    return text
  }

  static func help(_ command: Command) -> String {
    var text = "\(command.summary)\n\n"
    text += "usage: crashproof \(command.name) [OPTION...] \(command.operands)".trimmedEnd + "\n\n"
    if !command.discussion.isEmpty { text += command.discussion + "\n\n" }
    text += "options:\n"
    let width = command.allOptions.map(\.usage.count).max() ?? 0
    for option in command.allOptions {
      text += "  \(pad(option.usage, width))  \(option.help)\n"
    }
    return text
  }

  static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

extension String {
  var trimmedEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

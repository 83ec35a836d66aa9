/// One option of a command, as its help lists it.
struct CommandOption: Sendable {
  enum Value: Sendable {
    case none
    /// What stands for the value in help texts, for example `N`.
    case named(String)
    /// The same, of a value that may be empty.
    case text(String)
    /// The same, of a whole number that may be left out.
    case optionalNumber(String)
  }

  var name: String
  var value: Value
  var help: String

  init(_ name: String, _ value: Value = .none, _ help: String) {
    self.name = name
    self.value = value
    self.help = help
  }

  /// `--seeds N`.
  var usage: String {
    switch value {
    case .none: "--\(name)"
    case .named(let word), .text(let word): "--\(name) \(word)"
    case .optionalNumber(let word): "--\(name) [\(word)]"
    }
  }
}

/// A command: what it is called, what it takes, what it does.
struct Command: Sendable {
  var name: String
  /// What follows the name in the usage line, for example `[PATH...]`.
  var operands: String
  var summary: String
  /// More help, in lines of at most 100 columns; may be empty.
  var discussion: String
  var options: [CommandOption]
  var run: @Sendable (ParsedArguments) throws -> Int32

  static let common: [CommandOption] = [
    CommandOption("quiet", "say only what is unexpected, and the summary"),
    CommandOption("verbose", "say more: scenarios with all defaults, every fault count"),
    CommandOption("no-color", "no colours on a terminal"),
    CommandOption("help", "show this help"),
    CommandOption("version", "show the version"),
  ]

  var allOptions: [CommandOption] { options + Self.common }
}

extension CommandOption {
  init(_ name: String, _ help: String) {
    self.init(name, .none, help)
  }
}

import InputText

/// Why a command line cannot be carried out: exit code 64.
struct UsageError: Error {
  var message: String
  var command: String?

  init(_ message: String, command: String? = nil) {
    self.message = message
    self.command = command
  }
}

/// The words after a command's name, sorted into options and operands.
struct ParsedArguments: Sendable {
  let command: String
  private(set) var operands: [String] = []
  private var values: [String: String] = [:]
  /// Options that were given without their optional number.
  private var leftOut: Set<String> = []

  /// - Throws: ``UsageError`` for an unknown option, a missing or a superfluous value.
  init(_ words: [String], for command: Command) throws {
    self.command = command.name
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--"), word != "--" else {
        if word == "--" {
          operands += rest
          break
        }
        guard !word.hasPrefix("-") || word == "-" else {
          throw UsageError("unknown option \(quoted(word))", command: command.name)
        }
        operands.append(word)
        continue
      }
      let parts = word.dropFirst(2)
        .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts.first.map(String.init) ?? ""
      guard let option = command.allOptions.first(where: { $0.name == name }) else {
        throw Self.unknown(word, command)
      }
      try take(option, inline: parts.count > 1 ? String(parts[1]) : nil, &rest)
    }
  }

  private static func unknown(_ word: String, _ command: Command) -> UsageError {
    let name = word.dropFirst(2).split(separator: "=").first.map(String.init) ?? ""
    var message = "unknown option \(quoted("--" + name)) of crashproof \(command.name)"
    if let near = NearMiss.closest(to: name, among: command.allOptions.map(\.name)) {
      message += "; did you mean --\(near)?"
    }
    return UsageError(message, command: command.name)
  }

  private mutating func take(
    _ option: CommandOption, inline: String?, _ rest: inout ArraySlice<String>
  ) throws {
    switch option.value {
    case .none:
      guard inline == nil else {
        throw UsageError("--\(option.name) takes no value", command: command)
      }
      values[option.name] = ""
    case .named(let word), .text(let word):
      guard let value = inline ?? rest.popFirst() else {
        throw UsageError("--\(option.name) needs a value: \(option.usage)", command: command)
      }
      var mayBeEmpty = false
      if case .text = option.value { mayBeEmpty = true }
      guard !value.isEmpty || mayBeEmpty else {
        throw UsageError("--\(option.name) needs a value for \(word)", command: command)
      }
      values[option.name] = value
    case .optionalNumber:
      let isNumber = rest.first?.first?.isNumber ?? false
      let value = inline ?? (isNumber ? rest.popFirst() : nil)
      if value == nil { leftOut.insert(option.name) }
      values[option.name] = value ?? ""
    }
  }

  func has(_ name: String) -> Bool { values[name] != nil }
  func text(_ name: String) -> String? { values[name] }

  /// - Throws: ``UsageError`` if the value is not a whole number of the range.
  func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text = values[name], !leftOut.contains(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      let bounds =
        range.upperBound == .max
        ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      throw UsageError(
        "--\(name) needs a whole number \(bounds), not \(quoted(text))", command: command)
    }
    return number
  }

  /// A value `I/N` with 1 <= I <= N.
  func shard(_ name: String) throws -> Shard? {
    guard let text = values[name] else { return nil }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], index >= 1,
      index <= count, count <= 10_000
    else {
      throw UsageError(
        "--\(name) needs I/N with 1 <= I <= N, for example 2/4, not \(quoted(text))",
        command: command)
    }
    return Shard(index: index - 1, count: count)
  }
}

/// One of several parts of the work.
struct Shard: Hashable, Sendable {
  /// 0-based.
  var index: Int
  var count: Int

  static let whole = Shard(index: 0, count: 1)
}

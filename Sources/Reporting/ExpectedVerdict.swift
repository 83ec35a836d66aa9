import ScenarioFiles

/// What a scenario expects, in the words of a report: `pass`, `undecided`,
/// `violation of linearizability`, `violation of durability or progress`,
/// `violation of a, b or c`.
///
/// The words are the same in every format, and ``init(words:)`` reads them back, so that a merge
/// can decide again whether a scenario ended as expected.
public enum ExpectedVerdict: Hashable, Sendable {
  case pass
  case undecided
  /// One of these checks fails; at least one name, none with a space or a comma.
  case violation(anyOf: [String])

  public init(_ expectation: Expectation) {
    switch expectation {
    case .pass: self = .pass
    case .undecided: self = .undecided
    case .violation(let checks): self = .violation(anyOf: checks)
    }
  }

  /// Nil for anything that ``words`` does not say.
  public init?(words: String) {
    switch words {
    case "pass": self = .pass
    case "undecided": self = .undecided
    default:
      let prefix = "violation of "
      guard words.hasPrefix(prefix) else { return nil }
      let checks = words.dropFirst(prefix.count).split { $0 == " " || $0 == "," }
        .map(String.init).filter { $0 != "or" }
      self = .violation(anyOf: checks)
      guard !checks.isEmpty, self.words == words else { return nil }
    }
  }

  public var words: String {
    switch self {
    case .pass: "pass"
    case .undecided: "undecided"
    case .violation(let checks): "violation of " + Self.alternatives(checks)
    }
  }

  /// Whether a scenario that ended so ended as expected.
  public func isMet(verdict: ScenarioReport.Verdict, check: String?) -> Bool {
    switch (self, verdict) {
    case (.pass, .pass), (.undecided, .undecided): true
    case (.violation(let checks), .violation): check.map(checks.contains) ?? false
    default: false
    }
  }

  private static func alternatives(_ checks: [String]) -> String {
    guard let last = checks.last, checks.count > 1 else { return checks.first ?? "" }
    return checks.dropLast().joined(separator: ", ") + " or " + last
  }
}

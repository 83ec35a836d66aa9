/// One complaint about an input file.
public struct Diagnostic: Hashable, Sendable {
  public enum Severity: String, Hashable, Sendable {
    case error
    case warning
  }

  public let severity: Severity
  public let range: SourceRange
  /// One sentence without a full stop, in the user's words.
  public let message: String
  /// What to do about it, such as `did you mean "chain"?`; on a line of its own when rendered.
  public let help: String?

  public init(severity: Severity, range: SourceRange, message: String, help: String? = nil) {
    self.severity = severity
    self.range = range
    self.message = message
    self.help = help
  }
}

/// Everything there is to say about one input file; thrown as a whole when there are errors.
public struct Diagnostics: Error, Sendable {
  public let file: SourceFile
  private var collected: [Diagnostic] = []
  private var known: Set<Diagnostic> = []

  public init(file: SourceFile) {
    self.file = file
  }

  /// All diagnostics by position; those of one position in the order they were reported.
  public var sorted: [Diagnostic] {
    collected.enumerated()
      .sorted { ($0.element.range.start, $0.offset) < ($1.element.range.start, $1.offset) }
      .map(\.element)
  }

  public var isEmpty: Bool { collected.isEmpty }

  public private(set) var errorCount = 0

  public var hasErrors: Bool { errorCount > 0 }

  public mutating func error(_ message: String, at range: SourceRange, help: String? = nil) {
    report(Diagnostic(severity: .error, range: range, message: message, help: help))
  }

  public mutating func warning(_ message: String, at range: SourceRange, help: String? = nil) {
    report(Diagnostic(severity: .warning, range: range, message: message, help: help))
  }

  /// The same complaint at the same place is kept once.
  public mutating func report(_ diagnostic: Diagnostic) {
    guard known.insert(diagnostic).inserted else { return }
    collected.append(diagnostic)
    if diagnostic.severity == .error { errorCount += 1 }
  }
}

/// Everything that is wrong with a file that was read piece by piece: of its text, only the
/// surroundings of each complaint are kept. Errors only; they come in the order of the file.
public struct StreamDiagnostics: Error, Sendable {
  /// The path as the user wrote it.
  public let path: String
  /// How many errors are kept; what follows the last of them is not looked at.
  public let limit: Int
  private var collected: [(diagnostic: Diagnostic, excerpt: SourceExcerpt)] = []

  /// Nothing wrong yet.
  public init(path: String, limit: Int = 20) {
    self.path = path
    self.limit = limit
  }

  /// How many errors there are.
  public var errorCount: Int { collected.count }

  /// Whether no more errors are wanted.
  public var isFull: Bool { collected.count >= limit }

  /// Keeps an error, unless there are enough.
  public mutating func error(
    _ message: String, at range: SourceRange, _ excerpt: SourceExcerpt, help: String? = nil
  ) {
    guard !isFull else { return }
    collected.append(
      (Diagnostic(severity: .error, range: range, message: message, help: help), excerpt))
  }

  /// Each error as `path:line:column: error: message`, its line and a caret line, ending in a line
  /// feed.
  public var rendered: String {
    let text = collected.map { $0.diagnostic.rendered(path: path, $0.excerpt) }.joined()
    return isFull ? text + "\(path): reading ended after \(limit) errors\n" : text
  }

  /// The first lines only.
  public var headlines: [String] {
    collected.map { $0.diagnostic.headline(path: path) }
  }
}

import InputText
import LinearizabilityChecking

/// How a history is written down.
public enum HistoryFormat: String, CaseIterable, Sendable {
  /// Log lines of Jepsen about one register with compare-and-swap.
  case jepsenLog = "jepsen-log"
  /// A map a line, of operations on keys that hold text.
  case keyValueLog = "kv-log"
  /// Maps of Jepsen, in a vector or a list or one after another.
  case edn
  /// The tab-separated lines that start with `# linhist 1`.
  case linhist
  /// The lines that CrashProof writes itself; see <doc:HistoryLines>.
  case json

  /// The format with this name. `jsonl` is another one for ``json``.
  public init?(name: String) {
    self.init(rawValue: name == "jsonl" ? "json" : name)
  }
}

/// What a reader is told about a history beside the history itself.
public struct HistoryRequest: Sendable {
  /// The path as the user wrote it, for messages.
  public var path: String
  /// `nil`: the first line decides.
  public var format: HistoryFormat?
  /// `nil`: the file says so, or the operations that it has.
  public var model: ObjectModel?
  /// What keys hold before the first update; `nil`: the file says so, or what is usual in its
  /// format.
  public var initialValue: String?
  /// Errors are told up to this number.
  public var errorLimit = 20

  /// A request about a file that speaks for itself.
  public init(
    path: String, format: HistoryFormat? = nil, model: ObjectModel? = nil,
    initialValue: String? = nil
  ) {
    self.path = path
    self.format = format
    self.model = model
    self.initialValue = initialValue
  }
}

/// A reader of a format in which every line says one thing.
protocol LineReader {
  /// Reads one line, which is UTF-8 and has no control characters but tabs.
  mutating func read(_ line: Token, number: Int) throws(PlaceError)
  /// The history, when all lines have been read.
  mutating func finish(at end: Token) throws(PlaceError) -> RecordedHistory
}

import ClusterSimulation
import SimulationKernel

/// What a document promises for a crash at its named crash points, beside what an enumeration saw
/// happen to the write that was under way.
public struct CrashTableReport: Hashable, Sendable {
  /// Where the promises stand.
  public var source: String
  /// In the order of their columns.
  public var variants: [String]
  public var rows: [Row]

  public init(source: String, variants: [String], rows: [Row]) {
    self.source = source
    self.variants = variants
    self.rows = rows
  }

  /// One named crash point.
  public struct Row: Hashable, Sendable {
    public var label: String
    /// Who crashes, and what it has done by then.
    public var place: String
    public var promises: [CrashTable.Promise]
    /// By variant, and within one by kind of crash.
    public var cells: [Cell]

    public init(
      label: String, place: String, promises: [CrashTable.Promise], cells: [Cell] = []
    ) {
      self.label = label
      self.place = place
      self.promises = promises
      self.cells = cells
    }
  }

  /// What was seen of one variant and one kind of crash at one point.
  public struct Cell: Hashable, Sendable {
    public var variant: String
    public var kind: CrashKind
    /// Runs; 0 if the schedule does not reach the point.
    public var outcomes: Int
    /// What became of the write, each fate that was seen once, in a fixed order: words of
    /// ``WriteFate/words``.
    public var fates: [String]
    public var verdict: ScenarioReport.Verdict
    /// The checks that failed in some run.
    public var checks: [String]

    public init(
      variant: String, kind: CrashKind, outcomes: Int = 0, fates: [String] = [],
      verdict: ScenarioReport.Verdict = .pass, checks: [String] = []
    ) {
      self.variant = variant
      self.kind = kind
      self.outcomes = outcomes
      self.fates = fates
      self.verdict = verdict
      self.checks = checks
    }
  }
}

extension WriteFate {
  /// `kept, answered to a retry`.
  public var words: String {
    let value =
      switch value {
      case .kept: "kept"
      case .lost: "lost"
      case .torn: "half of it kept"
      case .differs: "kept by one node only"
      case .unknown: "unknown"
      }
    let answer =
      switch answer {
      case .given: "answered"
      case .givenToRetry: "answered to a retry"
      case .missing: "never answered"
      }
    return "\(value), \(answer)"
  }
}

extension CrashTableReport.Cell {
  /// `violation of durability and linearizability`, `pass`.
  var ending: String {
    if outcomes == 0 { return "not reached" }
    guard verdict == .violation else { return verdict.rawValue }
    return "violation of " + checks.joined(separator: " and ")
  }

  /// `kept, answered to a retry: pass`.
  var phrase: String {
    fates.isEmpty ? ending : fates.joined(separator: "; ") + ": " + ending
  }

  /// Whether another kind of crash came to the same.
  fileprivate func saysTheSame(as other: Self) -> Bool { phrase == other.phrase }
}

extension CrashTableReport.Row {
  /// What was seen of a variant; kinds of crash that came to the same stand together.
  func observations(of variant: String) -> [(kinds: String, phrase: String)] {
    let cells = cells.filter { $0.variant == variant }
    guard let first = cells.first else { return [] }
    if cells.count > 1, cells.allSatisfy({ $0.saysTheSame(as: first) }) {
      return [(cells.map(\.kind.words).joined(separator: " or "), first.phrase)]
    }
    return cells.map { ($0.kind.words, $0.phrase) }
  }

  var promise: String {
    promises.map { "the \($0.who) \($0.what)" }.joined(separator: "; ")
  }
}

extension CrashKind {
  /// `crash`, `power loss`.
  var words: String { self == .process ? "crash" : "power loss" }
}

// MARK: - Formats

extension CrashTableReport {
  /// Lines for a terminal, none wider than ``TerminalReport/width`` columns.
  public var text: String {
    var lines: [String] = []
    let width = (variants.map(\.count).max() ?? 0) + 2
    let layout = LineLayout(width: TerminalReport.width, indentation: 4 + width)
    func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
    for row in rows {
      lines.append("\(row.label)  \(row.place)")
      lines += LineLayout(width: TerminalReport.width, indentation: 6)
        .lines(prefix: "    promised: ", words: words(row.promise))
      for variant in variants {
        for (kinds, phrase) in row.observations(of: variant) {
          let name = variant + String(repeating: " ", count: width - variant.count)
          lines += layout.lines(prefix: "    \(name)", words: words("\(kinds): \(phrase)"))
        }
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// What the words for fates mean.
  static let legend = """
    What became of the write that was under way, in every outcome: kept by all replicas, lost, half \
    of it kept (of a write of two blocks), kept by one node only, or unknown where a later write \
    may have replaced it; and whether its client was answered, before or after it had asked again.
    """

  /// A table of GitHub's Markdown with a row for each crash point.
  var markdown: String {
    let header = ["point", "who crashes when", "promised"] + variants
    var lines = [header, header.map { _ in "---" }].map { "| \($0.joined(separator: " | ")) |" }
    for row in rows {
      let cells = variants.map { variant in
        row.observations(of: variant)
          .map { MarkdownReport.escaped("\($0.kinds): \($0.phrase)") }.joined(separator: "<br>")
      }
      let promise = row.promise.split(separator: ";").map { MarkdownReport.escaped(String($0)) }
      let texts = [
        row.label, MarkdownReport.escaped(row.place), promise.joined(separator: ";<br>"),
      ]
      lines.append("| \((texts + cells).joined(separator: " | ")) |")
    }
    return lines.joined(separator: "\n")
  }
}

import ClusterSimulation
import InputText

/// What a whole run reached of one protocol: the union of what was observed in the scenarios of its
/// correct variant. A deviation reaches what the protocol itself may never reach, so its scenarios
/// do not count.
///
/// Observed are the first seeds of each scenario (``seedsObserved``; all of them where coverage was
/// asked for), every state of a search, and the named crash points of an enumeration. What is
/// missing may still have been reached by a seed that nobody watched.
public struct ProtocolCoverage: Hashable, Sendable {
  /// Of a scenario whose coverage nobody asked for.
  public static let seedsObserved = 10

  public var protocolName: String
  /// Everything that the protocol says it has: by kind, then by name.
  public var rows: [Coverage.Row]

  /// - Parameter rows: those of a kind that a protocol does not announce are left out: they are
  ///   known only because they were reached.
  public init(protocolName: String, rows: [Coverage.Row]) {
    self.protocolName = protocolName
    self.rows = []
    formUnion(rows)
  }

  public mutating func formUnion(_ others: [Coverage.Row]) {
    for row in others {
      guard let kind = Self.order[row.kind] else { continue }
      let place = rows.firstIndex { known in
        let other = Self.order[known.kind] ?? 0
        return other > kind || (other == kind && known.name >= row.name)
      }
      guard let place else {
        rows.append(row)
        continue
      }
      if rows[place].kind == row.kind, rows[place].name == row.name {
        if row.isReached { rows[place].isReached = true }
      } else {
        rows.insert(row, at: place)
      }
    }
  }

  private static let order: [Coverage.Row.Kind: Int] = [
    .message: 0, .crashPoint: 1, .crash: 2, .branch: 3,
  ]

  /// What was never reached, in words that stand alone: `message Join`, `branch copy begun`.
  var missing: [String] {
    rows.filter { !$0.isReached }.map { row in
      row.kind == .crash ? row.name : "\(row.kind.rawValue) \(row.name)"
    }
  }
}

extension [ProtocolCoverage] {
  /// Adds what was reached of a protocol; the order by name stays.
  public mutating func add(_ other: ProtocolCoverage) {
    guard let place = firstIndex(where: { $0.protocolName >= other.protocolName }) else {
      return append(other)
    }
    if self[place].protocolName == other.protocolName {
      self[place].formUnion(other.rows)
    } else {
      insert(other, at: place)
    }
  }

  /// Names on a line of the terminal, at most.
  static var namesShown: Int { 5 }

  /// `never reached in what was observed: chain: message Join; vm-log: branch x and 3 more`; nil if
  /// nothing was observed.
  var sentence: String? {
    guard !isEmpty else { return nil }
    let missing = flatMap(\.missing).count
    guard missing > 0 else {
      return "reached: every kind of message, crash point and branch of "
        + map(\.protocolName).joined(separator: ", ")
    }
    var room = Self.namesShown
    var parts: [String] = []
    for coverage in self where room > 0 {
      let names = coverage.missing.prefix(room).map(ReportText.oneLine)
      room -= names.count
      if !names.isEmpty {
        parts.append(
          "\(ReportText.oneLine(coverage.protocolName)): \(names.joined(separator: ", "))")
      }
    }
    let rest = missing - Swift.min(missing, Self.namesShown)
    return "never reached in what was observed: " + parts.joined(separator: "; ")
      + (rest > 0 ? " and \(rest) more (report.md)" : "")
  }

  /// A section of report.md.
  var markdown: [String] {
    guard !isEmpty else { return [] }
    var lines = ["| protocol | reached | never reached |", "|---|--:|---|"]
    for coverage in self {
      let reached = coverage.rows.count { $0.isReached }
      let names = coverage.missing.map(MarkdownReport.escaped).joined(separator: ", ")
      let name = MarkdownReport.escaped(coverage.protocolName)
      lines.append("| \(name) | \(reached) of \(coverage.rows.count) | \(names) |")
    }
    return [
      "## Never reached",
      "Kinds of message, named crash points and branches of the correct variants, in the first "
        + "\(ProtocolCoverage.seedsObserved) seeds of each scenario, in searches and at enumerated "
        + "crash points. What no scenario reaches is not tested.",
      lines.joined(separator: "\n"),
    ]
  }

  /// The member `coverage` of results.json.
  var json: JSONTree {
    .array(
      map { coverage in
        .object([
          .init("protocol", .string(coverage.protocolName)),
          .init("rows", CoverageTable(coverage.rows).json),
        ])
      })
  }
}

extension ResultsReader {
  /// What the whole run reached; nothing if the document does not say.
  mutating func protocolCoverage(_ value: JSONValue) -> [ProtocolCoverage] {
    guard value.member("coverage") != nil, let elements = elements(value, key: "coverage") else {
      return []
    }
    var all: [ProtocolCoverage] = []
    for element in elements {
      guard isObject(element, "coverage"), let name = text(element, key: "protocol") else {
        continue
      }
      all.add(ProtocolCoverage(protocolName: name, rows: coverage(element, key: "rows")))
    }
    return all
  }
}

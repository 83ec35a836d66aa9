import ClusterSimulation
import InputText

/// What runs or a search reached of what a protocol has, as reports show it.
public struct CoverageTable: Sendable {
  public let rows: [Coverage.Row]

  public init(_ rows: [Coverage.Row]) {
    self.rows = rows
  }

  /// `14 of 19 messages, 6 of 9 crash points; never: Join, Copy, copy begun`.
  public var sentence: String {
    var counts: [String] = []
    for kind in Self.counted {
      let all = rows.filter { $0.kind == kind.kind }
      guard !all.isEmpty else { continue }
      let reached = all.count { $0.isReached }
      counts.append("\(reached) of \(all.count) \(kind.name)")
    }
    let missing = rows.filter { !$0.isReached }.map(\.name)
    return counts.joined(separator: ", ")
      + (missing.isEmpty ? "" : "; never: " + missing.joined(separator: ", "))
  }

  private static let counted: [(kind: Coverage.Row.Kind, name: String)] = [
    (.message, "kinds of message"), (.crashPoint, "crash points passed"),
    (.crash, "crashed at"), (.branch, "branches"),
  ]

  /// A table of kinds; what was never reached comes first.
  var markdown: String {
    var lines = ["| | never reached | reached |", "|---|---|---|"]
    for kind in Self.kinds {
      let all = rows.filter { $0.kind == kind.kind }
      guard !all.isEmpty else { continue }
      let cells = [false, true].map { isReached in
        let names = all.filter { $0.isReached == isReached }.map { MarkdownReport.escaped($0.name) }
        return names.isEmpty ? "" : names.joined(separator: ", ")
      }
      lines.append("| \(kind.name) | \(cells[0]) | \(cells[1]) |")
    }
    return lines.joined(separator: "\n")
  }

  private static let kinds: [(kind: Coverage.Row.Kind, name: String)] = [
    (.message, "messages received"), (.crashPoint, "crash points passed"),
    (.crash, "crashes at crash points"), (.branch, "branches"), (.handler, "other handlers"),
  ]

  public var json: JSONTree {
    .array(
      rows.map { row in
        .object([
          .init("kind", .string(row.kind.rawValue)), .init("name", .string(row.name)),
          .init("reached", .boolean(row.isReached)),
        ])
      })
  }
}

extension ResultsReader {
  /// The lines of a certificate; none if there is none.
  mutating func certificate(_ value: JSONValue) -> [ScenarioReport.CertificateEntry] {
    guard let member = value.member("certificate")?.value else { return [] }
    guard case .object(let members) = member.content else {
      _ = isObject(member, "certificate")
      return []
    }
    return members.compactMap { entry in
      text(entry.value, entry.key).map { .init(name: entry.key, value: $0) }
    }
  }

  /// The rows of a coverage table; none if there is none.
  mutating func coverage(_ value: JSONValue, key: String) -> [Coverage.Row] {
    guard value.member(key) != nil, let rows = elements(value, key: key) else {
      return []
    }
    return rows.compactMap { row in
      guard isObject(row, "a row of coverage"), let word = text(row, key: "kind"),
        let name = text(row, key: "name"), let isReached = flag(row, key: "reached")
      else { return nil }
      guard let kind = Coverage.Row.Kind(rawValue: word) else {
        diagnostics.error(
          "unknown kind of coverage \(named(word))",
          at: row.member("kind")?.value.range ?? row.range)
        return nil
      }
      return Coverage.Row(kind, name, isReached: isReached)
    }
  }
}

extension ScenarioReport {
  /// Both tables as they stand in report.md.
  var searchMarkdown: [String] {
    var blocks: [String] = []
    if !certificate.isEmpty {
      blocks.append("## Certificate of \(MarkdownReport.code(file))")
      var lines = ["| | |", "|---|---|"]
      for entry in certificate {
        let value = MarkdownReport.escaped(entry.value)
        lines.append("| \(MarkdownReport.escaped(entry.name)) | \(value) |")
      }
      blocks.append(lines.joined(separator: "\n"))
    }
    if !coverage.isEmpty {
      blocks.append("## Coverage of \(MarkdownReport.code(file))")
      blocks.append(CoverageTable(coverage).markdown)
    }
    return blocks
  }
}

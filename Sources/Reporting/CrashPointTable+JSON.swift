import ClusterSimulation
import InputText

/// The member `crashPoints` of a scenario's results.
extension CrashPointTable {
  public var json: JSONTree {
    let loss = loss
    return .object([
      .init("tried", .integer(rows.count)),
      .init("total", .integer(total)),
      .init("outcomes", .integer(outcomes)),
      .init("merged", .integer(merged)),
      .init("closedSets", loss.closedSets.map(JSONTree.integer) ?? .null),
      .init("images", loss.images.map(JSONTree.integer) ?? .null),
      .init("uncountedLosses", .integer(uncountedLosses)),
      .init("leaves", .integer(loss.leaves)),
      .init("seeds", .array(seeds.map(ResultsJSON.number))),
      .init("rows", .array(rows.map(\.json))),
    ])
  }
}

extension CrashPointTable.Row {
  /// What is empty for a row is left out.
  fileprivate var json: JSONTree {
    var members: [JSONTree.Member] = [
      .init("seed", ResultsJSON.number(seed)),
      .init("step", .integer(step)),
      .init("node", .string(node)),
      .init("action", .string(action)),
      .init("afterEffect", .integer(effectCount)),
      .init("kind", .string(kind.rawValue)),
      .init("outcomes", .integer(outcomes)),
      .init("merged", .integer(merged)),
      .init("verdict", .string(verdict.rawValue)),
    ]
    if !labels.isEmpty { members.append(.init("labels", .array(labels.map(JSONTree.string)))) }
    if !checks.isEmpty { members.append(.init("checks", .array(checks.map(JSONTree.string)))) }
    if loss.leaves > 0 {
      members += [
        .init("closedSets", loss.closedSets.map(JSONTree.integer) ?? .null),
        .init("images", loss.images.map(JSONTree.integer) ?? .null),
        .init("leaves", .integer(loss.leaves)),
      ]
    }
    return .object(members)
  }
}

extension ResultsReader {
  /// The table of a scenario; `nil` if it has none, or a wrong one, which is reported.
  mutating func crashPoints(_ scenario: JSONValue) -> CrashPointTable? {
    guard let value = scenario.member("crashPoints")?.value, isObject(value, "crashPoints") else {
      return nil
    }
    let total = count(value, key: "total")
    let seeds = (elements(value, key: "seeds") ?? []).compactMap { seed($0) }
    let rows = (elements(value, key: "rows") ?? []).compactMap { row($0) }
    return total.map { CrashPointTable(seeds: seeds, total: $0, rows: rows) }
  }

  private mutating func row(_ value: JSONValue) -> CrashPointTable.Row? {
    guard isObject(value, "a crash point") else { return nil }
    let seed = required(value, "seed").flatMap { self.seed($0) }
    let step = count(value, key: "step")
    let node = text(value, key: "node")
    let action = text(value, key: "action")
    let effectCount = count(value, key: "afterEffect")
    let kind = crashKind(value)
    let outcomes = count(value, key: "outcomes")
    let merged = count(value, key: "merged")
    let verdict = verdict(value)
    guard let seed, let step, let node, let action, let effectCount, let kind, let outcomes,
      let merged, let verdict
    else { return nil }
    var row = CrashPointTable.Row(
      seed: seed, step: step, node: node, action: action, effectCount: effectCount,
      labels: texts(value, "labels"), kind: kind, outcomes: outcomes, merged: merged,
      verdict: verdict, checks: texts(value, "checks"))
    if value.member("leaves") != nil {
      row.loss.closedSets = optional(value, key: "closedSets") { $0.size($1, "closedSets") }
      row.loss.images = optional(value, key: "images") { $0.size($1, "images") }
      row.loss.leaves = count(value, key: "leaves") ?? 0
    }
    return row
  }

  /// The size of a set, which may be any number of 63 bits.
  private mutating func size(_ value: JSONValue, _ key: String) -> Int? {
    if case .number(let number) = value.content, let size = number.integer, size >= 0 {
      return size
    }
    return expected("a whole number", key, value)
  }

  mutating func crashKind(_ value: JSONValue) -> CrashKind? {
    guard let word = text(value, key: "kind") else { return nil }
    if let kind = CrashKind(rawValue: word) { return kind }
    let known = CrashKind.allCases.map(\.rawValue)
    diagnostics.error(
      "unknown kind of crash \(named(word)); known: \(known.joined(separator: ", "))",
      at: value.member("kind")?.value.range ?? value.range,
      help: NearMiss.help(for: word, among: known))
    return nil
  }

  mutating func texts(_ value: JSONValue, _ key: String) -> [String] {
    guard value.member(key) != nil else { return [] }
    return (elements(value, key: key) ?? []).compactMap { text($0, key) }
  }
}

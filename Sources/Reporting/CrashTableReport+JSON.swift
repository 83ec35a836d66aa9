import ClusterSimulation
import InputText
import SimulationKernel

/// The member `crashTable` of a scenario's results.
extension CrashTableReport {
  public var json: JSONTree {
    .object([
      .init("source", .string(source)),
      .init("variants", .array(variants.map(JSONTree.string))),
      .init("rows", .array(rows.map(\.json))),
    ])
  }
}

extension CrashTableReport.Row {
  fileprivate var json: JSONTree {
    .object([
      .init("label", .string(label)),
      .init("place", .string(place)),
      .init(
        "promises",
        .array(
          promises.map {
            .object([.init("who", .string($0.who)), .init("what", .string($0.what))])
          })),
      .init("observed", .array(cells.map(\.json))),
    ])
  }
}

extension CrashTableReport.Cell {
  fileprivate var json: JSONTree {
    .object([
      .init("variant", .string(variant)),
      .init("kind", .string(kind.rawValue)),
      .init("outcomes", .integer(outcomes)),
      .init("fates", .array(fates.map(JSONTree.string))),
      .init("verdict", .string(verdict.rawValue)),
      .init("checks", .array(checks.map(JSONTree.string))),
    ])
  }
}

extension ResultsReader {
  /// The crash table of a scenario; `nil` if it has none, or a wrong one, which is reported.
  mutating func crashTable(_ scenario: JSONValue) -> CrashTableReport? {
    guard let value = scenario.member("crashTable")?.value, isObject(value, "crashTable") else {
      return nil
    }
    let source = text(value, key: "source")
    let variants = texts(value, "variants")
    let rows = (elements(value, key: "rows") ?? []).compactMap { tableRow($0) }
    return source.map { CrashTableReport(source: $0, variants: variants, rows: rows) }
  }

  private mutating func tableRow(_ value: JSONValue) -> CrashTableReport.Row? {
    guard isObject(value, "a crash point") else { return nil }
    let label = text(value, key: "label")
    let place = text(value, key: "place")
    let promises = (elements(value, key: "promises") ?? []).compactMap { promise($0) }
    let cells = (elements(value, key: "observed") ?? []).compactMap { cell($0) }
    guard let label, let place else { return nil }
    return CrashTableReport.Row(label: label, place: place, promises: promises, cells: cells)
  }

  private mutating func promise(_ value: JSONValue) -> CrashTable.Promise? {
    guard isObject(value, "a promise") else { return nil }
    let who = text(value, key: "who")
    let what = text(value, key: "what")
    guard let who, let what else { return nil }
    return CrashTable.Promise(who, what)
  }

  private mutating func cell(_ value: JSONValue) -> CrashTableReport.Cell? {
    guard isObject(value, "what was observed") else { return nil }
    let variant = text(value, key: "variant")
    let kind = crashKind(value)
    let outcomes = count(value, key: "outcomes")
    let verdict = verdict(value)
    let fates = texts(value, "fates")
    let checks = texts(value, "checks")
    guard let variant, let kind, let outcomes, let verdict else { return nil }
    return CrashTableReport.Cell(
      variant: variant, kind: kind, outcomes: outcomes, fates: fates, verdict: verdict,
      checks: checks)
  }
}

import InputText

extension FaultModel {
  var json: JSONTree {
    .object([
      .init("kinds", .array(kinds.map { .string($0.rawValue) })),
      .init("crashes", .integer(min(crashes, ResultsJSON.greatestCount))),
      .init("disk", disk.map(JSONTree.string) ?? .null),
      .init("options", .array(options.map(JSONTree.string))),
    ])
  }
}

extension ResultsReader {
  mutating func faultModel(_ value: JSONValue) -> FaultModel? {
    guard isObject(value, "faultModel"), let kinds = elements(value, key: "kinds"),
      let crashes = count(value, key: "crashes"), let options = elements(value, key: "options")
    else { return nil }
    let words = kinds.compactMap { text($0, "kinds") }
    let known = words.compactMap(FaultModel.Kind.init(rawValue:))
    guard known.count == kinds.count else {
      return expected("kinds of faults", "kinds", value)
    }
    return FaultModel(
      kinds: known, crashes: crashes, disk: optional(value, key: "disk") { $0.text($1, "disk") },
      options: options.compactMap { text($0, "options") })
  }
}

import InputText

extension BaselineComparison {
  /// The member `baseline` of results.json.
  var json: JSONTree {
    func list(_ files: [String]) -> JSONTree { .array(files.map(JSONTree.string)) }
    return .object([
      .init("file", .string(source)),
      .init("inBoth", .integer(sharedCount)),
      .init("newFailures", list(newFailures)),
      .init("stillFailing", list(stillFailing)),
      .init("fixed", list(fixed)),
      .init(
        "slowerToRecover",
        .array(
          slower.map { slowdown in
            .object([
              .init("file", .string(slowdown.file)),
              .init("baselineNanoseconds", .integer(Int(slowdown.before.nanoseconds))),
              .init("nanoseconds", .integer(Int(slowdown.now.nanoseconds))),
            ])
          })),
      .init("newScenarios", list(newScenarios)),
      .init("gone", list(gone)),
      .init("notRun", list(notRun)),
    ])
  }
}

import InputText

/// Reads what refers to the axes of a sweep and to measured quantities.
struct AxisReader {
  let axes: [SweepAxis]
  let words: MeasureWords
  var diagnostics: Diagnostics

  private static func list(_ names: [String], none: String) -> String {
    names.isEmpty ? none : "known: " + names.joined(separator: ", ")
  }

  /// The axis of that name; nil, and an error, if there is none.
  mutating func axis(_ name: String, at range: SourceRange, further: [String] = []) -> SweepAxis? {
    if let axis = axes.first(where: { $0.name == name }) { return axis }
    let known = axes.map(\.name) + further
    diagnostics.error(
      "unknown axis \(quoted(name)); "
        + Self.list(known, none: "the scenario has no sweep"),
      at: range, help: NearMiss.help(for: name, among: known))
    return nil
  }

  /// The position of a value on an axis; nil, and an error, if it is not there.
  mutating func position(of value: JSONValue, on axis: SweepAxis) -> Int? {
    let wanted = SweepValue(value)
    let position = axis.values.firstIndex { candidate in
      if axis.hasAlternatives { return value.text == candidate.label }
      if let number = wanted.number, let other = candidate.number { return number == other }
      return wanted.content == candidate.content
    }
    if let position { return position }
    let labels = axis.values.map(\.label)
    let shown = labels.count > 20 ? Array(labels.prefix(20)) + ["..."] : labels
    diagnostics.error(
      "the axis \(quoted(axis.name)) has no value \(Self.clipped(wanted.label)); "
        + "it has: \(shown.joined(separator: ", "))",
      at: value.range, help: NearMiss.help(for: wanted.label, among: labels))
    return nil
  }

  private static func clipped(_ label: String) -> String {
    label.count > 60 ? label.prefix(60) + "..." : label
  }

  /// The selections of a key `at`; values in the order of the file, each once.
  mutating func selections(_ view: ObjectView) -> [AxisSelection] {
    var selections: [AxisSelection] = []
    for member in view.entries("at") {
      guard let axis = axis(member.key, at: member.keyRange) else { continue }
      let values = member.value.elements ?? [member.value]
      if values.isEmpty {
        diagnostics.error("name at least one value of the axis", at: member.value.range)
      }
      var indices: [Int] = []
      for value in values {
        guard let index = position(of: value, on: axis) else { continue }
        if indices.contains(index) {
          diagnostics.error("this value stands twice", at: value.range)
        } else {
          indices.append(index)
        }
      }
      selections.append(AxisSelection(axis: axis.name, indices: indices))
    }
    return selections
  }

  /// Reports a name that is not that of a measured quantity.
  mutating func checkMeasure(_ name: String, at range: SourceRange) {
    guard let measure = MeasureName(name) else {
      diagnostics.error(
        "unknown measured quantity \(quoted(name)); known: "
          + MeasureName.families.joined(separator: ", "),
        at: range, help: NearMiss.help(for: name, among: Self.commonNames))
      return
    }
    if let objection = words.objection(to: measure) { diagnostics.error(objection, at: range) }
  }

  /// Names without numbers and words of the scenario, to find a slip of the pen.
  private static let commonNames: [String] = {
    let operations = MeasureName.Operations.allCases
    var names: [MeasureName] =
      operations.map { .throughput($0, window: nil) } + [.throughputPerClient]
    names += operations.map { .bandwidth($0) }
    names += MeasureName.Latencies.allCases.flatMap { latencies in
      MeasureName.Statistic.allCases.map { .latency(latencies, $0) }
    }
    names += MeasureName.Resource.allCases.map { .utilisation($0, nil) }
    names += [
      .queue(nil), .messagesPerOperation, .fsyncsPerOperation, .fileWritesPerOperation,
      .recovery(label: nil), .operationsAbandoned, .transfers(.count), .transfers(.last),
    ]
    return names.map(\.description)
  }()
}

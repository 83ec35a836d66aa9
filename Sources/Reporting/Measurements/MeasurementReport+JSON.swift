import InputText

/// The member `measurement` of a scenario's results.
extension MeasurementReport {
  var json: JSONTree {
    var members: [JSONTree.Member] = [
      .init("seeds", .integer(seeds)),
      .init("seconds", .number(seconds)),
      .init("axes", .array(axes.map(\.json))),
      .init("quantities", .array(quantities.map(\.json))),
      .init("points", .array(points.map(\.json))),
    ]
    if let timeline {
      members.append(
        .init(
          "timeline",
          .object([
            .init("bucketSeconds", .number(timeline.bucket)),
            .init("series", .array(timeline.series.map(\.json))),
          ])))
    }
    members.append(.init("charts", .array(charts.map(\.json))))
    members.append(.init("claims", .array(claims.map(\.json))))
    return .object(members)
  }
}

extension MeasurementReport.Axis {
  fileprivate var json: JSONTree {
    .object([
      .init("name", .string(name)), .init("labels", .array(labels.map(JSONTree.string))),
      .init("numbers", .array(numbers.map(JSONTree.number))),
    ])
  }
}

extension MeasurementReport.Quantity {
  fileprivate var json: JSONTree {
    .object([.init("name", .string(name)), .init("unit", .string(unit))])
  }
}

extension MeasurementReport.Point {
  /// Means and margins in the order of the quantities; null where nothing was measured.
  fileprivate var json: JSONTree {
    var members: [JSONTree.Member] = [
      .init("at", .array(indices.map(JSONTree.integer))),
      .init("means", .array(values.map { number($0?.mean) })),
      .init("margins", .array(values.map { number($0?.margin) })),
    ]
    if !timeline.isEmpty {
      members.append(.init("timeline", .array(timeline.map { .array($0.map(JSONTree.number)) })))
    }
    return .object(members)
  }

  private func number(_ value: Double?) -> JSONTree {
    guard let value, value.isFinite else { return .null }
    return .number(value)
  }
}

extension MeasurementReport.Chart {
  fileprivate var json: JSONTree {
    .object([
      .init("title", .string(title)), .init("x", .string(x)),
      .init("y", .array(y.map(JSONTree.string))), .init("logX", .boolean(hasLogarithmicX)),
      .init("logY", .boolean(hasLogarithmicY)), .init("fittedY", .boolean(isFittedY)),
      .init("selection", .array(selection.map { .array($0.map(JSONTree.integer)) })),
    ])
  }
}

extension MeasurementReport.Claim {
  fileprivate var json: JSONTree {
    .object([
      .init("claim", .string(text)), .init("source", .string(source)),
      .init("standing", .string(standing)), .init("basis", .string(basis)),
      .init("because", .string(because)), .init("expected", .string(expected)),
      .init("found", .string(found)), .init("holds", .boolean(holds)),
      .init("objection", .string(objection)),
    ])
  }
}

// MARK: - Reading

extension ResultsReader {
  mutating func measurement(_ value: JSONValue) -> MeasurementReport? {
    guard isObject(value, "measurement") else { return nil }
    let seeds = count(value, key: "seeds")
    let seconds = required(value, "seconds").flatMap { double($0, "seconds") }
    let axes = (elements(value, key: "axes") ?? []).compactMap { axis($0) }
    let quantities = (elements(value, key: "quantities") ?? []).compactMap { quantity($0) }
    let points = (elements(value, key: "points") ?? []).compactMap { point($0) }
    let timeline = optional(value, key: "timeline") { $0.timeline($1) }
    let charts = (elements(value, key: "charts") ?? []).compactMap { chart($0) }
    let claims = (elements(value, key: "claims") ?? []).compactMap { claim($0) }
    guard let seeds, let seconds else { return nil }
    return MeasurementReport(
      axes: axes, quantities: quantities, points: points, timeline: timeline, charts: charts,
      claims: claims, seeds: seeds, seconds: seconds)
  }

  private mutating func double(_ value: JSONValue, _ key: String) -> Double? {
    if case .number(let number) = value.content, number.double.isFinite { return number.double }
    return expected("a number", key, value)
  }

  private mutating func axis(_ value: JSONValue) -> MeasurementReport.Axis? {
    guard isObject(value, "an axis"), let name = text(value, key: "name") else { return nil }
    let labels = (elements(value, key: "labels") ?? []).compactMap { text($0, "labels") }
    let numbers = (elements(value, key: "numbers") ?? []).compactMap { double($0, "numbers") }
    return MeasurementReport.Axis(name: name, labels: labels, numbers: numbers)
  }

  private mutating func quantity(_ value: JSONValue) -> MeasurementReport.Quantity? {
    guard isObject(value, "a quantity"), let name = text(value, key: "name"),
      let unit = text(value, key: "unit")
    else { return nil }
    return MeasurementReport.Quantity(name: name, unit: unit)
  }

  private mutating func point(_ value: JSONValue) -> MeasurementReport.Point? {
    guard isObject(value, "a point") else { return nil }
    let indices = (elements(value, key: "at") ?? []).compactMap { count($0, "at") }
    let means = (elements(value, key: "means") ?? []).map { orNothing($0, "means") }
    let margins = (elements(value, key: "margins") ?? []).map { orNothing($0, "margins") }
    let values = means.enumerated().map { index, mean in
      mean.map {
        MeasurementReport.Estimate(
          mean: $0, margin: margins.indices.contains(index) ? margins[index] : nil)
      }
    }
    let timeline = optional(value, key: "timeline") { reader, list -> [[Double]]? in
      guard case .array(let series) = list.content else {
        return reader.expected("a list", "timeline", list)
      }
      return series.map { one in
        guard case .array(let values) = one.content else { return [] }
        return values.compactMap { reader.double($0, "timeline") }
      }
    }
    return MeasurementReport.Point(indices: indices, values: values, timeline: timeline ?? [])
  }

  private mutating func orNothing(_ value: JSONValue, _ key: String) -> Double? {
    value.content == .null ? nil : double(value, key)
  }

  private mutating func timeline(_ value: JSONValue) -> MeasurementReport.Timeline? {
    guard isObject(value, "timeline"), let member = required(value, "bucketSeconds"),
      let bucket = double(member, "bucketSeconds")
    else { return nil }
    let series = (elements(value, key: "series") ?? []).compactMap { quantity($0) }
    return MeasurementReport.Timeline(bucket: bucket, series: series)
  }

  private mutating func chart(_ value: JSONValue) -> MeasurementReport.Chart? {
    guard isObject(value, "a chart"), let title = text(value, key: "title"),
      let x = text(value, key: "x"), let logX = flag(value, key: "logX"),
      let logY = flag(value, key: "logY")
    else { return nil }
    let fittedY = optional(value, key: "fittedY") { $0.flag($1, "fittedY") } ?? false
    let y = (elements(value, key: "y") ?? []).compactMap { text($0, "y") }
    let selection = (elements(value, key: "selection") ?? []).map { list -> [Int] in
      guard case .array(let values) = list.content else { return [] }
      return values.compactMap { count($0, "selection") }
    }
    return MeasurementReport.Chart(
      title: title, x: x, y: y, hasLogarithmicX: logX, hasLogarithmicY: logY,
      isFittedY: fittedY, selection: selection)
  }

  private mutating func claim(_ value: JSONValue) -> MeasurementReport.Claim? {
    guard isObject(value, "a claim") else { return nil }
    let texts = [
      "claim", "source", "standing", "basis", "because", "expected", "found", "objection",
    ].map { text(value, key: $0) }
    let present = texts.compactMap { $0 }
    guard present.count == texts.count, let holds = flag(value, key: "holds") else { return nil }
    return MeasurementReport.Claim(
      text: present[0], source: present[1], standing: present[2], basis: present[3],
      because: present[4], expected: present[5], found: present[6], holds: holds,
      objection: present[7])
  }
}

import InputText

/// Reads `charts` and `expectMeasure`.
struct ExpectationReader {
  private let hasTimeline: Bool
  private var reader: AxisReader

  var diagnostics: Diagnostics { reader.diagnostics }

  init(axes: [SweepAxis], words: MeasureWords, hasTimeline: Bool, diagnostics: Diagnostics) {
    self.hasTimeline = hasTimeline
    self.reader = AxisReader(axes: axes, words: words, diagnostics: diagnostics)
  }

  private mutating func error(_ message: String, at range: SourceRange, help: String? = nil) {
    reader.diagnostics.error(message, at: range, help: help)
  }

  /// The objects of a list, with the shape of its elements.
  private func objects(_ view: ObjectView, _ key: String) -> [ObjectView] {
    guard case .list(.object(let shape))? = view.shape.key(key)?.shape else { return [] }
    return (view.given(key)?.elements ?? []).compactMap { element in
      guard case .object = element.content else { return nil }
      return ObjectView(value: element, shape: shape)
    }
  }

  // MARK: - Charts

  /// Those charts that have everything they need.
  mutating func readCharts(_ scenario: ObjectView) -> [ChartSettings] {
    objects(scenario, "charts").compactMap { readChart($0) }
  }

  private mutating func readChart(_ view: ObjectView) -> ChartSettings? {
    guard let title = view.textIfGiven("title"), let x = view.textIfGiven("x"),
      let y = view.given("y")
    else { return nil }
    let names = y.elements ?? [y]
    if names.isEmpty { error("the chart shows no quantity", at: y.range) }
    var chart = ChartSettings(title: title, x: x, y: names.compactMap(\.text))
    for name in names {
      guard let text = name.text else { continue }
      reader.checkMeasure(text, at: name.range)
    }
    chart.xScale = ChartSettings.Scale(rawValue: view.text("xScale")) ?? .linear
    chart.yScale = ChartSettings.Scale(rawValue: view.text("yScale")) ?? .linear
    chart.at = reader.selections(view)
    guard x != "time" else {
      if !hasTimeline {
        error(
          "there is no timeline to draw", at: view.range("x"),
          help: "set run.timeline to the length of its buckets, such as \"1s\"")
      }
      return chart
    }
    let axis = reader.axis(x, at: view.range("x"), further: ["time"])
    if chart.xScale == .log, let axis, !axis.values.allSatisfy({ ($0.number ?? 0) > 0 }) {
      error("a logarithmic scale needs numbers above 0", at: view.range("xScale"))
    }
    return chart
  }

  // MARK: - Expectations

  /// Those expectations that have everything they need.
  mutating func readExpectations(_ scenario: ObjectView) -> [MeasureExpectation] {
    objects(scenario, "expectMeasure").compactMap { readExpectation($0) }
  }

  private mutating func readExpectation(_ view: ObjectView) -> MeasureExpectation? {
    if let claim = view.textIfGiven("claim"), claim.isEmpty {
      error("the expectation claims nothing", at: view.range("claim"))
    }
    let at = reader.selections(view)
    if let name = view.textIfGiven("measure") {
      reader.checkMeasure(name, at: view.range("measure"))
    }
    let denominator = view.has("per") ? readDenominator(view) : nil
    let condition = readCondition(view, at)
    guard let condition, let claim = view.textIfGiven("claim"),
      let measure = view.textIfGiven("measure"),
      let standing = view.textIfGiven("standing").flatMap(MeasureExpectation.Standing.init),
      let basis = view.textIfGiven("basis").flatMap(MeasureExpectation.Basis.init)
    else { return nil }
    return MeasureExpectation(
      claim: claim, source: view.text("source"), standing: standing, basis: basis,
      because: view.text("because"), measure: measure, at: at, per: denominator,
      condition: condition, line: (view.value?.range ?? .startOfFile).start.line)
  }

  private mutating func readDenominator(
    _ view: ObjectView
  ) -> MeasureExpectation.Denominator {
    let per = view.object("per")
    if let name = per.textIfGiven("measure") {
      reader.checkMeasure(name, at: per.range("measure"))
    }
    if !per.has("measure"), !per.has("at") {
      error("per says neither what divides nor at which points", at: view.keyRange("per"))
    }
    return MeasureExpectation.Denominator(
      measure: per.textIfGiven("measure") ?? view.textIfGiven("measure") ?? "",
      at: reader.selections(per))
  }

  private static let conditionKeys = ["about", "between", "curve", "shape"]

  private mutating func readCondition(
    _ view: ObjectView, _ at: [AxisSelection]
  ) -> MeasureExpectation.Condition? {
    let given = Self.conditionKeys.filter(view.has)
    guard let key = given.first else {
      let keys = Self.conditionKeys.joined(separator: ", ")
      error("the expectation has none of the keys \(keys)", at: view.value?.range ?? .startOfFile)
      return nil
    }
    if given.count > 1 {
      error("\(given[0]) and \(given[1]) exclude each other", at: view.keyRange(given[1]))
      return nil
    }
    if key != "shape", view.has("along") {
      error("along goes only with shape", at: view.keyRange("along"))
    }
    if key != "shape", key != "about", view.has("within") {
      error("within goes only with about or shape", at: view.keyRange("within"))
    }
    switch key {
    case "about":
      guard view.has("within") else {
        error(
          "about needs a tolerance", at: view.keyRange("about"),
          help: "add within, such as \"5%\"")
        return nil
      }
      guard let value = view.numberIfGiven("about"), let within = view.fractionIfGiven("within")
      else { return nil }
      return .about(value, within: within)
    case "between": return readBetween(view)
    case "curve": return readCurve(view.object("curve"))
    default: return readShape(view, at)
    }
  }

  private mutating func readBetween(_ view: ObjectView) -> MeasureExpectation.Condition? {
    guard let value = view.given("between"), let elements = value.elements else { return nil }
    guard elements.count == 2 else {
      error("expected two numbers, found \(elements.count)", at: value.range)
      return nil
    }
    guard let least = elements[0].number, let most = elements[1].number else { return nil }
    if most < least { error("the second number is less than the first", at: elements[1].range) }
    return .between(least, most)
  }

  private mutating func readCurve(_ curve: ObjectView) -> MeasureExpectation.Condition? {
    guard let name = curve.textIfGiven("along"), let values = curve.given("values"),
      let elements = values.elements, let axis = reader.axis(name, at: curve.range("along"))
    else { return nil }
    if elements.isEmpty { error("the curve has no values", at: values.range) }
    var points: [MeasureExpectation.CurvePoint] = []
    for element in elements {
      let point = readCurvePoint(element, on: axis, usual: curve.fractionIfGiven("within"))
      guard let point else { continue }
      if points.contains(where: { $0.index == point.index }) {
        error("the curve has two figures for this value", at: element.range)
      }
      points.append(point)
    }
    return .curve(axis: axis.name, points, mean: curve.fractionIfGiven("meanWithin"))
  }

  private mutating func readCurvePoint(
    _ element: JSONValue, on axis: SweepAxis, usual: Double?
  ) -> MeasureExpectation.CurvePoint? {
    guard let parts = element.elements else { return nil }
    guard (2...3).contains(parts.count) else {
      error(
        "expected a value of the axis, a figure and perhaps a tolerance, not a list of "
          + "\(parts.count)", at: element.range)
      return nil
    }
    let index = reader.position(of: parts[0], on: axis)
    guard let value = parts[1].number, value.isFinite else {
      error("expected a number, found \(parts[1].kindPhrase)", at: parts[1].range)
      return nil
    }
    var within = usual
    if parts.count == 3 {
      var validator = ShapeValidator(diagnostics: reader.diagnostics)
      validator.check(parts[2], ScenarioKeys.tolerance, path: "the tolerance")
      reader.diagnostics = validator.diagnostics
      within = parts[2].text.flatMap(FractionText.parse) ?? parts[2].number
    }
    guard let within else {
      error(
        "this figure has no tolerance", at: element.range,
        help: "add one behind the figure, or within to the curve")
      return nil
    }
    return index.map { MeasureExpectation.CurvePoint(index: $0, value: value, within: within) }
  }

  private mutating func readShape(
    _ view: ObjectView, _ at: [AxisSelection]
  ) -> MeasureExpectation.Condition? {
    guard view.has("along") else {
      error("shape needs along, an axis of the sweep", at: view.keyRange("shape"))
      return nil
    }
    guard let shape = view.textIfGiven("shape").flatMap(MeasureExpectation.Shape.init),
      let name = view.textIfGiven("along"),
      let axis = reader.axis(name, at: view.range("along"))
    else { return nil }
    let indices = at.first { $0.axis == name }?.indices ?? Array(axis.values.indices)
    let least = shape == .valley || shape == .peak || shape == .linear ? 3 : 2
    if indices.count < least {
      error(
        "the shape \(shape.rawValue) needs \(least) values of the axis, not \(indices.count)",
        at: view.range("shape"))
    }
    if shape == .linear, !indices.allSatisfy({ axis.values[$0].number != nil }) {
      error("a linear shape needs an axis of numbers", at: view.range("along"))
    }
    if (shape == .flat || shape == .linear) && !view.has("within") {
      error(
        "the shape \(shape.rawValue) needs a tolerance", at: view.keyRange("shape"),
        help: "add within, such as \"2%\"")
    }
    return .shape(shape, axis: axis.name, within: view.fractionIfGiven("within") ?? 0)
  }
}

extension JSONValue {
  /// The number; nil if it is none.
  fileprivate var number: Double? {
    if case .number(let number) = content { number.double } else { nil }
  }
}

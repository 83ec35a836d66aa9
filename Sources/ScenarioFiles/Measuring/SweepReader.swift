import InputText
import SimulationKernel

/// Reads a scenario of mode `measure` and the points of its sweep: each combination of the values
/// of all axes is put into the scenario, which is then read like any other.
struct SweepReader {
  let value: JSONValue
  let keys: ScenarioKeys
  let path: String
  var diagnostics: Diagnostics

  /// Keys of the scenario that its points do not have.
  static let outerKeys: Set<String> = ["sweep", "charts", "expectMeasure", "cases", "case"]
  private static let mostPoints = 5_000
  /// Names in a path; deeper ones would be of no key.
  private static let deepestPath = 8
  /// With so many errors, a further point has nothing new to say.
  private static let mostErrors = 50

  /// One axis and, by value, what it changes in the scenario.
  struct Axis {
    var axis: SweepAxis
    var changes: [JSONValue]
  }

  /// Whether a sweep of the scenario puts a protocol in.
  static func sweepsProtocol(_ scenario: JSONValue) -> Bool {
    guard case .object(let axes)? = scenario.member("sweep")?.value.content else { return false }
    return axes.contains { axis in
      guard case .object(let alternatives) = axis.value.content else {
        return axis.key == "protocol"
      }
      return alternatives.contains { $0.value.member("protocol") != nil }
    }
  }

  mutating func read() -> Scenario? {
    let base = withoutOuterKeys(value)
    let axes = readAxes()
    let (points, words) = axes.isEmpty ? onlyPoint(base) : readPoints(base, axes)
    guard var scenario = points.first?.scenario else { return nil }
    if !axes.isEmpty {
      scenario.title = value.member("title")?.value.text ?? ScenarioReader.title(fromPath: path)
      scenario.notes = value.member("notes")?.value.text ?? ""
      scenario.measure.axes = axes.map(\.axis)
      scenario.measure.base = Self.common(points).merged(with: base.tree).asRead
    }
    scenario.measure.points = points
    var reader = ExpectationReader(
      axes: axes.map(\.axis), words: Self.words(of: points, words),
      hasTimeline: points.contains { $0.scenario.measure.timeline != nil },
      diagnostics: diagnostics)
    let view = ObjectView(value: value, shape: keys.scenario)
    scenario.measure.charts = reader.readCharts(view)
    scenario.measure.expectations = reader.readExpectations(view)
    diagnostics = reader.diagnostics
    return scenario
  }

  private func withoutOuterKeys(_ value: JSONValue) -> JSONValue {
    guard case .object(let members) = value.content else { return value }
    return JSONValue(
      range: value.range, content: .object(members.filter { !Self.outerKeys.contains($0.key) }))
  }

  private mutating func onlyPoint(_ base: JSONValue) -> ([SweepPoint], [ProtocolWords]) {
    guard let scenario = Scenario.interpretPoint(base, keys, path: path, &diagnostics) else {
      return ([], [])
    }
    let words = keys.vocabulary.words(of: scenario.protocolName)
    return ([SweepPoint(indices: [], scenario: scenario)], words.map { [$0] } ?? [])
  }
}

// MARK: - Axes

extension SweepReader {
  private mutating func readAxes() -> [Axis] {
    guard case .object(let members)? = value.member("sweep")?.value.content else { return [] }
    return members.compactMap { readAxis($0) }
  }

  private mutating func readAxis(_ member: JSONMember) -> Axis? {
    if member.key == "time" {
      diagnostics.error(
        "an axis cannot be called \"time\": charts call the timeline so", at: member.keyRange)
      return nil
    }
    let names = member.key.split(separator: ".").map(String.init)
    let first = names.first ?? ""
    switch member.value.content {
    case .array(let elements):
      if names.count > Self.deepestPath {
        diagnostics.error("no key of a scenario lies so deep", at: member.keyRange)
        return nil
      }
      if Self.outerKeys.contains(first) {
        diagnostics.error("\(first) cannot be swept", at: member.keyRange)
        return nil
      }
      return readValues(elements, of: member)
    case .object(let alternatives):
      if alternatives.isEmpty {
        diagnostics.error("the axis \(quoted(member.key)) has no values", at: member.value.range)
        return nil
      }
      let values = alternatives.map {
        SweepValue(label: $0.key, number: nil, content: $0.value.tree.asRead)
      }
      return Axis(
        axis: SweepAxis(name: member.key, values: values, hasAlternatives: true),
        changes: alternatives.map(\.value))
    default: return nil
    }
  }

  private mutating func readValues(_ elements: [JSONValue], of member: JSONMember) -> Axis? {
    if elements.isEmpty {
      diagnostics.error("the axis \(quoted(member.key)) has no values", at: member.value.range)
      return nil
    }
    var axis = Axis(axis: SweepAxis(name: member.key, values: []), changes: [])
    for element in elements {
      let value = SweepValue(element)
      if axis.axis.values.contains(where: { $0.label == value.label }) {
        diagnostics.error(
          "the value \(value.label) of the axis \(quoted(member.key)) stands twice",
          at: element.range)
      }
      axis.axis.values.append(value)
      axis.changes.append(Self.nested(member, element))
    }
    return axis
  }

  /// `{ a: { b: value } }` for an axis that is called `a.b`.
  private static func nested(_ axis: JSONMember, _ value: JSONValue) -> JSONValue {
    let names = axis.key.split(separator: ".", omittingEmptySubsequences: false)
    return names.reversed().reduce(value) { inner, name in
      let member = JSONMember(key: String(name), keyRange: axis.keyRange, value: inner)
      return JSONValue(range: value.range, content: .object([member]))
    }
  }
}

extension SweepValue {
  /// A value of a key.
  init(_ value: JSONValue) {
    let tree = value.tree.asRead
    var label = JSONWriter(style: .json, width: .max).text(of: tree)
    label.removeLast()
    var number: Double?
    switch tree {
    case .string(let text):
      label = text
      if let duration = value.duration {
        number = Double(duration.nanoseconds) / 1_000_000_000
      } else if let size = SizeText.bytes(text, .bytes) ?? SizeText.bytes(text, .bytesPerSecond) {
        number = Double(size)
      }
    case .integer(let integer): number = Double(integer)
    case .number(let double): number = double
    default: break
    }
    self.init(label: label, number: number, content: tree)
  }
}

// MARK: - Points

extension SweepReader {
  /// Every combination, the last axis running fastest, and the protocols that occur.
  private mutating func readPoints(
    _ base: JSONValue, _ axes: [Axis]
  ) -> ([SweepPoint], [ProtocolWords]) {
    var count = 1
    for axis in axes where count <= Self.mostPoints { count *= axis.changes.count }
    guard count <= Self.mostPoints else {
      let range = value.member("sweep")?.keyRange ?? value.range
      diagnostics.error(
        "the sweep has more than \(Self.mostPoints) combinations of values", at: range,
        help: "split it into cases, or leave values out")
      return ([], [])
    }
    var points: [SweepPoint] = []
    points.reserveCapacity(count)
    var known: [(words: ProtocolWords, keys: ScenarioKeys, shape: ObjectShape)] = []
    var indices = Array(repeating: 0, count: axes.count)
    for _ in 0..<count where diagnostics.errorCount < Self.mostErrors {
      var changed = base
      for (axis, index) in zip(axes, indices) {
        changed = ScenarioCase.merged(changed, with: axis.changes[index])
      }
      if let scenario = readPoint(changed, &known) {
        points.append(SweepPoint(indices: indices, scenario: scenario))
      }
      Self.advance(&indices, axes)
    }
    return (points, known.map(\.words))
  }

  private static func advance(_ indices: inout [Int], _ axes: [Axis]) {
    for position in indices.indices.reversed() {
      indices[position] += 1
      if indices[position] < axes[position].changes.count { return }
      indices[position] = 0
    }
  }

  private mutating func readPoint(
    _ point: JSONValue,
    _ known: inout [(words: ProtocolWords, keys: ScenarioKeys, shape: ObjectShape)]
  ) -> Scenario? {
    let name = point.member("protocol")?.value.text
    var keys = ScenarioKeys(vocabulary: keys.vocabulary, scenario: point)
    let shape: ObjectShape
    if let entry = known.first(where: { $0.words.name == name }) {
      (keys, shape) = (entry.keys, entry.shape)
    } else {
      shape = keys.point
      if let words = keys.words { known.append((words, keys, shape)) }
    }
    var validator = ShapeValidator(diagnostics: diagnostics)
    validator.check(point, .object(shape), path: "")
    diagnostics = validator.diagnostics
    let mode = point.member("run")?.value.member("mode")?.value
    if let mode, mode.text != RunMode.measure.rawValue {
      diagnostics.error("every point of a sweep runs in mode measure", at: mode.range)
    }
    return Scenario.interpretPoint(point, keys, path: path, &diagnostics)
  }

  /// What quantities of these points may name.
  private static func words(of points: [SweepPoint], _ protocols: [ProtocolWords]) -> MeasureWords {
    var words = MeasureWords()
    for scenario in points.map(\.scenario) {
      let hosts = scenario.measure.hosts.count
      words.hosts = max(words.hosts, hosts)
      if hosts == 0 { words.servers = max(words.servers, scenario.serverCount) }
      for window in scenario.measure.windows where !words.windows.contains(window.name) {
        words.windows.append(window.name)
      }
      if case .scripted(let faults) = scenario.faults {
        words.faults = max(words.faults, faults.count)
      }
    }
    for label in protocols.flatMap(\.summary.crashPoints) where !words.crashPoints.contains(label) {
      words.crashPoints.append(label)
    }
    return words
  }

  /// What all points say, as a file would.
  private static func common(_ points: [SweepPoint]) -> JSONTree {
    guard var common = points.first?.scenario.tree else { return .object([]) }
    for point in points.dropFirst() { common = common.shared(with: point.scenario.tree) ?? common }
    return common
  }
}

extension JSONTree {
  fileprivate func member(_ key: String) -> JSONTree? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The tree that is read from its text: whole numbers are integers.
  fileprivate var asRead: JSONTree {
    switch self {
    case .number(let value):
      let isWhole = value.magnitude < 9_007_199_254_740_992 && value.rounded() == value
      return isWhole ? .integer(Int(value)) : self
    case .array(let elements): return .array(elements.map(\.asRead))
    case .object(let members):
      return .object(members.map { Member($0.key, $0.value.asRead) })
    default: return self
    }
  }

  /// What both have: members of both with equal values; nil if there is nothing.
  fileprivate func shared(with other: JSONTree) -> JSONTree? {
    guard case .object(let members) = self, case .object = other else {
      return self == other ? self : nil
    }
    return .object(
      members.compactMap { member in
        guard let theirs = other.member(member.key) else { return nil }
        return member.value.shared(with: theirs).map { Member(member.key, $0) }
      })
  }

  /// The tree with the other's members put in, as cases are.
  fileprivate func merged(with other: JSONTree) -> JSONTree {
    guard case .object(let members) = self, case .object(let theirs) = other else { return other }
    return .object(
      members.map { member in
        other.member(member.key).map { Member(member.key, member.value.merged(with: $0)) }
          ?? member
      } + theirs.filter { member($0.key) == nil })
  }
}

import InputText
import SimulationKernel

extension Scenario {
  /// Reads and checks a scenario file that holds one scenario.
  /// - Throws: everything that is wrong with the file, at once.
  public static func read(
    _ file: SourceFile, vocabulary: ScenarioVocabulary
  ) throws(Diagnostics) -> Scenario {
    let cases = try ScenarioCase.read(file, vocabulary: vocabulary)
    if let only = cases.first, cases.count == 1, only.name == nil { return only.scenario }
    var diagnostics = Diagnostics(file: file)
    let start = SourcePosition(line: 1, column: 1)
    diagnostics.error(
      "one scenario is needed here, and the file has cases",
      at: SourceRange(start: start, end: start))
    throw diagnostics
  }

  /// The scenario that a validated value says, with the points of its sweep; nil, or a scenario not
  /// to be used, if there are errors.
  static func interpret(
    _ value: JSONValue, _ keys: ScenarioKeys, path: String, _ diagnostics: inout Diagnostics
  ) -> Scenario? {
    guard value.member("run")?.value.member("mode")?.value.text == RunMode.measure.rawValue else {
      return interpretPoint(value, keys, path: path, &diagnostics)
    }
    var reader = SweepReader(value: value, keys: keys, path: path, diagnostics: diagnostics)
    let scenario = reader.read()
    diagnostics = reader.diagnostics
    return scenario
  }

  /// The scenario that a value without a sweep says.
  static func interpretPoint(
    _ value: JSONValue, _ keys: ScenarioKeys, path: String, _ diagnostics: inout Diagnostics
  ) -> Scenario? {
    var keys = keys
    if keys.protocolIsSwept {
      // What the protocol decides about keys was left open.
      keys = ScenarioKeys(vocabulary: keys.vocabulary, scenario: value)
      var validator = ShapeValidator(diagnostics: diagnostics)
      validator.check(value, .object(keys.scenario), path: "")
      diagnostics = validator.diagnostics
    }
    // Without a protocol, the rules between keys have nothing to stand on.
    guard let words = keys.words, case .object = value.content else { return nil }
    var reader = ScenarioReader(
      view: ObjectView(value: value, shape: keys.scenario), keys: keys, words: words,
      diagnostics: diagnostics)
    let scenario = reader.scenario(path: path)
    diagnostics = reader.diagnostics
    return scenario
  }
}

extension ScenarioKeys {
  /// The keys for the protocol that a scenario names.
  init(vocabulary: ScenarioVocabulary, scenario: JSONValue) {
    let name = scenario.member("protocol")?.value.text
    self.init(vocabulary: vocabulary, words: name.flatMap(vocabulary.words))
  }

  /// The keys for a file, of which any sweep may put another protocol in.
  init(vocabulary: ScenarioVocabulary, file: JSONValue) {
    let cases = file.member("cases")?.value.elements ?? []
    guard ([file] + cases).contains(where: SweepReader.sweepsProtocol) else {
      self.init(vocabulary: vocabulary, scenario: file)
      return
    }
    self.init(vocabulary: vocabulary, words: nil)
    protocolIsSwept = true
  }
}

extension Workload {
  /// The same operations with pauses that spread them over the window of drawn faults; without
  /// such faults, as it is.
  fileprivate func spread(over faults: Faults) -> Workload {
    guard case .drawn(var drawn) = self, case .drawn(let budget) = faults, !budget.isEmpty else {
      return self
    }
    let share = budget.window.nanoseconds / Int64(max(1, drawn.operationsPerClient))
    let longest = VirtualDuration(nanoseconds: share) * 2
    drawn.think = DurationSpan(min: .zero, max: longest)
    return .drawn(drawn)
  }
}

/// Turns a file that has the shape of a scenario into one, and checks the rules between its keys.
struct ScenarioReader {
  let view: ObjectView
  let keys: ScenarioKeys
  let words: ProtocolWords
  var diagnostics: Diagnostics

  var vocabulary: ScenarioVocabulary { keys.vocabulary }
  var serverCount: Int { view.integer("servers") }
  var clientCount: Int { view.object("clients").integer("count") }
  var mode: RunMode { RunMode(rawValue: view.object("run").text("mode")) ?? .simulate }

  mutating func error(_ message: String, at range: SourceRange, help: String? = nil) {
    diagnostics.error(message, at: range, help: help)
  }

  mutating func scenario(path: String) -> Scenario {
    let checks = readChecks()
    let assumptions = readAssumptions()
    let (clients, drawnOrScripted) = readWorkload()
    let faults = readFaults(assumptions)
    let workload =
      view.object("clients").has("think")
      ? drawnOrScripted : drawnOrScripted.spread(over: faults)
    let schedule = readSchedule()
    return Scenario(
      title: view.textIfGiven("title") ?? Self.title(fromPath: path),
      notes: view.text("notes"),
      protocolName: words.name,
      serverCount: serverCount,
      variant: view.text("variant"),
      options: readOptions(),
      clients: clients,
      workload: workload,
      schedule: schedule,
      assumptions: assumptions,
      network: readNetwork(assumptions),
      costs: readCosts(),
      diskWriteBack: view.object("costs").duration("diskWriteBack"),
      faults: faults,
      run: readRun(assumptions),
      measure: readMeasure(),
      checks: checks,
      expectation: readExpectation(checks))
  }

  /// `Scenarios/chain/head-dies.json5` is about "head dies".
  static func title(fromPath path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    let stem = name.split(separator: ".").first ?? ""
    return String(stem.map { $0 == "-" || $0 == "_" ? " " : $0 })
  }

  private func readOptions() -> [OptionSetting] {
    let options = view.object("options")
    return words.summary.options.map { option in
      let value: ProtocolOptions.Value =
        switch option.kind {
        case .flag: .flag(options.flag(option.name))
        case .integer: .integer(options.integer(option.name))
        case .duration: .duration(options.duration(option.name))
        case .choice: .choice(options.text(option.name))
        }
      return OptionSetting(name: option.name, value: value)
    }
  }

  private mutating func readChecks() -> [String] {
    let supported = words.summary.checks
    for element in view.given("check").map({ $0.elements ?? [$0] }) ?? [] {
      guard let check = element.text, !supported.contains(check),
        vocabulary.checks.contains(where: { $0.name == check })
      else { continue }
      error(
        "the protocol \(quoted(words.name)) has no check \(quoted(check)); it has: "
          + supported.joined(separator: ", "), at: element.range)
    }
    if mode == .measure { refuseChecksOfTheEnd() }
    return givenOrUsualChecks()
  }

  /// A measurement stops in the middle of everything, so nobody would judge these.
  private mutating func refuseChecksOfTheEnd() {
    for element in view.given("check").map({ $0.elements ?? [$0] }) ?? [] {
      guard let check = element.text, ["durability", "convergence", "progress"].contains(check)
      else { continue }
      error(
        "mode measure has no check \(quoted(check)), which judges a cluster that was left alone "
          + "at the end", at: element.range)
    }
  }

  private mutating func givenOrUsualChecks() -> [String] {
    let usual = view.words("check")
    guard let given = view.given("check") else {
      return mode == .measure ? usual.filter { $0 == "linearizability" } : usual
    }
    guard given.elements?.isEmpty == true else { return usual }
    if mode != .measure { error("check must name at least one", at: given.range) }
    return []
  }

  private mutating func readExpectation(_ checks: [String]) -> Expectation {
    guard let given = view.given("expect") else { return .pass }
    switch given.content {
    case .string("undecided"):
      return .undecided
    case .object:
      guard let violation = given.member("violation")?.value else { return .pass }
      let elements = violation.elements ?? [violation]
      for element in elements {
        guard let name = element.text, !checks.contains(name),
          vocabulary.checks.contains(where: { $0.name == name })
        else { continue }
        error(
          "the check \(quoted(name)) is expected to fail but is not in check", at: element.range,
          help: "add it to check: \((checks + [name]).joined(separator: ", "))")
      }
      return .violation(anyOf: elements.compactMap(\.text))
    default:
      return .pass
    }
  }

  /// The limit is a part of the check `progress`, and seeds have to end for it.
  private mutating func checkRecoverWithin(_ run: ObjectView, _ mode: RunMode) {
    guard run.has("recoverWithin") else { return }
    if mode != .simulate {
      error(
        "run.recoverWithin is for mode simulate, not for \(mode.rawValue)",
        at: run.keyRange("recoverWithin"))
    }
    let checks = view.words("check")
    let name = "progress"
    if words.summary.checks.contains(name), !checks.contains(name) {
      error(
        "run.recoverWithin belongs to the check \(quoted(name)), which is not in check",
        at: run.keyRange("recoverWithin"),
        help: "add it to check: \((checks + [name]).joined(separator: ", "))")
    } else if !words.summary.checks.contains(name) {
      error(
        "run.recoverWithin belongs to the check \(quoted(name)), which the protocol "
          + "\(quoted(words.name)) does not have", at: run.keyRange("recoverWithin"))
    }
  }

  private mutating func readRun(_ assumptions: Assumptions) -> RunSettings {
    let run = view.object("run")
    let mode = mode
    if !vocabulary.availableModes.contains(mode) {
      let available = vocabulary.availableModes.map(\.rawValue).joined(separator: ", ")
      error(
        "run.mode \(quoted(mode.rawValue)) is not available in this version; "
          + "available: \(available)", at: run.range("mode"))
    }
    checkRecoverWithin(run, mode)
    return RunSettings(
      mode: mode,
      // An enumeration takes one schedule unless it is told otherwise; a schedule has no seeds.
      seedCount: takesOneSeed(mode) && !run.has("seeds") ? 1 : run.integer("seeds"),
      firstSeed: UInt64(run.integer("seed")),
      stepBudget: run.integer("steps"),
      healWithin: run.duration("healWithin"),
      recoverWithin: run.durationIfGiven("recoverWithin"),
      variation: run.flag("swarm") ? .swarm : .asWritten,
      depth: run.integer("depth"),
      powerLossDecision: run.flag("openDisks") ? .whenRead : .whenItStrikes,
      explore: readExplore(run, assumed: assumptions.network))
  }

  private func takesOneSeed(_ mode: RunMode) -> Bool {
    mode == .crashpoints || mode == .measure || view.has("schedule")
  }

  /// The steps, and what must not stand beside them.
  private mutating func readSchedule() -> [String] {
    let run = view.object("run")
    guard let given = view.given("schedule"), let elements = given.elements else {
      if run.has("openDisks") {
        error("run.openDisks is for a schedule", at: run.keyRange("openDisks"))
      }
      return []
    }
    if elements.isEmpty { error("the schedule has no steps", at: given.range) }
    for key in ["script", "faults"] where view.has(key) {
      error("\(key) and schedule exclude each other", at: view.keyRange(key))
    }
    let clients = view.object("clients")
    for key in ScenarioKeys.drawnWorkloadKeys where clients.has(key) {
      error("clients.\(key) and schedule exclude each other", at: clients.keyRange(key))
    }
    for key in ["seeds", "swarm"] where run.has(key) {
      error("run.\(key) and schedule exclude each other", at: run.keyRange(key))
    }
    if run.text("mode") != RunMode.simulate.rawValue {
      error("a schedule runs in mode simulate", at: run.range("mode"))
    }
    return elements.compactMap(\.text)
  }
}

import ClusterSimulation
import InputText
import SimulationKernel

extension ResultsJSON {
  /// Numbers of steps and the like beyond this are no results of ours.
  static let greatestCount = 1_000_000_000_000_000

  /// Reads a results.json, or the document of `run --json`, which has no wall times.
  ///
  /// Members that it does not know are skipped: a newer version may have written them. No input
  /// makes it trap.
  /// - Throws: everything that is wrong with the file, at once.
  public static func read(_ file: SourceFile) throws(Diagnostics) -> RunReport {
    let value = try JSONReader.read(file)
    var reader = ResultsReader(diagnostics: Diagnostics(file: file))
    let report = reader.report(value)
    guard let report, !reader.diagnostics.hasErrors else { throw reader.diagnostics }
    return report
  }
}

/// Reads the members of a results document. A method that returns nil has reported why.
struct ResultsReader {
  var diagnostics: Diagnostics

  mutating func report(_ value: JSONValue) -> RunReport? {
    guard isObject(value, "the results") else { return nil }
    if let format = value.member("format")?.value, text(format, "format") != ResultsJSON.format {
      diagnostics.error("this is no results.json of CrashProof", at: format.range)
      return nil
    }
    let version = text(value, key: "version")
    var scenarios: [ScenarioReport] = []
    for element in elements(value, key: "scenarios") ?? [] {
      if let scenario = scenario(element) { scenarios.append(scenario) }
    }
    let wasInterrupted = value.member("interrupted").map { flag($0.value, $0.key) } ?? false
    let seconds = wallSeconds(value, count: scenarios.count)
    let coverage = protocolCoverage(value)
    guard let version, let wasInterrupted, let seconds, !diagnostics.hasErrors else { return nil }
    var report = RunReport(
      version: version, scenarios: scenarios, wallSeconds: seconds, wasInterrupted: wasInterrupted)
    report.coverage = coverage
    return report
  }

  private mutating func scenario(_ value: JSONValue) -> ScenarioReport? {
    guard isObject(value, "a scenario") else { return nil }
    let file = text(value, key: "file")
    let title = text(value, key: "title")
    let protocolName = text(value, key: "protocol")
    let variant = text(value, key: "variant")
    let mode = text(value, key: "mode")
    let verdict = verdict(value)
    let expectation = expectation(value)
    let asExpected = flag(value, key: "asExpected")
    let withinAssumptions = flag(value, key: "withinAssumptions")
    let runs = count(value, key: "runs")
    let steps = count(value, key: "steps")
    let operations = count(value, key: "operations")
    let undecidedRuns = count(value, key: "undecidedRuns")
    let faults = faults(value)
    let recovery = recovery(value)
    let checks = (elements(value, key: "checks") ?? []).compactMap { text($0, "checks") }
    var report: ScenarioReport?
    if let file, let title, let protocolName, let variant, let mode, let verdict, let expectation,
      let asExpected, let withinAssumptions, let runs, let steps, let operations,
      let undecidedRuns, let faults, let recovery
    {
      report = ScenarioReport(
        file: file, title: title, protocolName: protocolName, variant: variant, mode: mode,
        verdict: verdict, expectation: expectation, endedAsExpected: asExpected, runs: runs,
        steps: steps, operations: operations, faults: faults,
        withinAssumptions: withinAssumptions, longestRecovery: recovery.longest,
        undecidedRuns: undecidedRuns, checks: checks)
    }
    // Read them also where the rest is wrong: all errors are told at once.
    let check = optional(value, key: "check") { $0.text($1, "check") }
    let message = optional(value, key: "message") { $0.text($1, "message") }
    let failure = optional(value, key: "failure") { $0.text($1, "failure") }
    let history = optional(value, key: "history") { $0.text($1, "history") }
    let seed = optional(value, key: "seed") { $0.seed($1) }
    let stepsToFailure = optional(value, key: "stepsToFailure") { $0.count($1, "stepsToFailure") }
    let states = optional(value, key: "states") { $0.count($1, "states") }
    let sample = optional(value, key: "sample") { $0.sample($1) }
    let faultModel = optional(value, key: "faultModel") { $0.faultModel($1) }
    if let verdict { checkPresenceOfCheck(verdict, value) }
    report?.slowestSeed = recovery?.seed
    report?.recoveryLimit = recovery?.limit
    report?.check = check
    report?.message = message
    report?.failureFile = failure
    report?.historyFile = history
    report?.seed = seed
    report?.stepsToFailure = stepsToFailure
    report?.states = states
    report?.faultModel = faultModel
    report?.sample = sample
    addTables(value, to: &report)
    return report
  }

  /// Where the scenario stands, and what was counted beside its runs.
  private mutating func addTables(_ value: JSONValue, to report: inout ScenarioReport?) {
    let place = optional(value, key: "place") { $0.place($1) }
    let crashPoints = crashPoints(value)
    let crashTable = crashTable(value)
    report?.place = place
    report?.shrinking = optional(value, key: "shrunk") { $0.shrinking($1) }
    report?.remark = optional(value, key: "remark") { $0.text($1, "remark") }
    report?.crashPoints = crashPoints
    report?.crashTable = crashTable
    report?.measurement = optional(value, key: "measurement") { $0.measurement($1) }
    report?.certificate = certificate(value)
    report?.coverage = coverage(value, key: "coverage")
  }

  /// A violation names its check, and nothing else does.
  private mutating func checkPresenceOfCheck(
    _ verdict: ScenarioReport.Verdict, _ value: JSONValue
  ) {
    let check = value.member("check")?.value
    let isNamed = check.map { $0.content != .null } ?? false
    if verdict == .violation, !isNamed {
      diagnostics.error("a violation needs the name of the check", at: check?.range ?? value.range)
    } else if verdict != .violation, isNamed {
      diagnostics.error(
        "only a violation has the name of a check", at: check?.range ?? value.range)
    }
  }

  private mutating func sample(_ value: JSONValue) -> HitSample? {
    guard isObject(value, "sample"), let seeds = count(value, key: "seeds"),
      let hits = count(value, key: "hits")
    else { return nil }
    guard (1...max(1, seeds)).contains(hits), seeds > 0 else {
      return expected("1 to \(seeds) hits", "sample", value)
    }
    return HitSample(seeds: seeds, hits: hits)
  }

  private mutating func place(_ value: JSONValue) -> SourcePlace? {
    guard isObject(value, "place"), let file = text(value, key: "file"),
      let line = count(value, key: "line")
    else { return nil }
    return SourcePlace(file: file, line: line)
  }

  mutating func verdict(_ value: JSONValue) -> ScenarioReport.Verdict? {
    guard let word = text(value, key: "verdict") else { return nil }
    if let verdict = ScenarioReport.Verdict(rawValue: word) { return verdict }
    let known = ScenarioReport.Verdict.allCases.map(\.rawValue)
    diagnostics.error(
      "unknown verdict \(named(word)); known: \(known.joined(separator: ", "))",
      at: value.member("verdict")?.value.range ?? value.range,
      help: NearMiss.help(for: word, among: known))
    return nil
  }

  private mutating func expectation(_ value: JSONValue) -> String? {
    guard let words = text(value, key: "expectation") else { return nil }
    if ExpectedVerdict(words: words) != nil { return words }
    diagnostics.error(
      "unknown expectation \(named(words)); known: pass, undecided, violation of CHECK",
      at: value.member("expectation")?.value.range ?? value.range)
    return nil
  }

  private mutating func faults(_ value: JSONValue) -> FaultCounts? {
    guard let member = required(value, "faults"), isObject(member, "faults") else { return nil }
    var faults = FaultCounts()
    for kind in ResultsJSON.faultKinds where member.member(kind.name) != nil {
      faults[keyPath: kind.path] = count(member, key: kind.name) ?? 0
    }
    return faults
  }

  private mutating func shrinking(_ value: JSONValue) -> ScenarioReport.Shrinking? {
    guard isObject(value, "shrunk") else { return nil }
    let steps = count(value, key: "steps")
    let replays = count(value, key: "replays")
    let isMinimal = flag(value, key: "minimal")
    guard let steps, let replays, let isMinimal else { return nil }
    return ScenarioReport.Shrinking(steps: steps, replays: replays, isMinimal: isMinimal)
  }

  /// What stands in `recovery`.
  private struct Recovery {
    var longest: VirtualDuration
    var seed: UInt64?
    var limit: VirtualDuration?
  }

  private mutating func recovery(_ value: JSONValue) -> Recovery? {
    guard let member = required(value, "recovery"), isObject(member, "recovery"),
      let longest = required(member, "longestNanoseconds").flatMap({ nanoseconds($0) })
    else { return nil }
    return Recovery(
      longest: longest, seed: optional(member, key: "seed") { $0.seed($1) },
      limit: optional(member, key: "limitNanoseconds") { $0.nanoseconds($1) })
  }

  private mutating func nanoseconds(_ value: JSONValue) -> VirtualDuration? {
    guard case .number(let number) = value.content, let whole = number.integer, whole >= 0 else {
      diagnostics.error("expected a whole number of nanoseconds", at: value.range)
      return nil
    }
    return VirtualDuration(nanoseconds: Int64(whole))
  }

  mutating func seed(_ value: JSONValue) -> UInt64? {
    switch value.content {
    case .number(let number):
      if let seed = number.integer.flatMap({ UInt64(exactly: $0) }) { return seed }
    case .string(let text):
      if let seed = UInt64(text), String(seed) == text { return seed }
    default: break
    }
    diagnostics.error("expected a seed, found \(value.kindPhrase)", at: value.range)
    return nil
  }

  /// The wall times; zeros if the document has none.
  private mutating func wallSeconds(_ value: JSONValue, count: Int) -> [Double]? {
    guard let member = value.member("wallSeconds")?.value else {
      return Array(repeating: 0, count: count)
    }
    guard case .array(let elements) = member.content else {
      return expected("a list", "wallSeconds", member)
    }
    var seconds: [Double] = []
    for element in elements {
      guard case .number(let number) = element.content, number.double >= 0, number.double <= 1e9
      else { return expected("seconds, 0 to 1000000000,", "wallSeconds", element) }
      seconds.append(number.double)
    }
    guard diagnostics.hasErrors || seconds.count == count else {
      diagnostics.error(
        "wallSeconds has \(seconds.count) numbers for \(ReportText.count(count, "scenario"))",
        at: member.range)
      return nil
    }
    return seconds
  }
}

/// Values of one kind.
extension ResultsReader {
  mutating func required(_ object: JSONValue, _ key: String) -> JSONValue? {
    if let member = object.member(key) { return member.value }
    let start = object.range.start
    diagnostics.error(
      "the key \"\(key)\" is missing", at: SourceRange(start: start, end: start))
    return nil
  }

  /// The value of a key that may be null or left out.
  mutating func optional<Value>(
    _ object: JSONValue, key: String, _ read: (inout ResultsReader, JSONValue) -> Value?
  ) -> Value? {
    guard let value = object.member(key)?.value, value.content != .null else { return nil }
    return read(&self, value)
  }

  mutating func isObject(_ value: JSONValue, _ what: String) -> Bool {
    if case .object = value.content { return true }
    diagnostics.error(
      "expected an object for \(what), found \(value.kindPhrase)", at: value.range)
    return false
  }

  mutating func elements(_ object: JSONValue, key: String) -> [JSONValue]? {
    guard let value = required(object, key) else { return nil }
    if case .array(let elements) = value.content { return elements }
    return expected("a list", key, value)
  }

  mutating func text(_ object: JSONValue, key: String) -> String? {
    required(object, key).flatMap { text($0, key) }
  }

  mutating func text(_ value: JSONValue, _ key: String) -> String? {
    if case .string(let text) = value.content { return text }
    return expected("a string", key, value)
  }

  mutating func flag(_ object: JSONValue, key: String) -> Bool? {
    required(object, key).flatMap { flag($0, key) }
  }

  mutating func flag(_ value: JSONValue, _ key: String) -> Bool? {
    if case .boolean(let flag) = value.content { return flag }
    return expected("true or false", key, value)
  }

  mutating func count(_ object: JSONValue, key: String) -> Int? {
    required(object, key).flatMap { count($0, key) }
  }

  mutating func count(_ value: JSONValue, _ key: String) -> Int? {
    let range = 0...ResultsJSON.greatestCount
    if case .number(let number) = value.content, let whole = number.integer, range.contains(whole) {
      return whole
    }
    return expected("a whole number, 0 to \(range.upperBound),", key, value)
  }

  mutating func expected<Value>(
    _ what: String, _ key: String, _ value: JSONValue
  ) -> Value? {
    let found: String
    if case .number(let number) = value.content {
      found = String(number.text.prefix(60))
    } else {
      found = value.kindPhrase
    }
    diagnostics.error("expected \(what) for \"\(key)\", found \(found)", at: value.range)
    return nil
  }

  func named(_ word: String) -> String {
    "\"\(ReportText.oneLine(ReportText.shortened(word, to: 60)))\""
  }
}

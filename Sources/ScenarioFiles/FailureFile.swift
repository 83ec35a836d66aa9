import InputText
import SimulationKernel

/// A failing run, complete: the scenario and every decision. It replays without a generator.
public struct FailureFile: Hashable, Sendable {
  public var scenario: Scenario
  /// Where the scenario was read from, as the user wrote it; for people only.
  public var scenarioFile: String
  public var seed: UInt64
  /// The name of the check that failed.
  public var check: String
  /// What the check said.
  public var message: String
  /// Steps of the run up to the violation.
  public var stepCount: Int
  /// Digest of the trace: lower-case hexadecimal digits.
  public var digest: String
  /// What was decided in each step, in an encoding of the simulator's.
  public var decisions: [String]
  /// The command that replays the file.
  public var command: String
  /// When the faults of the run ended, from its start, if it failed by taking longer from then on
  /// than the scenario's `recoverWithin`; `nil` otherwise.
  public var faultsEnd: VirtualDuration?
  /// How the failure was made smaller; `nil` if it is as it was found.
  public var shrinking: Shrinking?

  /// How a failure was made smaller.
  public struct Shrinking: Hashable, Sendable {
    /// Whether the result is known to be minimal.
    public enum End: String, Hashable, Sendable, CaseIterable {
      /// Without any one of its elements it passes, or fails for another reason.
      case minimal
      /// The budget of replays was spent before that was known.
      case budget
    }

    /// Steps of the failure as it was found.
    public var originalStepCount: Int
    /// Versions that were tried.
    public var replays: Int
    public var end: End

    public init(originalStepCount: Int, replays: Int, end: End) {
      self.originalStepCount = originalStepCount
      self.replays = replays
      self.end = end
    }
  }

  public init(
    scenario: Scenario, scenarioFile: String, seed: UInt64, check: String, message: String,
    stepCount: Int, digest: String, decisions: [String], command: String,
    faultsEnd: VirtualDuration? = nil
  ) {
    self.scenario = scenario
    self.scenarioFile = scenarioFile
    self.seed = seed
    self.check = check
    self.message = message
    self.stepCount = stepCount
    self.digest = digest
    self.decisions = decisions
    self.command = command
    self.faultsEnd = faultsEnd
  }

  /// The last of the decisions if the world is left alone behind the others, and judged then.
  public static let settlingWord = "settle"

  static let format = "crashproof-failure"
  static let version = 1
}

extension FailureFile {
  /// Reads and checks a failure file.
  /// - Throws: everything that is wrong with the file, at once.
  public static func read(
    _ file: SourceFile, vocabulary: ScenarioVocabulary
  ) throws(Diagnostics) -> FailureFile {
    let value = try JSONReader.read(file)
    var diagnostics = Diagnostics(file: file)
    checkKind(value, &diagnostics)
    // The rest of a file of another kind or version would be misread.
    if diagnostics.hasErrors { throw diagnostics }
    let inner = value.member("scenario")?.value
    let keys = ScenarioKeys(vocabulary: vocabulary, scenario: inner ?? value)
    let shape = shape(keys)
    var validator = ShapeValidator(diagnostics: diagnostics)
    validator.check(value, .object(shape), path: "")
    diagnostics = validator.diagnostics
    let view = ObjectView(value: value, shape: shape)
    if let digest = view.textIfGiven("digest"), !isHexadecimal(digest) {
      diagnostics.error(
        "expected a digest of hexadecimal digits, found \(quoted(digest))",
        at: view.range("digest"))
    }
    let path = view.textIfGiven("scenarioFile") ?? file.path
    let scenario = inner.flatMap { Scenario.interpret($0, keys, path: path, &diagnostics) }
    guard let scenario, !diagnostics.hasErrors else { throw diagnostics }
    return FailureFile(scenario, view)
  }

  /// The values of a file without errors.
  private init(_ scenario: Scenario, _ view: ObjectView) {
    self.init(
      scenario: scenario, scenarioFile: view.text("scenarioFile"),
      seed: UInt64(view.integer("seed")), check: view.text("check"), message: view.text("message"),
      stepCount: view.integer("steps"), digest: view.text("digest"),
      decisions: (view.given("decisions")?.elements ?? []).compactMap(\.text),
      command: view.text("command"), faultsEnd: view.durationIfGiven("faultsEnd"))
    if view.has("shrunk") {
      let shrunk = view.object("shrunk")
      shrinking = Shrinking(
        originalStepCount: shrunk.integer("from"), replays: shrunk.integer("replays"),
        end: Shrinking.End(rawValue: shrunk.text("end")) ?? .budget)
    }
  }

  private static func checkKind(_ value: JSONValue, _ diagnostics: inout Diagnostics) {
    guard case .object = value.content else { return }
    if let format = value.member("format")?.value, let text = format.text, text != Self.format {
      diagnostics.error(
        "this is no failure file: its format is \(quoted(text)), not \(quoted(Self.format))",
        at: format.range)
    }
    if let version = value.member("version")?.value, case .number(let number) = version.content,
      number.integer != Self.version
    {
      diagnostics.error(
        "failure files of version \(number.text.prefix(60)) cannot be read; "
          + "this program reads version \(Self.version)", at: version.range)
    }
  }

  private static func isHexadecimal(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy { ("0"..."9").contains($0) || ("a"..."f").contains($0) }
  }

  static func shape(_ keys: ScenarioKeys) -> ObjectShape {
    let checks = keys.vocabulary.checks.map(\.name)
    return ObjectShape(
      "the failure file", "A failing run of CrashProof",
      [
        Key("format", keys.word("format", [format]), .required, "what kind of file this is"),
        Key("version", .integer(version...version), .required, "the version of the format"),
        Key("scenarioFile", .text, .text(""), "Where the scenario was read from"),
        Key("seed", .integer(0...Int.max), .required, "the seed that failed"),
        Key("check", keys.word("check", checks), .required, "the check that failed"),
        Key("message", .text, .text(""), "What the check said"),
        Key("steps", .integer(0...Int.max), .required, "the steps up to the violation"),
        Key("digest", .text, .required, "the digest of the trace"),
        Key("command", .text, .text(""), "The command that replays the file"),
        Key("shrunk", .object(shrunkShape(keys)), "How the failure was made smaller"),
        Key("faultsEnd", .duration, "When the faults ended, if the run was too slow from then on"),
        Key("scenario", .object(keys.scenario), .required, "the scenario with its defaults"),
        Key("decisions", .list(.text), .required, "what was decided in each step"),
      ])
  }

  private static func shrunkShape(_ keys: ScenarioKeys) -> ObjectShape {
    ObjectShape(
      "shrunk", "How the failure was made smaller",
      [
        Key("from", .integer(0...Int.max), .required, "the steps of the failure as it was found"),
        Key("replays", .integer(0...Int.max), .required, "the versions that were tried"),
        Key(
          "end", keys.word("end", Shrinking.End.allCases.map(\.rawValue)), .required,
          "whether the result is known to be minimal"),
      ])
  }
}

extension FailureFile {
  /// The file as strict JSON; reading it gives an equal value.
  public var text: String { JSONWriter(style: .json).text(of: tree) }

  public var tree: JSONTree {
    var members: [JSONTree.Member] = [
      .init("format", .string(Self.format)),
      .init("version", .integer(Self.version)),
      .init("scenarioFile", .string(scenarioFile)),
      .init("seed", .integer(Int(clamping: seed))),
      .init("check", .string(check)),
      .init("message", .string(message)),
      .init("steps", .integer(stepCount)),
      .init("digest", .string(digest)),
      .init("command", .string(command)),
    ]
    if let faultsEnd { members.append(.init("faultsEnd", faultsEnd.tree)) }
    if let shrinking {
      members.append(
        .init(
          "shrunk",
          .object([
            .init("from", .integer(shrinking.originalStepCount)),
            .init("replays", .integer(shrinking.replays)),
            .init("end", .string(shrinking.end.rawValue)),
          ])))
    }
    return .object(
      members + [
        .init("scenario", scenario.tree),
        .init("decisions", .array(decisions.map(JSONTree.string))),
      ])
  }
}

import InputText
import SimulationKernel

/// In mode `explore`: the bounds of the search, what it may spend, and what it must come to.
public struct ExploreSettings: Hashable, Sendable {
  /// A bound by its key; `nil`: without a limit.
  public struct Bound: Hashable, Sendable {
    public var name: String
    public var count: Int?
  }

  /// Counts that a scenario pins.
  public struct Pins: Hashable, Sendable {
    public var states: Int?
    public var transitions: Int?
    /// Length of the shortest counterexample.
    public var length: Int?

    public init(states: Int? = nil, transitions: Int? = nil, length: Int? = nil) {
      self.states = states
      self.transitions = transitions
      self.length = length
    }
  }

  /// In the order of ``boundKeys``.
  public var bounds: [Bound]
  /// Ticks of each continuation beyond the bounds that progress may look for; `nil`: without a
  /// limit, 0: none.
  public var furtherTicks: Int?
  /// `crash` and `powerLoss`; at least one.
  public var crashKinds: [String]
  /// States kept; more leave the scenario undecided.
  public var states: Int
  /// In megabytes.
  public var memory: Int
  /// Whether states are remembered by 64-bit fingerprints alone.
  public var usesFingerprints: Bool
  public var usesSymmetry: Bool
  public var pins: Pins
  /// What must be reached at least once.
  public var reach: [String]

  /// The bound of that name; `nil` without a limit.
  public func bound(_ name: String) -> Int? {
    bounds.first { $0.name == name }?.count
  }
}

extension ExploreSettings {
  /// Everything that can happen more often than a search could follow, with its default.
  static let boundKeys: [(name: String, fallback: Int?, help: String)] = [
    ("crashes", 0, "Crashes of servers, at any effect boundary"),
    ("restarts", 0, "Restarts of crashed servers"),
    ("falseSuspicions", 0, "Times that a live server is taken for dead"),
    ("retries", 0, "Times that a retry timer fires"),
    ("ticks", nil, "Times that a timer of a rhythm fires (heartbeats, view service)"),
    ("losses", 0, "Messages lost"),
    ("duplicates", 0, "Messages that come twice"),
    ("overtakings", 0, "Messages that overtake others of their channel"),
    ("cuts", 0, "Links cut"),
  ]

  static let unlimitedWord = "unlimited"

  /// Bounds that need a word among the assumptions about the network.
  static let networkNeeds: [(bound: String, word: NetworkWord)] = [
    ("losses", .lossy), ("duplicates", .duplicating), ("overtakings", .reordering),
    ("cuts", .partitions),
  ]
}

extension ScenarioKeys {
  /// A number or `"unlimited"`.
  private var boundShape: Shape {
    .either([word("bound", [ExploreSettings.unlimitedWord]), .integer(0...1000)])
  }

  /// The keys of `run` that mode `explore` reads.
  var exploreKeys: [Key] {
    ExploreSettings.boundKeys.map { bound in
      Key(
        bound.name, boundShape,
        .fallback(bound.fallback.map { .integer($0) } ?? .string(ExploreSettings.unlimitedWord)),
        "In mode explore: \(bound.help.prefix(1).lowercased() + bound.help.dropFirst())")
    } + [
      Key(
        "furtherTicks", boundShape, .fallback(.integer(0)),
        "In mode explore: ticks of each continuation that progress may look for beyond the bounds"
      ),
      Key(
        "crashKinds", .words(WordList(noun: "kind of crash", words: ["crash", "powerLoss"])),
        .fallback(.array([.string("crash"), .string("powerLoss")])),
        "In mode explore: how servers die"),
      Key(
        "states", .integer(1...4_000_000_000), .integer(50_000_000),
        "In mode explore: most states to keep"),
      Key(
        "memory", .integer(16...1_000_000), .integer(4096),
        "In mode explore: most memory to use, in megabytes"),
      Key(
        "fingerprints", .flag, .fallback(.boolean(false)),
        "In mode explore: whether states are kept as 64-bit fingerprints only"),
      Key(
        "symmetry", .flag, .fallback(.boolean(true)),
        "In mode explore: whether states that differ by the names of like clients are one"),
      Key("counts", .object(Self.pins), "In mode explore: what the search must come to exactly"),
      Key(
        "reach", .list(.text),
        "What must be reached at least once, such as \"server receives Forward\", \"crash at 3.1\""
      ),
    ]
  }

  private static let pins = ObjectShape(
    "counts", "Figures of a search that must not change unnoticed",
    [
      Key("states", .integer(0...Int.max), "distinct states"),
      Key("transitions", .integer(0...Int.max), "transitions"),
      Key("length", .integer(0...Int.max), "steps of the shortest counterexample"),
    ])
}

extension ScenarioReader {
  /// The settings of mode `explore`; `assumed` are the words of `assume.network`.
  mutating func readExplore(_ run: ObjectView, assumed: [NetworkWord]) -> ExploreSettings {
    func bound(_ name: String, fallback: Int?) -> Int? {
      switch run.given(name)?.tree {
      case .integer(let number)? where (0...1000).contains(number): number
      case .string(ExploreSettings.unlimitedWord)?: nil
      default: fallback
      }
    }
    let bounds = ExploreSettings.boundKeys.map { key in
      ExploreSettings.Bound(name: key.name, count: bound(key.name, fallback: key.fallback))
    }
    if run.text("mode") == RunMode.explore.rawValue {
      for need in ExploreSettings.networkNeeds
      where bounds.contains(where: { $0.name == need.bound && $0.count != 0 })
        && !assumed.contains(need.word)
      {
        error(
          "run.\(need.bound) needs a network that may do so", at: run.range(need.bound),
          help: "add \"\(need.word.rawValue)\" to assume.network")
      }
    }
    let pins = run.object("counts")
    return ExploreSettings(
      bounds: bounds, furtherTicks: bound("furtherTicks", fallback: 0),
      crashKinds: run.words("crashKinds"), states: run.integer("states"),
      memory: run.integer("memory"), usesFingerprints: run.flag("fingerprints"),
      usesSymmetry: run.flag("symmetry"),
      pins: ExploreSettings.Pins(
        states: pins.integerIfGiven("states"), transitions: pins.integerIfGiven("transitions"),
        length: pins.integerIfGiven("length")),
      reach: run.given("reach")?.elements?.compactMap(\.text) ?? [])
  }
}

extension ExploreSettings {
  var members: [JSONTree.Member] {
    var members = bounds.map { bound in
      JSONTree.Member(
        bound.name, bound.count.map { .integer($0) } ?? .string(Self.unlimitedWord))
    }
    members += [
      .init(
        "furtherTicks", furtherTicks.map { .integer($0) } ?? .string(Self.unlimitedWord)),
      .init("crashKinds", .array(crashKinds.map(JSONTree.string))),
      .init("states", .integer(states)),
      .init("memory", .integer(memory)),
      .init("fingerprints", .boolean(usesFingerprints)),
      .init("symmetry", .boolean(usesSymmetry)),
    ]
    let counts: [(String, Int?)] = [
      ("states", pins.states), ("transitions", pins.transitions), ("length", pins.length),
    ]
    let given = counts.compactMap { name, count in
      count.map { JSONTree.Member(name, .integer($0)) }
    }
    if !given.isEmpty { members.append(.init("counts", .object(given))) }
    return members + reachMembers
  }

  /// Of every mode.
  var reachMembers: [JSONTree.Member] {
    reach.isEmpty ? [] : [.init("reach", .array(reach.map(JSONTree.string)))]
  }
}

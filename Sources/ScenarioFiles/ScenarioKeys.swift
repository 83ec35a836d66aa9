import InputText
import SimulationKernel

/// The keys of a scenario file: the one table that validation, reading, the JSON Schema and the
/// defaults are made from.
struct ScenarioKeys {
  let vocabulary: ScenarioVocabulary
  /// The protocol of the file; nil where any protocol may stand.
  let words: ProtocolWords?
  /// Whether a sweep puts another protocol in: the file need not name one, and the options are
  /// judged point by point.
  var protocolIsSwept = false

  private var candidates: [ProtocolWords] { words.map { [$0] } ?? vocabulary.protocols }

  var scenario: ObjectShape {
    // Built once and shared by the three places that have them.
    let top = topKeys
    let sweep = sweepKeys(changes: Self.point(top))
    return ObjectShape(
      "the scenario", "A CrashProof scenario",
      top + sweep + [
        Key(
          "cases", .list(.object(Self.caseShape(top, sweep))),
          "Several scenarios in one file: what each has instead of, or beside, the rest")
      ])
  }

  /// A case names itself and says what differs; every other key holds for it too.
  private static func caseShape(_ top: [Key], _ sweep: [Key]) -> ObjectShape {
    let different = top.filter { $0.name != "protocol" } + sweep
    return ObjectShape(
      "the case", "What one of several scenarios has of its own",
      [Key("case", .text, .required, "what the case is called")]
        + different.map { Key($0.name, $0.shape, $0.help) })
  }

  /// One combination of a sweep's values put in, with the keys that a scenario has by itself.
  var point: ObjectShape { Self.point(topKeys) }

  private static func point(_ top: [Key]) -> ObjectShape {
    ObjectShape("the scenario", "One point of a sweep", top)
  }

  /// The keys of a scenario that is one.
  private var topKeys: [Key] {
    [
      Key("title", .text, "What happens, in a few words"),
      Key("notes", .text, .text(""), "Anything worth knowing"),
      Key(
        "protocol", word("protocol", vocabulary.protocols.map(\.name)),
        protocolIsSwept ? .optional : .required, "the replicated system to run"),
      Key("servers", .integer(serverRange), defaultServers, "Number of servers"),
      Key("variant", variant, defaultVariant, "The correct protocol or a known bug by its id"),
      Key(
        "options", protocolIsSwept ? .map(noun: "option", .any) : .object(options),
        "Settings of this protocol"
      ),
      Key("clients", .object(clients), "The clients and the operations they draw"),
      Key("script", .list(.tagged(noun: "script entry", scriptEntries)), "Operations one by one"),
      Key(
        "schedule", .list(.text),
        "Every step one by one, in the words of a failure file, in place of anything drawn"),
      Key("assume", .object(assumptions), "The fault model that the protocol may rely on"),
      Key("network", .object(network), "Delays and rates of the network"),
      Key("costs", .object(costs), "How long work keeps a node busy"),
      Key("faults", faults, "What goes wrong: a budget to draw from, or a list"),
      Key("run", .object(run), "Mode, seeds and budgets"),
      Key(
        "check", .words(checkWords(mayBeEmpty: true)), defaultChecks,
        "What must hold; in mode measure linearizability alone if left out, and [] for nothing"),
      Key("expect", expectation, .text("pass"), "How the scenario should end"),
    ] + measureKeys
  }

  func word(_ noun: String, _ words: [String]) -> Shape {
    .word(WordList(noun: noun, words: words))
  }

  private var serverRange: ClosedRange<Int> {
    let ranges = candidates.map(\.summary.servers)
    return (ranges.map(\.lowerBound).min() ?? 1)...(ranges.map(\.upperBound).max() ?? 1)
  }

  private var defaultServers: Key.Presence {
    words.map { .protocolFallback(.integer($0.summary.defaultServers)) } ?? .optional
  }

  private var variant: Shape {
    var names: [String] = []
    for name in candidates.flatMap({ $0.variants.map(\.name) }) where !names.contains(name) {
      names.append(name)
    }
    return word("variant", names)
  }

  private var defaultVariant: Key.Presence {
    words.map { .protocolFallback(.string($0.variants.first?.name ?? "correct")) } ?? .optional
  }

  private func checkWords(mayBeEmpty: Bool) -> WordList {
    WordList(noun: "check", words: vocabulary.checks.map(\.name), mayBeEmpty: mayBeEmpty)
  }

  private var defaultChecks: Key.Presence {
    guard let words else { return .optional }
    return .protocolFallback(.array(words.summary.checks.map(JSONTree.string)))
  }

  private var expectation: Shape {
    .either([
      word("expectation", ["pass", "undecided"]),
      .object(
        ObjectShape(
          "expect", "A violation that some seed must show",
          [
            Key(
              "violation", .words(checkWords(mayBeEmpty: false)), .required,
              "the check, or a list of checks")
          ])),
    ])
  }

  private var run: ObjectShape {
    ObjectShape(
      "run", "Mode, seeds and budgets",
      [
        Key(
          "mode", word("mode", RunMode.allCases.map(\.rawValue)), .text("simulate"), "How to run"),
        Key(
          "seeds", .integer(1...100_000_000), .integer(200),
          "Number of seeds; modes crashpoints and measure take 1 by default"),
        Key("seed", .integer(0...Int.max), .integer(1), "The first seed"),
        Key("steps", .integer(1...1_000_000_000), .integer(100_000), "Most steps of one run"),
        Key("healWithin", .duration, .text("30s"), "Time to finish after the last fault"),
        Key(
          "recoverWithin", .duration,
          "In mode simulate: most time from the end of the faults to the last answer"),
        Key("depth", .integer(1...2), .integer(1), "In mode crashpoints: crashes in a row"),
        Key(
          "swarm", .flag, .fallback(.boolean(false)),
          "Whether each seed draws its own workload and network rates"),
        Key(
          "openDisks", .flag, .fallback(.boolean(false)),
          "In a schedule: what a power loss leaves is decided when it is read"),
      ] + exploreKeys + Self.measureRunKeys)
  }
}

extension ScenarioKeys {
  /// The options of the protocol, or of all protocols.
  var options: ObjectShape {
    var keys: [Key] = []
    for option in candidates.flatMap(\.summary.options) where !keys.contains(named: option.name) {
      keys.append(Self.key(of: option))
    }
    return ObjectShape("options", "Settings of the protocol", keys)
  }

  private static func key(of option: ProtocolOption) -> Key {
    let (shape, fallback): (Shape, JSONTree) =
      switch option.kind {
      case .flag(let value): (.flag, .boolean(value))
      case .integer(let value, let range): (.integer(range), .integer(value))
      case .duration(let value): (.duration, .string(value.description))
      case .choice(let value, let words):
        (.word(WordList(noun: option.name, words: words)), .string(value))
      }
    return Key(option.name, shape, .protocolFallback(fallback), option.help)
  }

  var assumptions: ObjectShape {
    ObjectShape(
      "assume", "The fault model that the protocol may rely on",
      [
        Key(
          "network", .words(Self.networkWords), defaultNetwork,
          "What the network may do: one word or a list"),
        Key(
          "detector", word("detector", DetectorWord.allCases.map(\.rawValue)), defaultDetector,
          "How crashes become known"),
        Key(
          "disk", word("disk profile", vocabulary.diskProfiles.map(\.name)),
          .text(vocabulary.diskProfiles.first?.name ?? ""), "What a power loss may do to files"),
        Key(
          "storage", .words(Self.storageWords),
          "The storage faults that the design is meant to survive; none if left out"),
        Key("down", .integer(0...1000), "Most servers down at once"),
        Key(
          "detectAfter", .span, .span("5ms", "20ms"),
          "How long after a crash a perfect detector tells"),
      ])
  }

  private static var networkWords: WordList {
    WordList(noun: "network word", words: NetworkWord.allCases.map(\.rawValue))
  }

  private static var storageWords: WordList {
    WordList(noun: "storage fault", words: StorageWord.allCases.map(\.rawValue))
  }

  private var defaultNetwork: Key.Presence {
    guard let words else { return .optional }
    let supported = words.summary.network
    let word = supported.contains(.fifo) ? .fifo : supported.first ?? .fifo
    return .protocolFallback(.array([.string(word.rawValue)]))
  }

  private var defaultDetector: Key.Presence {
    words.map {
      .protocolFallback(.string(($0.summary.detectors.first ?? .perfect).rawValue))
    } ?? .optional
  }

  var network: ObjectShape {
    let rate = Shape.number(0...1)
    let never = Key.Presence.integer(0)
    return ObjectShape(
      "network", "Delays and rates of the network",
      [
        Key("latency", .span, .span("500us", "2ms"), "One-way delay of a message"),
        Key(
          "distribution",
          word("distribution", NetworkSettings.Distribution.allCases.map(\.rawValue)),
          "How delays are drawn"),
        Key("loss", rate, never, "Probability that a message is lost"),
        Key("duplication", rate, never, "Probability that a message comes twice"),
        Key("reordering", rate, never, "Probability that a message is overtaken"),
        Key("slow", .object(slowness), "Messages that take longer"),
      ] + Self.transferKeys)
  }

  private var slowness: ObjectShape {
    ObjectShape(
      "slow", "Messages that take longer",
      [
        Key("rate", .number(0...1), .integer(0), "Probability per message"),
        Key("by", .span, .span("50ms", "200ms"), "What is added to the delay"),
      ])
  }

  var costs: ObjectShape {
    let defaults = CostTable()
    return ObjectShape(
      "costs", "How long work keeps a node busy",
      WorkKind.allCases.map { kind in
        Key(kind.key, .duration, .text(defaults[kind].description), kind.help)
      } + [
        Self.messageCostKey,
        Key(
          "diskWriteBack", .duration, .text("200ms"),
          "Time between two rounds of background write-back; 0s for none"),
      ])
  }
}

extension [Key] {
  fileprivate func contains(named name: String) -> Bool {
    contains { $0.name == name }
  }
}

extension WorkKind {
  /// The key of `costs` that sets it.
  var key: String {
    switch self {
    case .handler: "handler"
    case .query: "query"
    case .update: "update"
    case .apply: "apply"
    case .fileOperation: "fileOperation"
    case .sync: "sync"
    case .syncBlock: "syncBlock"
    case .read: "read"
    case .readBlock: "readBlock"
    case .writeBlock: "writeBlock"
    }
  }

  var help: String {
    switch self {
    case .handler: "Any handler of a server"
    case .query: "Answering a read, on top of the handler"
    case .update: "Computing an update where it is first executed"
    case .apply: "Applying an update at any other replica"
    case .fileOperation: "A file operation in the cache"
    case .sync: "The fixed part of an fsync"
    case .syncBlock: "Each block or entry that an fsync forces"
    case .read: "A call that reads a file"
    case .readBlock: "Each block of 4096 bytes that is read"
    case .writeBlock: "Each block of 4096 bytes that is written"
    }
  }
}

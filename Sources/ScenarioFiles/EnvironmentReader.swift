import InputText
import SimulationKernel

/// What the scenario says of network, detector, disk and costs.
extension ScenarioReader {
  mutating func readAssumptions() -> Assumptions {
    let assume = view.object("assume")
    let summary = words.summary
    let given = assume.words("network").compactMap(NetworkWord.init)
    checkSupport(
      assume.given("network"), "network", summary.network.map(\.rawValue),
      NetworkWord.allCases.map(\.rawValue))
    checkSupport(
      assume.given("detector"), "detector", summary.detectors.map(\.rawValue),
      DetectorWord.allCases.map(\.rawValue))
    if given.contains(.fifo), given.contains(.reordering) {
      error("a network is not both fifo and reordering", at: assume.range("network"))
    }
    let down = assume.integerIfGiven("down")
    if let down, down > serverCount {
      error(
        "assume.down is \(down), more than the \(serverCount) servers", at: assume.range("down"))
    }
    return Assumptions(
      network: NetworkWord.allCases.filter(given.contains),
      detector: DetectorWord(rawValue: assume.text("detector")) ?? .perfect,
      diskProfile: assume.text("disk"),
      storage: readAssumedStorage(assume),
      down: down ?? max(1, serverCount - 1),
      detectAfter: readDetectionDelay(assume))
  }

  /// Reports words that are known but not meant for this protocol.
  private mutating func checkSupport(
    _ value: JSONValue?, _ noun: String, _ supported: [String], _ known: [String]
  ) {
    for element in value.map({ $0.elements ?? [$0] }) ?? [] {
      guard let word = element.text, known.contains(word), !supported.contains(word) else {
        continue
      }
      error(
        "the protocol \(quoted(words.name)) is not meant for the \(noun) \(quoted(word)); "
          + "it is for: \(supported.joined(separator: ", "))", at: element.range)
    }
  }

  private mutating func readDetectionDelay(_ assume: ObjectView) -> DurationSpan {
    guard let faults = view.given("faults"), case .object = faults.content else {
      return assume.span("detectAfter")
    }
    let budget = ObjectView(value: faults, shape: keys.drawnFaults)
    guard let short = budget.given("detectAfter") else { return assume.span("detectAfter") }
    if assume.has("detectAfter") {
      error("detectAfter stands in assume, too", at: budget.keyRange("detectAfter"))
    }
    let alias = ObjectView(
      value: JSONValue(
        range: short.range,
        content: .object([
          JSONMember(key: "detectAfter", keyRange: short.range, value: short)
        ])), shape: assume.shape)
    return alias.span("detectAfter")
  }

  mutating func readNetwork(_ assumptions: Assumptions) -> NetworkSettings {
    let network = view.object("network")
    let slow = network.object("slow")
    let latency = network.span("latency")
    let rates: [(view: ObjectView, key: String, path: String, word: NetworkWord)] = [
      (network, "loss", "network.loss", .lossy),
      (network, "duplication", "network.duplication", .duplicating),
      (network, "reordering", "network.reordering", .reordering),
      (slow, "rate", "network.slow.rate", .slow),
    ]
    for rate in rates where rate.view.number(rate.key) > 0 {
      requireAssumption(rate.word, for: rate.path, at: rate.view.range(rate.key), assumptions)
    }
    var distribution: NetworkSettings.Distribution =
      latency.min == latency.max ? .fixed : .uniform
    if let given = network.textIfGiven("distribution") {
      distribution = NetworkSettings.Distribution(rawValue: given) ?? distribution
      if distribution == .fixed, latency.min != latency.max {
        error(
          "a fixed distribution needs a latency of one duration, not a range",
          at: network.range("distribution"))
      }
    }
    return NetworkSettings(
      latency: latency,
      distribution: distribution,
      loss: network.number("loss"),
      duplication: network.number("duplication"),
      reordering: network.number("reordering"),
      slowness: NetworkSettings.Slowness(rate: slow.number("rate"), by: slow.span("by")))
  }

  /// Reports something that the scenario asks for but does not assume possible.
  mutating func requireAssumption(
    _ word: NetworkWord, for path: String, at range: SourceRange, _ assumptions: Assumptions
  ) {
    guard !assumptions.network.contains(word) else { return }
    let words = (assumptions.network + [word]).map { quoted($0.rawValue) }.joined(separator: ", ")
    error(
      "\(path) needs \(quoted(word.rawValue)) among the words of assume.network", at: range,
      help: "write assume: { network: [\(words)] }")
  }

  func readCosts() -> CostTable {
    let costs = view.object("costs")
    var table = CostTable()
    for kind in WorkKind.allCases { table[kind] = costs.duration(kind.key) }
    return table
  }
}

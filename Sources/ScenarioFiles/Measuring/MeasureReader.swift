import InputText
import SimulationKernel

/// What mode `measure` reads of one point.
extension ScenarioReader {
  /// The settings without those of a sweep; those of a scenario in another mode are the defaults.
  mutating func readMeasure() -> MeasureSettings {
    guard mode == .measure else {
      refuseMeasureKeys()
      return MeasureSettings()
    }
    for key in ["script", "schedule"] where view.has(key) {
      error(
        "mode measure has no \(key): its clients draw operations to the end of the run",
        at: view.keyRange(key))
    }
    let clients = view.object("clients")
    var settings = MeasureSettings()
    settings.dispatch = clients.duration("dispatch")
    settings.giveUpAfter = readPositive(clients, "giveUpAfter", path: "clients.giveUpAfter")
    settings.updaters = readUpdaters(clients)
    settings.volumes = view.integer("volumes")
    readTimes(&settings)
    settings.hosts = readHosts(volumes: settings.volumes)
    settings.transfer = readTransfers()
    settings.messageCosts = readMessageCosts()
    return settings
  }

  /// `nil` if the file does not say.
  private mutating func readUpdaters(_ clients: ObjectView) -> Int? {
    guard clients.has("updaters") else { return nil }
    let count = clients.integer("updaters")
    let all = clients.integer("count")
    if count <= all { return count }
    error("there are only \(all) clients", at: clients.range("updaters"))
    return nil
  }

  private mutating func refuseMeasureKeys() {
    let places: [(view: ObjectView, path: String, keys: [String])] = [
      (view, "", ["hosts", "volumes", "sweep", "charts", "expectMeasure"]),
      (view.object("clients"), "clients.", ScenarioKeys.measureClientKeys.map(\.name)),
      (view.object("costs"), "costs.", [ScenarioKeys.messageCostKey.name]),
      (view.object("network"), "network.", ScenarioKeys.transferKeys.map(\.name)),
      (view.object("run"), "run.", ScenarioKeys.measureRunKeys.map(\.name)),
    ]
    for place in places {
      for key in place.keys where place.view.has(key) {
        error(
          "\(place.path)\(key) is for mode measure, not for \(mode.rawValue)",
          at: place.view.keyRange(key), help: "write run: { mode: \"measure\" }")
      }
    }
  }

  private mutating func readPositive(
    _ view: ObjectView, _ key: String, path: String
  ) -> VirtualDuration? {
    guard let duration = view.durationIfGiven(key) else { return nil }
    if duration > .zero { return duration }
    error("\(path) must be more than 0s", at: view.range(key))
    return nil
  }

  /// So many buckets of a timeline nobody looks at, and a file could ask for any number.
  private static let mostBuckets: Int64 = 10_000

  private mutating func readTimes(_ settings: inout MeasureSettings) {
    let run = view.object("run")
    settings.warmUp = run.duration("warmUp")
    settings.duration =
      readPositive(run, "duration", path: "run.duration") ?? settings.duration
    settings.timeline = readPositive(run, "timeline", path: "run.timeline")
    let end = settings.warmUp + settings.duration
    if let bucket = settings.timeline,
      end.nanoseconds / bucket.nanoseconds >= Self.mostBuckets
    {
      error(
        "a timeline of \(end) in buckets of \(bucket) has more than \(Self.mostBuckets)",
        at: run.range("timeline"))
    }
    for member in run.entries("windows") {
      guard let to = member.value.member("to")?.value.duration else { continue }
      let from = member.value.member("from")?.value.duration ?? .zero
      let range = member.value.member("to")?.value.range ?? member.keyRange
      if to <= from { error("the window ends at \(to), not after \(from)", at: range) }
      if to > end {
        error("the window ends at \(to), after the run, which ends at \(end)", at: range)
      }
      settings.windows.append(MeasureWindow(name: member.key, from: from, to: to))
    }
  }

  /// As many as the driver can number.
  private static let mostHosts = 65_000

  private mutating func readHosts(volumes: Int) -> HostSettings {
    let hosts = view.object("hosts")
    var settings = HostSettings()
    settings.cores = hosts.integer("cores")
    settings.switching = hosts.number("switching")
    settings.placement = HostSettings.Placement(rawValue: hosts.text("placement")) ?? .ring
    settings.rebootAfter = hosts.durationIfGiven("rebootAfter")
    if let elements = hosts.given("servers")?.elements {
      settings.servers = readAssignment(elements, hosts, volumes: volumes)
    }
    settings.count = hosts.integerIfGiven("count") ?? settings.servers.count
    if settings.count == 0 {
      if volumes * serverCount > Self.mostHosts {
        error(
          "\(volumes) volumes of \(serverCount) servers need more than \(Self.mostHosts) hosts",
          at: view.range("volumes"), help: "let them share hosts: set hosts.count")
      }
      for key in ["placement", "rebootAfter"] where hosts.has(key) {
        error(
          "hosts.\(key) is for shared hosts, and each server has its own",
          at: hosts.keyRange(key), help: "set hosts.count")
      }
    }
    if settings.servers.count > settings.count {
      error(
        "hosts.servers lists \(settings.servers.count) hosts, more than hosts.count, "
          + "which is \(settings.count)", at: hosts.range("servers"))
    } else if settings.servers.isEmpty, settings.count > 0, settings.count < serverCount {
      error(
        "hosts.count is \(settings.count), fewer than the \(serverCount) servers, of which no "
          + "two share a host", at: hosts.range("count"),
        help: "say in hosts.servers which share one")
    }
    return settings
  }

  /// The servers of each host; every server has one.
  private mutating func readAssignment(
    _ elements: [JSONValue], _ hosts: ObjectView, volumes: Int
  ) -> [[Int]] {
    if volumes > 1 {
      error("hosts.servers is for one volume", at: hosts.keyRange("servers"))
    }
    if hosts.has("placement") {
      error(
        "hosts.servers and hosts.placement exclude each other", at: hosts.keyRange("placement"))
    }
    var seen: Set<Int> = []
    let servers = elements.map { host -> [Int] in
      (host.elements ?? []).compactMap { element -> Int? in
        guard case .integer(let number) = element.tree, number >= 1 else { return nil }
        if number > serverCount {
          error("there is no server \(number) among \(serverCount)", at: element.range)
        } else if !seen.insert(number).inserted {
          error("the server \(number) stands twice", at: element.range)
        }
        return number
      }
    }
    if let missing = (1...serverCount).first(where: { !seen.contains($0) }) {
      error("hosts.servers has no host for server \(missing)", at: hosts.range("servers"))
    }
    return servers
  }

  private mutating func readTransfers() -> TransferSettings {
    let network = view.object("network")
    var settings = TransferSettings()
    settings.bandwidth = network.sizeIfGiven("bandwidth")
    if settings.bandwidth == 0 {
      error("network.bandwidth must be more than 0B/s", at: network.range("bandwidth"))
    }
    for member in network.entries("sizes") {
      guard let text = member.value.text, let bytes = SizeText.bytes(text, .bytes) else {
        continue
      }
      checkName(member.key, "kind of message", at: member.keyRange, known: \.messages)
      settings.sizes.append(TransferSettings.MessageSize(kind: member.key, bytes: bytes))
    }
    return settings
  }

  private mutating func readMessageCosts() -> [MessageCost] {
    var costs: [MessageCost] = []
    for member in view.object("costs").entries("messages") {
      guard let duration = member.value.duration else { continue }
      let parts = member.key.split(
        separator: "/", maxSplits: 1, omittingEmptySubsequences: false
      ).map(String.init)
      let role = parts.count == 2 ? parts[0] : nil
      if let role {
        checkName(role, "role", at: member.keyRange, known: \.roleNames)
      }
      let kind = parts[parts.count - 1]
      checkName(kind, "kind of message", at: member.keyRange, known: \.messages)
      costs.append(MessageCost(kind: kind, role: role, duration: duration))
    }
    return costs
  }

  /// Reports a name that no protocol knows: what one protocol lacks may be for another of the
  /// sweep.
  private mutating func checkName(
    _ name: String, _ noun: String, at range: SourceRange,
    known: KeyPath<ProtocolSummary, [String]>
  ) {
    let own = words.summary[keyPath: known]
    // A protocol without a list says nothing of its names.
    guard !own.isEmpty, !own.contains(name) else { return }
    if vocabulary.protocols.contains(where: { $0.summary[keyPath: known].contains(name) }) {
      return
    }
    error(
      "unknown \(noun) \(quoted(name)) of the protocol \(quoted(words.name)); known: "
        + own.joined(separator: ", "), at: range, help: NearMiss.help(for: name, among: own))
  }
}

import InputText
import SimulationKernel

/// Names of nodes.
extension ScenarioReader {
  /// Which nodes may stand at a place.
  enum NodeKinds {
    /// Servers and roles, which are servers: only they fail.
    case failing
    /// The same, and the hosts of mode `measure`.
    case failingOrHost
    case server
    /// Any node by its own name: the ends of a link do not move with a role.
    case fixed
  }

  /// The node that a value names; nil, and an error, if there is no such node or it may not stand
  /// here. Nil without an error if the value is no string, which the validator has reported.
  mutating func readNode(_ value: JSONValue, _ kinds: NodeKinds) -> NodeReference? {
    guard let name = value.text else { return nil }
    if let number = Self.number(name, prefix: "s") {
      if number <= serverCount { return .server(number) }
      error("there is no server \(quoted(name)); \(serverPhrase)", at: value.range)
      return nil
    }
    if hostCount > 0, let number = Self.number(name, prefix: "h") {
      return readHost(number, value, kinds)
    }
    if words.summary.roleNames.contains(name) {
      if kinds == .failing || kinds == .failingOrHost { return .role(name) }
      error("\(quoted(name)) is a role; name a node here, such as \"s1\"", at: value.range)
      return nil
    }
    let client = Self.number(name, prefix: "c")
    let isCoordinator = name == words.summary.coordinatorName
    if kinds != .fixed, client != nil || isCoordinator {
      error("\(quoted(name)) does not fail: only servers do", at: value.range)
      return nil
    }
    if isCoordinator { return .coordinator(name) }
    if let client {
      if client <= clientCount { return .client(client) }
      let phrase =
        clientCount == 1 ? "1 client, c1" : "\(clientCount) clients, c1 to c\(clientCount)"
      error("there is no client \(quoted(name)); the scenario has \(phrase)", at: value.range)
      return nil
    }
    var known = (1...serverCount).map { "s\($0)" }
    if kinds == .failing || kinds == .failingOrHost { known += words.summary.roleNames }
    if kinds == .fixed {
      known += words.summary.coordinatorName.map { [$0] } ?? []
      known += (1...clientCount).map { "c\($0)" }
    }
    error(
      "unknown node \(quoted(name)); known: \(known.joined(separator: ", "))", at: value.range,
      help: NearMiss.help(for: name, among: known))
    return nil
  }

  /// The number of hosts that have names.
  private var hostCount: Int {
    guard mode == .measure else { return 0 }
    let hosts = view.object("hosts")
    return hosts.integerIfGiven("count") ?? hosts.given("servers")?.elements?.count ?? 0
  }

  private mutating func readHost(
    _ number: Int, _ value: JSONValue, _ kinds: NodeKinds
  ) -> NodeReference? {
    let name = "h\(number)"
    guard kinds == .failingOrHost else {
      error(
        "\(quoted(name)) is a host; only a crash or a loss of power hits hosts", at: value.range)
      return nil
    }
    if number <= hostCount { return .host(number) }
    let phrase = hostCount == 1 ? "1 host, h1" : "\(hostCount) hosts, h1 to h\(hostCount)"
    error("there is no host \(quoted(name)); the scenario has \(phrase)", at: value.range)
    return nil
  }

  /// The two nodes of a link; nil, and an error, if they are not two nodes.
  mutating func readLink(_ value: JSONValue?) -> (NodeReference, NodeReference)? {
    guard let value, let elements = value.elements, elements.count == 2 else { return nil }
    let first = readNode(elements[0], .fixed)
    let second = readNode(elements[1], .fixed)
    guard let first, let second else { return nil }
    if first == second {
      error(
        "a link joins two different nodes, not \(quoted(first.name)) with itself", at: value.range)
      return nil
    }
    return (first, second)
  }

  private var serverPhrase: String {
    serverCount == 1
      ? "the scenario has 1 server, s1"
      : "the scenario has \(serverCount) servers, s1 to s\(serverCount)"
  }

  /// The number of a name such as `s12`; nil for anything else.
  static func number(_ name: String, prefix: Character) -> Int? {
    guard name.first == prefix, let number = Int(name.dropFirst()), number >= 1 else { return nil }
    return "\(prefix)\(number)" == name ? number : nil
  }
}

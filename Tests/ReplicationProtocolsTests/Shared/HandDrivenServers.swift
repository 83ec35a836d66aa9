import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// Servers, and a master if the protocol has one, driven by hand: links are first in, first out and
/// deliver when told to, timers fire when told to. Clients are the test: what is sent to them is
/// noted, a line each.
struct HandDrivenServers<Subject: ReplicationProtocol>
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  typealias Message = Subject.Message

  enum Parcel {
    case message(Message)
    case unavailable
  }

  let layout: ClusterLayout
  let setting: ProtocolSetting<Subject.Deviation>
  var servers: [Subject.Server]
  var coordinator: Subject.Coordinator
  var files: [MemoryFiles]
  var isUp: [Bool]
  var starts: [Int]
  /// Links with something on its way, in the order of the first sending.
  private var links: [(from: NodeID, to: NodeID, parcels: [Parcel])] = []
  /// Armed timers by node.
  private(set) var timers: [[TimerID]]
  private var host: Host<Message>
  /// What clients were sent since the last look.
  private var toClients: [String] = []
  private(set) var observations: [Observation] = []

  init(
    servers count: Int, _ bugs: [Subject.Deviation] = [],
    options: [String: ProtocolOptions.Value] = [:]
  ) {
    layout = ClusterLayout(
      serverCount: count, coordinatorName: Subject.summary.coordinatorName, clientCount: 3)
    let setting = ProtocolSetting(
      layout: layout, deviations: DeviationSet(bugs), options: ProtocolOptions(options),
      detector: .perfect)
    self.setting = setting
    servers = layout.servers.map { Subject.makeServer($0, setting) }
    coordinator = Subject.makeCoordinator(setting)
    files = Array(repeating: MemoryFiles(), count: count)
    isUp = Array(repeating: true, count: count)
    starts = Array(repeating: 1, count: count)
    timers = Array(repeating: [], count: layout.nodeCount)
    host = Host(
      layout: layout, costs: setting.costs,
      choices: Choices(stream: SeededStream(seed: 1, name: "choices")))
    for server in layout.servers { step(server) { $0.start(&$1) } }
  }

  // MARK: Steps

  private mutating func step(
    _ node: NodeID, keeping limit: Int = .max,
    _ body: (inout any Node<Message>, inout Host<Message>) -> Void
  ) {
    let isServer = layout.role(of: node) == .server
    let incarnation = isServer ? starts[node.index] : 1
    host.begin(node, incarnation: Incarnation(incarnation), time: .start, skew: .zero)
    if isServer {
      host.files = files[node.index]
      var any: any Node<Message> = servers[node.index]
      body(&any, &host)
      if let server = any as? Subject.Server { servers[node.index] = server }
    } else {
      var any: any Node<Message> = coordinator
      body(&any, &host)
      if let master = any as? Subject.Coordinator { coordinator = master }
    }
    host.files = NoFiles()
    var postponed: [Int] = []
    for effect in host.effects.prefix(limit) {
      switch effect {
      case .send(let message, let peer): send(.message(message), from: node, to: peer)
      case .setTimer(let timer, _):
        timers[node.index].removeAll { $0 == timer }
        timers[node.index].append(timer)
      case .cancelTimer(let timer): timers[node.index].removeAll { $0 == timer }
      case .resume(let continuation): postponed.append(continuation)
      case .file(let operation):
        do { try files[node.index].perform(operation) } catch { Issue.record("\(error)") }
      case .observe(let observation): observations.append(observation)
      case .complete, .work: break
      }
    }
    if limit < .max { return die(node.index) }
    for continuation in postponed { step(node) { $0.resume(continuation, &$1) } }
  }

  private mutating func send(_ parcel: Parcel, from: NodeID, to: NodeID) {
    if layout.role(of: to) == .client {
      if case .message(let message) = parcel {
        toClients.append("\(layout.name(of: to)) <- \(message.summary)")
      }
      return
    }
    if case .message = parcel, layout.role(of: to) == .server, !isUp[to.index] {
      // The caller learns that there is no such process.
      return send(.unavailable, from: to, to: from)
    }
    if let index = links.firstIndex(where: { $0.from == from && $0.to == to }) {
      links[index].parcels.append(parcel)
    } else {
      links.append((from, to, [parcel]))
    }
  }

  // MARK: What tests do

  func server(_ number: Int) -> NodeID { layout.server(number - 1) }

  /// Gives a server a message of the test's.
  mutating func give(_ message: Message, to number: Int, from client: Int = 1) {
    let sender = layout.client(client - 1)
    step(server(number)) { $0.receive(message, from: sender, &$1) }
  }

  /// Delivers the first parcel of a link; its number of effects may be limited, and the server then
  /// dies.
  @discardableResult
  mutating func deliver(_ from: NodeID, _ to: NodeID, keeping limit: Int = .max) -> Bool {
    guard let index = links.firstIndex(where: { $0.from == from && $0.to == to }) else {
      return false
    }
    let parcel = links[index].parcels.removeFirst()
    if links[index].parcels.isEmpty { links.remove(at: index) }
    step(to, keeping: limit) { node, host in
      switch parcel {
      case .message(let message): node.receive(message, from: from, &host)
      case .unavailable: node.peerUnavailable(from, &host)
      }
    }
    return true
  }

  /// Delivers everything, and what follows from it.
  mutating func deliverAll(except blocked: [NodeID] = []) {
    for _ in 0..<10_000 {
      guard
        let link = links.first(where: { !blocked.contains($0.to) && !blocked.contains($0.from) })
      else { return }
      deliver(link.from, link.to)
    }
    Issue.record("messages without end")
  }

  /// Loses what is on its way on a link.
  mutating func lose(_ from: NodeID, _ to: NodeID) {
    links.removeAll { $0.from == from && $0.to == to }
  }

  mutating func fire(_ number: Int, _ timer: TimerID = .retry()) {
    guard let index = timers[number - 1].firstIndex(of: timer) else {
      Issue.record("s\(number) has not armed \(timer)")
      return
    }
    timers[number - 1].remove(at: index)
    step(server(number)) { $0.timerFired(timer, &$1) }
  }

  /// Ends a process. What is on its way to it is refused; what it has sent arrives.
  mutating func crash(_ number: Int) { die(number - 1) }

  private mutating func die(_ index: Int) {
    isUp[index] = false
    timers[index] = []
    let lost = links.filter { $0.to == NodeID(index) }
    links.removeAll { $0.to == NodeID(index) }
    for link in lost where layout.role(of: link.from) == .server && isUp[link.from.index] {
      send(.unavailable, from: NodeID(index), to: link.from)
    }
  }

  /// The perfect detector's word to the master.
  mutating func report(_ number: Int) {
    guard let master = layout.coordinator else { return }
    let failed = server(number)
    step(master) { node, host in
      guard var known = node as? Subject.Coordinator else { return }
      known.serverFailed(failed, &host)
      node = known
    }
  }

  mutating func restart(_ number: Int) {
    let index = number - 1
    starts[index] += 1
    isUp[index] = true
    servers[index] = Subject.makeServer(NodeID(index), setting)
    step(NodeID(index)) { $0.start(&$1) }
  }

  // MARK: What tests see

  /// What clients were sent since the last look.
  mutating func answers() -> [String] {
    defer { toClients = [] }
    return toClients
  }

  /// What is on its way on a link.
  func onTheWay(_ from: Int, _ to: Int) -> [String] {
    links.filter { $0.from == server(from) && $0.to == server(to) }.flatMap(\.parcels).map {
      switch $0 {
      case .message(let message): message.summary
      case .unavailable: "unavailable"
      }
    }
  }

  /// `0=a 1=b`.
  func contents(_ number: Int) -> String {
    servers[number - 1].contents.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }

  func roles() -> String { servers.map { "\($0.role)" }.joined(separator: " ") }

  var facts: ClusterFacts<Subject> {
    ClusterFacts(layout: layout, servers: servers, isUp: isUp, coordinator: coordinator)
  }
}

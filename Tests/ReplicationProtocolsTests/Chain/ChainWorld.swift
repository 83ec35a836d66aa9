import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// A hand-driven chain: FIFO channels, timers that fire when told to, a detector that reports when
/// told to. After every step both invariants of the paper are checked, unless a test switches a
/// known bug on.
struct ChainWorld {
  enum Parcel {
    case message(Chain.Message)
    case unavailable
  }

  /// One message as it was sent.
  struct Sent {
    var from: NodeID
    var to: NodeID
    var message: Chain.Message
  }

  let layout: ClusterLayout
  let setting: ProtocolSetting<Chain.Deviation>
  var servers: [Chain.Server]
  var master: Chain.Master
  var clients: [Chain.Client]
  var isUp: [Bool]
  var starts: [Int]
  /// By sender, then receiver.
  var links: [[[Parcel]]]
  /// Armed timers by node.
  var timers: [[TimerID]]
  /// Servers whose failure the detector has not reported.
  var unreported: [NodeID] = []
  var host: Host<Chain.Message>
  var sent: [Sent] = []
  var observations: [(node: NodeID, observation: Observation)] = []
  var labels: [(node: NodeID, label: String)] = []
  var history = StoreHistory()
  var openOperations: [RequestID: Int] = [:]
  var invoked: [Int]
  var checksInvariants: Bool
  var steps = 0

  init(
    servers count: Int = 3, clients clientCount: Int = 2, bug: Chain.Deviation? = nil,
    options: [String: ProtocolOptions.Value] = [:], seed: UInt64 = 1
  ) {
    layout = ClusterLayout(
      serverCount: count, coordinatorName: "master", clientCount: clientCount)
    var deviations: DeviationSet<Chain.Deviation> = []
    if let bug { deviations = [bug] }
    setting = ProtocolSetting(
      layout: layout, deviations: deviations, options: ProtocolOptions(options))
    servers = layout.servers.map { [setting] in Chain.makeServer($0, setting) }
    master = Chain.makeCoordinator(setting)
    clients = layout.clients.map { [setting] in Chain.makeClient($0, setting) }
    isUp = Array(repeating: true, count: layout.nodeCount)
    starts = Array(repeating: 1, count: layout.nodeCount)
    let row: [[Parcel]] = Array(repeating: [], count: layout.nodeCount)
    links = Array(repeating: row, count: layout.nodeCount)
    timers = Array(repeating: [], count: layout.nodeCount)
    host = Host(
      layout: layout, costs: setting.costs,
      choices: Choices(stream: SeededStream(seed: seed, name: "choices")))
    invoked = Array(repeating: 0, count: clientCount)
    checksInvariants = bug == nil
    for node in 0..<layout.nodeCount {
      step(NodeID(node)) { world in
        world.with(NodeID(node)) { $0.start(&$1) }
      }
    }
  }

  var masterNode: NodeID { layout.server(layout.serverCount) }
  func server(_ number: Int) -> NodeID { layout.server(number - 1) }
  func client(_ number: Int) -> NodeID { layout.client(number - 1) }

  /// `s1`, `c2`, `master`.
  func name(_ node: NodeID) -> String { layout.name(of: node) }
}

// MARK: - Steps

extension ChainWorld {
  /// Runs a handler of whatever kind of node this is.
  private mutating func with(
    _ node: NodeID, _ body: (inout any Node<Chain.Message>, inout Host<Chain.Message>) -> Void
  ) {
    var any: any Node<Chain.Message>
    switch layout.role(of: node) {
    case .server: any = servers[node.index]
    case .coordinator: any = master
    case .client: any = clients[layout.clientIndex(of: node)]
    }
    body(&any, &host)
    switch layout.role(of: node) {
    case .server: servers[node.index] = any as! Chain.Server
    case .coordinator: master = any as! Chain.Master
    case .client: clients[layout.clientIndex(of: node)] = any as! Chain.Client
    }
  }

  private mutating func step(
    _ node: NodeID, crashAfter limit: Int? = nil, _ body: (inout ChainWorld) -> Void
  ) {
    steps += 1
    host.choices.begin()
    host.begin(
      node, incarnation: Incarnation(starts[node.index]), time: .start, skew: .zero)
    body(&self)
    let effects = host.effects
    for effect in effects.prefix(limit ?? effects.count) { carryOut(effect, of: node) }
    for point in host.crashPoints where point.effectCount <= limit ?? .max {
      labels.append((node, point.label.text))
    }
    if let limit, limit <= effects.count { crash(node) }
    if checksInvariants { checkInvariants() }
  }

  private mutating func carryOut(_ effect: Effect<Chain.Message>, of node: NodeID) {
    switch effect {
    case .send(let message, let peer):
      sent.append(Sent(from: node, to: peer, message: message))
      if isUp[peer.index] {
        links[node.index][peer.index].append(.message(message))
      } else {
        links[peer.index][node.index].append(.unavailable)
      }
    case .setTimer(let timer, _):
      timers[node.index].removeAll { $0 == timer }
      timers[node.index].append(timer)
    case .cancelTimer(let timer): timers[node.index].removeAll { $0 == timer }
    case .complete(let request, let response):
      if let index = openOperations.removeValue(forKey: request) {
        history.complete(index, response: response)
      }
    case .observe(let observation): observations.append((node, observation))
    case .work: break
    case .file, .resume: Issue.record("a chain has no files and no continuations")
    }
  }

  /// A client invokes its next operation.
  @discardableResult
  mutating func invoke(_ number: Int, _ operation: Operation) -> RequestID {
    let node = client(number)
    invoked[number - 1] += 1
    let request = RequestID(client: node, number: invoked[number - 1])
    openOperations[request] = history.invoke(client: number - 1, operation: operation)
    step(node) { $0.clients[number - 1].invoke(request, operation, &$0.host) }
    return request
  }

  func canDeliver(_ from: NodeID, _ to: NodeID) -> Bool {
    isUp[to.index] && !links[from.index][to.index].isEmpty
  }

  /// Delivers the first parcel of a channel, or the one at `index`.
  /// - Parameter limit: crash the receiver after so many effects of its step.
  mutating func deliver(
    _ from: NodeID, _ to: NodeID, index: Int = 0, crashAfter limit: Int? = nil
  ) {
    guard isUp[to.index], links[from.index][to.index].indices.contains(index) else {
      Issue.record("nothing to deliver from \(name(from)) to \(name(to))")
      return
    }
    let parcel = links[from.index][to.index].remove(at: index)
    step(to, crashAfter: limit) { world in
      world.with(to) { node, host in
        switch parcel {
        case .message(let message): node.receive(message, from: from, &host)
        case .unavailable: node.peerUnavailable(from, &host)
        }
      }
    }
  }

  mutating func fire(_ node: NodeID, _ timer: TimerID) {
    timers[node.index].removeAll { $0 == timer }
    step(node) { world in world.with(node) { $0.timerFired(timer, &$1) } }
  }

  /// Delivers everything, channel by channel, until nothing is under way. No timer fires.
  mutating func settle(except quiet: Set<NodeID> = []) {
    var isBusy = true
    while isBusy, steps < 100_000 {
      isBusy = false
      for from in 0..<layout.nodeCount {
        for to in 0..<layout.nodeCount
        where !quiet.contains(NodeID(to)) && canDeliver(NodeID(from), NodeID(to)) {
          deliver(NodeID(from), NodeID(to))
          isBusy = true
        }
      }
    }
  }

  /// Fires every armed timer and settles, again and again, until no operation is open.
  mutating func settleWithTimers(rounds: Int = 60) {
    for _ in 0..<rounds {
      settle()
      if openOperations.isEmpty, (0..<layout.nodeCount).allSatisfy({ timers[$0].isEmpty }) { break }
      for node in 0..<layout.nodeCount where isUp[node] {
        for timer in timers[node] { fire(NodeID(node), timer) }
      }
    }
    settle()
  }

  // MARK: Faults

  /// The process dies. What is under way to it is lost; of what it sent, each channel keeps what
  /// `keeping` says.
  mutating func crash(_ node: NodeID, keeping: (NodeID) -> Int = { _ in .max }) {
    isUp[node.index] = false
    timers[node.index].removeAll()
    unreported.append(node)
    for peer in 0..<layout.nodeCount {
      let kept = links[node.index][peer].prefix(keeping(NodeID(peer)))
      links[node.index][peer] = Array(kept)
      if !links[peer][node.index].isEmpty {
        links[peer][node.index].removeAll()
        if isUp[peer] { links[node.index][peer].append(.unavailable) }
      }
    }
  }

  /// The detector reports the oldest unreported failure.
  mutating func report() {
    guard !unreported.isEmpty else { return }
    let node = unreported.removeFirst()
    step(masterNode) { $0.master.serverFailed(node, &$0.host) }
  }

  mutating func restart(_ node: NodeID) {
    isUp[node.index] = true
    starts[node.index] += 1
    servers[node.index] = Chain.makeServer(node, setting)
    step(node) { world in world.with(node) { $0.start(&$1) } }
  }
}

// MARK: - Checks

extension ChainWorld {
  /// Update propagation and in-process requests, for all live servers of the master's chain.
  func checkInvariants(_ location: SourceLocation = #_sourceLocation) {
    let members = master.currentView.members.filter { isUp[$0.index] }
    for (place, first) in members.enumerated() {
      for second in members.dropFirst(place + 1) { check(first, second, location) }
    }
  }

  private func check(_ first: NodeID, _ second: NodeID, _ location: SourceLocation) {
    let longer = servers[first.index].replica.log
    let shorter = servers[second.index].replica.log
    guard shorter.isPrefix(of: longer) else {
      Issue.record(
        "step \(steps): the history of \(name(second)) is no prefix of \(name(first))'s",
        sourceLocation: location)
      return
    }
    let missing = Array(longer.entries.dropFirst(shorter.count))
    let inProcess = servers[first.index].sent
    let union = inProcess.filter { !shorter.entries.contains($0) }
    if union != missing || inProcess.contains(where: { !longer.entries.contains($0) }) {
      Issue.record(
        "step \(steps): Sent of \(name(first)) does not account for what \(name(second)) lacks",
        sourceLocation: location)
    }
  }

  var verdict: LinearizabilityVerdict {
    var checker = StoreChecker()
    return checker.check(history)
  }

  /// The live members of the chain, head first.
  var chain: [Int] {
    master.currentView.members.filter { isUp[$0.index] }.map { $0.index + 1 }
  }

  func response(_ request: RequestID) -> Response? {
    let entries = history.entries.filter { $0.client == layout.clientIndex(of: request.client) }
    return entries[Int(request.number) - 1].response
  }

  /// Messages sent so far, as `s1 -> s2: Forward(...)`.
  var sentTexts: [String] {
    sent.map { "\(name($0.from)) -> \(name($0.to)): \($0.message.summary)" }
  }

  mutating func forgetMessages() {
    sent.removeAll()
    observations.removeAll()
    labels.removeAll()
  }

  func value(_ key: Int, at number: Int) -> String { servers[number - 1].replica.value(key) }
}

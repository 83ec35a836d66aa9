import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// Random schedules over the hand-driven world: any channel may deliver next, servers die at any
/// effect boundary and come back, as long as one server of the chain lives. Both invariants are
/// checked after every step, the clients' history and the replicas at the end.
@Suite struct ChainRandomWalkTests {
  /// What may happen to messages besides delivery in order.
  struct Trouble: Sendable, CustomTestStringConvertible {
    var name: String
    var loss = 0.0
    var duplication = 0.0
    var overtaking = 0.0
    /// Timers that fire although nothing is late.
    var timers = 0.0

    var testDescription: String { name }
  }

  @Test(arguments: [
    Trouble(name: "none"), Trouble(name: "impatience", timers: 0.2),
    Trouble(name: "duplication", duplication: 0.2, timers: 0.05),
    Trouble(name: "overtaking", overtaking: 0.5, timers: 0.05),
    Trouble(
      name: "everything", loss: 0.1, duplication: 0.1, overtaking: 0.4, timers: 0.1),
  ])
  func `random schedules keep both invariants and linearizability`(trouble: Trouble) {
    for seed in 1...20 as ClosedRange<UInt64> {
      var walk = ChainWalk(seed: seed, trouble: trouble)
      walk.run()
      if !walk.isSound("\(trouble.name), seed \(seed)") { return }
    }
  }
}

/// One random schedule.
private struct ChainWalk {
  var world: ChainWorld
  var stream: SeededStream
  let trouble: ChainRandomWalkTests.Trouble
  var crashesLeft: Int

  init(seed: UInt64, trouble: ChainRandomWalkTests.Trouble) {
    var stream = SeededStream(seed: seed, name: "walk")
    let servers = 2 + stream.below(4)
    world = ChainWorld(
      servers: servers, clients: 3,
      options: [
        "transferChunk": .integer(1 + stream.below(3)),
        "initialChain": .integer(stream.below(servers)),
      ], seed: seed)
    self.trouble = trouble
    crashesLeft = stream.below(6)
    self.stream = stream
  }

  mutating func run() {
    for _ in 0..<(150 + stream.below(400)) { act() }
    while !world.unreported.isEmpty { world.report() }
    world.settleWithTimers()
  }

  private mutating func act() {
    if stream.chance(0.12) { invoke() }
    if crashesLeft > 0, stream.chance(0.02) { strike() }
    if !world.unreported.isEmpty, stream.chance(0.08) { world.report() }
    if stream.chance(0.04) { restart() }
    if stream.chance(trouble.timers) { fireAny() }
    deliverAny()
  }

  private mutating func invoke() {
    let client = 1 + stream.below(3)
    guard world.openOperations.keys.filter({ $0.client == world.client(client) }).count < 3
    else { return }
    let value = "<\(world.history.count)>"
    let key = stream.below(3)
    switch stream.below(6) {
    case 0, 1: world.invoke(client, .get(key: key))
    case 2: world.invoke(client, .append(key: key, value: value))
    case 3: world.invoke(client, .putDrawn(key: key, value: value, outcomes: 3))
    case 4: world.invoke(client, .put(key: key, value: value))
    default:
      world.invoke(
        client, .compareAndSet(key: key, expected: world.value(key, at: 1), new: value))
    }
  }

  private func mayDie(_ server: NodeID) -> Bool {
    world.layout.role(of: server) == .server && world.isUp[server.index]
      && Chain.tolerates(
        failureOf: server,
        in: ClusterFacts(
          layout: world.layout, servers: world.servers,
          isUp: Array(world.isUp.prefix(world.layout.serverCount)), coordinator: world.master))
  }

  /// A server dies between steps; of what it sent, each channel keeps some.
  private mutating func strike() {
    let server = world.server(1 + stream.below(world.layout.serverCount))
    guard mayDie(server) else { return }
    crashesLeft -= 1
    let kept = (0..<world.layout.nodeCount).map { _ in stream.below(4) }
    world.crash(server, keeping: { kept[$0.index] })
  }

  private mutating func restart() {
    let candidates = world.layout.servers.filter {
      !world.isUp[$0.index] && !world.unreported.contains($0)
    }
    guard !candidates.isEmpty else { return }
    world.restart(candidates[stream.below(candidates.count)])
  }

  private mutating func fireAny() {
    let armed = (0..<world.layout.nodeCount).flatMap { node in
      world.timers[node].map { (NodeID(node), $0) }
    }
    guard !armed.isEmpty else { return }
    let (node, timer) = armed[stream.below(armed.count)]
    world.fire(node, timer)
  }

  private mutating func deliverAny() {
    let count = world.layout.nodeCount
    let busy = (0..<count * count).filter {
      world.canDeliver(NodeID($0 / count), NodeID($0 % count))
    }
    guard !busy.isEmpty else { return }
    let channel = busy[stream.below(busy.count)]
    let (from, to) = (channel / count, channel % count)
    if stream.chance(trouble.loss) {
      world.links[from][to].removeFirst()
      return
    }
    if stream.chance(trouble.duplication) {
      world.links[from][to].append(world.links[from][to][0])
    }
    let waiting = world.links[from][to].count
    let index = stream.chance(trouble.overtaking) ? stream.below(waiting) : 0
    var limit: Int?
    if crashesLeft > 0, stream.chance(0.02), mayDie(NodeID(to)) {
      crashesLeft -= 1
      limit = stream.below(5)
    }
    world.deliver(NodeID(from), NodeID(to), index: index, crashAfter: limit)
  }

  func isSound(_ title: String) -> Bool {
    let replicas = world.chain.map { world.servers[$0 - 1] }
    let contents = replicas.map(\.contents)
    var complaint: String?
    if !world.openOperations.isEmpty { complaint = "operations never completed" }
    if !world.verdict.isLinearizable { complaint = "the history is not linearizable" }
    if !contents.allSatisfy({ $0 == contents[0] }) { complaint = "replicas differ" }
    if !replicas.allSatisfy({ $0.sent.isEmpty }) { complaint = "Sent never drained" }
    let requests = replicas[0].replica.log.entries.map(\.request)
    if Set(requests).count != requests.count { complaint = "an update was applied twice" }
    if let complaint { Issue.record("\(title): \(complaint)") }
    return complaint == nil
  }
}

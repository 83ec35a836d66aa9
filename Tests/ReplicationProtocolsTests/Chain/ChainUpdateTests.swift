import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite struct ChainUpdateTests {
  @Test(arguments: 1...5)
  func `an update costs one message down, one up, and the client's two`(length: Int) {
    var world = ChainWorld(servers: length)
    world.forgetMessages()
    let request = world.invoke(1, .put(key: 0, value: "a"))
    world.settle()
    #expect(world.response(request) == .done)
    #expect(world.sent.count == 2 + 2 * (length - 1))
    let forwards = world.sent.filter { if case .forward = $0.message { true } else { false } }
    #expect(forwards.count == length - 1)
    let acknowledgements = world.sent.filter {
      if case .acknowledge = $0.message { true } else { false }
    }
    #expect(acknowledgements.count == length - 1)
    #expect(world.timers.allSatisfy { $0.isEmpty })
    for server in world.servers { #expect(server.sent.isEmpty && server.replica.count == 1) }
  }

  @Test func `a query costs two messages, to the tail and back`() {
    var world = ChainWorld()
    world.forgetMessages()
    let request = world.invoke(1, .get(key: 3))
    world.settle()
    #expect(world.response(request) == .value(""))
    #expect(world.sentTexts == ["c1 -> s3: Query(4/1)", "s3 -> c1: Answer(4/1, epoch 1)"])
  }

  @Test func `every operation answers what the store's specification says`() {
    var world = ChainWorld(clients: 1)
    func run(_ operation: Operation) -> Response? {
      let request = world.invoke(1, operation)
      world.settle()
      return world.response(request)
    }
    #expect(run(.append(key: 0, value: "a")) == .value("a"))
    #expect(run(.append(key: 0, value: "b")) == .value("ab"))
    #expect(run(.compareAndSet(key: 0, expected: "x", new: "c")) == .swapped(false))
    #expect(run(.get(key: 0)) == .value("ab"))
    #expect(run(.compareAndSet(key: 0, expected: "ab", new: "c")) == .swapped(true))
    #expect(run(.get(key: 0)) == .value("c"))
    #expect(run(.writeBlocks(first: 4, count: 2, value: "w")) == .done)
    #expect(run(.readBlocks(first: 3, count: 2)) == .blocks(["", "w"]))
    #expect(run(.readBlocks(first: 5, count: 2)) == .blocks(["w", ""]))
    #expect(world.verdict.isLinearizable)
  }

  @Test func `the outcome of a nondeterministic update is the same everywhere`() {
    var world = ChainWorld(seed: 7)
    for number in 0..<20 {
      world.invoke(1 + number % 2, .putDrawn(key: number % 3, value: "v", outcomes: 1000))
    }
    world.settle()
    let contents = world.servers.map(\.contents)
    #expect(contents[0] == contents[1] && contents[1] == contents[2])
    #expect(Set(contents[0].map(\.value)).count == 3)
    #expect(world.verdict.isLinearizable)
  }

  @Test func `a repeated forward is ignored, and acknowledged again if it was processed`() {
    var world = ChainWorld()
    world.invoke(1, .append(key: 0, value: "a"))
    world.deliver(world.client(1), world.server(1))
    let forward = world.sent.last!.message
    world.links[0][1].append(.message(forward))
    world.settle()
    #expect(world.servers.allSatisfy { $0.replica.count == 1 })
    world.links[0][1].append(.message(forward))
    world.forgetMessages()
    world.settle()
    #expect(world.sentTexts == ["s2 -> s1: Acknowledge(1, epoch 1)"])
    #expect(world.value(0, at: 2) == "a")
  }

  @Test func `an update that comes too early is held until its turn`() {
    var world = ChainWorld(servers: 2)
    world.invoke(1, .append(key: 0, value: "a"))
    world.invoke(2, .append(key: 0, value: "b"))
    world.invoke(1, .append(key: 0, value: "c"))
    world.deliver(world.client(1), world.server(1))
    world.deliver(world.client(2), world.server(1))
    world.deliver(world.client(1), world.server(1))
    world.deliver(world.server(1), world.server(2), index: 2)
    world.deliver(world.server(1), world.server(2), index: 1)
    #expect(world.servers[1].replica.count == 0)
    #expect(world.servers[1].held.map(\.sequence) == [2, 3])
    world.deliver(world.server(1), world.server(2))
    #expect(world.value(0, at: 2) == "abc")
    #expect(world.servers[1].held.isEmpty)
    world.settle()
    #expect(world.verdict.isLinearizable)
  }

  @Test func `a lost forward and a lost acknowledgement are sent again after silence`() {
    var world = ChainWorld()
    let request = world.invoke(1, .put(key: 0, value: "a"))
    world.deliver(world.client(1), world.server(1))
    world.links[0][1].removeAll()
    world.settle()
    #expect(world.response(request) == nil)
    world.fire(world.server(1), Chain.Server.retransmitTimer)
    world.deliver(world.server(1), world.server(2))
    world.deliver(world.server(2), world.server(3))
    world.links[2][1].removeAll()
    world.settle()
    #expect(world.response(request) == .done)
    #expect(world.servers[1].sent.count == 1)
    world.fire(world.server(2), Chain.Server.retransmitTimer)
    world.settle()
    #expect(world.servers.allSatisfy { $0.sent.isEmpty })
    #expect(world.timers.allSatisfy { $0.isEmpty })
  }

  @Test func `confirmations put a retransmission off`() {
    var world = ChainWorld(servers: 2)
    world.invoke(1, .put(key: 0, value: "a"))
    world.invoke(2, .put(key: 0, value: "b"))
    world.deliver(world.client(1), world.server(1))
    world.deliver(world.client(2), world.server(1))
    world.deliver(world.server(1), world.server(2))
    world.deliver(world.server(2), world.server(1))
    world.forgetMessages()
    world.fire(world.server(1), Chain.Server.retransmitTimer)
    #expect(world.sent.isEmpty)
    #expect(world.timers[0] == [Chain.Server.retransmitTimer])
    world.fire(world.server(1), Chain.Server.retransmitTimer)
    #expect(world.sentTexts == ["s1 -> s2: Resend(2: 4/1, epoch 1)"])
  }

  @Test func `crash points come in the order of a request's way`() {
    var world = ChainWorld()
    world.forgetMessages()
    world.invoke(1, .put(key: 0, value: "a"))
    world.settle()
    let texts = world.labels.map { "\(world.name($0.node)) \($0.label)" }
    #expect(
      texts == [
        "s1 accepted", "s1 applied", "s1 forwarded", "s2 applied", "s2 forwarded", "s3 applied",
        "s3 replied", "s3 acknowledged", "s2 acknowledged",
      ])
  }
}

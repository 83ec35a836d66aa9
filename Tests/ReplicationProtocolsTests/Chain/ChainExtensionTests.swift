import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// "Extending a Chain", section 3 of the paper.
@Suite struct ChainExtensionTests {
  private static let options: [String: ProtocolOptions.Value] = [
    "initialChain": .integer(2), "transferChunk": .integer(2),
  ]

  /// s1 and s2 are the chain and hold five updates; s3 has asked to join.
  private func joining(_ options: [String: ProtocolOptions.Value] = options) -> ChainWorld {
    var world = ChainWorld(options: options)
    for number in 0..<5 {
      world.invoke(1, .append(key: number % 2, value: "\(number)"))
      world.settle()
    }
    world.fire(world.server(3), Chain.Server.joinTimer)
    world.forgetMessages()
    world.deliver(world.server(3), world.masterNode)
    return world
  }

  /// Delivers between the named nodes only, in order, as often as there is something.
  private func deliver(_ world: inout ChainWorld, _ pairs: [(NodeID, NodeID)]) {
    for (from, to) in pairs where world.canDeliver(from, to) { world.deliver(from, to) }
  }

  @Test func `a history is copied in stretches, and the role is handed over in order`() {
    var world = joining()
    world.settle()
    #expect(world.chain == [1, 2, 3])
    #expect(world.servers[2].role == .tail && world.servers[1].role == .middle)
    #expect(world.servers[2].contents == world.servers[0].contents)
    let steps = world.sentTexts.filter { !$0.contains("> c") }
    #expect(
      steps == [
        "master -> s2: Configure(epoch 2: s1 s2 + s3)",
        "s2 -> s3: Copy(0 + 2, transfer 2)", "s3 -> s2: Copied(2, transfer 2)",
        "s2 -> s3: Copy(2 + 2, transfer 2)", "s3 -> s2: Copied(4, transfer 2)",
        "s2 -> s3: Copy(4 + 1, transfer 2)", "s3 -> s2: Copied(5, transfer 2)",
        "s2 -> master: CopyDone(transfer 2)",
        "master -> s2: Configure(epoch 3: s1 s2 => s3)",
        "s2 -> s3: HandOver(nothing, transfer 2)",
        "s3 -> s2: Acknowledge(5, epoch 3)", "s3 -> master: TailReady(transfer 2)",
        "master -> s1: Configure(epoch 4: s1 s2 s3)",
        "master -> s2: Configure(epoch 4: s1 s2 s3)",
        "master -> s3: Configure(epoch 4: s1 s2 s3)",
      ])
    #expect(
      world.labels.map(\.label) == ["copy begun", "copy done", "handed over", "acknowledged"])
    #expect(world.clients.allSatisfy { $0.configuration.tail == world.server(3) })
    #expect(world.timers.allSatisfy { $0.isEmpty })
  }

  @Test func `an empty history is copied too`() {
    var world = ChainWorld(options: Self.options)
    world.fire(world.server(3), Chain.Server.joinTimer)
    world.settle()
    #expect(world.chain == [1, 2, 3])
    world.invoke(1, .put(key: 0, value: "a"))
    world.settle()
    #expect(world.value(0, at: 3) == "a")
  }

  @Test func `the tail serves while it copies, and records in Sent what comes meanwhile`() {
    var world = joining()
    let (tail, joiner) = (world.server(2), world.server(3))
    world.deliver(world.masterNode, tail)
    deliver(&world, [(tail, joiner)])
    let write = world.invoke(1, .append(key: 0, value: "x"))
    let read = world.invoke(2, .get(key: 1))
    world.deliver(world.client(1), world.server(1))
    world.deliver(world.server(1), tail)
    world.deliver(world.client(2), tail)
    world.deliver(tail, world.client(1))
    world.deliver(tail, world.client(2))
    #expect(world.response(write) == .value("024x"))
    #expect(world.response(read) == .value("13"))
    #expect(world.servers[1].sent.count == 1)
    #expect(world.servers[2].replica.count == 2)
    world.settle()
    #expect(world.chain == [1, 2, 3])
    #expect(world.value(0, at: 3) == "024x")
    #expect(world.servers.allSatisfy { $0.sent.isEmpty })
    #expect(world.servers[2].replica.standing(of: write).isApplied)
  }

  @Test func `between the handover and the news, queries are relayed and updates go on`() {
    var world = joining()
    world.settle(except: [world.server(3), world.client(1), world.client(2)])
    while world.servers[1].copying?.cut == nil {
      deliver(
        &world,
        [
          (world.server(2), world.server(3)), (world.server(3), world.server(2)),
          (world.server(2), world.masterNode), (world.masterNode, world.server(2)),
        ])
    }
    #expect(world.servers[1].role == .middle)
    // s3 has not even been told. A query and an update come to s2.
    let read = world.invoke(1, .get(key: 0))
    let write = world.invoke(2, .append(key: 0, value: "x"))
    world.deliver(world.client(1), world.server(2))
    world.deliver(world.client(2), world.server(1))
    world.deliver(world.server(1), world.server(2))
    #expect(world.response(read) == nil && world.response(write) == nil)
    for _ in 0..<3 { world.deliver(world.server(2), world.server(3)) }
    #expect(world.servers[2].role == .tail)
    world.settle()
    #expect(world.response(read) == .value("024"))
    #expect(world.response(write) == .value("024x"))
    #expect(world.chain == [1, 2, 3])
    #expect(world.verdict.isLinearizable)
  }

  @Test func `a joining server that dies while it is copied to leaves the tail as it was`() {
    var world = joining()
    world.deliver(world.masterNode, world.server(2))
    world.deliver(world.server(2), world.server(3))
    world.invoke(1, .append(key: 0, value: "x"))
    world.deliver(world.client(1), world.server(1))
    world.deliver(world.server(1), world.server(2))
    world.crash(world.server(3))
    world.settle()
    world.report()
    world.settle()
    #expect(world.chain == [1, 2])
    #expect(world.servers[1].role == .tail && world.servers[1].copying == nil)
    #expect(world.servers[1].sent.isEmpty)
    #expect(world.timers.allSatisfy { $0.isEmpty })
    let read = world.invoke(1, .get(key: 0))
    world.settle()
    #expect(world.response(read) == .value("024x"))
  }

  @Test func `a new tail that dies before the master knows it gives the role back`() {
    var world = joining()
    while world.servers[2].role != .tail {
      deliver(
        &world,
        [
          (world.masterNode, world.server(2)), (world.server(2), world.server(3)),
          (world.server(3), world.server(2)), (world.server(2), world.masterNode),
        ])
    }
    let write = world.invoke(1, .append(key: 0, value: "x"))
    world.deliver(world.client(1), world.server(1))
    world.deliver(world.server(1), world.server(2))
    world.crash(world.server(3), keeping: { _ in 0 })
    world.report()
    world.settleWithTimers()
    #expect(world.chain == [1, 2])
    #expect(world.response(write) == .value("024x"))
    #expect(world.servers[1].role == .tail)
    #expect(world.servers.prefix(2).allSatisfy { $0.sent.isEmpty })
  }

  @Test func `a tail that dies while it copies is replaced, and the copy goes on`() {
    for delivered in 0..<9 {
      var world = joining()
      var rest = delivered
      while rest > 0 {
        deliver(
          &world,
          [
            (world.masterNode, world.server(2)), (world.server(2), world.server(3)),
            (world.server(3), world.server(2)), (world.server(2), world.masterNode),
          ])
        rest -= 1
      }
      let copied = world.servers[2].replica.count
      let write = world.invoke(1, .append(key: 0, value: "x"))
      world.deliver(world.client(1), world.server(1))
      world.crash(world.server(2))
      world.settle()
      world.report()
      world.settleWithTimers()
      #expect(world.chain == [1, 3])
      #expect(world.servers[2].replica.count >= copied)
      #expect(world.servers[2].contents == world.servers[0].contents)
      #expect(world.response(write) == .value("024x"))
      // What the first tail had copied was not applied again, but taken over.
      let applied = world.observations.filter {
        if case .applied = $0.observation { $0.node == world.server(3) } else { false }
      }
      #expect(applied.count <= 1)
    }
  }

  @Test func `a tail that nobody confirmed does not answer clients of its earlier life`() {
    var world = ChainWorld()
    world.invoke(1, .put(key: 0, value: "old"))
    world.settle()
    // s3 was tail, dies, comes back, gets the role from s2 and is not known to the master yet.
    world.crash(world.server(3))
    world.report()
    world.settle(except: [world.client(2)])
    world.restart(world.server(3))
    while world.servers[2].role != .tail {
      deliver(
        &world,
        [
          (world.server(3), world.masterNode), (world.masterNode, world.server(2)),
          (world.server(2), world.server(3)), (world.server(3), world.server(2)),
          (world.server(2), world.masterNode),
        ])
    }
    // s2 dies; the master lets s1 be tail, and s1 alone takes a newer value.
    world.crash(world.server(2), keeping: { _ in 0 })
    world.links[2][world.masterNode.index].removeAll()
    world.report()
    world.deliver(world.masterNode, world.server(1))
    let write = world.invoke(1, .put(key: 0, value: "new"))
    world.settle(except: [world.client(2), world.server(3)])
    #expect(world.response(write) == .done)
    let read = world.invoke(2, .get(key: 0))
    world.deliver(world.client(2), world.server(3))
    world.settle(except: [world.server(3)])
    #expect(world.response(read) != .value("old"))
    world.settleWithTimers()
    #expect(world.verdict.isLinearizable)
    #expect(world.response(read) == .value("new"))
  }

  @Test func `a server that restarts comes back at the tail`() {
    var world = ChainWorld(options: ["transferChunk": .integer(2)])
    for victim in [1, 2, 3, 3, 2] {
      world.invoke(1, .append(key: 0, value: "<\(victim)>"))
      world.invoke(2, .append(key: 1, value: "<\(victim)>"))
      world.crash(world.server(victim))
      world.report()
      world.settle()
      world.restart(world.server(victim))
      world.settleWithTimers()
      #expect(world.chain.last == victim && world.chain.count == 3)
      #expect(world.openOperations.isEmpty)
    }
    let contents = world.servers.map(\.contents)
    #expect(contents[0] == contents[1] && contents[1] == contents[2])
    #expect(world.value(0, at: 1) == "<1><2><3><3><2>")
    #expect(world.verdict.isLinearizable)
  }

  @Test func `a late copy of a request is not executed by a chain that was wholly replaced`() {
    var world = ChainWorld(servers: 2)
    let request = world.invoke(1, .append(key: 0, value: "a"))
    let copy = world.links[world.client(1).index][0][0]
    world.settle()
    // The client goes on; replicas forget the answer to the first request.
    world.invoke(1, .append(key: 0, value: "b"))
    world.settle()
    for victim in [1, 2] {
      world.crash(world.server(victim))
      world.report()
      world.settle()
      world.restart(world.server(victim))
      world.settleWithTimers()
    }
    #expect(world.chain == [1, 2])
    world.links[world.client(1).index][0].append(copy)
    world.settle()
    #expect(world.response(request) == .value("a"))
    #expect(world.value(0, at: 1) == "ab" && world.servers[0].replica.count == 2)
  }
}

extension Chain.Replica.Standing {
  var isApplied: Bool { if case .applied = self { true } else { false } }
}

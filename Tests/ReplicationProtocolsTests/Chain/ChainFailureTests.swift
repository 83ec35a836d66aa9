import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// "Coping with Server Failures", section 3 of the paper.
@Suite struct ChainFailureTests {
  /// A world in which s1 has three updates in flight that s2 has not seen.
  private func inFlight(_ world: inout ChainWorld) {
    for number in 0..<3 {
      world.invoke(1 + number % 2, .append(key: 0, value: "\(number)"))
      world.deliver(world.client(1 + number % 2), world.server(1))
    }
  }

  // MARK: Head

  @Test func `the next server becomes head and continues the sequence`() {
    var world = ChainWorld()
    world.invoke(1, .append(key: 0, value: "a"))
    world.settle()
    let lost = world.invoke(1, .append(key: 0, value: "b"))
    world.crash(world.server(1))
    world.settle()
    #expect(world.response(lost) == nil)
    world.report()
    world.settle()
    #expect(world.servers[1].role == .head)
    #expect(world.response(lost) == .value("ab"))
    #expect(world.servers[2].replica.count == 2)
    #expect(world.clients[1].configuration.head == world.server(2))
  }

  @Test func `what the dead head had forwarded is not executed again by a retry`() {
    var world = ChainWorld()
    let request = world.invoke(1, .append(key: 0, value: "a"))
    world.deliver(world.client(1), world.server(1))
    world.crash(world.server(1))
    // The forward arrives before s2 hears that it is head, then the client's retry does.
    world.deliver(world.server(1), world.server(2))
    world.report()
    world.settle()
    #expect(world.response(request) == .value("a"))
    #expect(world.value(0, at: 3) == "a")
  }

  /// s1 sequenced "a" as 1 and "ab" as 2. If s2, which has given 1 to "c", took the second for the
  /// next one, "a" would be in its value without having been applied, and a retry would append it
  /// again.
  @Test func `what the dead head had sequenced is refused after the new head is told`() {
    for isResent in [false, true] {
      var world = ChainWorld()
      let first = world.invoke(1, .append(key: 0, value: "a"))
      let second = world.invoke(1, .append(key: 0, value: "b"))
      world.deliver(world.client(1), world.server(1))
      world.deliver(world.client(1), world.server(1))
      if isResent {
        world.links[0][1].removeAll()
        world.fire(world.server(1), Chain.Server.retransmitTimer)
      }
      world.crash(world.server(1))
      world.report()
      world.deliver(world.masterNode, world.server(2))
      world.deliver(world.masterNode, world.client(2))
      let third = world.invoke(2, .append(key: 0, value: "c"))
      world.deliver(world.client(2), world.server(2))
      while world.canDeliver(world.server(1), world.server(2)) {
        world.deliver(world.server(1), world.server(2))
      }
      #expect(world.servers[1].replica.log.entries.map(\.request) == [third])
      world.settle()
      #expect(world.response(third) == .value("c"))
      #expect(world.response(first) == .value("ca"))
      #expect(world.response(second) == .value("cab"))
    }
  }

  @Test func `what was held for the dead head is forgotten`() {
    var world = ChainWorld()
    let first = world.invoke(1, .append(key: 0, value: "a"))
    let second = world.invoke(1, .append(key: 0, value: "b"))
    world.deliver(world.client(1), world.server(1))
    world.deliver(world.client(1), world.server(1))
    world.deliver(world.server(1), world.server(2), index: 1)
    #expect(world.servers[1].held.count == 1)
    world.crash(world.server(1), keeping: { _ in 0 })
    world.report()
    world.deliver(world.masterNode, world.server(2))
    world.deliver(world.masterNode, world.client(2))
    let third = world.invoke(2, .append(key: 0, value: "c"))
    world.deliver(world.client(2), world.server(2))
    #expect(world.servers[1].held.isEmpty)
    world.settle()
    #expect(world.response(third) == .value("c"))
    #expect(world.response(first) == .value("ca"))
    #expect(world.response(second) == .value("cab"))
  }

  @Test func `a retry of an update that the tail has processed is answered by the tail`() {
    var world = ChainWorld()
    let request = world.invoke(1, .append(key: 0, value: "a"))
    world.settle(except: [world.client(1)])
    world.links[2][world.client(1).index].removeAll()
    world.forgetMessages()
    world.fire(world.client(1), .retry(1))
    world.settle()
    #expect(world.response(request) == .value("a"))
    #expect(world.sentTexts.contains("s1 -> s3: ReplyAgain(4/1, epoch 1)"))
    #expect(world.value(0, at: 1) == "a")
  }

  // MARK: Tail

  @Test func `a new tail answers and acknowledges what it holds in Sent`() {
    var world = ChainWorld()
    let request = world.invoke(1, .put(key: 0, value: "a"))
    world.deliver(world.client(1), world.server(1))
    world.deliver(world.server(1), world.server(2))
    world.crash(world.server(3))
    world.settle()
    #expect(world.servers[1].sent.count == 1)
    world.report()
    world.settle()
    #expect(world.servers[1].role == .tail)
    #expect(world.response(request) == .done)
    #expect(world.servers[0].sent.isEmpty && world.servers[1].sent.isEmpty)
    let read = world.invoke(2, .get(key: 0))
    world.settle()
    #expect(world.response(read) == .value("a"))
  }

  @Test func `what the dead tail answered is not lost, and its answer may come twice`() {
    var world = ChainWorld(servers: 2)
    let request = world.invoke(1, .append(key: 0, value: "a"))
    world.deliver(world.client(1), world.server(1))
    // s2 answers and dies before it acknowledges: applied, answered, answer.
    world.deliver(world.server(1), world.server(2), crashAfter: 3)
    world.settle()
    #expect(world.response(request) == .value("a"))
    world.report()
    world.settle()
    #expect(world.servers[0].role == .single)
    let answers = world.sent.filter { if case .answer = $0.message { true } else { false } }
    #expect(answers.count == 2)
    #expect(world.value(0, at: 1) == "a")
  }

  @Test func `queries go on while the head is down`() {
    var world = ChainWorld()
    world.crash(world.server(1))
    let read = world.invoke(1, .get(key: 0))
    world.settle()
    #expect(world.response(read) == .value(""))
  }

  // MARK: Middle

  @Test func `a middle failure takes four messages, the successor first`() {
    var world = ChainWorld()
    inFlight(&world)
    world.deliver(world.server(1), world.server(2))
    world.deliver(world.server(2), world.server(3))
    world.crash(world.server(2), keeping: { _ in 0 })
    world.settle()
    world.forgetMessages()
    world.report()
    world.settle()
    let exchange = world.sentTexts.filter { !$0.contains("> c") }
    #expect(
      exchange.prefix(4) == [
        "master -> s3: Configure(epoch 2: s1 s3)",
        "s3 -> master: Received(1, acknowledged 1, epoch 2)",
        "master -> s1: Link(s3 has 1, epoch 2: s1 s3)",
        "s1 -> s3: Resend(2: 5/1, 3: 4/2, epoch 2)",
      ])
    #expect(world.labels.filter { $0.label == "resent" }.count == 2)
    #expect(world.openOperations.isEmpty)
    #expect(world.servers[0].sent.isEmpty && world.servers[2].sent.isEmpty)
    #expect(world.value(0, at: 3) == "012")
  }

  @Test func `acknowledgements that died with the middle server are made good by the link`() {
    var world = ChainWorld()
    inFlight(&world)
    for _ in 0..<3 { world.deliver(world.server(1), world.server(2)) }
    for _ in 0..<3 { world.deliver(world.server(2), world.server(3)) }
    world.crash(world.server(2), keeping: { _ in 0 })
    world.settle()
    #expect(world.servers[0].sent.count == 3)
    world.report()
    world.settle()
    #expect(world.servers[0].sent.isEmpty)
    #expect(world.servers[0].acknowledged == 3)
  }

  @Test func `nothing newer overtakes what is resent`() {
    var world = ChainWorld()
    inFlight(&world)
    world.crash(world.server(2), keeping: { _ in 0 })
    world.report()
    world.invoke(1, .append(key: 0, value: "3"))
    world.deliver(world.client(1), world.server(1))
    world.deliver(world.masterNode, world.server(3))
    world.deliver(world.server(3), world.masterNode)
    world.invoke(2, .append(key: 0, value: "4"))
    world.deliver(world.client(2), world.server(1))
    // The dead server's name is still in s1's configuration; nothing has gone to s3 directly.
    #expect(world.links[0][2].isEmpty)
    world.settle()
    #expect(world.value(0, at: 3) == "01234")
    #expect(world.openOperations.isEmpty)
  }

  @Test func `an acknowledgement that reaches the new predecessor before the link counts`() {
    var world = ChainWorld(servers: 4)
    inFlight(&world)
    for _ in 0..<3 { world.deliver(world.server(1), world.server(2)) }
    for _ in 0..<3 { world.deliver(world.server(2), world.server(3)) }
    world.crash(world.server(2), keeping: { _ in 0 })
    world.report()
    world.deliver(world.masterNode, world.server(3))
    for _ in 0..<3 { world.deliver(world.server(3), world.server(4)) }
    for _ in 0..<3 { world.deliver(world.server(4), world.server(3)) }
    // s3 acknowledges to s1, which still believes in s2.
    for _ in 0..<3 { world.deliver(world.server(3), world.server(1)) }
    #expect(world.servers[0].sent.isEmpty)
    world.settle()
    #expect(world.openOperations.isEmpty)
  }

  @Test func `what the removed predecessor sent is refused, whenever it arrives`() {
    var world = ChainWorld(servers: 4)
    inFlight(&world)
    for _ in 0..<3 { world.deliver(world.server(1), world.server(2)) }
    world.crash(world.server(2))
    world.report()
    world.deliver(world.masterNode, world.server(3))
    let count = world.servers[2].replica.count
    world.deliver(world.server(2), world.server(3))
    #expect(world.servers[2].replica.count == count)
    world.settle()
    #expect(world.openOperations.isEmpty)
    #expect(world.value(0, at: 4) == "012")
  }

  // MARK: Several

  @Test(arguments: [[2, 3], [3, 2]])
  func `adjacent failures, in either order of report`(order: [Int]) {
    for reportsBetween in [false, true] {
      var world = ChainWorld(servers: 4)
      inFlight(&world)
      for _ in 0..<2 { world.deliver(world.server(1), world.server(2)) }
      world.crash(world.server(order[0]), keeping: { _ in 1 })
      if reportsBetween { world.report() }
      world.crash(world.server(order[1]), keeping: { _ in 1 })
      world.settle()
      world.report()
      world.report()
      world.settleWithTimers()
      #expect(world.chain == [1, 4])
      #expect(world.openOperations.isEmpty)
      #expect(world.servers[0].sent.isEmpty)
      #expect(world.verdict.isLinearizable)
    }
  }

  @Test func `the predecessor dies while its successor is being asked`() {
    var world = ChainWorld(servers: 4)
    inFlight(&world)
    for _ in 0..<2 { world.deliver(world.server(1), world.server(2)) }
    world.crash(world.server(3), keeping: { _ in 0 })
    world.report()
    world.deliver(world.masterNode, world.server(4))
    world.crash(world.server(2), keeping: { _ in 0 })
    // The answer names s2 as predecessor: it is of no use any more.
    world.deliver(world.server(4), world.masterNode)
    world.report()
    world.settleWithTimers()
    #expect(world.chain == [1, 4])
    #expect(world.openOperations.isEmpty)
  }

  @Test func `all but one server die, one after the other, from both ends`() {
    var world = ChainWorld(servers: 5)
    for (number, victim) in [1, 5, 2, 4].enumerated() {
      world.invoke(1, .append(key: 0, value: "<\(number)>"))
      world.invoke(2, .get(key: 0))
      world.crash(world.server(victim))
      world.report()
      world.settleWithTimers()
      #expect(world.openOperations.isEmpty)
    }
    #expect(world.chain == [3])
    #expect(world.servers[2].role == .single)
    #expect(world.value(0, at: 3) == "<0><1><2><3>")
    #expect(world.verdict.isLinearizable)
  }

  @Test func `a chain whose last server died accepts nobody`() {
    var world = ChainWorld(servers: 2)
    world.invoke(1, .put(key: 0, value: "a"))
    world.settle()
    world.crash(world.server(1))
    world.report()
    world.settle()
    world.crash(world.server(2))
    world.report()
    world.restart(world.server(1))
    world.settleWithTimers(rounds: 4)
    #expect(world.servers[0].role == .joining)
    #expect(world.master.currentView.members == [world.server(2)])
  }
}

import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("Ranked store: puts and reads")
struct RankedKvPutTests {
  private let put = Operation.put(key: 0, value: "a")

  @Test("a put goes by router and primary to everybody, and is answered when all have it")
  func way() {
    var world = RankedKvWorld(servers: 3)
    world.ask(3, 1, put)
    #expect(world.onTheWay(3, 1) == ["Forward(1, put 0)"])
    world.deliver(world.server(3), world.server(1))
    #expect(world.onTheWay(1, 2) == ["Push(#1, epoch 1)"])
    #expect(world.onTheWay(1, 3) == ["Push(#1, epoch 1)"])
    world.deliver(world.server(1), world.server(2))
    world.deliver(world.server(2), world.server(1))
    #expect(world.answers() == [])
    world.deliver(world.server(1), world.server(3))
    world.deliver(world.server(3), world.server(1))
    #expect(world.onTheWay(1, 3) == ["Done(1, done)", "Committed(#1, epoch 1)"])
    world.deliverAll()
    #expect(world.answers() == ["c1 <- Reply(1, done)"])
    #expect((1...3).map { world.contents($0) } == ["0=a", "0=a", "0=a"])
    #expect(world.timers.flatMap { $0 } == [])
  }

  @Test("a read of a key that nobody writes is answered at once, at any server")
  func cleanRead() {
    var world = RankedKvWorld(servers: 3)
    world.ask(1, 1, put)
    world.deliverAll()
    _ = world.answers()
    for number in 1...3 { world.ask(number, 1 + number, .get(key: 0), client: 2) }
    #expect(
      world.answers() == [
        "c2 <- Reply(2, \"a\")", "c2 <- Reply(3, \"a\")", "c2 <- Reply(4, \"a\")",
      ])
  }

  @Test("a read waits while an update of its key is not known to be everywhere")
  func dirtyRead() {
    var world = RankedKvWorld(servers: 3)
    world.ask(1, 1, put)
    world.deliver(world.server(1), world.server(2))
    world.ask(1, 2, .get(key: 0), client: 2)
    world.ask(2, 3, .get(key: 0), client: 2)
    world.ask(3, 4, .get(key: 0), client: 2)
    world.ask(2, 5, .get(key: 1), client: 2)
    #expect(world.answers() == ["c2 <- Reply(4, \"\")", "c2 <- Reply(5, \"\")"])
    world.deliverAll()
    #expect(
      world.answers().sorted() == [
        "c1 <- Reply(1, done)", "c2 <- Reply(2, \"a\")", "c2 <- Reply(3, \"a\")",
      ])
  }

  @Test("a repeated put is answered again and not executed again")
  func repetition() {
    var world = RankedKvWorld(servers: 2)
    world.ask(1, 1, .append(key: 0, value: "a"))
    world.deliverAll()
    world.ask(2, 1, .append(key: 0, value: "a"))
    world.deliverAll()
    #expect(world.answers() == ["c1 <- Reply(1, \"a\")", "c1 <- Reply(1, \"a\")"])
    #expect(world.contents(2) == "0=a")
  }

  @Test("a lost push is repeated, and taken once")
  func lostPush() {
    var world = RankedKvWorld(servers: 2)
    world.ask(1, 1, .append(key: 0, value: "a"))
    world.lose(world.server(1), world.server(2))
    world.ask(1, 2, .append(key: 0, value: "b"))
    world.deliverAll()
    #expect(world.answers() == [])
    #expect(world.contents(2) == "")
    world.settle()
    #expect(world.answers() == ["c1 <- Reply(1, \"a\")", "c1 <- Reply(2, \"ab\")"])
    #expect(world.contents(2) == "0=ab")
  }

  @Test("an update is on disk before it is confirmed")
  func writtenFirst() {
    var world = RankedKvWorld(servers: 2)
    world.ask(1, 1, put)
    world.deliver(world.server(1), world.server(2))
    let records = world.files[1].contents["table.1"].map { RankedKv.TableRecord.scan($0) } ?? []
    let updates = records.filter { if case .update = $0 { true } else { false } }
    #expect(updates.count == 1)
  }

  @Test("pushes of another epoch are not taken")
  func otherEpoch() {
    var world = RankedKvWorld(servers: 2)
    let update = RankedKv.Update(
      sequence: 1, request: RequestID(client: world.layout.client(0), number: 1), lowestOpen: 1,
      row: RankedKv.Row(key: 0, value: "x", number: 1, stamp: 0, writer: 0), response: .done)
    for epoch in [0, 2] {
      let message = RankedKv.PeerMessage(
        incarnation: 1, addressee: 0, dead: [0, 0],
        body: .push(update, epoch: epoch, committed: 0))
      var host = Host<RankedKv.Message>(
        layout: world.layout, costs: CostTable(),
        choices: Choices(stream: SeededStream(seed: 1, name: "choices")))
      world.servers[1].receive(.peer(message), from: world.server(1), &host)
      #expect(host.effects.isEmpty)
    }
    #expect(world.contents(2) == "")
  }
}

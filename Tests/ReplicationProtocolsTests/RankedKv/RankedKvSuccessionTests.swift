import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("Ranked store: succession and revival")
struct RankedKvSuccessionTests {
  @Test("the next rank takes over, finishes the broadcast, and the router is answered")
  func takeOver() {
    var world = RankedKvWorld(servers: 3)
    world.ask(3, 1, .put(key: 0, value: "a"))
    world.deliver(world.server(3), world.server(1))
    world.deliver(world.server(1), world.server(3))
    world.lose(world.server(1), world.server(2))
    world.crash(1)
    #expect(world.contents(2) == "")
    world.settle()
    #expect(world.roles().hasSuffix("primary backup"))
    #expect(world.answers() == ["c1 <- Reply(1, done)"])
    #expect(world.contents(2) == "0=a")
    #expect(world.versioned(2).membership.members.map(\.rank) == [1, 2])
    #expect(world.epoch(2) == world.epoch(3))
  }

  @Test("with several dead the succession goes on around the ring")
  func cascade() {
    var world = RankedKvWorld(servers: 4)
    for number in [1, 2, 3] { world.crash(number) }
    world.ask(4, 1, .put(key: 0, value: "a"))
    world.settle()
    #expect(world.answers() == ["c1 <- Reply(1, done)"])
    #expect(world.versioned(4).membership.members.map(\.rank) == [3])
  }

  @Test("a server that starts again refuses clients until it is taken in, with everything")
  func revival() {
    var world = RankedKvWorld(servers: 3)
    world.crash(3)
    world.ask(1, 1, .put(key: 0, value: "a"))
    world.settle()
    world.restart(3)
    world.ask(3, 2, .get(key: 0), client: 2)
    #expect(world.answers() == ["c1 <- Reply(1, done)", "c2 <- Refused(2)"])
    world.settle()
    world.ask(3, 3, .get(key: 0), client: 2)
    #expect(world.answers() == ["c2 <- Reply(3, \"a\")"])
    #expect(world.versioned(1).membership.contains(RankedKv.Member(rank: 2, incarnation: 2)))
  }

  @Test("a member is not left out before its process is dead")
  func silence() {
    var world = RankedKvWorld(servers: 3)
    world.ask(1, 1, .put(key: 0, value: "a"))
    for _ in 0..<5 {
      world.deliverAll(except: [world.server(3)])
      world.fire(1)
    }
    #expect(world.answers() == [])
    #expect(world.epoch(1) == 1)
    world.deliverAll()
    #expect(world.answers() == ["c1 <- Reply(1, done)"])
  }

  @Test("after a failure of all, nobody serves before the last members are together")
  func total() {
    var world = RankedKvWorld(servers: 3)
    world.crash(2)
    world.ask(1, 1, .put(key: 0, value: "a"))
    world.settle()
    _ = world.answers()
    world.crash(1)
    world.crash(3)
    world.restart(2)
    world.restart(3)
    for _ in 0..<4 {
      for number in [2, 3] { world.fire(number) }
      world.deliverAll()
    }
    #expect(world.roles().hasSuffix("joining joining"))
    world.restart(1)
    world.settle()
    #expect(world.roles() == "primary backup backup")
    #expect((1...3).map { world.contents($0) } == ["0=a", "0=a", "0=a"])
  }

  @Test("the last survivor needs nobody when it comes back")
  func lastSurvivor() {
    var world = RankedKvWorld(servers: 2)
    world.crash(1)
    world.ask(2, 1, .put(key: 0, value: "a"))
    world.settle()
    world.crash(2)
    world.restart(2)
    #expect(world.roles().hasSuffix("primary"))
    #expect(world.contents(2) == "0=a")
  }

  @Test("every rank has epochs of its own")
  func epochs() {
    for count in 1...5 {
      for rank in 0..<count {
        let server = RankedKv.VersionedServer(rank, settings(count))
        for other in 1...20 {
          let next = server.epoch(after: other)
          #expect(next > other && next <= other + count)
          #expect((next - 1) % count == rank)
        }
      }
    }
  }

  private func settings(_ count: Int) -> RankedKv.Settings {
    RankedKv.Settings(
      ProtocolSetting(
        layout: ClusterLayout(serverCount: count, coordinatorName: nil, clientCount: 1)))
  }

  @Test("a server may fail while another one that takes part lives, or if all come back anyhow")
  func assumption() {
    var world = RankedKvWorld(servers: 2)
    #expect(RankedKv.tolerates(failureOf: world.server(1), in: world.facts))
    world.crash(2)
    #expect(!RankedKv.tolerates(failureOf: world.server(1), in: world.facts))
    world.restart(2)
    #expect(!RankedKv.tolerates(failureOf: world.server(1), in: world.facts))
    world.settle()
    #expect(RankedKv.tolerates(failureOf: world.server(1), in: world.facts))
    let bold = RankedKvWorld(servers: 1, options: ["allMayFail": .flag(true)])
    #expect(RankedKv.tolerates(failureOf: bold.server(1), in: bold.facts))
  }
}

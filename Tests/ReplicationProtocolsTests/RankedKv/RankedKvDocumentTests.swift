import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("Ranked store: the document's designs")
struct RankedKvDocumentTests {
  private let put = Operation.put(key: 0, value: "a")

  @Test("the primary pushes to one server after the other, then the router answers")
  func sequentialPushes() {
    var world = RankedKvWorld(servers: 3, [.asDescribed])
    world.ask(3, 1, put)
    world.deliver(world.server(3), world.server(1))
    #expect(world.onTheWay(1, 2) == ["Push(0, primary s1)"])
    #expect(world.onTheWay(1, 3) == [])
    world.deliver(world.server(1), world.server(2))
    world.deliver(world.server(2), world.server(1))
    #expect(world.onTheWay(1, 3) == ["Push(0, primary s1)"])
    #expect(world.answers() == [])
    world.deliverAll()
    #expect(world.answers() == ["c1 <- Reply(1, done)"])
  }

  @Test("a dead server is left out from the first push on that it does not answer")
  func deadSet() {
    var world = RankedKvWorld(servers: 3, [.asDescribed])
    world.crash(2)
    world.ask(1, 1, put)
    world.deliverAll()
    #expect(world.answers() == ["c1 <- Reply(1, done)"])
    world.ask(1, 2, put)
    #expect(world.onTheWay(2, 1) == [])
    #expect(world.onTheWay(1, 3).count == 1)
  }

  @Test("a router whose primary is dead turns to the next rank")
  func succession() {
    var world = RankedKvWorld(servers: 3, [.asDescribed])
    world.crash(1)
    world.ask(3, 1, put)
    world.deliverAll()
    #expect(world.answers() == ["c1 <- Reply(1, done)"])
    #expect(world.roles().hasSuffix("primary backup"))
  }

  @Test("a reviving server believes the latest election and asks for rows")
  func revival() {
    var world = RankedKvWorld(servers: 3, [.documentMended])
    world.crash(1)
    world.ask(3, 1, put)
    world.deliverAll()
    world.restart(1)
    world.ask(1, 2, .get(key: 0))
    #expect(world.answers() == ["c1 <- Reply(1, done)", "c1 <- Refused(2)"])
    world.deliverAll()
    #expect(world.contents(1) == "0=a")
    #expect(world.roles() == "backup primary backup")
  }

  @Test("a put for a primary of an earlier election is sent back, but for KV-08")
  func staleClaims() {
    for (bugs, expected): ([RankedKv.Deviation], String) in [
      ([.documentMended], "backup primary backup"), ([.primaryDemoted], "primary primary"),
    ] {
      var world = RankedKvWorld(servers: 3, bugs)
      world.crash(1)
      world.ask(2, 1, put)
      // s3 hears nothing of the election.
      world.deliver(world.server(1), world.server(2))
      world.lose(world.server(2), world.server(3))
      world.restart(1)
      world.deliverAll(except: [world.server(3)])
      world.ask(3, 2, put)
      world.deliver(world.server(3), world.server(1))
      if expected == "primary primary" {
        #expect(world.roles().hasPrefix(expected))
      } else {
        #expect(world.onTheWay(1, 3).last?.hasPrefix("Leads(s2") == true)
      }
    }
  }

  @Test("the alternatives answer before a push has arrived")
  func earlyAnswers() {
    for bug in [RankedKv.Deviation.repliesBeforePropagation, .broadcastsAsynchronously] {
      var world = RankedKvWorld(servers: 3, [bug])
      world.ask(1, 1, put)
      #expect(world.answers() == ["c1 <- Reply(1, done)"], "\(bug)")
      #expect(world.contents(2) == "")
      #expect(world.onTheWay(1, 3).isEmpty == (bug == .repliesBeforePropagation))
    }
  }

  @Test("with version vectors two servers exchange what each has not seen")
  func exchange() {
    var world = RankedKvWorld(servers: 2, [.versionVectors])
    world.ask(1, 1, put)
    world.deliverAll()
    world.crash(2)
    world.ask(1, 2, .put(key: 0, value: "b"))
    world.deliverAll()
    world.crash(1)
    world.restart(2)
    world.deliverAll()
    world.ask(2, 3, .put(key: 1, value: "c"), client: 2)
    world.deliverAll()
    world.restart(1)
    world.deliverAll()
    #expect(world.contents(1) == "0=b 1=c")
    #expect(world.contents(2) == "0=b 1=c")
  }
}

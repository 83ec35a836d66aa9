import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// Which failures the store says that it survives.
@Suite struct AssumptionTests {
  private var setting: ProtocolSetting<PrimaryBackup.Deviation> { Names.setting() }

  /// A small cluster whose nodes are driven by hand.
  private struct World {
    var servers: [NodeScript<PrimaryBackup.Server>] = ["s1", "s2", "s3"].map { Names.server($0) }
    var service = NodeScript(
      PrimaryBackup.makeCoordinator(Names.setting()), Names.node("vs"))
    var isUp = [true, true, true]

    func tolerates(_ name: String) -> Bool {
      PrimaryBackup.tolerates(
        failureOf: Names.node(name),
        in: ClusterFacts(
          layout: Names.layout, servers: servers.map(\.node), isUp: isUp,
          coordinator: service.node))
    }

    var tolerated: [String] { ["s1", "s2", "s3"].filter { tolerates($0) } }

    /// The server pings, and the answer comes back.
    mutating func ping(_ name: String) {
      let index = Names.node(name).index
      servers[index].fire(.pace())
      for message in servers[index].messages {
        service.receive(message, from: name)
        for answer in service.messages { servers[index].receive(answer, from: "vs") }
      }
    }

    mutating func transfer(to name: String, view: Int) {
      let index = Names.node(name).index
      let snapshot = PrimaryBackup.Snapshot(view: view, replica: servers[0].node.replica)
      servers[index].receive(.snapshot(snapshot), from: "s1")
      servers[0].receive(servers[index].messages[0], from: name)
    }

    /// (2: s1, s2), acknowledged.
    static var complete: World {
      var world = World()
      for name in ["s1", "s1", "s2", "s1"] { world.ping(name) }
      world.transfer(to: "s2", view: 2)
      for name in ["s1", "s2", "s3"] { world.ping(name) }
      return world
    }
  }

  @Test func beforeTheFirstViewNobodyMayFail() {
    #expect(World().tolerated == [])
  }

  @Test func aPrimaryAloneMayNotFail() {
    var world = World()
    world.ping("s1")
    #expect(world.tolerated == ["s2", "s3"])
    world.ping("s1")
    #expect(world.tolerated == ["s2", "s3"])
  }

  @Test func aPrimaryMayNotFailDuringTheTransfer() {
    var world = World()
    for name in ["s1", "s1", "s2", "s1"] { world.ping(name) }
    #expect(world.service.node.currentView.number == 2)
    #expect(world.tolerated == ["s2", "s3"])
    world.transfer(to: "s2", view: 2)
    #expect(world.tolerated == ["s2", "s3"])
    world.ping("s1")
    #expect(world.tolerated == ["s1", "s2", "s3"])
  }

  @Test func ofTwoMembersOneMayFail() {
    var world = World.complete
    #expect(world.tolerated == ["s1", "s2", "s3"])
    world.isUp[1] = false
    #expect(!world.tolerates("s1"))
    world.isUp = [false, true, true]
    #expect(!world.tolerates("s2"))
    #expect(world.tolerates("s3"))
  }

  @Test func aRestartedMemberIsNoMember() {
    var world = World.complete
    world.servers[1] = Names.server("s2", incarnation: 2)
    #expect(world.tolerated == ["s2", "s3"])
  }

  @Test func whoCarriesOnMayNotFail() {
    var world = World.complete
    world.servers[0].receive(Names.view(2, "s1", "s2", asked: true), from: "vs")
    #expect(world.tolerated == ["s2", "s3"])
  }
}

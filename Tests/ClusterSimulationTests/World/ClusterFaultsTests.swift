import ClusterSimulation
import LinearizabilityChecking
import SimulationKernel
import Testing

@Suite("Crashes, restarts and links")
struct ClusterFaultsTests {
  private static func send(_ numbers: [Int], to peer: NodeID) -> [Puppet.Act] {
    numbers.map { .send(Puppet.Message(number: $0), peer) }
  }

  @Test("of what a dead node sent, each channel keeps the oldest, up to a chosen cut")
  func cuts() {
    for kept in 0...3 {
      var cluster = Cluster.puppets(detector: .timeouts)
      cluster.order(NodeID(0), Self.send([1, 2, 3], to: NodeID(1)))
      cluster.order(NodeID(0), Self.send([4], to: NodeID(2)))
      cluster.offerChoices([UInt32(kept), 0])
      cluster.act(.crash(NodeID(0), .process))
      #expect(!cluster.choicesDiverged)
      #expect(
        cluster.underWay(from: NodeID(0), to: NodeID(1)) == Array([1, 2, 3].prefix(kept)))
      #expect(cluster.underWay(from: NodeID(0), to: NodeID(2)) == [])
    }
  }

  @Test("drawn cuts take every length")
  func drawnCuts() {
    var cluster = Cluster.puppets(detector: .timeouts)
    var lengths: Set<Int> = []
    for _ in 0..<60 {
      cluster.order(NodeID(0), Self.send([1, 2, 3], to: NodeID(1)))
      cluster.act(.crash(NodeID(0), .process))
      lengths.insert(cluster.underWay(from: NodeID(0), to: NodeID(1)).count)
      while cluster.deliverNext(from: NodeID(0), to: NodeID(1)) {}
      cluster.act(.start(NodeID(0)))
    }
    #expect(lengths == [0, 1, 2, 3])
  }

  @Test("with a perfect detector a caller learns, behind the last message of the dead node")
  func unavailable() {
    var cluster = Cluster.puppets(detector: .perfect)
    cluster.order(NodeID(0), Self.send([1, 2], to: NodeID(1)))
    cluster.order(NodeID(1), Self.send([8, 9], to: NodeID(0)))
    cluster.offerChoices([2])
    cluster.act(.crash(NodeID(0), .process))
    #expect(cluster.underWay(from: NodeID(1), to: NodeID(0)) == [])
    #expect(cluster.underWay(from: NodeID(0), to: NodeID(1)) == [1, 2, -1])
    #expect(cluster.underWay(from: NodeID(0), to: NodeID(2)) == [])
    // A call to the dead node is refused as well.
    cluster.order(NodeID(2), Self.send([7], to: NodeID(0)))
    #expect(cluster.underWay(from: NodeID(2), to: NodeID(0)) == [])
    #expect(cluster.underWay(from: NodeID(0), to: NodeID(2)) == [-1])
    while cluster.deliverNext(from: NodeID(0), to: NodeID(1)) {}
    #expect(
      cluster.servers[1].memory.inputs.suffix(3) == ["1 from s1", "2 from s1", "s1 unavailable"])
  }

  @Test("without a perfect detector messages to a dead node vanish and nobody is told")
  func silentDeath() {
    var cluster = Cluster.puppets(detector: .timeouts)
    cluster.order(NodeID(1), Self.send([8], to: NodeID(0)))
    cluster.act(.crash(NodeID(0), .process))
    cluster.order(NodeID(1), Self.send([9], to: NodeID(0)))
    #expect(cluster.underWay(from: NodeID(1), to: NodeID(0)) == [])
    #expect(cluster.underWay(from: NodeID(0), to: NodeID(1)) == [])
    #expect(!cluster.isEnabled(.reportFailure(NodeID(0))))
    #expect(cluster.isEnabled(.start(NodeID(0))))
  }

  @Test("a second death does not take back that callers of the first were refused")
  func unavailableSurvivesSecondDeath() {
    var cluster = Cluster.puppets(detector: .perfect)
    cluster.act(.crash(NodeID(0), .process))
    cluster.order(NodeID(1), Self.send([7], to: NodeID(0)))
    cluster.act(.reportFailure(NodeID(0)))
    cluster.act(.start(NodeID(0)))
    cluster.order(NodeID(0), Self.send([1, 2], to: NodeID(1)))
    #expect(cluster.underWay(from: NodeID(0), to: NodeID(1)) == [-1, 1, 2])
    cluster.offerChoices([0])
    cluster.act(.crash(NodeID(0), .process))
    #expect(!cluster.choicesDiverged)
    #expect(cluster.underWay(from: NodeID(0), to: NodeID(1)) == [-1])
  }

  @Test("a restart waits for the report of a perfect detector, which comes once")
  func reports() {
    var cluster = Cluster.puppets(detector: .perfect)
    #expect(!cluster.isEnabled(.reportFailure(NodeID(1))))
    cluster.act(.crash(NodeID(1), .process))
    #expect(!cluster.isEnabled(.start(NodeID(1))))
    cluster.act(.reportFailure(NodeID(1)))
    #expect(cluster.coordinator.memory.inputs == ["s2 failed"])
    #expect(!cluster.isEnabled(.reportFailure(NodeID(1))))
    #expect(cluster.isEnabled(.start(NodeID(1))))
  }

  @Test("a restarted node is a new incarnation with empty memory, timers and continuations")
  func restart() {
    var cluster = Cluster.puppets(detector: .timeouts)
    cluster.order(
      NodeID(0), [.setTimer(.pace(), .seconds(1)), .resume(5), .observe(.note("seen"))])
    #expect(cluster.isEnabled(.fire(NodeID(0), .pace())))
    #expect(cluster.isEnabled(.resume(NodeID(0), 5)))
    cluster.act(.crash(NodeID(0), .process))
    #expect(!cluster.isEnabled(.fire(NodeID(0), .pace())))
    cluster.act(.start(NodeID(0)))
    #expect(!cluster.isEnabled(.fire(NodeID(0), .pace())))
    #expect(!cluster.isEnabled(.resume(NodeID(0), 5)))
    #expect(cluster.servers[0].memory.inputs == ["start 2"])
    #expect(cluster.processes[0].incarnation == Incarnation(2))
  }

  private static func write(_ cluster: inout Cluster<Puppet>, syncing: Bool) {
    var acts: [Puppet.Act] = [.file(.create("a")), .file(.write("a", offset: 0, bytes: [1]))]
    if syncing { acts += [.file(.syncFile("a")), .file(.syncDirectory("."))] }
    cluster.order(NodeID(0), acts)
  }

  private static func contents(_ cluster: Cluster<Puppet>, _ server: Int = 0) -> [UInt8]? {
    var disk = cluster.disks.disks[server]
    return try? disk.read("a", offset: 0, count: 10)
  }

  @Test("a process crash keeps the page cache; it stays unsynced")
  func processCrash() {
    var cluster = Cluster.puppets(detector: .timeouts)
    Self.write(&cluster, syncing: false)
    let pending = cluster.disks.disks[0].pendingCount
    #expect(pending > 0)
    cluster.act(.crash(NodeID(0), .process))
    cluster.act(.start(NodeID(0)))
    #expect(Self.contents(cluster) == [1])
    #expect(cluster.disks.disks[0].pendingCount == pending)
  }

  @Test("a power loss may lose or keep what was not synced, and never what was")
  func powerLoss() {
    var fresh = Cluster.puppets(detector: .timeouts)
    var outcomes: Set<[UInt8]?> = []
    for _ in 0..<200 {
      var cluster = fresh
      Self.write(&cluster, syncing: false)
      cluster.act(.crash(NodeID(0), .powerLoss))
      #expect(cluster.disks.disks[0].pendingCount == 0)
      outcomes.insert(Self.contents(cluster))
      // Other choices the next time.
      fresh.order(NodeID(1), [.choose(1_000)])
    }
    #expect(outcomes.contains(nil))
    #expect(outcomes.contains([1]))
    for _ in 0..<50 {
      var cluster = fresh
      Self.write(&cluster, syncing: true)
      cluster.act(.crash(NodeID(0), .powerLoss))
      #expect(Self.contents(cluster) == [1])
      fresh.order(NodeID(1), [.choose(1_000)])
    }
  }

  @Test("a power loss of the cluster takes down the servers that run, and nobody else")
  func clusterPowerLoss() {
    var cluster = Cluster.puppets(detector: .timeouts)
    cluster.act(.crash(NodeID(1), .process))
    cluster.act(.clusterPowerLoss)
    #expect(cluster.report.died == [NodeID(0), NodeID(2)])
    #expect(cluster.layout.servers.allSatisfy { !cluster.isUp($0) })
    #expect(cluster.isUp(cluster.boss))
    #expect(cluster.layout.clients.allSatisfy { cluster.isUp($0) })
    #expect(!cluster.isEnabled(.clusterPowerLoss))
  }

  @Test("nothing is delivered over a cut link until it is healed, in that direction alone")
  func links() {
    var cluster = Cluster.puppets()
    cluster.order(NodeID(0), Self.send([1], to: NodeID(1)))
    cluster.order(NodeID(1), Self.send([2], to: NodeID(0)))
    cluster.act(.cut(from: NodeID(0), to: NodeID(1)))
    #expect(!cluster.isEnabled(.cut(from: NodeID(0), to: NodeID(1))))
    #expect(cluster.deliverNext(from: NodeID(0), to: NodeID(1)) == false)
    #expect(cluster.deliverNext(from: NodeID(1), to: NodeID(0)) == true)
    cluster.act(.heal(from: NodeID(0), to: NodeID(1)))
    #expect(!cluster.isEnabled(.heal(from: NodeID(0), to: NodeID(1))))
    #expect(cluster.deliverNext(from: NodeID(0), to: NodeID(1)) == true)
  }
}

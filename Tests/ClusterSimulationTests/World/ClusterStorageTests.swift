import ClusterSimulation
import DiskSimulation
import LinearizabilityChecking
import SimulationKernel
import Testing

@Suite("Processes that end themselves, and disks that fail")
struct ClusterStorageTests {
  private static let step: [Puppet.Act] = [
    .file(.create("a")), .send(Puppet.Message(number: 1), NodeID(1)), .abort("had enough"),
    .file(.create("b")), .send(Puppet.Message(number: 2), NodeID(1)),
  ]

  private static func names(_ cluster: Cluster<Puppet>) -> [String] {
    var disk = cluster.disks.disks[0]
    return (try? disk.list(".")) ?? []
  }

  @Test("an abort is a crash of the process after the effects before it")
  func abort() {
    var cluster = Cluster.puppets()
    cluster.offerChoices([1])
    cluster.order(NodeID(0), Self.step)
    #expect(!cluster.isUp(NodeID(0)))
    #expect(cluster.report.abort?.text == "had enough")
    #expect(cluster.report.crash == nil)
    #expect(cluster.report.effectCount == 2)
    #expect(cluster.report.died == [NodeID(0)])
    #expect(cluster.underWay(from: NodeID(0), to: NodeID(1)) == [1])
    // The page cache survives, as in any crash of a process.
    #expect(Self.names(cluster) == ["a"])
    #expect(cluster.disks.disks[0].pendingCount == 1)
    cluster.act(.reportFailure(NodeID(0)))
    #expect(cluster.coordinator.memory.inputs.last == "s1 failed")
    cluster.act(.start(NodeID(0)))
    #expect(cluster.servers[0].memory.inputs == ["start 2"])
    #expect(cluster.report.abort == nil)
  }

  @Test("a crash before the abort, or at it, takes its place", arguments: 0...2)
  func crashBeforeAbort(count: Int) {
    var cluster = Cluster.puppets()
    cluster.order(
      NodeID(0), Self.step, crash: CrashRequest(kind: .powerLoss, place: .afterEffect(count)))
    #expect(cluster.report.crash == CrashWithinStep(effectCount: count, kind: .powerLoss))
    #expect(cluster.report.abort == nil)
    #expect(cluster.report.died == [NodeID(0)])
  }

  @Test("a crash after the abort does not happen any more")
  func crashAfterAbort() {
    var cluster = Cluster.puppets()
    cluster.order(
      NodeID(0), Self.step, crash: CrashRequest(kind: .powerLoss, place: .afterEffect(3)))
    #expect(cluster.report.crash == nil)
    #expect(cluster.report.abort != nil)
  }

  @Test("a server that ends its process has not converged, unless a disk has had a fault")
  func unfoundedAbort() {
    var cluster = Cluster.puppets(checks: [.convergence])
    var struck = cluster
    cluster.order(NodeID(0), [.abort("had enough")])
    #expect(cluster.violation?.check == .convergence)
    #expect(
      cluster.violation?.message == "s1 ended its process (had enough), and no disk had a fault")

    struck.act(.faultDisk(NodeID(1), StorageFaultRequest(.noSpace)))
    struck.order(NodeID(1), [.file(.create("a"))])
    struck.order(NodeID(0), [.abort("had enough")])
    #expect(!struck.isUp(NodeID(0)))
    #expect(struck.violation == nil)
  }

  @Test("the coordinator and clients never fail: an abort only ends their step")
  func abortOfOthers() {
    var cluster = Cluster.puppets()
    for node in [cluster.boss, cluster.layout.client(0)] {
      cluster.order(node, [.send(Puppet.Message(number: 1), NodeID(1)), .abort("x"), .resume(3)])
      #expect(cluster.isUp(node))
      #expect(cluster.report.postponements.isEmpty)
      #expect(cluster.underWay(from: node, to: NodeID(1)) == [1])
    }
  }

  @Test("a fault of a disk strikes the calls of its server")
  func faultStrikes() {
    var cluster = Cluster.puppets()
    cluster.act(.faultDisk(NodeID(0), StorageFaultRequest(.noSpace)))
    #expect(cluster.disks.struck == [])
    cluster.order(NodeID(1), [.file(.create("a"))])
    #expect(cluster.disks.struck == [])
    cluster.order(NodeID(0), [.file(.create("a"))])
    #expect(cluster.disks.struck.map(\.node) == [NodeID(0)])
    #expect(cluster.disks.struck.map(\.fault.word) == [.noSpace])
    #expect(cluster.servers[0].memory.inputs.last == "refused")
    cluster.order(NodeID(0), [.file(.create("a"))])
    #expect(cluster.disks.struck == [])
    #expect(Self.names(cluster) == ["a"])
  }

  @Test("disks of a coordinator do not fail, nor do disks that are well get well")
  func enabling() {
    let cluster = Cluster.puppets()
    let request = StorageFaultRequest(.readError)
    #expect(cluster.isEnabled(.faultDisk(NodeID(0), request)))
    #expect(!cluster.isEnabled(.faultDisk(cluster.boss, request)))
    #expect(!cluster.isEnabled(.calmDisk(NodeID(0))))
    var faulty = cluster
    faulty.act(.faultDisk(NodeID(0), request))
    faulty.act(.calmDisk(NodeID(0)))
    #expect(faulty.disks.disks == cluster.disks.disks)
  }

  @Test("a stall keeps the node busy, and the process can die while it waits")
  func stall() {
    var cluster = Cluster.puppets()
    let request = StorageFaultRequest(.stall(.seconds(1)))
    cluster.act(.faultDisk(NodeID(0), request))
    var quick = cluster
    cluster.order(NodeID(0), [.file(.create("a")), .file(.create("b"))])
    #expect(cluster.report.effectCount == 3)
    quick.act(.calmDisk(NodeID(0)))
    quick.order(NodeID(0), [.file(.create("a")), .file(.create("b"))])
    #expect(cluster.report.busy == quick.report.busy + .seconds(1))

    var crashed = Cluster.puppets()
    crashed.act(.faultDisk(NodeID(0), request))
    crashed.order(
      NodeID(0), [.file(.create("a"))],
      crash: CrashRequest(kind: .process, place: .afterEffect(1)))
    #expect(Self.names(crashed) == [])
  }

  @Test("write-back and power losses are struck too, and say what they decided")
  func worldStrikes() {
    var cluster = Cluster.puppets()
    cluster.order(NodeID(0), [.file(.create("a")), .file(.write("a", offset: 0, bytes: [7]))])
    cluster.act(.faultDisk(NodeID(0), StorageFaultRequest(.lostWrite)))
    var torn = cluster
    cluster.act(.writeBack(NodeID(0)))
    #expect(cluster.disks.struck.map(\.fault.word) == [.lostWrite])
    torn.act(.calmDisk(NodeID(0)))
    torn.act(.faultDisk(NodeID(0), StorageFaultRequest(.tornSectors(.zeros))))
    torn.act(.crash(NodeID(0), .powerLoss))
    #expect(torn.disks.struck.map(\.fault.word) == [.tornSectors])
    torn.act(.reportFailure(NodeID(0)))
    torn.act(.faultDisk(NodeID(0), StorageFaultRequest(.readError)))
    #expect(torn.disks.struck == [])
  }
}

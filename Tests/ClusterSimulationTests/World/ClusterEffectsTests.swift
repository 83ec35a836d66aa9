import ClusterSimulation
import LinearizabilityChecking
import SimulationKernel
import Testing

@Suite("Crashes within a step")
struct ClusterEffectsTests {
  /// Sends and file operations in turn, with work and a timer between them.
  private static func busyStep(_ cluster: Cluster<Puppet>) -> [Puppet.Act] {
    let client = cluster.layout.client(0)
    return [
      .send(Puppet.Message(number: 1), NodeID(1)),
      .file(.create("a")),
      .send(Puppet.Message(number: 2), NodeID(2)),
      .work(.milliseconds(1)),
      .file(.write("a", offset: 0, bytes: [7])),
      .send(Puppet.Message(number: 3), NodeID(1)),
      .observe(.decided(ObservedView(number: 9, members: []))),
      .file(.rename("a", to: "b")),
      .complete(RequestID(client: client, number: 1), .done),
      .send(Puppet.Message(number: 4), client),
    ]
  }

  private static func files(_ cluster: Cluster<Puppet>, of server: Int) -> [String] {
    var disk = cluster.disks.disks[server]
    let names = (try? disk.list(".")) ?? []
    return names.map { name in
      let bytes = (try? disk.read(name, offset: 0, count: 100)) ?? []
      return "\(name) \(bytes)"
    }
  }

  @Test(
    "after effect k the first k effects have happened and the others have not",
    arguments: 0...10 as ClosedRange<Int>)
  func crashAfter(count: Int) {
    var cluster = Cluster.puppets(checks: [.viewValidity])
    let client = cluster.layout.client(0)
    cluster.act(.invoke(client, .get(key: 0)))
    // Channels keep everything, so that sends can be counted.
    cluster.offerChoices([1, 1, 1])
    let keepsAll: [[UInt32]] = [
      [], [1], [1], [1, 1], [1, 1], [1, 1], [2, 1], [2, 1], [2, 1], [2, 1], [2, 1, 1],
    ]
    cluster.offerChoices(keepsAll[count])
    let crash = CrashRequest(kind: .process, place: .afterEffect(count))
    cluster.order(NodeID(0), Self.busyStep(cluster), crash: crash)
    #expect(!cluster.choicesDiverged)
    #expect(!cluster.isUp(NodeID(0)))
    #expect(cluster.report.crash == CrashWithinStep(effectCount: count, kind: .process))
    #expect(cluster.report.effectCount == 10)

    #expect(
      cluster.underWay(from: NodeID(0), to: NodeID(1))
        == (count >= 6 ? [1, 3] : count >= 1 ? [1] : []))
    #expect(cluster.underWay(from: NodeID(0), to: NodeID(2)) == (count >= 3 ? [2] : []))
    #expect(cluster.underWay(from: NodeID(0), to: client) == (count >= 10 ? [4] : []))
    let contents = count >= 8 ? ["b [7]"] : count >= 5 ? ["a [7]"] : count >= 2 ? ["a []"] : []
    #expect(Self.files(cluster, of: 0) == contents)
    #expect((cluster.violation != nil) == (count >= 7))
    #expect(cluster.openOperationCount == (count >= 9 ? 0 : 1))
  }

  @Test("a crash after more effects than the step has does not happen")
  func crashBeyond() {
    var cluster = Cluster.puppets()
    let crash = CrashRequest(kind: .process, place: .afterEffect(11))
    cluster.order(NodeID(0), Self.busyStep(cluster), crash: crash)
    #expect(cluster.isUp(NodeID(0)))
    #expect(cluster.report.crash == nil)
  }

  @Test("a crash anywhere falls on every boundary, both ends included, about equally often")
  func crashAnywhere() {
    let fresh = Cluster.puppets()
    var stream = SeededStream(seed: 1, name: "words")
    var counts: [Int: Int] = [:]
    for _ in 0..<1_100 {
      var cluster = fresh
      let crash = CrashRequest(kind: .process, place: .anywhere(stream.next()))
      cluster.order(NodeID(0), Self.busyStep(cluster), crash: crash)
      counts[cluster.report.crash?.effectCount ?? -1, default: 0] += 1
    }
    #expect(counts.keys.sorted() == Array(0...10))
    for count in counts.values { #expect((50...160).contains(count)) }
  }

  @Test("a crash at an instant falls before the first effect that begins later")
  func crashAtInstant() {
    // The handler takes 5 us, each file operation 2 us, the work 1 ms.
    let places: [(VirtualDuration, Int?)] = [
      (.zero, 0), (.microseconds(4), 0), (.microseconds(5), 1), (.microseconds(6), 1),
      (.microseconds(7), 3), (.microseconds(500), 3), (.microseconds(1_007), 4),
      (.microseconds(1_009), 7), (.milliseconds(2), nil),
    ]
    for (limit, expected) in places {
      var cluster = Cluster.puppets()
      let crash = CrashRequest(kind: .process, place: .offset(limit))
      cluster.order(NodeID(0), Self.busyStep(cluster), crash: crash)
      #expect(cluster.report.crash?.effectCount == expected, "\(limit)")
    }
  }

  @Test("a crash at a label falls on its boundary, after so many passes")
  func crashAtLabel() {
    func step(_ triggers: [LabelTrigger]) -> Cluster<Puppet> {
      var cluster = Cluster.puppets()
      let acts: [Puppet.Act] = [
        .crashPoint("begun"), .send(Puppet.Message(number: 1), NodeID(1)), .crashPoint("sent"),
        .send(Puppet.Message(number: 2), NodeID(1)), .crashPoint("sent"),
      ]
      let crash = CrashRequest(kind: .process, place: .labels(triggers))
      cluster.order(NodeID(0), acts, crash: crash)
      return cluster
    }
    #expect(step([LabelTrigger(label: "begun")]).report.crash?.effectCount == 0)
    #expect(step([LabelTrigger(label: "sent")]).report.crash?.effectCount == 1)
    #expect(step([LabelTrigger(label: "sent", passes: 1)]).report.crash?.effectCount == 2)
    let unharmed = step([LabelTrigger(label: "sent", passes: 2), LabelTrigger(label: "other")])
    #expect(unharmed.report.crash == nil)
    #expect(unharmed.report.labelsPassed == [2, 0])
    let second = step([LabelTrigger(label: "other"), LabelTrigger(label: "sent")])
    #expect(second.report.label == 1)
  }

  @Test("clients and the coordinator do not crash, whatever is asked")
  func onlyServersCrash() {
    var cluster = Cluster.puppets()
    let client = cluster.layout.client(0)
    let crash = CrashRequest(kind: .process, place: .afterEffect(0))
    cluster.act(.invoke(client, .get(key: 0)), crash: crash)
    #expect(cluster.isUp(client))
    #expect(!cluster.isEnabled(.crash(client, .process)))
    #expect(!cluster.isEnabled(.crash(cluster.boss, .process)))
  }

  @Test("offsets of effects grow with the work before them; the node is busy for their sum")
  func offsets() {
    var cluster = Cluster.puppets()
    cluster.order(NodeID(0), Self.busyStep(cluster))
    #expect(
      cluster.report.sendings.elements.map(\.offset)
        == [5, 7, 1_009, 1_011].map { VirtualDuration.microseconds($0) })
    #expect(cluster.report.busy == .microseconds(1_011))
  }

  @Test("an fsync costs less for what has been written back")
  func writeBackMakesSyncCheaper() {
    func costOfSync(afterWriteBack: Bool) -> VirtualDuration {
      var cluster = Cluster.puppets()
      let bytes = [UInt8](repeating: 1, count: 5 * 4096)
      cluster.order(
        NodeID(0), [.file(.create("a")), .file(.write("a", offset: 0, bytes: bytes))])
      if afterWriteBack {
        while cluster.apply(.writeBack(NodeID(0)), at: cluster.now) {}
      }
      cluster.order(NodeID(0), [.file(.syncFile("a"))])
      return cluster.report.busy
    }
    let costs = CostTable()
    #expect(costOfSync(afterWriteBack: true) == costs[.handler] + costs[.sync])
    #expect(
      costOfSync(afterWriteBack: false)
        == costs[.handler] + costs[.sync] + costs[.syncBlock] * 5)
  }

  @Test("a refused file operation leaves the disk and the effects as they were")
  func refusedOperation() {
    var cluster = Cluster.puppets()
    cluster.order(NodeID(0), [.file(.unlink("none"))])
    #expect(cluster.report.effectCount == 0)
    #expect(cluster.servers[0].memory.inputs.last == "refused")
  }
}

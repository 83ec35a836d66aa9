import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("Log-based virtual machine replication")
struct VmLogTests {
  typealias World = HandDrivenServers<VmLog>

  private let put = Operation.put(key: 0, value: "a")

  private func ask(
    _ world: inout World, _ number: Int, _ id: Int, _ operation: Operation, client: Int = 1
  ) {
    let request = VmLog.Request(
      id: RequestID(client: world.layout.client(client - 1), number: id), operation: operation,
      lowestOpen: Int32(id))
    world.give(.request(request), to: number, from: client)
  }

  private func storage(_ world: World) -> NodeID { world.layout.coordinator ?? NodeID(99) }

  /// Lets a machine take the first start of another for dead.
  private func miss(_ world: inout World, _ number: Int, by other: Int) {
    world.give(.failed(VmLog.Member(server: number - 1, incarnation: 1)), to: other)
  }

  private func notes(_ world: World) -> [String] {
    world.observations.compactMap { if case .note(let label) = $0 { label.text } else { nil } }
  }

  // MARK: Output rule

  @Test("no output leaves before the backup has acknowledged its entry")
  func outputRule() {
    for (bugs, issued): ([VmLog.Deviation], [String]) in [
      ([], []), ([.outputNotHeld], ["Disk(1: write 0)"]),
    ] {
      var world = World(servers: 2, bugs)
      ask(&world, 1, 1, put)
      #expect(world.onTheWay(1, 2) == ["Log(1: #1 request 1 at 1)", "Log(1: #2 output)"])
      world.deliver(world.server(1), world.server(2))
      world.deliver(world.server(2), world.server(1))
      #expect(world.onTheWay(1, 3) == issued)
      world.deliver(world.server(1), world.server(2))
      world.deliver(world.server(2), world.server(1))
      #expect(world.onTheWay(1, 3) == ["Disk(1: write 0)"])
      world.deliverAll()
      #expect(world.answers() == ["c1 <- Reply(1, done)"])
      #expect(world.contents(2) == "0=a")
    }
  }

  @Test("the lecture's primary waits until the backup has put the output out itself")
  func asDescribed() {
    var world = World(servers: 2, [.asDescribed])
    ask(&world, 1, 1, put)
    world.deliverAll()
    #expect(world.answers() == ["c1 <- Reply(1, done)"])
  }

  @Test("a full log buffer stalls the primary, or drops what does not fit")
  func fullBuffer() {
    for (bugs, kept): ([VmLog.Deviation], Int) in [([], 2), ([.fullBufferDrops], 4)] {
      var world = World(servers: 2, bugs, options: ["logBuffer": .integer(4)])
      for number in 1...5 { ask(&world, 1, number, put) }
      #expect(world.onTheWay(1, 2).count == kept)
      world.deliverAll()
      // Lost inputs never reach the backup's guest.
      let isSame = world.servers[0].guest == world.servers[1].guest
      #expect(isSame == bugs.isEmpty)
    }
  }

  // MARK: Failover

  @Test("the survivor replays what it has and repeats the output that may be lost")
  func repeatedOutput() {
    var world = World(servers: 2)
    ask(&world, 1, 1, put)
    // The last acknowledgement does not arrive, so the answer does not leave.
    for _ in 0..<3 { world.deliver(world.server(1), world.server(2)) }
    for _ in 0..<2 { world.deliver(world.server(2), world.server(1)) }
    world.deliver(world.server(1), storage(world))
    world.deliver(storage(world), world.server(1))
    for _ in 0..<2 { world.deliver(world.server(1), world.server(2)) }
    #expect(world.answers() == [])
    world.crash(1)
    world.report(1)
    world.deliverAll()
    #expect(
      world.answers().filter { $0.hasPrefix("c1") } == ["c1 <- Live(2)", "c1 <- Reply(1, done)"])
    #expect(notes(world).contains("output repeated"))
  }

  @Test("the survivor issues a disk write without a completion again")
  func pendingWrite() {
    for (bugs, value): ([VmLog.Deviation], String) in [
      ([], "\"a\""), ([.pendingTakenForDone], "\"\""),
    ] {
      var world = World(servers: 2, bugs)
      ask(&world, 1, 1, put)
      for _ in 0..<2 { world.deliver(world.server(1), world.server(2)) }
      world.crash(1)
      world.report(1)
      world.deliverAll()
      ask(&world, 2, 2, .get(key: 0))
      world.deliverAll()
      #expect(world.answers().last == "c1 <- Reply(2, \(value))")
    }
  }

  @Test("a backup that goes live drops what it has not replayed only with VM-03")
  func replayFirst() {
    for (bugs, contents): ([VmLog.Deviation], String) in [([], "0=a"), ([.liveBeforeReplay], "")] {
      var server = VmLog.makeServer(NodeID(1), World(servers: 2, bugs).setting)
      var host = Host<VmLog.Message>(
        layout: World(servers: 2).layout, costs: CostTable(),
        choices: Choices(stream: SeededStream(seed: 1, name: "choices")))
      host.begin(NodeID(1), incarnation: Incarnation(1), time: .start, skew: .zero)
      server.start(&host)
      let request = VmLog.Request(
        id: RequestID(client: NodeID(3), number: 1), operation: put, lowestOpen: 1)
      let entry = VmLog.Entry(sequence: 1, kind: .input(.request(request), at: 1))
      server.receive(.log(server.session, entry, released: 0), from: NodeID(0), &host)
      let dead = VmLog.Member(server: 0, incarnation: 1)
      server.receive(.failed(dead), from: NodeID(2), &host)
      #expect(server.contents.isEmpty)
      let alone = VmLog.Configuration(number: 2, primary: server.me, backup: nil)
      server.receive(.configuration(alone), from: NodeID(2), &host)
      #expect(server.role == .primary)
      #expect(server.contents.map { "\($0.key)=\($0.value)" }.joined() == contents)
    }
  }

  @Test("when each takes the other for dead, one wins and the other halts")
  func testAndSet() {
    var world = World(servers: 2)
    miss(&world, 2, by: 1)
    miss(&world, 1, by: 2)
    #expect(!VmLog.tolerates(failureOf: world.server(1), in: world.facts))
    world.deliver(world.server(2), storage(world))
    world.deliver(world.server(1), storage(world))
    world.deliver(storage(world), world.server(1))
    #expect(world.roles() == "idle backup")
    world.deliver(storage(world), world.server(2))
    #expect(world.roles() == "idle primary")
    #expect(!VmLog.tolerates(failureOf: world.server(2), in: world.facts))
    // The loser's machine is the next backup.
    world.deliverAll()
    #expect(world.roles() == "backup primary")
    #expect(VmLog.tolerates(failureOf: world.server(2), in: world.facts))
  }

  @Test("without a test-and-set both go live")
  func splitBrain() {
    var world = World(servers: 2, [.noTestAndSet])
    miss(&world, 2, by: 1)
    miss(&world, 1, by: 2)
    world.deliverAll()
    #expect(world.roles() == "primary primary")
  }

  @Test("a claim waits while the storage does not know the pair")
  func earlyClaim() {
    var world = World(servers: 3)
    world.crash(1)
    world.report(1)
    world.deliver(storage(world), world.server(2))
    world.deliver(world.server(2), storage(world))
    world.deliver(storage(world), world.server(2))
    world.deliverAll(except: [storage(world)])
    #expect(world.roles().hasSuffix("primary backup"))
    #expect(world.onTheWay(2, 4) == ["Protect(2: s3)"])
    miss(&world, 2, by: 3)
    world.deliver(world.server(3), storage(world))
    world.deliver(storage(world), world.server(3))
    #expect(world.coordinator.configuration.number == 2)
    world.deliver(world.server(2), storage(world))
    world.fire(3)
    world.deliver(world.server(3), storage(world))
    #expect(world.coordinator.configuration.number == 4)
    world.deliverAll()
    #expect(world.roles().hasSuffix("backup primary"))
  }

  @Test("a spare machine becomes the backup, and the test-and-set is armed again")
  func protecting() {
    for (bugs, number): ([VmLog.Deviation], Int) in [([], 4), ([.flagStaysSet], 2)] {
      var world = World(servers: 3, bugs)
      ask(&world, 1, 1, put)
      world.deliverAll()
      world.crash(1)
      world.report(1)
      world.deliverAll()
      #expect(world.contents(3) == "0=a")
      world.crash(2)
      world.report(2)
      miss(&world, 2, by: 3)
      world.deliverAll()
      #expect(world.coordinator.configuration.number == number)
      #expect(world.roles().hasSuffix(bugs.isEmpty ? "primary" : "backup"))
    }
  }

  @Test("a state for an earlier start of a spare machine tells the primary that it is over")
  func stateForAnEarlierStart() {
    var world = World(servers: 3)
    world.crash(1)
    world.report(1)
    world.deliver(storage(world), world.server(2))
    world.deliver(world.server(2), storage(world))
    world.deliver(storage(world), world.server(2))
    world.deliver(world.server(2), world.server(3))
    world.deliver(world.server(3), world.server(2))
    #expect(world.onTheWay(2, 3) == ["State(3: through #0)"])
    // The detector's word gets lost, and so does the refusal.
    world.lose(world.server(2), world.server(3))
    world.crash(3)
    world.restart(3)
    world.fire(2)
    world.deliverAll()
    #expect(world.roles().hasSuffix("primary backup"))
    #expect(world.coordinator.configuration.number == 3)
    #expect(world.coordinator.configuration.backup?.incarnation == 2)
  }

  // MARK: Storage

  @Test("the disk refuses a primary that has been replaced, and does no write twice")
  func reservation() {
    var world = World(servers: 2)
    ask(&world, 1, 1, put)
    for _ in 0..<2 { world.deliver(world.server(1), world.server(2)) }
    for _ in 0..<2 { world.deliver(world.server(2), world.server(1)) }
    #expect(world.onTheWay(1, 3) == ["Disk(1: write 0)"])
    miss(&world, 1, by: 2)
    world.deliver(world.server(2), storage(world))
    world.deliver(world.server(1), storage(world))
    #expect(world.onTheWay(3, 1) == ["Configuration(2: s2)"])
    world.deliver(storage(world), world.server(1))
    #expect(world.roles() == "idle backup")
    world.deliverAll()
    #expect(world.answers().contains("c1 <- Reply(1, done)"))
  }

  @Test("a machine on which the guest does not run refuses")
  func refusal() {
    var world = World(servers: 3)
    for number in 2...3 { ask(&world, number, 1, put) }
    #expect(world.answers() == ["c1 <- Refused(1)", "c1 <- Refused(1)"])
  }
}

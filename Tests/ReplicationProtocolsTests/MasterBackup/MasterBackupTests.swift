import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("Primary/backup with a master")
struct MasterBackupTests {
  typealias World = HandDrivenServers<MasterBackup>

  private let put = Operation.put(key: 0, value: "a")

  private func ask(
    _ world: inout World, _ number: Int, _ id: Int, _ operation: Operation, client: Int = 1
  ) {
    let request = MasterBackup.Request(
      id: RequestID(client: world.layout.client(client - 1), number: id), operation: operation,
      lowestOpen: Int32(id))
    world.give(.request(request), to: number, from: client)
  }

  @Test("an update goes to all backups at once and is answered when all have acknowledged")
  func update() {
    var world = World(servers: 3)
    ask(&world, 1, 1, put)
    #expect(world.onTheWay(1, 2) == ["Forward(#1, term 1)"])
    #expect(world.onTheWay(1, 3) == ["Forward(#1, term 1)"])
    world.deliver(world.server(1), world.server(2))
    world.deliver(world.server(2), world.server(1))
    #expect(world.answers() == [])
    world.deliverAll()
    #expect(world.answers() == ["c1 <- Reply(1, done)"])
    #expect(world.timers.prefix(3).flatMap { $0 } == [])
  }

  @Test("a query is answered when the updates before it are acknowledged")
  func query() {
    var world = World(servers: 2)
    ask(&world, 1, 1, .get(key: 0), client: 2)
    #expect(world.answers() == ["c2 <- Reply(1, \"\")"])
    ask(&world, 1, 1, put)
    ask(&world, 1, 2, .get(key: 0), client: 2)
    #expect(world.answers() == [])
    world.deliverAll()
    #expect(world.answers() == ["c1 <- Reply(1, done)", "c2 <- Reply(2, \"a\")"])
  }

  @Test("five messages after the report clients know the new primary")
  func failover() {
    var world = World(servers: 3)
    let master = world.layout.coordinator ?? NodeID(99)
    ask(&world, 1, 1, put)
    world.deliver(world.server(1), world.server(3))
    world.lose(world.server(1), world.server(2))
    world.crash(1)
    world.report(1)
    // 1: suspend. 2: counts. 3: lead.
    for number in [2, 3] { world.deliver(master, world.server(number)) }
    for number in [2, 3] { world.deliver(world.server(number), master) }
    #expect(world.answers() == [])
    world.deliver(master, world.server(3))
    #expect(world.roles().hasSuffix("backup primary"))
    // 4: what the others lack, and the word to the master. 5: the clients.
    #expect(world.onTheWay(3, 2) == ["Forward(#1, term 2)"])
    world.deliver(world.server(3), master)
    let told = world.answers().filter { $0.contains("Configuration(2: s3)") }
    #expect(told.count == 3)
    world.deliverAll()
    ask(&world, 3, 1, put)
    let answers = world.answers()
    #expect(answers.contains("c1 <- Reply(1, done)"))
    #expect(world.contents(2) == "0=a")
  }

  @Test("the dead primary's last words are not taken after the count")
  func lastWords() {
    for (bugs, contents): ([MasterBackup.Deviation], String) in [
      ([], ""), ([.backupsNotSuspended], "0=a"),
    ] {
      var world = World(servers: 3, bugs)
      let master = world.layout.coordinator ?? NodeID(99)
      ask(&world, 1, 1, put)
      world.crash(1)
      world.report(1)
      world.deliver(master, world.server(3))
      world.deliver(world.server(1), world.server(3))
      #expect(world.contents(3) == contents)
    }
  }

  @Test("when a backup dies, one message frees the primary")
  func backupDies() {
    var world = World(servers: 3)
    ask(&world, 1, 1, put)
    world.crash(3)
    world.deliverAll()
    #expect(world.answers() == [])
    world.report(3)
    world.deliverAll()
    #expect(world.answers() == ["c1 <- Reply(1, done)"])
  }

  @Test("a server that comes back gets the state and is waited for from then on")
  func join() {
    var world = World(servers: 2)
    world.crash(2)
    world.report(2)
    world.deliverAll()
    ask(&world, 1, 1, put)
    world.restart(2)
    #expect(world.roles() == "primary joining")
    #expect(!MasterBackup.tolerates(failureOf: world.server(1), in: world.facts))
    world.fire(2)
    world.deliverAll()
    #expect(world.roles() == "primary backup")
    #expect(world.contents(2) == "0=a")
    #expect(MasterBackup.tolerates(failureOf: world.server(1), in: world.facts))
    _ = world.answers()
    ask(&world, 1, 2, put)
    #expect(world.answers() == [])
    world.deliverAll()
    #expect(world.answers() == ["c1 <- Reply(2, done)"])
  }

  @Test("whoever is not primary refuses")
  func refusal() {
    var world = World(servers: 2)
    ask(&world, 2, 1, put)
    ask(&world, 2, 2, .get(key: 0))
    #expect(world.answers() == ["c1 <- Refused(1)", "c1 <- Refused(2)"])
  }

  @Test("a repeated update is answered once it is acknowledged, and executed once")
  func repetition() {
    var world = World(servers: 2)
    ask(&world, 1, 1, .append(key: 0, value: "a"))
    ask(&world, 1, 1, .append(key: 0, value: "a"))
    #expect(world.answers() == [])
    world.deliverAll()
    ask(&world, 1, 1, .append(key: 0, value: "a"))
    #expect(world.answers() == ["c1 <- Reply(1, \"a\")", "c1 <- Reply(1, \"a\")"])
    #expect(world.contents(2) == "0=a")
  }

  @Test("lost messages are repeated, those of a failover too")
  func loss() {
    var world = World(servers: 3)
    ask(&world, 1, 1, put)
    world.lose(world.server(1), world.server(2))
    world.deliverAll()
    world.fire(1)
    world.deliverAll()
    #expect(world.answers() == ["c1 <- Reply(1, done)"])
  }
}

import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("Remus")
struct RemusTests {
  typealias World = HandDrivenServers<Remus>

  private let append = Operation.append(key: 0, value: "<a>")

  private func ask(
    _ world: inout World, _ number: Int, _ id: Int, _ operation: Operation, client: Int = 1
  ) {
    let request = Remus.Request(
      id: RequestID(client: world.layout.client(client - 1), number: id), operation: operation,
      lowestOpen: Int32(id))
    world.give(.request(request), to: number, from: client)
  }

  private func endEpoch(_ world: inout World, _ number: Int) { world.fire(number, .pace()) }

  @Test("an output waits for the checkpoint of its epoch to be acknowledged")
  func outputs() {
    for (bugs, early): ([Remus.Deviation], [String]) in [
      ([], []), ([.releasedWhenSent], ["c1 <- Reply(1, \"<a>\")"]),
    ] {
      var world = World(servers: 2, bugs)
      ask(&world, 1, 1, append)
      #expect(world.answers() == [])
      #expect(world.onTheWay(1, 2) == ["DiskWrite(epoch 1, #1 append 0)"])
      endEpoch(&world, 1)
      #expect(
        world.onTheWay(1, 2)
          == ["DiskWrite(epoch 1, #1 append 0)", "Page(epoch 1, key 0)", "Checkpoint(1)"])
      #expect(world.answers() == early)
      world.deliverAll()
      #expect(world.answers() == (bugs.isEmpty ? ["c1 <- Reply(1, \"<a>\")"] : []))
      #expect(world.contents(2) == "0=<a>")
    }
  }

  @Test("an acknowledgement lets out its own epoch and none that follows")
  func barrier() {
    for (bugs, count): ([Remus.Deviation], Int) in [([], 1), ([.noBarrier], 2)] {
      var world = World(servers: 2, bugs)
      ask(&world, 1, 1, append)
      endEpoch(&world, 1)
      ask(&world, 1, 1, .get(key: 0), client: 2)
      world.deliverAll()
      #expect(world.answers().count == count)
    }
  }

  @Test("a checkpoint that did not arrive whole is dropped")
  func incomplete() {
    for (bugs, contents): ([Remus.Deviation], String) in [
      ([], ""), ([.incompleteApplied], "0=<a>"),
    ] {
      var world = World(servers: 2, bugs)
      ask(&world, 1, 1, append)
      endEpoch(&world, 1)
      world.deliver(world.server(1), world.server(2))
      world.deliver(world.server(1), world.server(2))
      world.lose(world.server(1), world.server(2))
      world.crash(1)
      endEpoch(&world, 2)
      world.deliverAll()
      #expect(world.roles() == "primary primary")
      #expect(world.contents(2) == contents)
    }
  }

  @Test("the backup's disk has what its memory has, and an activation record when it takes over")
  func disk() {
    for bugs: [Remus.Deviation] in [[], [.diskWritesAtOnce], [.noActivationRecord]] {
      var world = World(servers: 2, bugs)
      ask(&world, 1, 1, append)
      world.deliverAll()
      let isAhead = bugs == [.diskWritesAtOnce]
      #expect(world.servers[1].disk.updates.count == (isAhead ? 1 : 0))
      #expect(world.servers[0].disk.updates.count == 1)
      endEpoch(&world, 1)
      world.deliverAll()
      #expect(world.servers[1].disk.updates.count == 1)
      world.crash(1)
      endEpoch(&world, 2)
      world.deliverAll()
      #expect(world.servers[1].record == (bugs == [.noActivationRecord] ? 0 : 2))
    }
  }

  @Test("when the backup dies what was held is let out")
  func unprotected() {
    var world = World(servers: 2)
    world.crash(2)
    ask(&world, 1, 1, append)
    world.deliverAll()
    #expect(world.answers() == ["c1 <- Reply(1, \"<a>\")"])
    #expect(!Remus.tolerates(failureOf: world.server(1), in: world.facts))
  }

  @Test("a host that comes back is given everything and can take over")
  func protectedAgain() {
    var world = World(servers: 2)
    world.crash(2)
    ask(&world, 1, 1, append)
    world.deliverAll()
    world.restart(2)
    #expect(world.roles() == "primary joining")
    world.deliverAll()
    #expect(world.roles() == "primary backup")
    #expect(world.contents(2) == "0=<a>")
    #expect(Remus.tolerates(failureOf: world.server(1), in: world.facts))
    world.crash(1)
    endEpoch(&world, 2)
    world.deliverAll()
    ask(&world, 2, 2, append)
    #expect(world.answers().last == "c1 <- Reply(2, \"<a><a>\")")
  }

  @Test("when both come back the activation record says whose disk is valid")
  func bothFail() {
    for (bugs, contents): ([Remus.Deviation], String) in [
      ([], "0=<a><b>"), ([.noActivationRecord], "0=<a>"),
    ] {
      var world = World(servers: 2, bugs)
      ask(&world, 1, 1, append)
      endEpoch(&world, 1)
      world.deliverAll()
      world.crash(1)
      endEpoch(&world, 2)
      world.deliverAll()
      ask(&world, 2, 2, .append(key: 0, value: "<b>"))
      world.crash(2)
      for number in [1, 2] { world.restart(number) }
      for _ in 0..<2 {
        world.deliverAll()
        for number in [1, 2] { endEpoch(&world, number) }
      }
      world.deliverAll()
      #expect(world.roles() == (bugs.isEmpty ? "backup primary" : "primary backup"))
      #expect(world.contents(1) == contents)
      #expect(world.contents(2) == contents)
    }
  }

  @Test("a journal whose beginning is not whole does not count")
  func journal() {
    let update = Remus.Update(
      sequence: 1, request: RequestID(client: NodeID(2), number: 1),
      operation: .compareAndSet(key: 3, expected: "x", new: "y"), drawn: 0, lowestOpen: 1)
    let bytes = Remus.DiskRecord.bytes(of: update)
    #expect(Remus.DiskRecord.scan(bytes[...]) == [update])
    for count in bytes.indices { #expect(Remus.DiskRecord.scan(bytes[..<count]) == []) }
    var torn = bytes
    torn[9] ^= 1
    #expect(Remus.DiskRecord.scan(torn[...]) == [])
  }
}

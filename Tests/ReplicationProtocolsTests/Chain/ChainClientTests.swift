import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite struct ChainClientTests {
  @Test func `a retry keeps its identity, waits longer each time and asks the master`() {
    var world = ChainWorld()
    world.invoke(1, .put(key: 0, value: "a"))
    world.links[world.client(1).index][0].removeAll()
    world.forgetMessages()
    world.fire(world.client(1), .retry(1))
    #expect(
      world.sentTexts == ["c1 -> master: WhichConfiguration(epoch 1)", "c1 -> s1: Update(4/1)"])
    #expect(world.host.effects.contains { isTimer($0, after: .milliseconds(100)) })
    world.settle()
    #expect(world.openOperations.isEmpty)
    #expect(world.timers.allSatisfy { $0.isEmpty })
  }

  private func isTimer(_ effect: Effect<Chain.Message>, after delay: VirtualDuration) -> Bool {
    if case .setTimer(.retry(1), delay) = effect { true } else { false }
  }

  @Test func `several operations may be open, answered in any order`() {
    var world = ChainWorld(clients: 1)
    let write = world.invoke(1, .put(key: 0, value: "a"))
    let reads = (0..<3).map { _ in world.invoke(1, .get(key: 0)) }
    world.settle(except: [world.server(1)])
    for read in reads { #expect(world.response(read) == .value("")) }
    #expect(world.clients[0].open.map(\.request) == [write])
    world.settle()
    #expect(world.response(write) == .done)
  }

  @Test func `requests carry the lowest one that is open, and replicas forget older ones`() {
    var world = ChainWorld(clients: 1)
    let first = world.invoke(1, .append(key: 0, value: "a"))
    let second = world.invoke(1, .append(key: 0, value: "b"))
    world.settle()
    #expect(world.servers[2].replica.standing(of: first).isApplied)
    #expect(world.servers[2].replica.standing(of: second).isApplied)
    world.invoke(1, .append(key: 0, value: "c"))
    world.settle()
    for server in world.servers {
      guard case .finished = server.replica.standing(of: first) else {
        Issue.record("request 1 is remembered for ever")
        return
      }
      #expect(server.replica.clients[0].recent.count == 1)
      let applied = server.history?.entries.map(\.request) ?? []
      #expect(applied.contains(first) && applied.contains(second))
    }
  }

  @Test func `after news from the master, what went to a dead server is sent again at once`() {
    var world = ChainWorld()
    let write = world.invoke(1, .put(key: 0, value: "a"))
    let read = world.invoke(1, .get(key: 0))
    world.crash(world.server(1))
    world.report()
    world.settle()
    #expect(world.response(write) == .done)
    #expect(world.response(read) != nil)
    // The query went to the tail, which lives: it was not sent again.
    let queries = world.sent.filter { if case .query = $0.message { true } else { false } }
    #expect(queries.count == 1)
  }

  @Test func `a server that is not the right one says so, and the client asks the master`() {
    var world = ChainWorld()
    world.crash(world.server(1))
    world.report()
    // The client does not hear of it, and the news to it is lost.
    world.links[world.masterNode.index][world.client(2).index].removeAll()
    world.settle(except: [world.client(2)])
    world.restart(world.server(1))
    world.settleWithTimers(rounds: 3)
    world.links[world.masterNode.index][world.client(2).index].removeAll()
    // s1 is the tail now. The client takes it for the head and s3 for the tail.
    world.clients[1].configuration = world.setting.firstConfiguration
    let write = world.invoke(2, .put(key: 0, value: "a"))
    let read = world.invoke(2, .get(key: 0))
    world.settle()
    #expect(world.response(write) == .done)
    #expect(world.response(read) != nil)
    #expect(world.sentTexts.contains("s1 -> c2: Redirect(5/1, epoch 5)"))
  }

  @Test func `a new head that has not heard of its role asks the master`() {
    var world = ChainWorld()
    world.crash(world.server(1))
    world.report()
    world.links[world.masterNode.index][1].removeAll()
    world.deliver(world.masterNode, world.client(1))
    let write = world.invoke(1, .put(key: 0, value: "a"))
    world.settle()
    #expect(world.servers[1].role == .head)
    world.fire(world.client(1), .retry(1))
    world.settle()
    #expect(world.response(write) == .done)
  }
}

extension ProtocolSetting<Chain.Deviation> {
  var firstConfiguration: Chain.Configuration { Chain.Settings(self).firstConfiguration }
}

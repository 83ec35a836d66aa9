import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite struct ChainMasterTests {
  private func facts(_ world: ChainWorld) -> ClusterFacts<Chain> {
    ClusterFacts(
      layout: world.layout, servers: world.servers,
      isUp: Array(world.isUp.prefix(world.layout.serverCount)), coordinator: world.master)
  }

  @Test func `every decision has a number of its own`() {
    var world = ChainWorld(servers: 4, options: ["initialChain": .integer(2)])
    for number in 3...4 { world.fire(world.server(number), Chain.Server.joinTimer) }
    world.settle()
    world.crash(world.server(2))
    world.report()
    world.settle()
    let numbers = world.observations.compactMap { item -> Int? in
      if case .decided(let view) = item.observation { view.number } else { nil }
    }
    #expect(numbers == Array(1...8))
    #expect(world.chain == [1, 3, 4])
  }

  @Test func `a join that outlives its sender is ignored`() {
    var world = ChainWorld(servers: 2)
    world.crash(world.server(2))
    world.report()
    world.settle()
    world.restart(world.server(2))
    world.crash(world.server(2))
    world.report()
    world.settle()
    #expect(world.chain == [1])
    #expect(world.servers[0].copying == nil)
    #expect(world.master.configuration.joiner == nil && world.master.waiting.isEmpty)
  }

  @Test func `servers that wait are appended one at a time`() {
    var world = ChainWorld(servers: 4, options: ["initialChain": .integer(1)])
    for number in [3, 2, 4] {
      world.fire(world.server(number), Chain.Server.joinTimer)
      world.deliver(world.server(number), world.masterNode)
    }
    #expect(world.master.configuration.joiner?.member.node == world.server(3))
    #expect(world.master.waiting.map(\.node) == [world.server(2), world.server(4)])
    world.settle()
    #expect(world.chain == [1, 3, 2, 4])
  }

  @Test func `another live member of the chain must remain`() {
    var world = ChainWorld(servers: 3, options: ["initialChain": .integer(2)])
    #expect(Chain.tolerates(failureOf: world.server(1), in: facts(world)))
    #expect(Chain.tolerates(failureOf: world.server(3), in: facts(world)))
    world.crash(world.server(2))
    // The failure is not reported yet: s2 is a member, but it is dead.
    #expect(!Chain.tolerates(failureOf: world.server(1), in: facts(world)))
    world.report()
    world.settle()
    world.fire(world.server(3), Chain.Server.joinTimer)
    while world.chain == [1] {
      // A joining server does not count until the master has appended it.
      #expect(!Chain.tolerates(failureOf: world.server(1), in: facts(world)))
      for (from, to) in [(3, 0), (0, 1), (1, 3), (3, 1), (1, 0)] {
        let from = from == 0 ? world.masterNode : world.server(from)
        let to = to == 0 ? world.masterNode : world.server(to)
        if world.canDeliver(from, to) { world.deliver(from, to) }
      }
    }
    world.settle()
    #expect(Chain.tolerates(failureOf: world.server(1), in: facts(world)))
    #expect(Chain.tolerates(failureOf: world.server(3), in: facts(world)))
  }
}

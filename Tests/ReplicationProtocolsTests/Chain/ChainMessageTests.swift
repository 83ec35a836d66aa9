import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite struct ChainMessageTests {
  @Test func `messages are small, rare payloads stand apart`() {
    #expect(MemoryLayout<Chain.Message>.size <= 64)
  }

  @Test func `fingerprints tell messages and servers apart and repeat exactly`() {
    var world = ChainWorld(options: ["initialChain": .integer(2), "transferChunk": .integer(1)])
    var seen: [UInt64: String] = [:]
    for number in 0..<3 {
      world.invoke(1 + number % 2, .append(key: number, value: "\(number)"))
      world.settle()
    }
    world.fire(world.server(3), Chain.Server.joinTimer)
    world.settle()
    world.crash(world.server(2))
    world.report()
    world.settle()
    for (index, item) in world.sent.enumerated() {
      let print = item.message.fingerprint
      #expect(print == item.message.fingerprint)
      let text = item.message.summary
      if let other = seen[print] { #expect(other == text, "message \(index)") }
      seen[print] = text
    }
    #expect(seen.count > 20)
    #expect(world.servers[0].fingerprint != world.servers[2].fingerprint)
    let copy = world
    #expect(copy.servers.map(\.fingerprint) == world.servers.map(\.fingerprint))
    #expect(copy.master.fingerprint == world.master.fingerprint)
    #expect(copy.clients.map(\.fingerprint) == world.clients.map(\.fingerprint))
  }
}

import LinearizabilityChecking
import SimulationKernel

@testable import ReplicationProtocols

typealias RankedKvWorld = HandDrivenServers<RankedKv>

extension HandDrivenServers where Subject == RankedKv {
  /// A client's request to one of the servers.
  mutating func ask(_ number: Int, _ id: Int, _ operation: Operation, client: Int = 1) {
    give(request(id, operation, client: client), to: number, from: client)
  }

  func request(_ id: Int, _ operation: Operation, client: Int = 1) -> RankedKv.Message {
    .request(
      RankedKv.Request(
        id: RequestID(client: layout.client(client - 1), number: id), operation: operation,
        lowestOpen: 1))
  }

  func versioned(_ number: Int) -> RankedKv.VersionedServer {
    servers[number - 1].versioned ?? RankedKv.VersionedServer(0, RankedKv.Settings(setting))
  }

  func epoch(_ number: Int) -> Int { versioned(number).membership.epoch }

  /// Lets every server repeat what it is owed, until nothing is.
  mutating func settle() {
    deliverAll()
    for _ in 0..<20 {
      let owing = (1...servers.count).filter { isUp[$0 - 1] && timers[$0 - 1].contains(.retry()) }
      if owing.isEmpty { return }
      for number in owing where timers[number - 1].contains(.retry()) { fire(number) }
      deliverAll()
    }
  }
}

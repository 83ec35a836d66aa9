import ModelChecking
import SimulationKernel

/// What a slot of the chain model is for.
enum ChainRole: Hashable {
  case server(Int)
  case link(from: Int, to: Int)
  /// Master to server, server to master, detector to master.
  case configuration(to: Int)
  case report(from: Int)
  case failures
  case master
  case crashes
  case client(Int)
  case request(from: Int, to: Int)
  case reply(from: Int, to: Int)
  /// Master to client.
  case notice(to: Int)
  case monitor
}

/// Which slot is what. Servers, the master and what is between them are on the left, clients and
/// what they see on the right. Of the channels between servers and clients those that hold most of
/// the time something else than the rest of their half are on the left, for the two halves to have
/// about equally many distinct contents: with two crashes 117,529 instead of 382,340.
struct ChainSlots: Sendable {
  let layout: SlotLayout
  private let roles: [ChainRole]
  private let slots: [ChainRole: Int]

  init() {
    var left: [ChainRole] = []
    for server in 0..<3 { left.append(.server(server)) }
    for (from, to) in [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)] {
      left.append(.link(from: from, to: to))
    }
    for server in 0..<3 { left.append(.configuration(to: server)) }
    for server in 0..<3 { left.append(.report(from: server)) }
    left += [.failures, .master, .crashes]
    var right: [ChainRole] = []
    for client in 0..<2 {
      right += [.client(client), .notice(to: client)]
      left += [.request(from: client, to: 0), .request(from: client, to: 1)]
      right.append(.request(from: client, to: 2))
      left.append(.reply(from: 1, to: client))
      right += [.reply(from: 0, to: client), .reply(from: 2, to: client)]
    }
    right.append(.monitor)
    roles = left + right
    slots = Dictionary(uniqueKeysWithValues: zip(roles, roles.indices))
    layout = SlotLayout(names: roles.map(Self.name), leftCount: left.count)
  }

  func role(of slot: Int) -> ChainRole { roles[slot] }

  /// - Parameter role: one that there is.
  func slot(_ role: ChainRole) -> Int {
    guard let slot = slots[role] else { programmingError("no slot is \(Self.name(role))") }
    return slot
  }

  /// The clients change places.
  var exchangeOfClients: SlotPermutation {
    var pairs: [(ChainRole, ChainRole)] = [
      (.client(0), .client(1)), (.notice(to: 0), .notice(to: 1)),
    ]
    for server in 0..<3 {
      pairs.append((.request(from: 0, to: server), .request(from: 1, to: server)))
      pairs.append((.reply(from: server, to: 0), .reply(from: server, to: 1)))
    }
    return SlotPermutation(
      exchanging: pairs.map { (slot($0), slot($1)) }, among: layout.count)
  }

  private static func name(_ role: ChainRole) -> String {
    switch role {
    case .server(let server): "s\(server + 1)"
    case .link(let from, let to): "s\(from + 1)->s\(to + 1)"
    case .configuration(let server): "master->s\(server + 1)"
    case .report(let server): "s\(server + 1)->master"
    case .failures: "detector->master"
    case .master: "master"
    case .crashes: "crashes"
    case .client(let client): "c\(client + 1)"
    case .request(let client, let server): "c\(client + 1)->s\(server + 1)"
    case .reply(let server, let client): "s\(server + 1)->c\(client + 1)"
    case .notice(let client): "master->c\(client + 1)"
    case .monitor: "monitor"
    }
  }
}

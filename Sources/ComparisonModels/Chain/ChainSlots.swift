import ModelChecking

/// What a slot of the chain model is for.
enum ChainRole {
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

/// Which slot is what: servers, the master and the channels between them on the left, everything
/// that has to do with clients on the right.
struct ChainSlots: Sendable {
  let layout: SlotLayout
  private let roles: [ChainRole]

  private static let links = [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]

  init() {
    var roles: [ChainRole] = []
    for server in 0..<3 { roles.append(.server(server)) }
    for (from, to) in Self.links { roles.append(.link(from: from, to: to)) }
    for server in 0..<3 { roles.append(.configuration(to: server)) }
    for server in 0..<3 { roles.append(.report(from: server)) }
    roles += [.failures, .master, .crashes]
    let leftCount = roles.count
    for client in 0..<2 { roles.append(.client(client)) }
    for client in 0..<2 {
      for server in 0..<3 { roles.append(.request(from: client, to: server)) }
    }
    for client in 0..<2 {
      for server in 0..<3 { roles.append(.reply(from: server, to: client)) }
    }
    for client in 0..<2 { roles.append(.notice(to: client)) }
    roles.append(.monitor)
    self.roles = roles
    layout = SlotLayout(names: roles.map(Self.name), leftCount: leftCount)
  }

  func role(of slot: Int) -> ChainRole { roles[slot] }

  func server(_ server: Int) -> Int { server }
  func link(from: Int, to: Int) -> Int { 3 + 2 * from + (to > from ? to - 1 : to) }
  func configuration(to server: Int) -> Int { 9 + server }
  func report(from server: Int) -> Int { 12 + server }
  var failures: Int { 15 }
  var master: Int { 16 }
  var crashes: Int { 17 }
  func client(_ client: Int) -> Int { 18 + client }
  func request(from client: Int, to server: Int) -> Int { 20 + 3 * client + server }
  func reply(from server: Int, to client: Int) -> Int { 26 + 3 * client + server }
  func notice(to client: Int) -> Int { 32 + client }
  var monitor: Int { 34 }

  /// The clients change places.
  var exchangeOfClients: SlotPermutation {
    var pairs = [(client(0), client(1)), (notice(to: 0), notice(to: 1))]
    for server in 0..<3 {
      pairs.append((request(from: 0, to: server), request(from: 1, to: server)))
      pairs.append((reply(from: server, to: 0), reply(from: server, to: 1)))
    }
    return SlotPermutation(exchanging: pairs, among: layout.count)
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

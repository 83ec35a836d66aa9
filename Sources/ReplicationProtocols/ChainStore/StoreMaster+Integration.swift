import SimulationKernel

/// Registration and integration, one node at a time ("Integration" in the report), and the
/// beginning of a chain.
extension ChainStore.Master {
  mutating func register(
    _ registration: Registration, _ host: inout Host<ChainStore.Message>
  ) {
    let member = registration.member
    if isDead(member) { return }
    // The node is back before the round of heartbeats that would have found it gone.
    if configuration.chain.contains(where: { $0.node == member.node && isDead($0) }) {
      correct(&host)
    }
    if configuration.chain.contains(member) {
      host.send(.configure(configuration), to: member.node)
    } else if configuration.joiner?.member == member {
      // The tail may not have heard of it.
      if let tail = configuration.chain.last {
        host.send(.configure(configuration), to: tail.node)
      }
    } else if let index = waiting.firstIndex(where: { $0.member == member }) {
      waiting[index] = registration
    } else {
      waiting.append(registration)
    }
    advance(&host)
  }

  /// Begins what can be begun: a chain, or the integration of the next node that waits.
  mutating func advance(_ host: inout Host<ChainStore.Message>) {
    if configuration.chain.isEmpty {
      if configuration.epoch == 0 { beginFirstChain(&host) } else { beginAgain(&host) }
    } else if configuration.joiner == nil, !waiting.isEmpty {
      let next = waiting.removeFirst()
      decide(&host) { configuration in
        configuration.joiner = ChainStore.Joiner(
          member: next.member, committed: next.committed, transfer: configuration.epoch,
          isSwitching: false)
      }
      if let tail = configuration.chain.last {
        host.send(.configure(configuration), to: tail.node)
      }
    }
  }

  /// The first chain waits for all its nodes, but for those that have failed.
  private mutating func beginFirstChain(_ host: inout Host<ChainStore.Message>) {
    let expected = settings.layout.servers.prefix(settings.initialChain)
    let isComplete = expected.allSatisfy { server in
      waiting.contains { $0.member.node == server } || failures[server.index] > 0
    }
    guard isComplete else { return }
    let members = waiting.map(\.member).filter { expected.contains($0.node) }
      .sorted { $0.node < $1.node }
    begin(members, &host)
  }

  /// All nodes had failed. What was acknowledged is durable at whoever acknowledged it; that node
  /// begins again, alone.
  private mutating func beginAgain(_ host: inout Host<ChainStore.Message>) {
    let candidates: [Registration]
    switch settings.restart {
    case .anybody: candidates = waiting
    case .lastFailed: candidates = waiting.filter { $0.member.node == lastFailed?.node }
    case .holders:
      candidates = waiting.filter { waits in
        holders.contains { $0.node == waits.member.node }
      }
      let areAllThere = holders.allSatisfy { holder in
        candidates.contains { $0.member.node == holder.node }
      }
      guard areAllThere else { return }
    }
    guard var best = candidates.first else { return }
    for candidate in candidates where candidate.committed > best.committed { best = candidate }
    begin([best.member], &host)
  }

  private mutating func begin(
    _ members: [ChainStore.Member], _ host: inout Host<ChainStore.Message>
  ) {
    guard !members.isEmpty else { return }
    waiting.removeAll { members.contains($0.member) }
    holders = []
    decide(&host) { configuration in
      configuration.chain = members
      configuration.founders = members
    }
    for member in members { host.send(.configure(configuration), to: member.node) }
    tellClients(&host)
    advance(&host)
  }

  /// The joining node has what is committed: the tail is to hand its role over.
  mutating func switchTail(_ transfer: Int, _ host: inout Host<ChainStore.Message>) {
    guard let joiner = configuration.joiner, joiner.transfer == transfer,
      let tail = configuration.chain.last
    else { return }
    if !joiner.isSwitching { decide(&host) { $0.joiner?.isSwitching = true } }
    host.send(.configure(configuration), to: tail.node)
  }

  /// The new tail is ready: it is appended, and everybody is told.
  mutating func appendTail(
    _ member: ChainStore.Member, _ transfer: Int, _ host: inout Host<ChainStore.Message>
  ) {
    if configuration.chain.contains(member) {
      host.send(.configure(configuration), to: member.node)
      return
    }
    guard let joiner = configuration.joiner, joiner.member == member,
      joiner.transfer == transfer, joiner.isSwitching
    else { return }
    decide(&host) { configuration in
      configuration.chain.append(member)
      configuration.joiner = nil
    }
    for server in configuration.chain { host.send(.configure(configuration), to: server.node) }
    tellClients(&host)
    advance(&host)
  }
}

import SimulationKernel

/// The master's part in "Extending a Chain" (section 3). Servers are appended one at a time.
extension Chain.Master {
  mutating func join(_ member: Chain.Member, _ host: inout Host<Chain.Message>) {
    if isDead(member) { return }
    if configuration.chain.contains(member) {
      host.send(.configure(configuration), to: member.node)
    } else if configuration.joiner?.member == member {
      // The tail may not have heard of it.
      host.send(.configure(configuration), to: configuration.tail)
    } else if !waiting.contains(member) {
      waiting.append(member)
      beginExtension(&host)
    }
  }

  /// Tells the tail to copy its history to the next server that waits.
  mutating func beginExtension(_ host: inout Host<Chain.Message>) {
    guard configuration.joiner == nil, !isLost, !waiting.isEmpty else { return }
    let member = waiting.removeFirst()
    decide(&host) { configuration in
      configuration.joiner = Chain.Joiner(
        member: member, transfer: configuration.epoch, isSwitching: false)
    }
    host.send(.configure(configuration), to: configuration.tail)
    if settings.flaws.joinerAnswersTooEarly { announceJoiner(member, &host) }
  }

  /// The decision point of CR-08: clients hear of the new tail before it has anything.
  private func announceJoiner(_ member: Chain.Member, _ host: inout Host<Chain.Message>) {
    var announced = configuration
    announced.chain.append(member)
    for client in settings.layout.clients { host.send(.configure(announced), to: client) }
  }

  /// The copy is done: step (a).
  mutating func switchTail(_ transfer: Int, _ host: inout Host<Chain.Message>) {
    guard let joiner = configuration.joiner, joiner.transfer == transfer, !isLost else { return }
    if !joiner.isSwitching { decide(&host) { $0.joiner?.isSwitching = true } }
    host.send(.configure(configuration), to: configuration.tail)
  }

  /// The new tail is ready, step (c): it is appended, and everybody is told, step (d).
  mutating func appendTail(
    _ member: Chain.Member, _ transfer: Int, _ host: inout Host<Chain.Message>
  ) {
    if configuration.chain.contains(member) {
      host.send(.configure(configuration), to: member.node)
      return
    }
    guard let joiner = configuration.joiner, joiner.member == member,
      joiner.transfer == transfer, joiner.isSwitching, !isLost
    else { return }
    decide(&host) { configuration in
      configuration.chain.append(member)
      configuration.joiner = nil
    }
    for server in configuration.chain { host.send(.configure(configuration), to: server.node) }
    tellClients(&host)
    beginExtension(&host)
  }
}

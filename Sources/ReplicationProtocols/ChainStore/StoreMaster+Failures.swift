import SimulationKernel

/// Corrections ("Failure" in the report): a run of neighbours that have failed is taken out at
/// once, runs that are apart are corrected one after the other.
extension ChainStore.Master {
  public mutating func serverFailed(
    _ server: NodeID, _ host: inout Host<ChainStore.Message>
  ) {
    failures[server.index] += 1
    waiting = waiting.filter { !isDead($0.member) }
    if let member = configuration.chain.first(where: { $0.node == server && isDead($0) }) {
      lastFailed = member
    }
  }

  /// Takes out everybody who has failed since the last round.
  mutating func correct(_ host: inout Host<ChainStore.Message>) {
    while let first = configuration.chain.firstIndex(where: { isDead($0) }) {
      var end = first + 1
      while end < configuration.chain.count, isDead(configuration.chain[end]) { end += 1 }
      remove(first..<end, &host)
    }
    guard let joiner = configuration.joiner, isDead(joiner.member) else { return }
    // The tail ends the copy, and takes its role back if it has handed it over.
    decide(&host) { $0.joiner = nil }
    if let tail = configuration.chain.last {
      host.send(.configure(configuration), to: tail.node)
    }
    advance(&host)
  }

  private mutating func remove(_ run: Range<Int>, _ host: inout Host<ChainStore.Message>) {
    let old = configuration.chain
    decide(&host) { configuration in
      configuration.chain.removeSubrange(run)
      if run.upperBound == old.count {
        // The source of a copy is gone: the new tail begins it anew.
        configuration.joiner?.transfer = configuration.epoch
        configuration.joiner?.isSwitching = false
      }
    }
    guard !configuration.chain.isEmpty else {
      loseChain(&host)
      return
    }
    let isMiddle = run.lowerBound > 0 && run.upperBound < old.count
    for (place, member) in configuration.chain.enumerated() {
      // The node behind the gap is told first; the one before it hears when that has said what it
      // holds.
      if isMiddle, place == run.lowerBound - 1 { continue }
      host.send(.configure(configuration), to: member.node)
    }
    if !isMiddle { tellClients(&host) }
  }

  /// All nodes of the chain have failed. Whoever was joining waits with the others.
  private mutating func loseChain(_ host: inout Host<ChainStore.Message>) {
    if let joiner = configuration.joiner, !isDead(joiner.member) {
      waiting.append(Registration(member: joiner.member, committed: joiner.committed))
    }
    configuration.joiner = nil
    advance(&host)
  }
}

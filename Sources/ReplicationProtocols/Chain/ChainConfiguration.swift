import SimulationKernel

extension Chain {
  /// One start of a server: a server that comes back after a crash is a new member.
  public struct Member: Hashable, Sendable, Fingerprintable {
    var node: NodeID
    var incarnation: Incarnation

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(UInt64(node.index) &<< 32 | UInt64(UInt32(incarnation.number)))
    }
  }

  /// What the master decides: the chain, and who is about to be appended to it. Each decision has a
  /// number of its own, the epoch, so the newer of two configurations is known without a clock.
  public struct Configuration: Hashable, Sendable {
    var epoch: Int
    /// Head first, tail last; never empty.
    var chain: [Member]
    var joiner: Joiner?

    var head: NodeID { chain[0].node }
    var tail: NodeID { chain[chain.count - 1].node }

    func place(of member: Member) -> Int? { chain.firstIndex(of: member) }

    func contains(_ node: NodeID) -> Bool { chain.contains { $0.node == node } }
  }

  /// The extension under way ("Extending a Chain", section 3): the tail copies its history to a
  /// server outside the chain.
  public struct Joiner: Hashable, Sendable {
    var member: Member
    /// The epoch in which this copy began: tells it from copies by an earlier tail.
    var transfer: Int
    /// The copy is done, and the tail of this configuration is to hand its role over.
    var isSwitching: Bool
  }
}

extension Chain.Configuration: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(epoch)
    hasher.combine(contentsOf: chain)
    hasher.combine(joiner != nil)
    if let joiner {
      hasher.combine(joiner.member)
      hasher.combine(joiner.transfer)
      hasher.combine(joiner.isSwitching)
    }
  }
}

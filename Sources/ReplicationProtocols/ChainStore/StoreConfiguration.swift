import SimulationKernel

extension ChainStore {
  /// One start of a server: a server that comes back after a crash is a new member.
  public struct Member: Hashable, Sendable, Fingerprintable {
    var node: NodeID
    var incarnation: Int

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(UInt64(node.index) &<< 32 | UInt64(UInt32(truncatingIfNeeded: incarnation)))
    }
  }

  /// What the master decides: the chain, and who is about to be appended to it. Each decision has a
  /// number of its own, the epoch.
  public struct Configuration: Hashable, Sendable {
    /// 0 before the first decision.
    var epoch = 0
    /// Head first, tail last; empty before all nodes have registered, and when all have failed.
    var chain: [Member] = []
    /// Members that began the chain with what they have on disk: all of the first one, and the one
    /// node that begins again after all had failed. Others are members when they have caught up.
    var founders: [Member] = []
    var joiner: Joiner?

    func place(of member: Member) -> Int? { chain.firstIndex(of: member) }
    func contains(_ node: NodeID) -> Bool { chain.contains { $0.node == node } }
  }

  /// The integration under way: the tail sends a node what it has missed.
  public struct Joiner: Hashable, Sendable, Fingerprintable {
    var member: Member
    /// The last write that the node's volume had committed when it registered.
    var committed: Int
    /// The epoch in which this copy began: tells it from copies by an earlier tail.
    var transfer: Int
    /// The node has what is committed, and the tail is to hand its role over.
    var isSwitching: Bool

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(member)
      hasher.combine(committed)
      hasher.combine(transfer)
      hasher.combine(isSwitching)
    }
  }
}

extension ChainStore.Configuration: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(epoch)
    hasher.combine(contentsOf: chain)
    hasher.combine(contentsOf: founders)
    hasher.combine(joiner != nil)
    if let joiner { hasher.combine(joiner) }
  }
}

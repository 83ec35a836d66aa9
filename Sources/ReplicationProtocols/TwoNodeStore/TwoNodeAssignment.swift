import SimulationKernel

extension TwoNodeStore {
  /// What the load balancer decides: who is primary, and what the other node is. Each change is a
  /// new epoch.
  public struct Assignment: Hashable, Sendable, Fingerprintable {
    /// What the node that is not primary is.
    enum Peer: UInt8, Hashable, Sendable {
      /// Down, or not needed.
      case absent
      /// Up, and catching up; it holds less than the primary.
      case recovering
      /// It holds everything that was acknowledged: the backup.
      case stable
    }

    /// 0 before both nodes have registered for the first time.
    var epoch = 0
    var primary: NodeID?
    var peer = Peer.absent
    /// By server: the process that the assignment speaks of.
    var incarnations = [0, 0]

    /// Whether this node may answer reads: it holds everything.
    func isStable(_ node: NodeID) -> Bool {
      primary.map { $0 == node || peer == .stable } ?? false
    }

    var observed: ObservedView {
      guard let primary else { return ObservedView(number: epoch, members: []) }
      let backup = peer == .stable ? [TwoNodeStore.peer(of: primary)] : []
      return ObservedView(number: epoch, members: [primary] + backup)
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(epoch)
      hasher.combine(primary?.index ?? -1)
      hasher.combine(UInt64(peer.rawValue))
      for incarnation in incarnations { hasher.combine(incarnation) }
    }
  }
}

extension TwoNodeStore.Assignment: CustomStringConvertible {
  /// For example `3: s1 + s2` (a stable backup), `4: s2`, `5: s2 (s1 recovers)`.
  public var description: String {
    guard let primary else { return "\(epoch): none" }
    let other = "s\(TwoNodeStore.peer(of: primary).index + 1)"
    switch peer {
    case .absent: return "\(epoch): s\(primary.index + 1)"
    case .recovering: return "\(epoch): s\(primary.index + 1) (\(other) recovers)"
    case .stable: return "\(epoch): s\(primary.index + 1) + \(other)"
    }
  }
}

import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// What a search leaves out although the system could do it, each for itself.
public struct ExploreReductions: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// That a peer is dead is not told to a node that says that it never heeds it
  /// (``SimulationKernel/Node/heedsUnavailability(of:)``). Keeps every verdict: the delivery of
  /// such a word changes nothing but its channel. A shortest counterexample is shorter by the
  /// deliveries of words that stood before something it needs.
  public static let unheededWords = ExploreReductions(rawValue: 1)

  /// Those that keep every verdict.
  public static let sound: ExploreReductions = [.unheededWords]
}

extension ClusterSystem {
  /// Whether a node is told that a peer which it called is dead.
  func hears(_ node: NodeID, of peer: NodeID) -> Bool {
    guard plan.reductions.contains(.unheededWords) else { return true }
    return switch nodes.role(of: node) {
    case .server: template.servers[node.index].heedsUnavailability(of: peer)
    case .coordinator: template.coordinator.heedsUnavailability(of: peer)
    case .client:
      template.clients[nodes.clientIndex(of: node)].heedsUnavailability(of: peer)
    }
  }

  /// A channel of a whole cluster, without what the search leaves out.
  func channel(
    from sender: NodeID, to receiver: NodeID, of cluster: Cluster<Subject>
  ) -> Component {
    let whole = ClusterProjection<Subject>.channel(from: sender, to: receiver, of: cluster)
    guard !hears(receiver, of: sender), case .channel(var channel) = whole.content else {
      return whole
    }
    channel.parcels.removeAll { $0 == nil }
    return Component(.channel(channel))
  }
}

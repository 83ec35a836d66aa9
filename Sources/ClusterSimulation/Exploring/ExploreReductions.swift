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

  /// Nothing is delivered to a client that has no operation left and says that it heeds nothing
  /// without one (``SimulationKernel/ClientNode/heedsWhenIdle``); what it remembers is forgotten.
  /// Keeps every verdict and the length of shortest counterexamples: such a delivery changes
  /// nothing but its channel and the client, and neither does anything from then on.
  public static let doneClients = ExploreReductions(rawValue: 2)

  /// Once no operation that is open or to come reads anything, a history is not told apart by what
  /// the store may hold. Keeps every verdict: all that can come then is the end of an update that
  /// says nothing, which every explanation allows.
  public static let unreadHistories = ExploreReductions(rawValue: 4)

  /// Those that keep every verdict.
  public static let sound: ExploreReductions = [.unheededWords, .doneClients, .unreadHistories]
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
    if nodes.role(of: receiver) == .client, isDone(nodes.clientIndex(of: receiver), in: cluster) {
      return Component(.channel(.ignored))
    }
    let whole = ClusterProjection<Subject>.channel(from: sender, to: receiver, of: cluster)
    guard !hears(receiver, of: sender), case .channel(var channel) = whole.content else {
      return whole
    }
    channel.parcels.removeAll { $0 == nil }
    return Component(.channel(channel))
  }
}

// MARK: - Clients that are done

extension ClusterSystem {
  /// A client that has no operation left and heeds nothing, with all that it remembers forgotten;
  /// `nil` if it is none. An armed timer would still fire.
  func done(_ client: ExploredClient<Subject>) -> ExploredClient<Subject>? {
    let index = nodes.clientIndex(of: client.process.node)
    guard plan.reductions.contains(.doneClients), !template.clients[index].heedsWhenIdle,
      client.open.isEmpty, plan.operations.indices.contains(index),
      client.invoked >= plan.operations[index].count, client.invoked > 0,
      client.process.timers.isEmpty, client.process.postponed.isEmpty
    else { return nil }
    var done = client
    done.memory = template.clients[index]
    return done
  }

  /// What becomes of a client after a step, and of the channels to it.
  func settled(
    _ client: ExploredClient<Subject>
  ) -> (component: Component, consequences: [Consequence<Signal>]) {
    guard let done = done(client) else { return (Component(.client(client)), []) }
    let channels = slots.incoming(to: client.process.node)
    return (Component(.client(done)), channels.map { .signal(.receiverIsDone, to: $0) })
  }

  private func isDone(_ client: Int, in cluster: Cluster<Subject>) -> Bool {
    done(ClusterProjection<Subject>.client(nodes.client(client), of: cluster)) != nil
  }

  /// A node of a whole cluster, without what the search forgets.
  func node(_ node: NodeID, of cluster: Cluster<Subject>) -> Component {
    guard nodes.role(of: node) == .client else {
      return ClusterProjection<Subject>.node(node, of: cluster, cluster.exploredProcess(of: node))
    }
    return settled(ClusterProjection<Subject>.client(node, of: cluster)).component
  }
}

import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// Carries out the reductions of a search: makes of what a node, a channel or a message is what the
/// search keeps of it. Everything that differs in nothing but what is left out is one component.
struct ClusterReduction<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  typealias Component = ClusterComponent<Subject>

  let plan: ExplorePlan
  let nodes: ClusterLayout
  private let servers: [Subject.Server]
  private let coordinator: Subject.Coordinator
  /// As they are before they start.
  private let clients: [Subject.Client]
  /// Timers of these kinds are never paid for.
  private let silent: Set<TimerKind>

  /// - Parameter template: a cluster in which nothing has started.
  init(_ template: Cluster<Subject>, _ plan: ExplorePlan) {
    self.plan = plan
    nodes = template.layout
    servers = template.servers
    coordinator = template.coordinator
    clients = template.clients
    // Beyond the bounds all of them may fire.
    let isBounded = plan.furtherTicks == 0
    silent = Set(TimerKind.allCases.filter { isBounded && plan.budget[$0.price] == 0 })
  }

  /// Whether a node is told that a peer which it called is dead.
  func hears(_ node: NodeID, of peer: NodeID) -> Bool {
    guard plan.reductions.contains(.unheededWords) else { return true }
    return switch nodes.role(of: node) {
    case .server: servers[node.index].heedsUnavailability(of: peer)
    case .coordinator: coordinator.heedsUnavailability(of: peer)
    case .client: clients[nodes.clientIndex(of: node)].heedsUnavailability(of: peer)
    }
  }

  // MARK: Nodes

  /// What is kept of a node after a step.
  func kept(_ component: Component) -> Component {
    guard plan.reductions.contains(.deadMemory) else { return component }
    switch component.content {
    case .server(var server):
      server.process = kept(server.process)
      if server.process.isUp {
        server.memory = server.memory.forgetting(timersThatNeverFire: silent)
      }
      return Component(.server(server))
    case .coordinator(var coordinator):
      coordinator.process = kept(coordinator.process)
      coordinator.memory = coordinator.memory.forgetting(timersThatNeverFire: silent)
      return Component(.coordinator(coordinator))
    case .client(let client): return Component(.client(kept(client)))
    case .channel, .budget, .history, .check: return component
    }
  }

  func kept(_ client: ExploredClient<Subject>) -> ExploredClient<Subject> {
    guard plan.reductions.contains(.deadMemory) else { return client }
    var client = client
    client.process = kept(client.process)
    client.memory = client.memory.forgetting(timersThatNeverFire: silent)
    return client
  }

  private func kept(_ process: ExploredProcess) -> ExploredProcess {
    var process = process
    process.timers.removeAll { silent.contains($0.kind) }
    return process
  }

  // MARK: Clients that are done

  /// A client that has no operation left and heeds nothing, with all that it remembers forgotten;
  /// `nil` if it is none. An armed timer would still fire.
  func done(_ client: ExploredClient<Subject>) -> ExploredClient<Subject>? {
    let index = nodes.clientIndex(of: client.process.node)
    guard plan.reductions.contains(.doneClients), !clients[index].heedsWhenIdle,
      client.open.isEmpty, plan.operations.indices.contains(index), client.invoked > 0,
      client.invoked >= plan.operations[index].count,
      kept(client).process.timers.isEmpty, client.process.postponed.isEmpty
    else { return nil }
    var done = kept(client)
    done.memory = clients[index]
    return done
  }

  // MARK: Channels

  func kept(_ message: Keyed<Subject.Message>) -> Keyed<Subject.Message> {
    plan.reductions.contains(.messagesAsRead) ? Keyed(message.value.asRead) : message
  }

  func kept(
    _ channel: ExploredChannel<Subject.Message>, from sender: NodeID, to receiver: NodeID
  ) -> ExploredChannel<Subject.Message> {
    var channel = channel
    if !hears(receiver, of: sender) { channel.parcels.removeAll { $0 == nil } }
    channel.parcels = channel.parcels.map { $0.map { kept($0) } }
    return channel
  }

  // MARK: Whole clusters

  /// What is kept of a node of a whole cluster.
  func node(_ node: NodeID, of cluster: Cluster<Subject>) -> Component {
    guard nodes.role(of: node) == .client else {
      return kept(
        ClusterProjection<Subject>.node(node, of: cluster, cluster.exploredProcess(of: node)))
    }
    let client = ClusterProjection<Subject>.client(node, of: cluster)
    return Component(.client(done(client) ?? kept(client)))
  }

  /// What is kept of a channel of a whole cluster.
  func channel(
    from sender: NodeID, to receiver: NodeID, of cluster: Cluster<Subject>
  ) -> Component {
    if nodes.role(of: receiver) == .client,
      done(ClusterProjection<Subject>.client(receiver, of: cluster)) != nil
    {
      return Component(.channel(.ignored))
    }
    let whole = ClusterProjection<Subject>.channel(from: sender, to: receiver, of: cluster)
    guard case .channel(let channel) = whole.content else { return whole }
    return Component(.channel(kept(channel, from: sender, to: receiver)))
  }
}

extension ClusterSystem {
  /// Whether a node is told that a peer which it called is dead.
  func hears(_ node: NodeID, of peer: NodeID) -> Bool { reduction.hears(node, of: peer) }

  /// What becomes of a client after a step, and of the channels to it.
  func settled(
    _ client: ExploredClient<Subject>
  ) -> (component: Component, consequences: [Consequence<Signal>]) {
    guard let done = reduction.done(client) else {
      return (Component(.client(reduction.kept(client))), [])
    }
    let channels = slots.incoming(to: client.process.node)
    return (Component(.client(done)), channels.map { .signal(.receiverIsDone, to: $0) })
  }
}

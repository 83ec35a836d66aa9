import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// What a search makes of like clients.
public enum SymmetryStanding: Hashable, Sendable {
  /// The scenario or the caller does not want it.
  case notAsked
  /// The question about progress names clients: from a state some continuation answers c1, which
  /// says nothing of c2, so states that differ by names are kept apart.
  case progressAsked
  /// The protocol does not say how its memories and messages read when clients change names.
  case undeclared(protocolName: String, usesDisk: Bool)
  /// No two clients ask for the same.
  case noLikeClients
  /// Names of the clients that may change places, and how many permutations do so, with the
  /// identity.
  case clients([String], groupSize: Int)

  public var isUsed: Bool {
    if case .clients = self { true } else { false }
  }
}

/// The permutations of clients that nobody in a cluster can notice, and what they make of a
/// component.
struct ClusterSymmetry<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  typealias Component = ClusterComponent<Subject>

  private let nodes: ClusterLayout
  /// Beside the identity.
  private let renamings: [ClientRenaming]
  /// By renaming: for each client the number of the one whose name it gets.
  private let clients: [[Int]]
  let permutations: [SlotPermutation]
  let standing: SymmetryStanding

  init(_ nodes: ClusterLayout, _ slots: ClusterSlots, _ plan: ExplorePlan) {
    self.nodes = nodes
    let found = plan.usesSymmetry ? LikeClients(plan.operations, among: nodes.clientCount) : nil
    let like = Subject.renaming == nil ? [] : found?.permutations ?? []
    clients = like.map(\.clients)
    renamings = like.map { ClientRenaming(nodes, clients: $0.clients, tokens: $0.tokens) }
    permutations = renamings.map { Self.permutation(slots, $0) }
    if !plan.usesSymmetry {
      standing = .notAsked
    } else if Subject.renaming == nil {
      standing = .undeclared(protocolName: Subject.name, usesDisk: Subject.usesDisk)
    } else if like.isEmpty {
      standing = .noLikeClients
    } else {
      let moved = nodes.clients.indices.filter { client in
        like.contains { $0.clients[client] != client }
      }
      standing = .clients(
        moved.map { nodes.name(of: nodes.client($0)) }, groupSize: like.count + 1)
    }
  }

  private static func permutation(
    _ slots: ClusterSlots, _ renaming: ClientRenaming
  ) -> SlotPermutation {
    SlotPermutation(
      destinations: slots.kinds.indices.map { slot in
        switch slots.kinds[slot] {
        case .node(let node): slots.slot(of: renaming.node(node))
        case .channel(let sender, let receiver):
          slots.channel(from: renaming.node(sender), to: renaming.node(receiver)) ?? slot
        case .budget, .linearizability, .monitor: slot
        }
      })
  }

  /// The component in the words of the permuted world.
  func permuted(_ component: Component, by permutation: Int) -> Component {
    guard let protocolRenaming = Subject.renaming else { return component }
    let renaming = renamings[permutation]
    switch component.content {
    case .server(var server):
      require(server.disk == nil, "what a disk holds is not renamed")
      server.memory = protocolRenaming.server(server.memory, renaming)
      return Component(.server(server))
    case .coordinator(var coordinator):
      coordinator.memory = protocolRenaming.coordinator(coordinator.memory, renaming)
      return Component(.coordinator(coordinator))
    case .client(let client):
      return Component(
        .client(
          ExploredClient(
            process: client.process.renamed(renaming.node(client.process.node)),
            memory: protocolRenaming.client(client.memory, renaming), invoked: client.invoked,
            open: client.open)))
    case .channel(var channel):
      channel.parcels = channel.parcels.map { parcel in
        parcel.map { Keyed(protocolRenaming.message($0.value, renaming)) }
      }
      return Component(.channel(channel))
    case .budget: return component
    case .history(let history):
      return Component(
        .history(history.renamed(clients: clients[permutation], texts: renaming.text)))
    case .check(let check): return Component(.check(check.renamed(by: renaming, nodes)))
    }
  }
}

extension ExploredProcess {
  /// The same of another node.
  fileprivate func renamed(_ node: NodeID) -> ExploredProcess {
    ExploredProcess(
      node: node, isUp: isUp, starts: starts, hasUnreportedFailure: hasUnreportedFailure,
      timers: timers, postponed: postponed)
  }
}

extension ExploredCheck {
  fileprivate func renamed(by renaming: ClientRenaming, _ layout: ClusterLayout) -> ExploredCheck {
    switch self {
    case .viewValidity: self
    case .splitBrain(let monitor): .splitBrain(monitor.renamed(by: renaming))
    case .atMostOnce(let monitor): .atMostOnce(monitor.renamed(by: renaming))
    case .refinement(let monitor): .refinement(monitor.renamed(by: renaming))
    case .broken(let violation):
      .broken(Violation(violation.check, renaming.sentence(violation.message, layout)))
    }
  }
}

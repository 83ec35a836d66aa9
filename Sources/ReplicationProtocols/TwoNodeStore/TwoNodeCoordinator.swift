import LinearizabilityChecking
import SimulationKernel

extension TwoNodeStore {
  /// The load balancer: hears heartbeats, announces assignments, and passes requests on, writes to
  /// the primary and reads to each stable node in turn.
  public struct Coordinator: CoordinatorNode {
    private let settings: Settings
    private var roster: Roster
    /// Reads passed on so far, modulo 2.
    private var turn = 0

    init(_ settings: Settings) {
      self.settings = settings
      roster = Roster(promotesLonelyBackup: settings.backupPromotesItself)
    }

    var currentAssignment: Assignment { roster.assignment }
    public var currentView: ObservedView { roster.assignment.observed }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .heartbeat(let incarnation, let recovered):
        let before = roster.assignment
        roster.heartbeat(from: sender, incarnation: incarnation, recovered: recovered)
        if roster.assignment == before {
          host.send(.assignment(before), to: sender)
        } else {
          announce(&host)
        }
      case .request(let request, let operation): passOn(request, operation, &host)
      default: break
      }
    }

    public func heedsUnavailability(of peer: NodeID) -> Bool { false }

    public mutating func serverFailed(_ server: NodeID, _ host: inout Host<Message>) {
      let before = roster.assignment
      roster.serverFailed(server)
      if roster.assignment != before { announce(&host) }
    }

    private func announce(_ host: inout Host<Message>) {
      host.observe(.decided(roster.assignment.observed))
      for server in 0..<2 where roster.assignment.incarnations[server] > 0 {
        host.send(.assignment(roster.assignment), to: NodeID(server))
      }
    }

    private mutating func passOn(
      _ request: RequestID, _ operation: Operation, _ host: inout Host<Message>
    ) {
      guard let primary = roster.assignment.primary else {
        host.send(.refusal(request), to: request.client)
        return
      }
      var server = primary
      if operation.isReadOnly, readsGoToBoth {
        if turn == 1 { server = TwoNodeStore.peer(of: primary) }
        turn = 1 - turn
      }
      host.send(.request(request, operation), to: server)
    }

    private var readsGoToBoth: Bool {
      switch roster.assignment.peer {
      case .stable: true
      case .recovering: settings.servesWhileRecovering
      case .absent: false
      }
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(roster)
      hasher.combine(turn)
    }
  }
}

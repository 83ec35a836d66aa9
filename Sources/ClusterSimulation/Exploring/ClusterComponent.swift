import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// One component of a cluster as a search sees it, equal by content.
struct ClusterComponent<Subject: ReplicationProtocol>: Hashable, Fingerprintable, Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  indirect enum Content: Sendable {
    case server(ExploredServer<Subject>)
    case coordinator(ExploredCoordinator<Subject>)
    case client(ExploredClient<Subject>)
    case channel(ExploredChannel<Subject.Message>)
    case budget(ExploredBudget)
    case history(ExploredHistory)
    case check(ExploredCheck)
  }

  let content: Content
  let key: ContentKey

  init(_ content: Content) {
    self.content = content
    // Contents of different kinds may consist of the same words.
    key = ContentKey { hasher in
      switch content {
      case .server(let server):
        hasher.combine(1)
        hasher.combine(server)
      case .coordinator(let coordinator):
        hasher.combine(2)
        hasher.combine(coordinator)
      case .client(let client):
        hasher.combine(3)
        hasher.combine(client)
      case .channel(let channel):
        hasher.combine(4)
        hasher.combine(channel)
      case .budget(let budget):
        hasher.combine(5)
        hasher.combine(budget)
      case .history(let history):
        hasher.combine(6)
        hasher.combine(history)
      case .check(let check):
        hasher.combine(7)
        hasher.combine(check)
      }
    }
  }

  static func == (left: Self, right: Self) -> Bool { left.key == right.key }

  func hash(into hasher: inout Hasher) {
    hasher.combine(key)
  }

  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(key)
  }
}

/// What the parts of a cluster tell each other within a step.
enum ClusterSignal<Message: NodeMessage & Sendable>: Hashable, Sendable {
  // To nodes.
  case input(StepInput<Message>)
  /// The same, and the server crashes before the step ends.
  case inputAndCrash(StepInput<Message>, CrashKind)
  /// The server dies between two steps.
  case die(CrashKind)
  /// The server is left out of the coordinator's new view.
  case leftOut

  // To channels.
  case push(Keyed<Message>)
  /// The word that the sender of the channel is dead.
  case pushUnavailable
  case senderDied
  case receiverDied
  case receiverStarted
  /// The receiver is a client that has no operation left and heeds nothing any more.
  case receiverIsDone

  // To clients.
  case completed(RequestID, Response)

  // To the budget.
  case spend(ExploredBudget.Item)
  case crashed(NodeID)
  /// That crash was one that the protocol's assumptions exclude.
  case beyondAssumptions
  case left(NodeID, isUp: Bool)

  // To checks.
  case invoked(client: Int, Operation)
  case answered(client: Int, Operation, Response)
  case observed([Observation], by: NodeID)
  /// A server has made a step and now has applied this.
  case stepped(Keyed<UpdateLog>, of: NodeID, isTail: Bool)
  case died(NodeID)
}

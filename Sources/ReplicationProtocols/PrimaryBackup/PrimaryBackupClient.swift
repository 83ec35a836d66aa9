import LinearizabilityChecking
import SimulationKernel

extension PrimaryBackup {
  /// A client: sends operations to the primary of the last view that it has heard of. It asks the
  /// view service when a server refuses or does not answer, and goes on with what it knows while
  /// the view service cannot be reached.
  public struct Client: ClientNode, ClientRenamable {
    /// An operation without an answer.
    private struct Open: Sendable {
      var number: Int32
      var operation: Operation
      var retry: RetrySchedule
    }

    private let node: NodeID
    private let settings: Settings
    private var view = View.initial
    /// In order of invocation, and so of number.
    private var open: [Open] = []
    /// Sendings of reads so far; spreads them over the servers (PB-15).
    private var readsSent = 0

    init(_ node: NodeID, _ settings: Settings) {
      self.node = node
      self.settings = settings
    }

    /// All that it hears is about open operations, or is kept for later ones.
    public var heedsWhenIdle: Bool { false }

    public mutating func invoke(
      _ request: RequestID, _ operation: Operation, _ host: inout Host<Message>
    ) {
      open.append(
        Open(
          number: request.number, operation: operation,
          retry: RetrySchedule(settings.clientRetry)))
      if view.number == 0 { host.send(.viewRequest, to: settings.viewService) }
      send(open.count - 1, &host)
      armRetry(open.count - 1, &host)
    }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .reply(let request, let response):
        guard let index = open.firstIndex(where: { $0.number == request.number }) else { return }
        open.remove(at: index)
        host.cancelTimer(.retry(Int(request.number)))
        host.complete(request, response)
      case .refusal(let request, _):
        guard open.contains(where: { $0.number == request.number }) else { return }
        host.send(.viewRequest, to: settings.viewService)
      case .view(let newer, _):
        guard newer.number > view.number else { return }
        view = newer
        for index in open.indices { send(index, &host) }
      default: break
      }
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      guard let index = open.firstIndex(where: { $0.number == timer.tag }) else { return }
      host.send(.viewRequest, to: settings.viewService)
      send(index, &host)
      armRetry(index, &host)
    }

    public mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<Message>) {
      if !open.isEmpty { host.send(.viewRequest, to: settings.viewService) }
    }

    private mutating func send(_ index: Int, _ host: inout Host<Message>) {
      guard let server = target(for: open[index].operation) else { return }
      let request = Request(
        id: RequestID(client: node, number: Int(open[index].number)),
        operation: open[index].operation, lowestOpen: open[0].number)
      host.send(.request(request), to: server)
    }

    /// R4: the primary. With PB-15 in force, reads go to every server in turn.
    private mutating func target(for operation: Operation) -> NodeID? {
      if settings.backupAnswersReads, operation.isReadOnly {
        readsSent += 1
        return NodeID(readsSent % settings.serverCount)
      }
      return view.primary.map { NodeID($0.server) }
    }

    private mutating func armRetry(_ index: Int, _ host: inout Host<Message>) {
      host.setTimer(.retry(Int(open[index].number)), after: open[index].retry.next())
    }

    public func renamed(by renaming: ClientRenaming) -> Client {
      var client = Client(renaming.node(node), settings)
      client.view = view
      client.open = open.map { old in
        Open(
          number: old.number, operation: old.operation.renamed(by: renaming), retry: old.retry)
      }
      client.readsSent = readsSent
      return client
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(view)
      for operation in open {
        hasher.combine(Int(operation.number))
        hasher.combine(operation: operation.operation)
        hasher.combine(operation.retry)
      }
      hasher.combine(open.count)
      if settings.backupAnswersReads { hasher.combine(readsSent % settings.serverCount) }
    }
  }
}

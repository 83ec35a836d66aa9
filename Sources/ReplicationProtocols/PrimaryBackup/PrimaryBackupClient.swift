import LinearizabilityChecking
import SimulationKernel

extension PrimaryBackup {
  /// A client: sends operations to the primary of the last view that it has heard of. It asks the
  /// view service when a server refuses or does not answer, and goes on with what it knows while
  /// the view service cannot be reached.
  public struct Client: ClientNode, ClientRenamable {
    private let settings: Settings
    private var view = View.initial
    private var open: OpenRequests
    /// Sendings of reads so far; spreads them over the servers (PB-15).
    private var readsSent = 0

    init(_ node: NodeID, _ settings: Settings) {
      self.settings = settings
      open = OpenRequests(of: node, settings.clientRetry)
    }

    /// All that it hears is about open operations, or is kept for later ones.
    public var heedsWhenIdle: Bool { false }

    public mutating func invoke(
      _ request: RequestID, _ operation: Operation, _ host: inout Host<Message>
    ) {
      let place = open.add(request, operation)
      if view.number == 0 { host.send(.viewRequest, to: settings.viewService) }
      send(place, &host)
      open.arm(place, &host)
    }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .reply(let request, let response):
        if let place = open.place(of: request) { open.finish(place, response, &host) }
      case .refusal(let request, _):
        guard open.place(of: request) != nil else { return }
        host.send(.viewRequest, to: settings.viewService)
      case .view(let newer, _):
        guard newer.number > view.number else { return }
        view = newer
        for place in open.indices { send(place, &host) }
      default: break
      }
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      guard let place = open.place(of: timer) else { return }
      host.send(.viewRequest, to: settings.viewService)
      send(place, &host)
      open.arm(place, &host)
    }

    public mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<Message>) {
      if !open.isEmpty { host.send(.viewRequest, to: settings.viewService) }
    }

    private mutating func send(_ place: Int, _ host: inout Host<Message>) {
      guard let server = target(for: open.operation(place)) else { return }
      host.send(.request(open.request(place)), to: server)
    }

    /// R4: the primary. With PB-15 in force, reads go to every server in turn.
    private mutating func target(for operation: Operation) -> NodeID? {
      if settings.backupAnswersReads, operation.isReadOnly {
        readsSent += 1
        return NodeID(readsSent % settings.serverCount)
      }
      return view.primary.map { NodeID($0.server) }
    }

    public func renamed(by renaming: ClientRenaming) -> Client {
      var client = self
      client.open = open.renamed(by: renaming)
      return client
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(view)
      hasher.combine(open)
      if settings.backupAnswersReads { hasher.combine(readsSent % settings.serverCount) }
    }
  }
}

import LinearizabilityChecking
import SimulationKernel

extension MasterBackup {
  /// A client: sends everything to the primary of the last configuration that it has heard of, and
  /// asks the master when a server refuses or does not answer.
  public struct Client: ClientNode, ClientRenamable {
    private let settings: Settings
    private var configuration: Configuration
    private var open: OpenRequests

    init(_ node: NodeID, _ settings: Settings) {
      self.settings = settings
      configuration = settings.firstConfiguration
      open = OpenRequests(of: node, settings.clientRetry)
    }

    /// All that it hears is about open operations, or is kept for later ones.
    public var heedsWhenIdle: Bool { false }

    public mutating func invoke(
      _ request: RequestID, _ operation: Operation, _ host: inout Host<Message>
    ) {
      let place = open.add(request, operation)
      send(place, &host)
      open.arm(place, &host)
    }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .reply(let request, let response):
        if let place = open.place(of: request) { open.finish(place, response, &host) }
      case .refusal(let request):
        if open.place(of: request) != nil { ask(&host) }
      case .configuration(let newer):
        guard newer.number > configuration.number else { return }
        let isNews = newer.primary != configuration.primary
        configuration = newer
        if isNews { for place in open.indices { send(place, &host) } }
      default: break
      }
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      guard let place = open.place(of: timer) else { return }
      ask(&host)
      send(place, &host)
      open.arm(place, &host)
    }

    public mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<Message>) {
      if !open.isEmpty { ask(&host) }
    }

    private func ask(_ host: inout Host<Message>) {
      host.send(.whichConfiguration(configuration.number), to: settings.master)
    }

    private func send(_ place: Int, _ host: inout Host<Message>) {
      var target = configuration.primary.node
      if settings.anyServerAnswersQueries, open.operation(place).isReadOnly {
        target = NodeID(host.choose(settings.serverCount))
      }
      host.send(.request(open.request(place)), to: target)
    }

    public func renamed(by renaming: ClientRenaming) -> Client {
      var client = self
      client.open = open.renamed(by: renaming)
      return client
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(configuration)
      hasher.combine(open)
    }
  }
}

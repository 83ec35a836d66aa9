import LinearizabilityChecking
import SimulationKernel

extension MasterBackup {
  /// A client: sends everything to the primary of the last configuration that it has heard of, and
  /// asks the master when a server refuses or does not answer.
  public struct Client: ClientNode, ClientRenamable {
    /// An operation without an answer.
    private struct Open: Sendable {
      var number: Int32
      var operation: Operation
      var retry: RetrySchedule
    }

    private let node: NodeID
    private let settings: Settings
    private var configuration: Configuration
    /// In order of invocation, and so of number.
    private var open: [Open] = []

    init(_ node: NodeID, _ settings: Settings) {
      self.node = node
      self.settings = settings
      configuration = settings.firstConfiguration
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
      send(open.count - 1, &host)
      host.setTimer(.retry(Int(request.number)), after: open[open.count - 1].retry.next())
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
      case .refusal(let request):
        guard open.contains(where: { $0.number == request.number }) else { return }
        ask(&host)
      case .configuration(let newer):
        guard newer.number > configuration.number else { return }
        let isNews = newer.primary != configuration.primary
        configuration = newer
        if isNews { for index in open.indices { send(index, &host) } }
      default: break
      }
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      guard let index = open.firstIndex(where: { $0.number == timer.tag }) else { return }
      ask(&host)
      send(index, &host)
      host.setTimer(timer, after: open[index].retry.next())
    }

    public mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<Message>) {
      if !open.isEmpty { ask(&host) }
    }

    private func ask(_ host: inout Host<Message>) {
      host.send(.whichConfiguration(configuration.number), to: settings.master)
    }

    private mutating func send(_ index: Int, _ host: inout Host<Message>) {
      let operation = open[index].operation
      var target = configuration.primary.node
      if settings.anyServerAnswersQueries, operation.isReadOnly {
        target = NodeID(host.choose(settings.serverCount))
      }
      let request = Request(
        id: RequestID(client: node, number: Int(open[index].number)), operation: operation,
        lowestOpen: open[0].number)
      host.send(.request(request), to: target)
    }

    public func renamed(by renaming: ClientRenaming) -> Client {
      var client = Client(renaming.node(node), settings)
      client.configuration = configuration
      client.open = open.map { old in
        Open(
          number: old.number, operation: old.operation.renamed(by: renaming), retry: old.retry)
      }
      return client
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(configuration)
      for operation in open {
        hasher.combine(Int(operation.number))
        hasher.combine(operation: operation.operation)
        hasher.combine(operation.retry)
      }
      hasher.combine(open.count)
    }
  }
}

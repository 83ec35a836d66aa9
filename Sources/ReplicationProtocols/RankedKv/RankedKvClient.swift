import LinearizabilityChecking
import SimulationKernel

extension RankedKv {
  /// A client: knows some of the servers, picks one of them for each operation, and goes on to
  /// another that it has not tried when one fails it. When all have failed, the document's client
  /// answers -1; this one begins again after a pause, unless it is set to give up.
  public struct Client: ClientNode {
    /// An operation without an answer.
    private struct Open: Sendable {
      var number: Int32
      var operation: Operation
      var target: NodeID?
      /// Servers that have not been tried since the last pause.
      var untried: [NodeID]
      var retry: RetrySchedule
    }

    private let node: NodeID
    private let settings: Settings
    /// The servers that it knows.
    let servers: [NodeID]
    /// In order of invocation, and so of number.
    private var open: [Open] = []

    init(_ node: NodeID, _ settings: Settings, _ layout: ClusterLayout) {
      self.node = node
      self.settings = settings
      let first = layout.clientIndex(of: node)
      servers = (0..<settings.knownServers).map {
        NodeID((first + $0) % settings.serverCount)
      }
      .sorted()
    }

    /// All that it hears is about open operations, or is kept for later ones.
    public var heedsWhenIdle: Bool { false }

    public mutating func invoke(
      _ request: RequestID, _ operation: Operation, _ host: inout Host<Message>
    ) {
      open.append(
        Open(
          number: request.number, operation: operation, untried: servers,
          retry: RetrySchedule(settings.clientRetry)))
      tryNext(open.count - 1, &host)
    }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .reply(let request, let response):
        guard let index = index(of: request.number) else { return }
        open.remove(at: index)
        host.cancelTimer(.retry(Int(request.number)))
        host.complete(request, response)
      case .refused(let request):
        guard let index = index(of: request.number), open[index].target == sender else { return }
        tryNext(index, &host)
      case .peer, .call, .answer, .request: break
      }
    }

    public mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<Message>) {
      for number in open.filter({ $0.target == peer }).map(\.number) {
        if let index = index(of: number) { tryNext(index, &host) }
      }
    }

    /// The server has not answered in time, or the pause is over.
    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      if let index = index(of: timer.tag) { tryNext(index, &host) }
    }

    private func index(of number: Int32) -> Int? { open.firstIndex { $0.number == number } }

    private mutating func tryNext(_ index: Int, _ host: inout Host<Message>) {
      let timer = TimerID.retry(Int(open[index].number))
      if open[index].untried.isEmpty {
        open[index].target = nil
        open[index].untried = servers
        host.cancelTimer(timer)
        if !settings.clientsGiveUp { host.setTimer(timer, after: open[index].retry.next()) }
        return
      }
      let target = open[index].untried.remove(at: host.choose(open[index].untried.count))
      open[index].target = target
      let request = Request(
        id: RequestID(client: node, number: Int(open[index].number)),
        operation: open[index].operation, lowestOpen: open[0].number)
      host.send(.request(request), to: target)
      host.setTimer(timer, after: open[index].retry.next())
    }

    public func fingerprint(into hasher: inout StableHasher) {
      for operation in open {
        hasher.combine(Int(operation.number))
        hasher.combine(operation: operation.operation)
        hasher.combine(operation.target?.index ?? -1)
        hasher.combine(contentsOf: operation.untried)
        hasher.combine(operation.untried.count)
        hasher.combine(operation.retry)
      }
      hasher.combine(open.count)
    }
  }
}

import LinearizabilityChecking
import SimulationKernel

extension Chain {
  /// A client: sends updates to the head and queries to the tail, as far as it knows them, and
  /// repeats a request under the same identity until it is answered.
  public struct Client: ClientNode {
    public typealias Message = Chain.Message

    /// An operation that is not answered.
    struct Open: Sendable {
      var request: RequestID
      var operation: Operation
      /// The server it was last sent to.
      var target: NodeID
      var attempt = 0
      /// That server said that it is the wrong one.
      var isRedirected = false
      /// The identity it was last sent under: the request's own, but for CR-16.
      var sentAs: Int32
    }

    let me: NodeID
    let settings: Settings
    var configuration: Configuration
    /// In order of invocation, so the first has the lowest number.
    var open: [Open] = []
    /// The master has been asked and has not answered.
    var isAsking = false
    /// Identities used up by retries under CR-16.
    var extraIdentities: Int32 = 0

    init(_ node: NodeID, _ settings: Settings) {
      me = node
      self.settings = settings
      configuration = settings.firstConfiguration
    }

    /// All that it hears is about open operations, or is kept for later ones.
    public var heedsWhenIdle: Bool { false }

    public mutating func invoke(
      _ request: RequestID, _ operation: Operation, _ host: inout Host<Chain.Message>
    ) {
      open.append(
        Open(request: request, operation: operation, target: me, sentAs: request.number))
      send(open.count - 1, &host)
    }

    public mutating func receive(
      _ message: Chain.Message, from sender: NodeID, _ host: inout Host<Chain.Message>
    ) {
      switch message {
      case .answer(let request, let response, _): finish(request, response, &host)
      case .redirect(let request, let epoch): reconsider(request, Int(epoch), &host)
      case .configure(let configuration): adopt(configuration, &host)
      default: break
      }
    }

    public mutating func peerUnavailable(
      _ peer: NodeID, _ host: inout Host<Chain.Message>
    ) {
      ask(&host)
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Chain.Message>) {
      guard let index = open.firstIndex(where: { $0.request.number == timer.tag }) else { return }
      open[index].attempt = min(open[index].attempt + 1, 16)
      isAsking = false
      ask(&host)
      send(index, &host)
    }
  }
}

extension Chain.Client {
  private mutating func send(_ index: Int, _ host: inout Host<Chain.Message>) {
    let isRetry = open[index].target != me
    let isQuery = open[index].operation.isReadOnly
    if isRetry, !isQuery, settings.flaws.retriesUnderNewIdentity {
      extraIdentities += 1
      open[index].sentAs = Self.firstExtraIdentity + extraIdentities
    }
    let target = isQuery ? queryTarget(&host) : configuration.head
    open[index].target = target
    open[index].isRedirected = false
    let item = open[index]
    let request = RequestID(client: me, number: Int(item.sentAs))
    let epoch = Int32(truncatingIfNeeded: configuration.epoch)
    if isQuery {
      host.send(
        .query(Chain.QueryRequest(request: request, operation: item.operation, epoch: epoch)),
        to: target)
    } else {
      host.send(
        .update(
          Chain.UpdateRequest(
            request: request, operation: item.operation, epoch: epoch,
            floor: open[0].request.number)),
        to: target)
    }
    host.setTimer(
      .retry(Int(item.request.number)),
      after: settings.retry.wait(attempt: item.attempt))
  }

  /// Far above the numbers of ordinary requests.
  private static let firstExtraIdentity: Int32 = 1 << 20

  private func queryTarget(_ host: inout Host<Chain.Message>) -> NodeID {
    guard settings.flaws.anyServerAnswersQueries else { return configuration.tail }
    return configuration.chain[host.choose(configuration.chain.count)].node
  }

  private mutating func finish(
    _ request: RequestID, _ response: Response, _ host: inout Host<Chain.Message>
  ) {
    for index in open.indices where isOpen(index, request) {
      host.complete(open[index].request, response)
      host.cancelTimer(.retry(Int(open[index].request.number)))
      open.remove(at: index)
      return
    }
  }

  private func isOpen(_ index: Int, _ request: RequestID) -> Bool {
    open[index].request == request || open[index].sentAs == request.number
  }

  /// A server says that it is the wrong one. If it is behind this client, it will soon be the right
  /// one; otherwise this client's configuration is out of date.
  private mutating func reconsider(
    _ request: RequestID, _ serverEpoch: Int, _ host: inout Host<Chain.Message>
  ) {
    guard let index = open.indices.first(where: { isOpen($0, request) }) else { return }
    let server = open[index].operation.isReadOnly ? configuration.tail : configuration.head
    if server != open[index].target {
      send(index, &host)
    } else if serverEpoch >= configuration.epoch {
      open[index].isRedirected = true
      ask(&host)
    } else {
      let pause = min(settings.retry.after, Self.shortPause)
      host.setTimer(.retry(Int(open[index].request.number)), after: pause)
    }
  }

  /// How long news from the master may be on its way to a server when a client has it already.
  private static let shortPause = VirtualDuration.milliseconds(5)

  private mutating func ask(_ host: inout Host<Chain.Message>) {
    if isAsking || open.isEmpty { return }
    isAsking = true
    host.send(.whichConfiguration(epoch: configuration.epoch), to: settings.master)
  }

  /// Sends again what went to a server that has left the chain since, or that refused it. Another
  /// server either answers or says that it is the wrong one.
  private mutating func adopt(
    _ new: Chain.Configuration, _ host: inout Host<Chain.Message>
  ) {
    isAsking = false
    guard new.epoch > configuration.epoch else { return }
    configuration = new
    for index in open.indices
    where open[index].isRedirected || !new.contains(open[index].target) {
      open[index].attempt = 0
      send(index, &host)
    }
  }
}

extension Chain.Client: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(configuration)
    for item in open {
      hasher.combine(item.request)
      hasher.combine(operation: item.operation)
      hasher.combine(item.target)
      hasher.combine(item.attempt)
      hasher.combine(item.isRedirected)
      hasher.combine(Int(item.sentAs))
    }
    hasher.combine(open.count)
    hasher.combine(isAsking)
    hasher.combine(Int(extraIdentities))
  }
}

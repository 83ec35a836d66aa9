import LinearizabilityChecking
import SimulationKernel

extension ChainStore {
  /// The client library: a write goes to the head, which queues it; then AckWrite asks the tail
  /// until it says that the write is committed, which is when the operation is complete. If that
  /// takes long, RetryTopPendingWrite sends the oldest pending write again under its identity.
  public struct Client: ClientNode {
    public typealias Message = ChainStore.Message

    /// Where an operation stands.
    enum Phase: UInt8, Sendable {
      /// Sent to head or tail, and no answer yet.
      case asked
      /// A write that the head has queued.
      case queued
    }

    struct Open: Sendable {
      var request: RequestID
      var operation: Operation
      var phase = Phase.asked
      /// The server it was last sent to; nobody before there is a chain.
      var target: NodeID?
      var isRedirected = false
      /// Times that it was sent again.
      var retries = 0
      /// Times that the tail was asked since.
      var questions = 0
      /// The identity it was last sent under: the request's own, but for CB-11.
      var sentAs: Int32
      /// When it was invoked, by this client's clock; kept for CB-12 only.
      var stamp = VirtualTime.start
    }

    let me: NodeID
    let settings: Settings
    var configuration = Configuration()
    /// In order of invocation, so the first has the lowest number.
    var open: [Open] = []
    var lastNumber: Int32 = 0
    /// Identities used up by retries under CB-11.
    var extraIdentities: Int32 = 0

    init(_ node: NodeID, _ settings: Settings) {
      me = node
      self.settings = settings
    }

    /// All that it hears is about open operations, or is kept for later ones.
    public var heedsWhenIdle: Bool { false }

    public mutating func invoke(
      _ request: RequestID, _ operation: Operation, _ host: inout Host<ChainStore.Message>
    ) {
      var item = Open(request: request, operation: operation, sentAs: request.number)
      if settings.cleansByAge { item.stamp = host.localClock }
      open.append(item)
      lastNumber = max(lastNumber, request.number)
      send(open.count - 1, &host)
    }

    public mutating func receive(
      _ message: ChainStore.Message, from sender: NodeID, _ host: inout Host<ChainStore.Message>
    ) {
      switch message {
      case .answer(let request, let response): finish(request, response, &host)
      case .queued(let request): noteQueued(request, &host)
      case .ackStatus(let request, true): finish(request, .done, &host)
      case .redirect(let request, let epoch): reconsider(request, epoch, &host)
      case .configure(let configuration): adopt(configuration, &host)
      default: break
      }
    }

    public mutating func peerUnavailable(
      _ peer: NodeID, _ host: inout Host<ChainStore.Message>
    ) {
      if !open.isEmpty { host.send(.whichConfiguration, to: settings.master) }
    }

    public mutating func timerFired(
      _ timer: TimerID, _ host: inout Host<ChainStore.Message>
    ) {
      guard let index = open.firstIndex(where: { $0.request.number == timer.tag }) else { return }
      switch open[index].phase {
      case .queued where open[index].questions < Self.questionsPerRetry || index > firstWrite:
        ask(index, &host)
      default: retry(index, &host)
      }
    }

    /// The lowest request that this client still waits for.
    var floor: Int32 { open.first?.request.number ?? lastNumber + 1 }

    private var firstWrite: Int { open.firstIndex { !$0.operation.isReadOnly } ?? 0 }

    /// After so many answers of "not committed" the oldest write is sent again.
    private static let questionsPerRetry = 6
    /// Far above the numbers of ordinary requests.
    static let firstExtraIdentity: Int32 = 1 << 16
    /// Counters stop here, so that a client that waits for ever has finitely many states.
    static let largestCount = 16
  }
}

// MARK: - Sending

extension ChainStore.Client {
  private mutating func send(_ index: Int, _ host: inout Host<ChainStore.Message>) {
    let isWrite = !open[index].operation.isReadOnly
    open[index].phase = .asked
    open[index].questions = 0
    open[index].isRedirected = false
    armTimer(index, settings.clientRetry.wait(attempt: open[index].retries), &host)
    let end = isWrite ? configuration.chain.first : configuration.chain.last
    guard let target = end?.node else {
      host.send(.whichConfiguration, to: settings.master)
      return
    }
    open[index].target = target
    let item = open[index]
    let request = RequestID(client: me, number: Int(item.sentAs))
    if isWrite {
      host.send(
        .write(
          ChainStore.WriteRequest(
            request: request, operation: item.operation, floor: floor, stamp: item.stamp)),
        to: target)
    } else {
      host.send(.read(request, item.operation), to: target)
    }
  }

  /// AckWrite.
  private mutating func ask(_ index: Int, _ host: inout Host<ChainStore.Message>) {
    let pause = settings.askAfter * Int64(1 << min(open[index].questions, 5))
    open[index].questions = min(open[index].questions + 1, Self.largestCount)
    armTimer(index, pause, &host)
    guard let tail = configuration.chain.last?.node else { return }
    open[index].target = tail
    let request = RequestID(client: me, number: Int(open[index].sentAs))
    host.send(.ackWrite(request, floor: floor), to: tail)
  }

  private func armTimer(
    _ index: Int, _ pause: VirtualDuration, _ host: inout Host<ChainStore.Message>
  ) {
    host.setTimer(.retry(Int(open[index].request.number)), after: pause)
  }

  /// Nothing was heard, or the oldest write is not committed after many questions:
  /// RetryTopPendingWrite. Where the scenario says so, the oldest is dropped instead.
  private mutating func retry(_ index: Int, _ host: inout Host<ChainStore.Message>) {
    let isWrite = !open[index].operation.isReadOnly
    open[index].retries = min(open[index].retries + 1, 100)
    if isWrite, settings.dropAfterRetries > 0, open[index].retries > settings.dropAfterRetries {
      open.remove(at: index)
      return
    }
    if isWrite, settings.retriesUnderNewIdentity {
      extraIdentities += 1
      open[index].sentAs = Self.firstExtraIdentity + extraIdentities
    }
    host.send(.whichConfiguration, to: settings.master)
    send(index, &host)
  }
}

// MARK: - Answers

extension ChainStore.Client {
  private func index(of request: RequestID) -> Int? {
    open.firstIndex { $0.request == request || $0.sentAs == request.number }
  }

  private mutating func noteQueued(
    _ request: RequestID, _ host: inout Host<ChainStore.Message>
  ) {
    guard let index = index(of: request), open[index].phase == .asked,
      !open[index].operation.isReadOnly
    else { return }
    if settings.queuedIsDone {
      finish(request, .done, &host)
      return
    }
    open[index].phase = .queued
    ask(index, &host)
  }

  private mutating func finish(
    _ request: RequestID, _ response: Response, _ host: inout Host<ChainStore.Message>
  ) {
    guard let index = index(of: request) else { return }
    host.complete(open[index].request, response)
    host.cancelTimer(.retry(Int(open[index].request.number)))
    open.remove(at: index)
  }

  /// A server says that it is the wrong one. If it is behind this client, it will soon be the right
  /// one, and the timer asks again.
  private mutating func reconsider(
    _ request: RequestID, _ serverEpoch: Int, _ host: inout Host<ChainStore.Message>
  ) {
    guard let index = index(of: request) else { return }
    open[index].isRedirected = true
    if serverEpoch >= configuration.epoch {
      host.send(.whichConfiguration, to: settings.master)
    } else if open[index].phase == .asked {
      armTimer(index, min(settings.clientRetry.after, Self.shortPause), &host)
    }
  }

  /// How long news from the master may be on its way to a server when a client has it already.
  private static let shortPause = VirtualDuration.milliseconds(5)

  /// Sends again what went to a node that has left the chain since, or that refused it.
  private mutating func adopt(
    _ new: ChainStore.Configuration, _ host: inout Host<ChainStore.Message>
  ) {
    guard new.epoch > configuration.epoch else { return }
    configuration = new
    for index in open.indices {
      let isLost = open[index].target.map { !new.contains($0) } ?? true
      guard isLost || open[index].isRedirected else { continue }
      switch open[index].phase {
      case .asked: send(index, &host)
      case .queued: ask(index, &host)
      }
      open[index].isRedirected = false
    }
  }
}

extension ChainStore.Client: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(configuration)
    for item in open {
      hasher.combine(item.request)
      hasher.combine(operation: item.operation)
      hasher.combine(UInt64(item.phase.rawValue))
      hasher.combine(item.target?.index ?? -1)
      hasher.combine(item.isRedirected)
      hasher.combine(item.retries)
      hasher.combine(item.questions)
      hasher.combine(Int(item.sentAs))
      hasher.combine(UInt64(bitPattern: item.stamp.nanoseconds))
    }
    hasher.combine(open.count)
    hasher.combine(Int(lastNumber))
    hasher.combine(Int(extraIdentities))
  }
}

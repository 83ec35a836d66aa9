import LinearizabilityChecking
import SimulationKernel

extension TwoNodeStore {
  /// A client: asks the load balancer, and repeats under the same identity, with growing pauses,
  /// until it is answered.
  public struct Client: ClientNode {
    /// An operation without an answer.
    private struct Open: Sendable {
      var request: RequestID
      var operation: Operation
      var retry: RetrySchedule
    }

    private let node: NodeID
    private let settings: Settings
    /// In order of invocation.
    private var open: [Open] = []

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
          request: request, operation: operation, retry: RetrySchedule(settings.clientRetry)))
      host.send(.request(request, operation), to: settings.loadBalancer)
      if settings.clientsRetryWrites || operation.isReadOnly { arm(open.count - 1, &host) }
    }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .reply(let request, let response):
        guard let index = open.firstIndex(where: { $0.request == request }) else { return }
        open.remove(at: index)
        host.cancelTimer(.retry(Int(request.number)))
        host.complete(request, response)
      case .refusal(let request):
        // The retry that is armed comes in time. BS-19 repeats only what was refused.
        guard !settings.clientsRetryWrites else { return }
        if let index = open.firstIndex(where: { $0.request == request }) { arm(index, &host) }
      default: break
      }
    }

    public func heedsUnavailability(of peer: NodeID) -> Bool { false }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      guard let index = open.firstIndex(where: { Int32($0.request.number) == timer.tag }) else {
        return
      }
      host.send(.request(open[index].request, open[index].operation), to: settings.loadBalancer)
      if settings.clientsRetryWrites || open[index].operation.isReadOnly { arm(index, &host) }
    }

    private mutating func arm(_ index: Int, _ host: inout Host<Message>) {
      host.setTimer(.retry(Int(open[index].request.number)), after: open[index].retry.next())
    }

    public func fingerprint(into hasher: inout StableHasher) {
      for operation in open {
        hasher.combine(operation.request)
        hasher.combine(operation: operation.operation)
        hasher.combine(operation.retry)
      }
      hasher.combine(open.count)
    }
  }
}

import LinearizabilityChecking
import SimulationKernel

extension VmLog {
  /// A client: sends its requests to the machine that it has last heard to be live, and asks the
  /// next one when it is refused or gets no answer. Its network layer recognises repeated outputs
  /// by the request that they answer.
  public struct Client: ClientNode {
    /// An operation without an answer.
    private struct Open: Sendable {
      var number: Int32
      var operation: Operation
      var retry: RetrySchedule
      /// Refusals since the last wait; when every machine has refused, the client waits.
      var refusals = 0
    }

    private let node: NodeID
    private let settings: Settings
    /// 0-based.
    private var target = 0
    /// The largest number with which a machine has said that it is live.
    private var number = 1
    /// In order of invocation, and so of number.
    private var open: [Open] = []

    init(_ node: NodeID, _ settings: Settings) {
      self.node = node
      self.settings = settings
    }

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
      case .reply(let request, let response): receive(response, to: request, &host)
      case .refusal(let request):
        if sender.index == target { target = (target + 1) % settings.serverCount }
        guard let index = open.firstIndex(where: { $0.number == request.number }),
          open[index].refusals + 1 < settings.serverCount
        else { return }
        open[index].refusals += 1
        send(index, &host)
      case .live(let newer):
        guard newer > number else { return }
        number = newer
        target = sender.index
        for index in open.indices { send(index, &host) }
      default: break
      }
    }

    private mutating func receive(
      _ response: Response, to request: RequestID, _ host: inout Host<Message>
    ) {
      let place = open.firstIndex { $0.number == request.number }
      guard let index = settings.knowsRepeatedOutputs ? place : open.indices.first else { return }
      let answered = RequestID(client: node, number: Int(open[index].number))
      open.remove(at: index)
      host.cancelTimer(.retry(Int(answered.number)))
      host.complete(answered, response)
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      guard let index = open.firstIndex(where: { $0.number == timer.tag }) else { return }
      target = (target + 1) % settings.serverCount
      open[index].refusals = 0
      send(index, &host)
      host.setTimer(timer, after: open[index].retry.next())
    }

    /// A dead machine says nothing, which is enough.
    public func heedsUnavailability(of peer: NodeID) -> Bool { false }

    private func send(_ index: Int, _ host: inout Host<Message>) {
      let request = Request(
        id: RequestID(client: node, number: Int(open[index].number)),
        operation: open[index].operation, lowestOpen: open[0].number)
      host.send(.request(request), to: NodeID(target))
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(target)
      hasher.combine(number)
      for operation in open {
        hasher.combine(Int(operation.number))
        hasher.combine(operation: operation.operation)
        hasher.combine(operation.retry)
        hasher.combine(operation.refusals)
      }
      hasher.combine(open.count)
    }
  }
}

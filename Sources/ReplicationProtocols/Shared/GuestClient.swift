import LinearizabilityChecking
import SimulationKernel

/// What a virtual machine's clients send and hear.
public protocol GuestMessage: NodeMessage
where Operation == LinearizabilityChecking.Operation, Response == LinearizabilityChecking.Response {
  static func request(_ request: PrimaryBackup.Request) -> Self
  /// What the message says to a client; `nil` if it is none of its messages.
  var wordToClient: GuestWord? { get }
}

/// What a client of a virtual machine is told.
public enum GuestWord: Sendable {
  /// An output of the guest: the answer to a request.
  case reply(RequestID, Response)
  /// The sender does not run the guest, or not yet.
  case refusal(RequestID)
  /// The sender runs the guest; of several that say so the one with the largest number does.
  case live(Int)
}

/// A client of a guest that runs on one of several machines: sends its requests to the machine that
/// it has last heard to be live, and asks the next one when it is refused or gets no answer. Its
/// network layer recognises repeated outputs by the request that they answer.
public struct GuestClient<Message: GuestMessage>: ClientNode {
  private let machineCount: Int
  private let knowsRepeatedOutputs: Bool
  /// 0-based.
  private var target = 0
  /// The largest number with which a machine has said that it is live.
  private var number = 1
  private var open: OpenRequests

  /// - Parameter knowsRepeatedOutputs: false: any output is taken for the answer to the oldest
  ///   request (VM-12).
  init(
    _ node: NodeID, machineCount: Int, retry: RetryTiming, knowsRepeatedOutputs: Bool = true
  ) {
    self.machineCount = machineCount
    self.knowsRepeatedOutputs = knowsRepeatedOutputs
    open = OpenRequests(of: node, retry)
  }

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
    switch message.wordToClient {
    case .reply(let request, let response)?:
      let answered = open.place(of: request)
      guard let place = knowsRepeatedOutputs ? answered : open.indices.first else { return }
      open.finish(place, response, &host)
    case .refusal(let request)?:
      if sender.index == target { target = (target + 1) % machineCount }
      // When every machine has refused, the client waits.
      guard let place = open.place(of: request), open.refusals(place) + 1 < machineCount
      else { return }
      open.noteRefusal(place)
      send(place, &host)
    case .live(let newer)?:
      guard newer > number else { return }
      number = newer
      target = sender.index
      for place in open.indices { send(place, &host) }
    case nil: break
    }
  }

  public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
    guard let place = open.place(of: timer) else { return }
    target = (target + 1) % machineCount
    open.forgetRefusals(place)
    send(place, &host)
    open.arm(place, &host)
  }

  /// A dead machine says nothing, which is enough.
  public func heedsUnavailability(of peer: NodeID) -> Bool { false }

  private func send(_ place: Int, _ host: inout Host<Message>) {
    host.send(.request(open.request(place)), to: NodeID(target))
  }

  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(target)
    hasher.combine(number)
    hasher.combine(open)
  }
}

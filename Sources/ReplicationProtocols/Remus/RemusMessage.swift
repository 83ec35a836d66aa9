import LinearizabilityChecking
import SimulationKernel

extension Remus {
  /// A stretch of protection: the generation of the guest's run, and which copy of the state the
  /// backup of that run began with.
  public struct Session: Hashable, Sendable, Fingerprintable {
    var generation: Int
    var attempt: Int

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(generation)
      hasher.combine(attempt)
    }
  }

  /// What is not pages: the guest's registers at the end of an epoch.
  struct Registers: Hashable, Sendable, Fingerprintable {
    var table: AtMostOnceTable
    var sequence: Int

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(table)
      hasher.combine(sequence)
    }
  }

  /// The end of a checkpoint: with it, and so many pages and disk writes, it is complete.
  public struct Checkpoint: Hashable, Sendable, Fingerprintable {
    var epoch: Int
    var registers: Registers
    var pageCount: Int
    var writeCount: Int

    public func fingerprint(into hasher: inout StableHasher) {
      for number in [epoch, pageCount, writeCount] { hasher.combine(number) }
      hasher.combine(registers)
    }
  }

  /// Everything, for a host that comes back.
  public struct State: Hashable, Sendable, Fingerprintable {
    var session: Session
    /// The incarnation that it is meant for.
    var addressee: Int
    /// The last epoch that it contains.
    var epoch: Int
    var memory: Memory
    /// What stands on the disk, in order.
    var journal: [Update]

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(session)
      hasher.combine(addressee)
      hasher.combine(epoch)
      hasher.combine(memory)
      hasher.combine(contentsOf: journal)
    }
  }

  /// Everything that nodes say to each other.
  public enum Message: NodeMessage {
    public typealias Operation = LinearizabilityChecking.Operation
    public typealias Response = LinearizabilityChecking.Response

    /// Client to the host that it takes for the active one.
    case request(Request)
    case reply(RequestID, Response)
    case refusal(RequestID)
    /// To all clients: the guest runs here now.
    case live(generation: Int)

    /// Active host to backup, when the write goes through.
    case diskWrite(Session, epoch: Int, PrimaryBackup.OrderedOperation)
    case page(Session, epoch: Int, key: Int, value: String)
    case checkpoint(Session, Checkpoint)
    /// Backup to active host: it has the whole checkpoint of this epoch.
    case acknowledgement(Session, epoch: Int)
    /// Are you there? A dead host's silence is told to whoever asks.
    case probe
    /// Host that starts again to the other. The record is the generation in its activation record,
    /// 0 without one; `seen` is the start of the other that it has heard of.
    case hello(incarnation: Int, record: Int, seen: Int)
    case state(State)

    public var isPeriodic: Bool {
      switch self {
      case .probe, .hello: true
      default: false
      }
    }
  }
}

extension Remus.Message {
  public var summary: String {
    switch self {
    case .request(let request): "Request(\(request.id.number), \(request.operation.verb))"
    case .reply(let request, let response): "Reply(\(request.number), \(response.brief))"
    case .refusal(let request): "Refused(\(request.number))"
    case .live(let generation): "Live(\(generation))"
    case .diskWrite(_, let epoch, let update):
      "DiskWrite(epoch \(epoch), #\(update.sequence) \(update.operation.verb))"
    case .page(_, let epoch, let key, _): "Page(epoch \(epoch), key \(key))"
    case .checkpoint(_, let checkpoint): "Checkpoint(\(checkpoint.epoch))"
    case .acknowledgement(_, let epoch): "Ack(\(epoch))"
    case .probe: "Probe"
    case .hello(let incarnation, let record, _): "Hello(start \(incarnation), record \(record))"
    case .state(let state): "State(generation \(state.session.generation), epoch \(state.epoch))"
    }
  }
}

extension Remus.Message: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    switch self {
    case .request(let request):
      hasher.combine(1)
      hasher.combine(request)
    case .reply(let request, let response):
      hasher.combine(2)
      hasher.combine(request)
      hasher.combine(response: response)
    case .refusal(let request):
      hasher.combine(3)
      hasher.combine(request)
    case .live(let generation):
      hasher.combine(4)
      hasher.combine(generation)
    case .diskWrite(let session, let epoch, let update):
      hasher.combine(5)
      hasher.combine(session)
      hasher.combine(epoch)
      hasher.combine(update)
    case .page(let session, let epoch, let key, let value):
      hasher.combine(6)
      hasher.combine(session)
      hasher.combine(epoch)
      hasher.combine(key)
      hasher.combine(value)
    case .checkpoint(let session, let checkpoint):
      hasher.combine(7)
      hasher.combine(session)
      hasher.combine(checkpoint)
    case .acknowledgement(let session, let epoch):
      hasher.combine(8)
      hasher.combine(session)
      hasher.combine(epoch)
    case .probe: hasher.combine(9)
    case .hello(let incarnation, let record, let seen):
      hasher.combine(10)
      hasher.combine(incarnation)
      hasher.combine(record)
      hasher.combine(seen)
    case .state(let state):
      hasher.combine(11)
      hasher.combine(state)
    }
  }
}

extension Remus.Message: GuestMessage {
  public var wordToClient: GuestWord? {
    switch self {
    case .reply(let request, let response): .reply(request, response)
    case .refusal(let request): .refusal(request)
    case .live(let number): .live(number)
    default: nil
    }
  }
}

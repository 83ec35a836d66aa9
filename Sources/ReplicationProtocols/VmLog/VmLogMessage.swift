import LinearizabilityChecking
import SimulationKernel

extension VmLog {
  /// What the shared storage knows of who runs the virtual machine.
  public struct Configuration: Hashable, Sendable, Fingerprintable {
    /// 1 and up, one for each decision.
    var number: Int
    var primary: Member
    /// `nil` when the primary runs alone: the flag of the last test-and-set is up.
    var backup: Member?

    var members: [Member] { backup.map { [primary, $0] } ?? [primary] }
    var view: ObservedView { ObservedView(number: number, members: members.map(\.node)) }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(number)
      hasher.combine(contentsOf: members)
    }
  }

  /// A logging channel: the configuration that its two ends are, or hope to become, and which
  /// attempt at it this is.
  public struct Session: Hashable, Sendable, Fingerprintable {
    var number: Int
    var attempt: Int

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(number)
      hasher.combine(attempt)
    }
  }

  /// An entry of the log.
  public struct Entry: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
      /// A request or an interrupt, and the instruction at which the guest was given it.
      case input(GuestInput, at: Int)
      /// The guest put something out here.
      case output
    }

    /// 1 and up, without gaps.
    var sequence: Int
    var kind: Kind
  }

  /// The state of a guest for a new backup.
  public struct Snapshot: Hashable, Sendable {
    var session: Session
    var primaryIncarnation: Int
    var guest: Guest
    /// The last entry that the state contains.
    var sequence: Int
  }

  /// Everything that nodes say to each other.
  public enum Message: NodeMessage {
    public typealias Operation = LinearizabilityChecking.Operation
    public typealias Response = LinearizabilityChecking.Response

    /// Client to the machine that it takes for the primary.
    case request(Request)
    case reply(RequestID, Response)
    /// Machine to client: the virtual machine does not run here.
    case refusal(RequestID)
    /// To all clients: it runs here now.
    case live(number: Int)

    /// Primary to backup; all outputs through `released` have left.
    case log(Session, Entry, released: Int)
    /// Primary to backup when there is nothing to log.
    case heartbeat(Session, released: Int)
    /// Backup to primary: it has everything through this entry.
    case acknowledgement(Session, Int)

    /// Primary that runs alone, in this configuration, to every other machine.
    case recruit(number: Int, attempt: Int)
    /// Spare machine to primary.
    case ready(number: Int, attempt: Int, incarnation: Int)
    case state(Snapshot, to: Int)

    /// Machine to storage: it wants to be alone, if this is the configuration.
    case testAndSet(expected: Int, incarnation: Int)
    /// Primary that runs alone to storage: it has a backup now.
    case protect(number: Int, incarnation: Int, Member)
    /// Storage to whoever asked.
    case configuration(Configuration)
    /// Primary to storage, with the configuration that it knows.
    case disk(DiskOperation, number: Int, incarnation: Int)
    case completion(Int, String)
    /// Storage to a machine, where failures are detected: this start of a machine is dead.
    case failed(Member)

    public var isPeriodic: Bool {
      switch self {
      case .heartbeat, .acknowledgement: true
      default: false
      }
    }
  }
}

extension VmLog.Message {
  public var summary: String {
    switch self {
    case .request(let request): "Request(\(request.id.number), \(request.operation.verb))"
    case .reply(let request, let response): "Reply(\(request.number), \(response.brief))"
    case .refusal(let request): "Refused(\(request.number))"
    case .live(let number): "Live(\(number))"
    case .log(let session, let entry, _):
      "Log(\(session.number): #\(entry.sequence) \(entry.kind.summary))"
    case .heartbeat(let session, _): "Heartbeat(\(session.number))"
    case .acknowledgement(let session, let sequence): "Ack(\(session.number): #\(sequence))"
    case .recruit(let number, let attempt): "Recruit(\(number), attempt \(attempt))"
    case .ready(let number, _, _): "Ready(\(number))"
    case .state(let snapshot, _):
      "State(\(snapshot.session.number): through #\(snapshot.sequence))"
    case .testAndSet(let expected, _): "TestAndSet(\(expected))"
    case .protect(let number, _, let backup): "Protect(\(number): s\(backup.server + 1))"
    case .configuration(let configuration):
      "Configuration(\(configuration.number): "
        + configuration.members.map { "s\($0.server + 1)" }.joined(separator: " ") + ")"
    case .disk(let operation, _, _): "Disk(\(operation.summary))"
    case .completion(let number, _): "Done(\(number))"
    case .failed(let member): "Failed(s\(member.server + 1))"
    }
  }
}

extension VmLog.DiskOperation {
  var summary: String { "\(number): \(written == nil ? "read" : "write") \(key)" }
}

extension VmLog.Entry.Kind {
  var summary: String {
    switch self {
    case .input(.request(let request), let place): "request \(request.id.number) at \(place)"
    case .input(.completion(let number, _), let place): "disk \(number) done at \(place)"
    case .input(.clock(let reading), _): "clock \(reading)"
    case .output: "output"
    }
  }
}

extension VmLog.Message: GuestMessage {
  public var wordToClient: GuestWord? {
    switch self {
    case .reply(let request, let response): .reply(request, response)
    case .refusal(let request): .refusal(request)
    case .live(let number): .live(number)
    default: nil
    }
  }
}

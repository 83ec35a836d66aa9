import LinearizabilityChecking
import SimulationKernel

extension MasterBackup {
  /// A start of a server: one that comes back is a new member.
  public struct Member: Hashable, Sendable, Fingerprintable {
    /// 0-based index.
    var server: Int
    var incarnation: Int

    var node: NodeID { NodeID(server) }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(server)
      hasher.combine(incarnation)
    }
  }

  /// What the master decides.
  public struct Configuration: Hashable, Sendable, Fingerprintable {
    /// 1 and up, one for each decision.
    var number: Int
    /// 1 and up, one for each primary.
    var term: Int
    var primary: Member
    var backups: [Member]

    var members: [Member] { [primary] + backups }
    var view: ObservedView { ObservedView(number: number, members: members.map(\.node)) }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(number)
      hasher.combine(term)
      hasher.combine(primary)
      hasher.combine(contentsOf: backups)
    }
  }

  /// Everything that nodes say to each other.
  public enum Message: NodeMessage {
    public typealias Operation = LinearizabilityChecking.Operation
    public typealias Response = LinearizabilityChecking.Response

    /// Client to primary.
    case request(Request)
    case reply(RequestID, Response)
    /// Server to client: it is not the primary.
    case refusal(RequestID)
    /// Client or server to master; the number is that of the configuration that it knows.
    case whichConfiguration(Int)
    /// Master to clients.
    case configuration(Configuration)
    /// Primary to a backup. Through `acknowledged` everybody has the updates.
    case forward(OrderedOperation, term: Int, to: Int, acknowledged: Int)
    /// Backup to primary: it has everything through this one.
    case acknowledgement(term: Int, sequence: Int, incarnation: Int)
    /// Primary to a server that joins.
    case state(State)
    /// Server that starts again to master.
    case join(incarnation: Int)
    /// Master to a backup: stop, and say how many updates are processed.
    case suspend(term: Int)
    /// `nil` from a server that has not got the state yet.
    case count(term: Int, incarnation: Int, Int?)
    /// Master to the primary. Of a new one, with what the backups have said.
    case lead(Configuration, counts: [Int?])
    /// New primary to master: the others are sent what they lack.
    case resumed(term: Int)
  }

  public struct State: Hashable, Sendable {
    var term: Int
    /// The incarnation that it is meant for.
    var to: Int
    var replica: Replica
    /// The last updates of it, which some other server may lack.
    var recent: [PrimaryBackup.OrderedOperation]

    init(
      term: Int, to: Int, replica: PrimaryBackup.Replica,
      recent: [PrimaryBackup.OrderedOperation]
    ) {
      self.term = term
      self.to = to
      self.replica = replica
      self.recent = recent
    }
  }
}

extension MasterBackup.Message {
  /// The master answers with its own configuration whatever the asking node knows.
  public var asRead: MasterBackup.Message {
    if case .whichConfiguration = self { .whichConfiguration(0) } else { self }
  }

  public var summary: String {
    switch self {
    case .request(let request):
      "Request(\(request.id.number), \(request.operation.verb))"
    case .reply(let request, let response): "Reply(\(request.number), \(response.brief))"
    case .refusal(let request): "Refused(\(request.number))"
    case .whichConfiguration: "WhichConfiguration"
    case .configuration(let configuration):
      "Configuration(\(configuration.number): s\(configuration.primary.server + 1))"
    case .forward(let ordered, let term, _, _): "Forward(#\(ordered.sequence), term \(term))"
    case .acknowledgement(let term, let sequence, _): "Ack(#\(sequence), term \(term))"
    case .state(let state): "State(through #\(state.replica.sequence), term \(state.term))"
    case .join: "Join"
    case .suspend(let term): "Suspend(term \(term))"
    case .count(let term, _, let count):
      "Count(\(count.map { "\($0)" } ?? "nothing"), term \(term))"
    case .lead(let configuration, _):
      "Lead(\(configuration.number): "
        + configuration.members.map { "s\($0.server + 1)" }.joined(separator: " ")
        + ", term \(configuration.term))"
    case .resumed(let term): "Resumed(term \(term))"
    }
  }
}

extension MasterBackup.Message: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    switch self {
    case .request(let request):
      hasher.combine(1)
      hasher.combine(request.id)
      hasher.combine(operation: request.operation)
      hasher.combine(Int(request.lowestOpen))
    case .reply(let request, let response):
      hasher.combine(2)
      hasher.combine(request)
      hasher.combine(response: response)
    case .refusal(let request):
      hasher.combine(3)
      hasher.combine(request)
    case .whichConfiguration(let number): Self.combine([4, number], &hasher)
    case .configuration(let configuration):
      hasher.combine(5)
      hasher.combine(configuration)
    case .forward(let ordered, let term, let incarnation, let acknowledged):
      Self.combine([6, term, incarnation, acknowledged], &hasher)
      hasher.combine(ordered)
    case .acknowledgement(let term, let sequence, let incarnation):
      Self.combine([7, term, sequence, incarnation], &hasher)
    case .state(let state):
      Self.combine([8, state.term, state.to], &hasher)
      hasher.combine(state.replica)
      hasher.combine(contentsOf: state.recent)
    case .join(let incarnation): Self.combine([9, incarnation], &hasher)
    case .suspend(let term): Self.combine([10, term], &hasher)
    case .count(let term, let incarnation, let count):
      Self.combine([11, term, incarnation, count ?? -1], &hasher)
    case .lead(let configuration, let counts):
      hasher.combine(12)
      hasher.combine(configuration)
      for count in counts { hasher.combine(count ?? -1) }
    case .resumed(let term): Self.combine([13, term], &hasher)
    }
  }

  private static func combine(_ numbers: [Int], _ hasher: inout StableHasher) {
    for number in numbers { hasher.combine(number) }
  }
}

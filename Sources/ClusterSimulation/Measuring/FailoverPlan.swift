import SimulationKernel

/// One server fails in a cluster where every message takes the same time and work takes none: how
/// long does the failover keep requests waiting?
public struct FailoverPlan: Sendable {
  /// What clients ask, and of whose answers the measurement speaks.
  public enum Requests: String, Hashable, Sendable, CaseIterable {
    case queries
    case updates
    /// Queries, while updates are under way as well.
    case queriesAmongUpdates = "queries among updates"
  }

  /// Who fails: a server, by its position from 0.
  public var victim: Int
  public var requests: Requests
  /// In message delays: from the start to the death, from the death to its report, and from the
  /// report to the last request. Each is longer than any failover, so that one does not disturb
  /// another.
  public var steadyFor = 20
  public var undetectedFor = 20
  public var thenFor = 20
  /// Requests of a kind that are invoked in each message delay, at equal distances; at least 1.
  public var requestsPerDelay = 4

  public init(victim: Int, requests: Requests) {
    self.victim = victim
    self.requests = requests
  }
}

/// A message on the way from the report of a failure to an answer.
public struct MessageHop: Hashable, Sendable {
  /// The kind of message, for example `Configure`.
  public var kind: String
  public var sender: NodeID
  public var receiver: NodeID

  public init(kind: String, sender: NodeID, receiver: NodeID) {
    self.kind = kind
    self.sender = sender
    self.receiver = receiver
  }
}

/// What a failover cost the requests of one kind, in message delays from the report of the failure
/// on.
///
/// An answer comes because a message arrived, which was sent because another one did, and so on,
/// back to the client's request or to the report of the failure. Messages of the kinds that bring
/// about an answer when nobody fails are the normal way of a request. Every other one on this way
/// is a delay that the failover adds: the paper's count (van Renesse and Schneider, OSDI 2004,
/// section 4), whatever part of its way the request had behind it when the server died.
public struct FailoverMeasurement: Hashable, Sendable {
  /// Requests of the kind measured, and how many of them waited for the failover.
  public var requestCount = 0
  public var delayedCount = 0
  /// Requests that never were answered: the failover needs more than messages, a time-out perhaps.
  public var unansweredCount = 0
  /// The most message delays that the failover added to one request.
  public var delays = 0
  /// These messages, in order.
  public var hops: [MessageHop] = []
  /// From the report until every client has heard of the failover, in message delays; `nil` if
  /// clients need not hear of it.
  public var clientsKnowAfter: Int?
  /// The longest answer before the failure, in message delays.
  public var normalDelays = 0
  /// The longest answer to a request that met no message of the failover, in message delays.
  public var undisturbedDelays = 0

  public init() {}
}

/// A node's memory and what it does with each input. A handler is a pure function of the memory,
/// the input and the recorded choices: it changes the memory and lists effects through the host.
///
/// Memory is lost when the process dies: a restarted node is made anew and started. Its fingerprint
/// covers everything that can influence a later step.
public protocol Node<Message>: Sendable, Fingerprintable {
  associatedtype Message: NodeMessage

  /// The process starts, or starts again: recovers from its files and arms its first timers.
  mutating func start(_ host: inout Host<Message>)
  mutating func receive(_ message: Message, from sender: NodeID, _ host: inout Host<Message>)
  /// A call to `peer` failed because the peer's process is dead. Given only where the scenario
  /// assumes a perfect detector; it comes behind the last message that the peer sent.
  mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<Message>)
  /// Whether ``peerUnavailable(_:_:)`` about this peer can ever do anything, whatever the memory.
  /// Where it cannot, an exhaustive search need not deliver the word.
  func heedsUnavailability(of peer: NodeID) -> Bool
  mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>)
  /// Continues what ``Host/resumeLater(_:)`` put off.
  mutating func resume(_ continuation: Int, _ host: inout Host<Message>)
  /// The memory without what no later step reads, if timers of these kinds never fire: set to
  /// values that do not depend on what has happened. An exhaustive search without such timers
  /// keeps this memory instead.
  func forgetting(timersThatNeverFire never: Set<TimerKind>) -> Self
}

extension Node {
  @inlinable
  public mutating func start(_ host: inout Host<Message>) {}
  @inlinable
  public mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<Message>) {}
  @inlinable
  public func heedsUnavailability(of peer: NodeID) -> Bool { true }
  @inlinable
  public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {}
  @inlinable
  public mutating func resume(_ continuation: Int, _ host: inout Host<Message>) {}
  @inlinable
  public func forgetting(timersThatNeverFire never: Set<TimerKind>) -> Self { self }
}

/// A replica, with the projections of its memory that checkers may read.
public protocol ServerNode<Message>: Node {
  /// What the server believes it is.
  var role: ServerRole { get }
  /// The view or configuration number that the server believes in; 0 before the first.
  var epoch: Int { get }
  /// Whether the server claims a complete, current copy: it holds every acknowledged update.
  var isReplica: Bool { get }
  /// The replicated state by key, sorted, without keys that still have their initial value.
  var contents: [KeyedValue] { get }
  /// The updates applied, in order (`Hist` of the chain paper), if the protocol keeps them.
  var history: UpdateLog? { get }
  /// The updates forwarded and not known to be processed by the tail (`Sent` of the chain paper).
  var sent: [UpdateLog.Entry] { get }
}

extension ServerNode {
  @inlinable
  public var history: UpdateLog? { nil }
  @inlinable
  public var sent: [UpdateLog.Entry] { [] }
}

/// A key or block and its value.
public struct KeyedValue: Hashable, Sendable {
  public var key: Int
  public var value: String

  public init(key: Int, value: String) {
    self.key = key
    self.value = value
  }
}

/// The master, view service or load balancer. It never fails.
public protocol CoordinatorNode<Message>: Node {
  /// The current view or configuration, members in order of rank; number 0 before the first.
  var currentView: ObservedView { get }
  /// A perfect detector reports that a server's process is dead.
  mutating func serverFailed(_ server: NodeID, _ host: inout Host<Message>)
}

extension CoordinatorNode {
  @inlinable
  public mutating func serverFailed(_ server: NodeID, _ host: inout Host<Message>) {}
}

/// A client library: turns an operation into requests, retries, and completes it.
public protocol ClientNode<Message>: Node {
  /// Begins an operation. The client completes `request` through the host when it has the answer;
  /// it retries for as long as it takes, under the same identity.
  mutating func invoke(
    _ request: RequestID, _ operation: Message.Operation, _ host: inout Host<Message>)

  /// Whether a client without an open operation ever does anything about what it hears, whatever
  /// its memory: sends, completes or arms a timer. Where it does not, an exhaustive search need not
  /// deliver anything to a client that has no operation left.
  var heedsWhenIdle: Bool { get }
}

extension ClientNode {
  @inlinable
  public var heedsWhenIdle: Bool { true }
}

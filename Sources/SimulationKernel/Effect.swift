/// One thing a handler does to the world outside its node's memory, in the order in which it does
/// it. A crash "after effect k" means that the first k effects happened and the rest did not, so
/// every effect boundary is a crash point.
public enum Effect<Message: NodeMessage>: Sendable {
  case send(Message, to: NodeID)
  /// Arms the timer, replacing an armed one of the same name.
  case setTimer(TimerID, after: VirtualDuration)
  case cancelTimer(TimerID)
  /// A file operation that changes the disk; its result was given to the handler at once.
  case file(FileOperation)
  /// The step ends here; what follows runs as ``Node/resume(_:_:)`` with this number, an action of
  /// its own between which other steps of the node may come.
  case resume(Int)
  /// The client has its answer.
  case complete(RequestID, Message.Response)
  /// The node is busy for so long before its next effect.
  case work(VirtualDuration)
  case observe(Observation)
}

/// An effect as the host keeps it: a trivial value, with what is not trivial put beside, so that
/// filling, reading and emptying the list costs next to nothing.
public enum EffectRecord: Sendable {
  /// Position among the host's messages.
  case send(Int32, to: NodeID)
  case setTimer(TimerID, after: VirtualDuration)
  case cancelTimer(TimerID)
  /// Position among the host's file operations.
  case file(Int32)
  case resume(Int)
  /// Position among the host's responses.
  case complete(RequestID, Int32)
  case work(VirtualDuration)
  case accepted(RequestID, epoch: Int)
  case applied(RequestID, sequence: Int)
  case answered(RequestID, epoch: Int)
  /// Position among the host's other observations.
  case observe(Int32)
}

/// A named crash point that a step passed: the boundary after so many of its effects.
public struct PassedCrashPoint: Hashable, Sendable {
  public var effectCount: Int
  public var label: StaticLabel
  public var request: RequestID?

  @inlinable
  public init(effectCount: Int, label: StaticLabel, request: RequestID?) {
    self.effectCount = effectCount
    self.label = label
    self.request = request
  }
}

/// A protocol's messages, and what its clients ask and are answered.
public protocol NodeMessage: Sendable, Fingerprintable {
  associatedtype Operation: Sendable
  associatedtype Response: Sendable
  /// One short line for traces and diagrams, for example `Forward(view 3, c1/7)`.
  var summary: String { get }
  /// Whether the message is one of a rhythm, or an answer to one: another will follow, so an equal
  /// one behind it in a channel says nothing new. A search sends no such second copy.
  var isPeriodic: Bool { get }
  /// The message as its receivers read it: what none of them looks at is set to a fixed value. An
  /// exhaustive search keeps this message instead.
  var asRead: Self { get }
}

extension NodeMessage {
  @inlinable
  public var isPeriodic: Bool { false }
  @inlinable
  public var asRead: Self { self }
}

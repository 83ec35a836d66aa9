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
  /// A named crash point: marks the boundary before the next effect.
  case crashPoint(StaticLabel, request: RequestID?)
}

/// A protocol's messages, and what its clients ask and are answered.
public protocol NodeMessage: Sendable, Fingerprintable {
  associatedtype Operation: Sendable
  associatedtype Response: Sendable
  /// One short line for traces and diagrams, for example `Forward(view 3, c1/7)`.
  var summary: String { get }
}

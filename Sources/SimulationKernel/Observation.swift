/// What a node tells the checkers, and only them: it has no effect on the world.
public enum Observation: Hashable, Sendable {
  /// A server took a client's operation upon itself, in the view or epoch it then believed in.
  case accepted(RequestID, epoch: Int)
  /// A server applied an update to its replica; `sequence` is its place in the server's history.
  case applied(RequestID, sequence: Int)
  /// A server let a client's answer out, in the view or epoch it then believed in.
  case answered(RequestID, epoch: Int)
  /// A server took a role in a view or epoch.
  case adopted(role: ServerRole, epoch: Int)
  /// The coordinator decided a view or configuration.
  case decided(ObservedView)
  /// The coordinator learnt that the primary of its current view has adopted it.
  case acknowledged(epoch: Int)
  /// Something worth a word in traces and coverage, for example `state transfer begun`.
  case note(StaticLabel)
}

/// A view or chain configuration: its number and its members in order of rank (primary then backup,
/// or head to tail).
public struct ObservedView: Hashable, Sendable {
  public var number: Int
  public var members: [NodeID]

  @inlinable
  public init(number: Int, members: [NodeID]) {
    self.number = number
    self.members = members
  }
}

/// What a server is to its service, by its own belief.
public enum ServerRole: UInt8, Hashable, Sendable {
  case idle, primary, backup, head, middle, tail, single, joining
}

/// A label written in the source of a protocol: a crash point, a note.
public struct StaticLabel: Hashable, Sendable, ExpressibleByStringLiteral {
  /// Short lower-case words, for example `forwarded`.
  public let text: String

  @inlinable
  public init(stringLiteral value: String) {
    text = value
  }
}

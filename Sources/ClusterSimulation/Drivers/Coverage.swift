import SimulationKernel

/// What runs or a search reached at least once.
public struct Coverage: Hashable, Sendable {
  /// Kinds of message by receiving role, for example `server receives Forward`, and words of the
  /// failure detector.
  public private(set) var messages = Set<String>()
  /// Timers, continuations and restarts by role.
  public private(set) var timers = Set<String>()
  /// Named crash points that some step passed.
  public private(set) var crashPoints = Set<String>()
  /// Named crash points at which some server crashed.
  public private(set) var crashedAt = Set<String>()
  /// Notes that protocols left.
  public private(set) var notes = Set<String>()

  public init() {}

  /// Everything by the words that a scenario may demand (`reach`).
  public var words: Set<String> {
    messages.union(timers).union(crashPoints).union(notes)
      .union(crashedAt.map { Self.crash(at: $0) })
  }

  static func crash(at label: String) -> String { "crash at \(label)" }

  /// Whether any role received a kind of message.
  func hasReceived(_ kind: String) -> Bool {
    messages.contains { $0.hasSuffix(" receives \(kind)") }
  }

  public mutating func formUnion(_ other: Coverage) {
    messages.formUnion(other.messages)
    timers.formUnion(other.timers)
    crashPoints.formUnion(other.crashPoints)
    crashedAt.formUnion(other.crashedAt)
    notes.formUnion(other.notes)
  }

  // MARK: Noting

  mutating func note<Message>(_ input: StepInput<Message>, _ role: NodeRole) {
    switch input {
    case .message(let message, _):
      messages.insert("\(role) receives \(MessageKind.name(of: message.value.summary))")
    case .unavailable: messages.insert("\(role) hears that a peer is dead")
    case .timer(let timer): timers.insert("\(role) \(timer.kind) timer")
    case .resume: timers.insert("\(role) continues")
    case .start: timers.insert("\(role) starts again")
    case .serverFailed: messages.insert("\(role) hears that a server is dead")
    case .invoke: break
    }
  }

  /// What a step passed by the boundary at which it ended.
  /// - Parameter crashedAt: labels on that boundary; `nil` if nobody crashed.
  mutating func note(
    passed: some Sequence<String>, crashedAt: (some Sequence<String>)?,
    _ observations: some Sequence<Observation>
  ) {
    if let crashedAt {
      self.crashedAt.formUnion(crashedAt)
    } else {
      crashPoints.formUnion(passed)
    }
    for case .note(let label) in observations { notes.insert(label.text) }
  }
}

/// What kinds of message are called.
enum MessageKind {
  /// The first word of a message's summary: `Forward` of `Forward(3: 3/3, epoch 1)`.
  static func name(of summary: String) -> String {
    String(summary.prefix { $0 != "(" && $0 != " " })
  }
}

extension Coverage {
  /// One thing that could be reached, and whether it was.
  public struct Row: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
      case message
      case crashPoint = "crash point"
      case crash, branch, handler
    }

    public var kind: Kind
    public var name: String
    public var isReached: Bool

    public init(_ kind: Kind, _ name: String, isReached: Bool) {
      self.kind = kind
      self.name = name
      self.isReached = isReached
    }
  }

  /// Everything that a protocol says it has, in its own order, and what else was reached.
  public func rows(of summary: ProtocolSummary) -> [Row] {
    var rows = summary.messages.map { Row(.message, $0, isReached: hasReceived($0)) }
    rows += summary.crashPoints.map {
      Row(.crashPoint, $0, isReached: crashPoints.contains($0))
    }
    rows += summary.crashPoints.map {
      Row(.crash, Self.crash(at: $0), isReached: crashedAt.contains($0))
    }
    let branches = summary.branches.map(\.text)
    rows += branches.map { Row(.branch, $0, isReached: notes.contains($0)) }
    let others = (messages.filter { $0.contains(" hears ") }.union(timers)).sorted()
    rows += others.map { Row(.handler, $0, isReached: true) }
    return rows
  }
}

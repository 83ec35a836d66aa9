import SimulationKernel

/// What one applied action brought about that a driver must schedule: the cluster says what became
/// possible, the driver decides when it happens. Offsets count from the start of the step.
public struct StepReport: Sendable {
  public struct Sending: Sendable {
    public var sender: NodeID
    public var receiver: NodeID
    public var number: UInt32
    public var offset: VirtualDuration

    @inlinable
    init(sender: NodeID, receiver: NodeID, number: UInt32, offset: VirtualDuration) {
      self.sender = sender
      self.receiver = receiver
      self.number = number
      self.offset = offset
    }
  }

  public struct Arming: Sendable {
    public var node: NodeID
    public var timer: TimerID
    /// Tells this arming from earlier and later ones of the same timer.
    public var generation: UInt32
    /// From the start of the step to the deadline.
    public var delay: VirtualDuration

    @inlinable
    init(node: NodeID, timer: TimerID, generation: UInt32, delay: VirtualDuration) {
      self.node = node
      self.timer = timer
      self.generation = generation
      self.delay = delay
    }
  }

  public struct Postponement: Sendable {
    public var node: NodeID
    public var continuation: Int
    public var offset: VirtualDuration

    @inlinable
    init(node: NodeID, continuation: Int, offset: VirtualDuration) {
      self.node = node
      self.continuation = continuation
      self.offset = offset
    }
  }

  public var sendings = ScratchList<Sending>()
  public var armings = ScratchList<Arming>()
  public var postponements = ScratchList<Postponement>()
  /// Requests completed by the step; they are complete at the end of the step.
  public var completions = ScratchList<RequestID>()
  /// How long the node is busy with the step.
  public var busy = VirtualDuration.zero
  /// How many effects the handler asked for.
  public var effectCount = 0
  /// Set if the node crashed within the step.
  public var crash: CrashWithinStep?
  /// Set if the node ended its own process within the step, after ``effectCount`` effects: it is
  /// then among ``died``.
  public var abort: StaticLabel?
  /// Which of several crash requests struck, by position.
  public var candidate: Int?
  /// For each label of the request given to `apply`: how often the step passed it without a crash.
  public var labelsPassed: [Int] = []
  /// Which of them the node crashed at.
  public var label: Int?
  /// Servers whose process died in this action.
  public var died: [NodeID] = []

  init() {}

  @inlinable
  mutating func clear() {
    sendings.removeAll()
    armings.removeAll()
    postponements.removeAll()
    completions.removeAll()
    if !died.isEmpty {
      died.removeAll(keepingCapacity: true)
      abort = nil
    }
    busy = .zero
    effectCount = 0
    crash = nil
    candidate = nil
    label = nil
    if !labelsPassed.isEmpty { labelsPassed.removeAll() }
  }
}

/// Where a driver wants a node to crash within its next step.
public struct CrashRequest: Sendable {
  public enum Place: Sendable {
    /// After this many effects; never if the step has fewer.
    case afterEffect(Int)
    /// After a number of effects drawn from this word: each boundary is equally likely.
    case anywhere(UInt64)
    /// Before the first effect that would begin later than this.
    case offset(VirtualDuration)
    /// At the first of these named crash points whose turn has come.
    case labels([LabelTrigger])
    /// At the earliest of these, each with its own kind; of several at one boundary, at the first.
    case earliest([CrashRequest])
  }

  public var kind: CrashKind
  public var place: Place

  public init(kind: CrashKind, place: Place) {
    self.kind = kind
    self.place = place
  }
}

/// A named crash point, of any request or of one.
public struct LabelTrigger: Hashable, Sendable {
  public var label: String
  /// Number, over all clients in order of invocation, of the request; `nil` for any.
  public var requestOrdinal: Int?
  /// How many times the node still passes the point unharmed.
  public var passes: Int
  /// The kind of crash, if it is not that of the request.
  public var kind: CrashKind?

  public init(label: String, requestOrdinal: Int? = nil, passes: Int = 0) {
    self.label = label
    self.requestOrdinal = requestOrdinal
    self.passes = passes
  }
}

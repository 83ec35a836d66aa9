import LinearizabilityChecking
import SimulationKernel

/// A replayed run as pictures and people need it: who did what in each step, what became of each
/// message and each client operation, and, if it was asked for, how each part of the world looked.
/// It knows neither protocol nor message types.
public struct RunStory: Sendable {
  /// A node, in the order of the cluster's layout.
  public struct Lane: Hashable, Sendable {
    public var name: String
    public var role: NodeRole
    /// Whether it is a server with files.
    public var hasDisk: Bool
  }

  public var lanes: [Lane] = []
  public var steps: [StoryStep] = []
  /// In the order of sending.
  public var messages: [StoryMessage] = []
  /// In the order of invocation.
  public var operations: [StoryOperation] = []
  /// Parts of the world, such as `memory of s1` or `channel c1->s1`; empty unless states were asked
  /// for.
  public var parts: [String] = []
  /// How the parts looked before the first step.
  public var initial: [StoryLine] = []

  /// A run in which nothing happened.
  public init() {}
}

/// A message on its way, or the news that a peer is dead.
public struct StoryMessage: Hashable, Sendable {
  public enum Fate: Hashable, Sendable {
    case underWay
    /// In this step, by index.
    case received(Int)
    /// On the way, or with the death of either end.
    case lost(Int)
  }

  /// Lanes.
  public var sender: Int
  public var receiver: Int
  public var text: String
  /// Whether it says that its sender is dead.
  public var isUnavailable: Bool
  /// The step that sent it, by index.
  public var sent: Int
  public var fate = Fate.underWay
  /// Its number in its channel.
  var number: UInt32
}

/// What a client asked, and what it was told.
public struct StoryOperation: Hashable, Sendable {
  public var lane: Int
  /// Steps, by index.
  public var invoked: Int
  public var returned: Int?
  /// `put(0, "x")`.
  public var text: String
  public var response: String?
}

/// One step.
public struct StoryStep: Hashable, Sendable {
  public enum Event: Hashable, Sendable {
    case start(isRestart: Bool)
    /// Positions in ``RunStory/messages``.
    case receive(Int)
    case lose(Int)
    case duplicate(Int)
    case timer(String)
    case resume
    /// Position in ``RunStory/operations``.
    case invoke(Int)
    case crash(CrashKind)
    case clusterPowerLoss
    case failureReport(Int)
    /// Lanes.
    case cut(Int, Int)
    case heal(Int, Int)
    case writeBack
    case disk(String)
  }

  /// A server took a role, as it believes.
  public struct Adoption: Hashable, Sendable {
    public var lane: Int
    public var role: ServerRole
    public var epoch: Int
  }

  public var time: VirtualTime
  /// Where it happens; `nil` for what concerns links or several nodes.
  public var lane: Int?
  public var event: Event
  /// For people, without the time.
  public var text: String
  /// Set if the node crashed within the step.
  public var crash: CrashWithinStep?
  /// Set if the node ended its own process, with its reason.
  public var abort: String?
  /// Lanes whose processes died in the step.
  public var deaths: [Int] = []
  public var adoptions: [Adoption] = []
  /// Words of the protocol about what it does.
  public var notes: [String] = []
  /// Of the step's own disk: micro-operations that are pending after it; `nil` without a disk.
  public var pending: Int?
  /// Fsyncs of the step, of files and directories.
  public var forced = 0
  /// Changes that were not durable when the step's disk lost power: lost, kept by luck, or left
  /// undecided.
  public var dropped = 0
  /// What the step changed, part by part.
  public var changes: [StoryLine] = []
}

/// A line of a part of the world, new, changed or gone.
public struct StoryLine: Hashable, Sendable {
  /// Position in ``RunStory/parts``.
  public var part: Int
  /// Which line of the part: `history[3]`, `view.number`.
  public var path: String
  /// What it says; `nil` if it is gone.
  public var text: String?
}

import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// A step that is to be followed where the steps before it may be others than those it was recorded
/// behind: an action, and where what it takes comes from.
public struct PlannedStep: Hashable, Sendable {
  /// Stays the same through all versions of a failure: the place in the first one.
  var tag: Int
  public var action: ClusterAction
  /// Not before this time; `nil`: as soon as its parcel has arrived, its timer has run out and its
  /// node is idle.
  public var time: VirtualTime?
  public var crash: CrashWithinStep?
  public var choices: [UInt32] = []
  public var decisions: [UInt32] = []
  /// How many outcomes each choice had when it was recorded; empty if nobody knows.
  var bounds: [UInt32] = []
  /// Where the parcel, the timer or the continuation comes from; `nil` if nobody knows.
  var source: StepSource?
  var manner = Manner.ordinary
  /// Whether the first parcel of the channel is meant, whatever its number.
  public var takesFirst = false
  /// What people called the parcel when they wrote the step down; empty if they did not.
  public var remark = ""

  /// How a parcel was taken.
  enum Manner: Hashable, Sendable {
    case ordinary
    /// It was not the first of its channel.
    case overtaking
    /// It was lost because its link was cut.
    case overCutLink
  }

  /// A recorded step; times are those of the record.
  public init(_ step: RecordedStep, tag: Int) {
    self.tag = tag
    action = step.action
    time = step.time
    crash = step.crash
    choices = step.choices
    decisions = step.decisions
  }

  /// A step for the earliest time at which it can be.
  public init(_ action: ClusterAction, tag: Int) {
    self.tag = tag
    self.action = action
  }
}

/// What brought a parcel, a timer or a continuation into the world.
struct StepSource: Hashable, Sendable {
  /// The tag of the step.
  var tag: Int
  /// Among what the step sent over the same channel, armed, or put off, in order.
  var place: Int
}

extension PlannedStep {
  /// Whether the step starts a process for the first time: it belongs to the cluster, not to what
  /// happens to it.
  func isFirstStart(among earlier: some Sequence<PlannedStep>) -> Bool {
    guard case .start(let node) = action else { return false }
    return !earlier.contains { $0.action == .start(node) }
  }

  /// Whether the step is a fault or repairs one.
  var isFault: Bool {
    if crash != nil { return true }
    switch action {
    case .crash, .clusterPowerLoss, .cut, .heal, .lose, .duplicate, .faultDisk, .calmDisk:
      return true
    default: return false
    }
  }

  var isInvocation: Bool {
    if case .invoke = action { true } else { false }
  }

  /// Of equal content, the same whatever else is in the list.
  func combine(into hasher: inout StableHasher) {
    hasher.combine(tag)
    action.fingerprint(into: &hasher)
    hasher.combine(time?.nanoseconds == nil ? -1 : Int(time?.nanoseconds ?? 0))
    hasher.combine(crash.map { $0.effectCount * 2 + ($0.kind == .process ? 0 : 1) } ?? -1)
    hasher.combine(choices.count)
    for choice in choices { hasher.combine(UInt64(choice)) }
    hasher.combine(decisions.count)
    for decision in decisions { hasher.combine(UInt64(decision)) }
    hasher.combine(source?.tag ?? -1)
    hasher.combine(source?.place ?? -1)
  }
}

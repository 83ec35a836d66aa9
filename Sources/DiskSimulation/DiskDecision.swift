import SimulationKernel

/// A choice that a step left to the driver: which of the possible last writers of something that it
/// read had reached the disk.
public struct DiskDecision: Hashable, Sendable {
  /// In `0..<count`. 0: none of them; otherwise the one in that place, oldest first, and no later
  /// one.
  public let choice: UInt32
  /// The number of alternatives, at least 2. None of them is impossible.
  public let count: UInt32

  public init(choice: UInt32, count: UInt32) {
    self.choice = choice
    self.count = count
  }
}

/// The decisions of one step: those that are given, and those that were taken so far.
struct DecisionList: Sendable {
  var given: [UInt32] = []
  var taken: [DiskDecision] = []
  var facts: [DiskFacts.Fact] = []
  /// Draws what is not given; nil takes the first alternative.
  var stream: SeededStream?

  /// The next decision; beyond the given ones drawn, or else 0, as for a choice that is not there.
  mutating func choose(_ count: Int) -> Int {
    let place = taken.count
    let wanted = place < given.count ? Int(given[place]) : stream?.below(count) ?? 0
    let choice = wanted < count ? wanted : 0
    taken.append(DiskDecision(choice: UInt32(choice), count: UInt32(clamping: count)))
    return choice
  }
}

/// What the decisions of one step came to; it means something to the disk that the step's disk was
/// copied from.
public struct DiskFacts: Sendable {
  enum Fact: Sendable {
    /// By serials.
    case fate(kept: [Int], lost: [Int])
    /// By inode: nothing remains beyond the size that it has now.
    case size(file: Int)
  }

  var facts: [Fact]
}

extension VirtualDisk {
  /// The machine loses power, and what was pending is left open: each pending micro-operation
  /// becomes a fact that is undecided until something is read that depends on it. Later syncs
  /// neither force nor depend on such facts, and they stay open across later crashes.
  ///
  /// A step that reads an open disk takes decisions. To see all outcomes, perform the step again on
  /// a copy with the list of decisions extended, as ``forEachRecovery(of:limit:_:)`` does. Every
  /// combination is possible, no two describe the same closed set, and together they are all of
  /// them: each stands for the closed sets on which the step reads the same values.
  public mutating func losePowerLeavingOpen() {
    if state.faults != nil {
      state.tearIfArmed()
      state.faults?.phantoms = []
    }
    let kept = [Bool](repeating: false, count: state.pendingCount)
    state.losePowerWithUndecided(keeping: kept, opening: true)
  }

  /// Whether anything is undecided.
  public var isOpen: Bool { undecidedCount > 0 }

  /// How many micro-operations are undecided.
  public var undecidedCount: Int { state.undecidedCount }

  /// The micro-operations that are undecided, oldest first.
  public var undecidedMicroOperations: [MicroOperation] {
    state.log.lazy.filter(\.isUndecided).map(\.operation)
  }

  /// Starts a step: forgets the decisions of the step before.
  /// - Parameters:
  ///   - given: the choices of the first decisions; for a choice that there is not, the first
  ///     alternative is taken.
  ///   - stream: draws the others; without it the first alternative is taken.
  public mutating func beginDecisions(given: [UInt32], drawing stream: SeededStream? = nil) {
    state.decisions = DecisionList(given: given, stream: stream)
    if state.faults != nil {
      state.faults?.struck = []
      state.forgetIdleFaults()
    }
  }

  /// The stream of ``beginDecisions(given:drawing:)`` as the step has left it.
  public var decisionStream: SeededStream? { state.decisions.stream }

  /// The decisions since ``beginDecisions(given:drawing:)``, in order.
  public var takenDecisions: [DiskDecision] { state.decisions.taken }

  /// What was decided since ``beginDecisions(given:drawing:)``.
  public var takenFacts: DiskFacts { DiskFacts(facts: state.decisions.facts) }

  /// Decides what was decided on a copy of this disk. A handler works on a copy; its effects are
  /// carried out here after its decisions, and then find nothing left to decide.
  public mutating func adopt(_ facts: DiskFacts) {
    guard isOpen else { return }
    for fact in facts.facts {
      switch fact {
      case .fate(let kept, let lost): state.decide(kept: kept, lost: Set(lost))
      case .size(let file): state.closeSize(of: file)
      }
    }
  }

  /// Decides everything.
  public mutating func decideAll() {
    state.decideEverything()
  }
}

/// What all recoveries of an open disk did.
public struct RecoverySummary: Hashable, Sendable {
  /// How many runs there were, each with decisions of its own.
  public var leaves: Int
  /// Whether these are all.
  public var isComplete: Bool
}

/// Runs a recovery once for each class of closed sets that it can tell apart.
/// - Parameters:
///   - disk: a disk after ``VirtualDisk/losePowerLeavingOpen()``; it is not changed.
///   - limit: the largest number of runs.
///   - recover: must do the same if it reads the same. It gets a copy of the disk, which is as the
///     decisions say when it returns.
public func forEachRecovery<Failure: Error>(
  of disk: VirtualDisk, limit: Int = .max,
  _ recover: (inout VirtualDisk) throws(Failure) -> Void
) throws(Failure) -> RecoverySummary {
  var given: [UInt32] = []
  var leaves = 0
  while leaves < limit {
    var copy = disk
    copy.beginDecisions(given: given)
    try recover(&copy)
    leaves += 1
    var taken = copy.takenDecisions
    while let last = taken.last, last.choice + 1 >= last.count { taken.removeLast() }
    guard let last = taken.last else { return RecoverySummary(leaves: leaves, isComplete: true) }
    given = taken.dropLast().map(\.choice) + [last.choice + 1]
  }
  return RecoverySummary(leaves: leaves, isComplete: false)
}

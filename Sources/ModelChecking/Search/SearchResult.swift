/// What a search found, with the figures of its certificate. Two searches of one system and one
/// budget have the same result, whatever the number of threads, the storage and the order, with the
/// exception of ``SearchFigures/bytes`` and of what a spent budget of bytes cuts off.
public struct SearchResult<System: ComponentSystem>: Sendable {
  public var verdict: SearchVerdict<System>
  /// Distinct states found, up to the last level that was finished.
  public var states = 0
  /// Transitions out of the states that were expanded, self-loops and repetitions included.
  public var transitions = 0
  /// How many permutations the search identified states by, with the identity; 1: none.
  public var groupSize = 1
  /// How many states and transitions these stand for: as many as a search without symmetry finds.
  public var statesInOrbits = 0
  public var transitionsInOrbits = 0
  /// States without any transition.
  public var deadEnds = 0
  /// Steps out of these states that do not exist because a slot that got a signal had no reaction:
  /// what a budget that was spent cuts off, for example.
  public var refusals = 0
  /// Of worlds that reach a goal by no step within the bounds: how many distinct ones were
  /// continued beyond them, and what that came to; `nil` if there is no system to do so.
  public var continuation: ContinuationFigures?
  /// Of the set of states; from their contents, independent of the order in which they were found.
  public var digest: UInt64 = 0
  /// New states by level.
  public var levels: [Int] = []
  /// For each goal, if they were asked for and the search was exhausted without violation.
  public var progress: [GoalReport<System>] = []
  public var figures = SearchFigures()

  init(_ verdict: SearchVerdict<System>) {
    self.verdict = verdict
  }

  /// How many levels there are; the initial states are the first. A state of the last level is one
  /// step less away from the beginning.
  public var depth: Int { levels.count }
}

/// The three ways in which a search ends.
public enum SearchVerdict<System: ComponentSystem>: Sendable {
  /// Every reachable state was visited and every invariant holds in all of them.
  case exhausted
  /// An invariant does not hold in the last world of the trace, and no shorter trace breaks any.
  case violation(invariant: Int, SearchTrace<System>)
  case undecided(UndecidedReason)
}

/// Why a search came to no end.
public enum UndecidedReason: Hashable, Sendable {
  case stateBudget, byteBudget, depthBudget
  /// The caller of ``ModelSearch/run(progress:)`` did not want to go on.
  case cancelled
  /// An id would not fit its field: more distinct components of one kind, signals or combinations
  /// than the search can number.
  case tooMany(String)
  /// The transition graph was not kept to its end, so the goals have no answer.
  case graphBudget
  /// The continuations beyond the bounds do not fit the budget, so the goals have no answer.
  case continuationBudget
}

/// What was looked at beyond the bounds of a search to answer for its goals.
public struct ContinuationFigures: Hashable, Sendable {
  /// Distinct worlds that were continued.
  public var worlds = 0
  /// All distinct worlds of their continuations.
  public var states = 0
  public var transitions = 0
}

/// For one goal: from how many states no allowed continuation reaches it.
public struct GoalReport<System: ComponentSystem>: Sendable {
  public var goal: Int
  /// 0: from every reachable state some allowed continuation reaches the goal.
  public var stuckStates: Int
  /// Among them, those without any allowed step, beyond the bounds if the search looks there; the
  /// others go round in closed cycles.
  public var deadEnds: Int
  /// States that do not reach the goal and need not; see ``ComponentSystem/exemptions``.
  public var exemptStates: Int
  /// A shortest way into the canonically least stuck state of least depth.
  public var trace: SearchTrace<System>?
}

/// What a search used.
public struct SearchFigures: Hashable, Sendable {
  /// How often a reaction was looked up, and how often the system had to be asked.
  public var lookUps = 0
  public var systemCalls = 0
  public var components = 0
  public var signals = 0
  /// Distinct halves; see ``SlotLayout``.
  public var leftHalves = 0
  public var rightHalves = 0
  /// The most that the search held at one time, by its own account.
  public var bytes = 0
}

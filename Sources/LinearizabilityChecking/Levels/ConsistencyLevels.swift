/// What a small history promises when it is not linearizable: the strongest of the usual weaker
/// guarantees that it does not contradict.
///
/// From strong to weak: linearizability, sequential consistency (Lamport, IEEE Trans. Computers
/// C-28(9), 1979: one order of all operations in which each process keeps its order, whatever the
/// real time), the session guarantees of Terry et al. (``SessionGuarantees``). Each implies what
/// comes after it.
///
/// Operations of unknown outcome may have taken effect or not, and come before nothing of their
/// process.
public struct ConsistencyLevels: Sendable {
  /// Larger histories are not attempted.
  public static let largestOperationCount = 1_000

  /// Whether the history is linearizable.
  public private(set) var linearizable: LevelAnswer
  /// Whether it is sequentially consistent.
  public private(set) var sequential: LevelAnswer
  /// Whether each session guarantee by itself holds, in the order of
  /// ``SessionGuarantees/members``.
  public var singleSessions: [(guarantee: SessionGuarantees, answer: LevelAnswer)] {
    sessions.singly
  }
  /// Whether all session guarantees hold together. They may contradict each other although each
  /// holds by itself: the order of updates that one asks for may not be the order of another.
  public var allSessions: LevelAnswer { sessions.all }
  /// The largest set of session guarantees that holds together.
  public var heldSessions: SessionGuarantees { sessions.held }
  /// The strongest guarantee that was shown to hold.
  public private(set) var strongest = StrongestGuarantee.none
  /// Whether everything stronger than ``strongest`` was shown to fail.
  public private(set) var isCertain = false

  private var sessions: SessionAnswers

  /// Finds the guarantees of a history.
  ///
  /// - Parameters:
  ///   - history: the recorded operations.
  ///   - linearizability: the verdict, if it is known; otherwise it is found out.
  ///   - limit: how many configurations a search may look at, and how many choices of what an
  ///     answer was made by; beyond, an answer is undecided.
  public init(
    _ history: RecordedHistory, linearizability: HistoryVerdict? = nil, limit: Int = 100_000
  ) {
    if history.operations.count > Self.largestOperationCount {
      let open = LevelAnswer.notAttempted("more than \(Self.largestOperationCount) operations")
      linearizable = linearizability.map { LevelAnswer($0) } ?? open
      sequential = open
      sessions = SessionAnswers(all: open, singly: open, held: [])
    } else {
      var checker = HistoryChecker(limit: limit)
      linearizable = LevelAnswer(linearizability ?? checker.check(history).verdict)
      sequential = .holds
      sessions = SessionAnswers(all: .holds, singly: .holds, held: .all)
      if linearizable != .holds {
        let work = LevelsWork(history, limit: limit)
        sequential = work.sequential()
        if sequential != .holds { sessions = work.sessions() }
        // Sequential consistency implies all of them.
        if sequential == .undecided, case .fails = sessions.all { sequential = sessions.all }
      }
    }
    conclude()
  }

  /// Draws the conclusions from stronger to weaker.
  private mutating func conclude() {
    if linearizable == .holds { sequential = .holds }
    if sequential == .holds {
      sessions = SessionAnswers(all: .holds, singly: .holds, held: .all)
    }
    if linearizable == .holds {
      strongest = .linearizable
      isCertain = true
    } else if sequential == .holds {
      strongest = .sequential
      isCertain = !linearizable.isOpen
    } else {
      strongest = sessions.held.isEmpty ? .none : .sessions(sessions.held)
      let isOpen = sessions.all.isOpen || sessions.singly.contains { $0.answer.isOpen }
      isCertain = !linearizable.isOpen && !sequential.isOpen && !isOpen
    }
  }
}

/// The strongest guarantee that a history does not contradict.
public enum StrongestGuarantee: Hashable, Sendable {
  case linearizable
  case sequential
  /// These session guarantees together.
  case sessions(SessionGuarantees)
  /// None of the above.
  case none

  /// For people: `linearizable`, `sequentially consistent`, `read your writes, monotonic reads`,
  /// `none`.
  public var text: String {
    switch self {
    case .linearizable: "linearizable"
    case .sequential: "sequentially consistent"
    case .sessions(let guarantees): guarantees.text
    case .none: "none"
    }
  }
}

/// Whether a guarantee holds, and why not.
public enum LevelAnswer: Hashable, Sendable {
  case holds
  /// It does not; a sentence without a full stop says why.
  case fails(String)
  /// A limit was reached.
  case undecided
  /// It makes no sense for the object: a queue or a lock has no sessions to speak of.
  case undefined
  /// Nobody tried, for this reason.
  case notAttempted(String)

  init(_ verdict: HistoryVerdict) {
    switch verdict {
    case .linearizable: self = .holds
    case .violation: self = .fails("no order of the operations explains every answer in real time")
    case .undecided: self = .undecided
    }
  }

  /// Whether the truth is not known.
  public var isOpen: Bool {
    switch self {
    case .holds, .fails, .undefined: false
    case .undecided, .notAttempted: true
    }
  }
}

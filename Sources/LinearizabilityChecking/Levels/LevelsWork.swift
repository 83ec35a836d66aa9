/// What was found out about session guarantees.
struct SessionAnswers {
  /// Whether all four hold together.
  var all: LevelAnswer
  /// Whether each holds by itself.
  var singly: [(guarantee: SessionGuarantees, answer: LevelAnswer)]
  /// The first largest set that holds together.
  var held: SessionGuarantees

  init(all: LevelAnswer, singly answer: LevelAnswer, held: SessionGuarantees) {
    self.all = all
    singly = SessionGuarantees.all.members.map { ($0, answer) }
    self.held = held
  }
}

/// The work of ``ConsistencyLevels`` on one history.
struct LevelsWork {
  private let history: RecordedHistory
  private let limit: Int
  private let order: ProcessOrder
  private let sources: ValueSources
  private let isDefined: Bool

  init(_ history: RecordedHistory, limit: Int) {
    self.history = history
    self.limit = limit
    order = ProcessOrder(history)
    isDefined = ValueSources.isDefined(for: history.model)
    sources = ValueSources(history, limit: isDefined ? limit : 0)
  }

  /// Finds out about the session guarantees.
  func sessions() -> SessionAnswers {
    let singles = SessionGuarantees.all.members
    guard isDefined else { return SessionAnswers(all: .undefined, singly: .undefined, held: []) }
    let check = SessionCheck(history, order, sources)
    // A choice of sources costs about as much as a configuration for each operation.
    let share = max(100, limit / max(1, history.operations.count))
    func outcome(_ guarantees: SessionGuarantees) -> SourceChoice.Outcome {
      var attempts = share
      return check.run(guarantees, attempts: &attempts)
    }
    let all = outcome(.all)
    if case .possible = all { return SessionAnswers(all: .holds, singly: .holds, held: .all) }
    var answers = SessionAnswers(all: answer(all), singly: .holds, held: [])
    for index in singles.indices { answers.singly[index].answer = answer(outcome(singles[index])) }
    let held = SessionGuarantees.bySize.first { set in
      guard answers.singly.allSatisfy({ !set.contains($0.guarantee) || $0.answer == .holds })
      else { return false }
      if set.members.count == 1 { return true }
      if case .possible = outcome(set) { return true }
      return false
    }
    answers.held = held ?? []
    return answers
  }

  private func answer(_ outcome: SourceChoice.Outcome) -> LevelAnswer {
    switch outcome {
    case .possible: .holds
    case .impossible(let contradiction, let isForced):
      .fails(
        (isForced ? "" : "values are not unique, and of the last choice tried ")
          + history.sentence(contradiction, sources.observations))
    case .exhausted: .undecided
    }
  }

  /// Whether the history is sequentially consistent.
  func sequential() -> LevelAnswer {
    let initial = history.initialValue
    switch history.model {
    case .register, .casRegister: return search(RecordedRegister(initialValue: initial))
    case .keyValue: return search(RecordedText(values: history.values, initialValue: initial))
    case .listAppend: return search(RecordedList())
    case .block: return search(RecordedBlocks(initialValue: initial))
    case .fifoQueue: return search(RecordedQueue())
    case .set: return search(RecordedSet())
    case .mutex: return search(RecordedMutex())
    }
  }

  private func search<S: SequentialSpecification>(_ specification: S) -> LevelAnswer
  where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
    let saturation = OrderSaturation(history, order, sources)
    if let cycle = saturation.cycle { return .fails(history.sentence(cycle)) }
    var search = SequentialSearch(specification, history, order, saturation, limit: limit)
    switch search.run() {
    case .explained: return .holds
    case .limitReached: return .undecided
    case .unexplained(let longest, let blocked):
      let total = history.operations.indices.count { history.operations[$0].outcome == .ok }
      let got = longest.count { history.operations[Int($0)].outcome == .ok }
      return .fails(
        "no order of all operations keeps the order of each process; the longest explains "
          + "\(got) of \(total), and then \(history.phrase(blocked)) does not fit")
    }
  }
}

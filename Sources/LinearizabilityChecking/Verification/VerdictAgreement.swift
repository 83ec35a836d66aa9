/// Compares everything that decides histories with brute force, on drawn ones of one object:
/// the checker with its theories, the same with a hint that is right or wrong, the search alone,
/// and the monitors, on every prefix.
///
/// The seed decides the history, so a disagreement can be had again.
public struct VerdictAgreement: Sendable {
  /// What was compared.
  public struct Tally: Hashable, Sendable {
    public var histories = 0
    public var linearizable = 0
    /// Histories with an operation of unknown outcome, with a failed one, and with two updates
    /// that wrote the same.
    public var withUnknown = 0
    public var withFailed = 0
    public var withDuplicates = 0
    /// How the checker decided them, hints apart; a history is counted for each way that it took.
    public var byTheory = 0
    public var bySearch = 0

    /// Nothing yet.
    public init() {}

    /// Adds what was compared elsewhere.
    public mutating func add(_ other: Tally) {
      histories += other.histories
      linearizable += other.linearizable
      withUnknown += other.withUnknown
      withFailed += other.withFailed
      withDuplicates += other.withDuplicates
      byTheory += other.byTheory
      bySearch += other.bySearch
    }
  }

  /// A history about which two opinions differ.
  public struct Disagreement: Sendable {
    public var seed: UInt64
    public var history: RecordedHistory
    /// One sentence without a full stop.
    public var sentence: String
  }

  /// The object.
  public let model: ObjectModel
  /// What was compared so far.
  public private(set) var tally = Tally()

  /// Eight appends that are open together take effect in 109,601 orders of some of them.
  private static let monitorLimit = 10_000_000

  private var checker = HistoryChecker()
  private var searcher = HistoryChecker()
  /// The opinion that is compared with brute force; tests hand in a wrong one.
  var opinion: @Sendable (HistoryVerdict) -> HistoryVerdict = { $0 }

  /// Compares histories of `model`.
  public init(_ model: ObjectModel) {
    self.model = model
    searcher.usesTheory = false
  }

  /// The history of a seed: one to eight operations of one to five clients.
  public static func history(_ model: ObjectModel, seed: UInt64) -> RecordedHistory {
    var numbers = DrawnNumbers(seed: seed ^ 0xA5A5_A5A5_0F0F_0F0F)
    func pick(_ choices: [Int]) -> Int { choices[numbers.below(choices.count)] }
    var plan = DrawnHistories(model)
    plan.operations = pick([1, 2, 3, 4, 5, 6, 6, 7, 7, 8])
    plan.clients = pick([1, 2, 2, 3, 3, 4, 5])
    plan.keys = model == .block ? pick([1, 2, 2, 3, 4]) : pick([1, 1, 1, 2])
    plan.values = pick([0, 0, 1, 2, 3, 4])
    plan.readPercent = pick([15, 35, 50, 65, 85])
    plan.unknownOneIn = pick([0, 0, 3, 5, 8])
    plan.failedOneIn = pick([0, 0, 4, 8])
    plan.lieOneIn = pick([0, 1, 2, 3, 5, 9])
    plan.tellsMore = pick([0, 1]) == 0
    plan.seed = seed
    return plan.draw()
  }

  /// Compares all opinions about the history of a seed.
  public mutating func compare(seed: UInt64) -> Disagreement? {
    let history = Self.history(model, seed: seed)
    guard let sentence = complaint(history) else { return nil }
    return Disagreement(seed: seed, history: history, sentence: sentence)
  }

  private mutating func complaint(_ history: RecordedHistory) -> String? {
    let isLinearizable = BruteForce(history).isLinearizable
    count(history, isLinearizable)
    var plain = history
    plain.hint = []
    let checked = checker.check(plain)
    count(checked)
    if let fault = fault(opinion(checked.verdict), isLinearizable, plain) {
      return "the checker: \(fault)"
    }
    if let fault = fault(checker.check(history).verdict, isLinearizable, history) {
      return "the checker with the hint: \(fault)"
    }
    var reversed = history
    reversed.hint.reverse()
    if let fault = fault(checker.check(reversed).verdict, isLinearizable, history) {
      return "the checker with a wrong hint: \(fault)"
    }
    if let fault = fault(searcher.check(plain).verdict, isLinearizable, plain) {
      return "the search alone: \(fault)"
    }
    return monitorComplaint(plain, isLinearizable)
  }

  /// What is wrong with a verdict and its witness.
  private func fault(
    _ verdict: HistoryVerdict, _ isLinearizable: Bool, _ history: RecordedHistory
  ) -> String? {
    switch verdict {
    case .linearizable(let witness):
      guard isLinearizable else { return "accepts what brute force rejects" }
      return WitnessReplay(history).fault(of: witness)
    case .violation: return isLinearizable ? "rejects what brute force accepts" : nil
    case .undecided: return "is undecided"
    }
  }

  /// A prefix of a linearizable history is linearizable, so two prefixes tell about all of them:
  /// the shortest that the monitors reject, and the one before.
  private func monitorComplaint(_ history: RecordedHistory, _ isLinearizable: Bool) -> String? {
    switch MonitorReplay.outcome(of: history, limit: Self.monitorLimit) {
    case .linearizable:
      return isLinearizable ? nil : "the monitors accept what brute force rejects"
    case .violation(let event):
      if !BruteForce(history.prefix(eventCount: event)).isLinearizable {
        return "the monitors reject at event \(event), which is too late"
      }
      if BruteForce(history.prefix(eventCount: event + 1)).isLinearizable {
        return "the monitors reject at event \(event), where brute force accepts"
      }
      return nil
    case .undecided(let event): return "the monitors are undecided at event \(event)"
    }
  }

  // MARK: Counting

  private mutating func count(_ history: RecordedHistory, _ isLinearizable: Bool) {
    tally.histories += 1
    if isLinearizable { tally.linearizable += 1 }
    let operations = history.operations
    if operations.contains(where: { $0.outcome == .unknown }) { tally.withUnknown += 1 }
    if operations.contains(where: { $0.outcome == .failed }) { tally.withFailed += 1 }
    for (index, one) in operations.enumerated() where one.argument >= 0 && one.kind != .contains {
      let isSame = operations[..<index].contains {
        $0.argument == one.argument && $0.key == one.key && $0.kind != .contains
      }
      if isSame {
        tally.withDuplicates += 1
        break
      }
    }
  }

  private mutating func count(_ checked: CheckedHistory) {
    if checked.partitions.contains(where: { $0.decidedBy == .fastPath }) { tally.byTheory += 1 }
    if checked.partitions.contains(where: { $0.decidedBy == .search }) { tally.bySearch += 1 }
  }
}

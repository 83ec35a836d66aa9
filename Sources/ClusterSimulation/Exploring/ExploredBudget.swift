import SimulationKernel

/// What a search may spend on faults and repetitions: they bound what would otherwise have no end.
public struct ExploredBudget: Hashable, Fingerprintable, Sendable {
  /// What may be spent.
  public enum Item: Int, CaseIterable, Hashable, Sendable {
    case crash, restart, suspicion, retry, pace, loss, duplicate, overtaking, cut

    /// The word in scenario files and certificates.
    public var word: String {
      switch self {
      case .crash: "crashes"
      case .restart: "restarts"
      case .suspicion: "falseSuspicions"
      case .retry: "retries"
      case .pace: "ticks"
      case .loss: "losses"
      case .duplicate: "duplicates"
      case .overtaking: "overtakings"
      case .cut: "cuts"
      }
    }
  }

  /// Without a limit: the item is free.
  public static let unlimited = -1

  private var left: [Int]
  /// Servers that have crashed since they were last left out of a view, a bit each: to leave them
  /// out once is no false suspicion, even if they have started again.
  private var mayLeave: UInt64 = 0
  /// Whether a server has failed whose failure the protocol's assumptions exclude.
  private(set) var isBeyondAssumptions = false

  /// Nothing but `allowed`, by item; ``unlimited`` for what is free.
  public init(_ allowed: [Item: Int]) {
    left = Item.allCases.map { allowed[$0] ?? 0 }
  }

  public subscript(item: Item) -> Int {
    get { left[item.rawValue] }
    set { left[item.rawValue] = newValue }
  }

  /// After spending one; `nil` if there is none left.
  func spending(_ item: Item) -> ExploredBudget? {
    if self[item] == Self.unlimited { return self }
    guard self[item] > 0 else { return nil }
    var rest = self
    rest[item] -= 1
    return rest
  }

  /// After the crash of a server.
  func afterCrash(of server: Int) -> ExploredBudget? {
    var rest = spending(.crash)
    rest?.mayLeave |= 1 << UInt64(server)
    return rest
  }

  func beyondAssumptions() -> ExploredBudget {
    var rest = self
    rest.isBeyondAssumptions = true
    return rest
  }

  /// After a server was left out of a view: a false suspicion if its process runs and it has not
  /// crashed for it.
  func afterLeaving(_ server: Int, isUp: Bool) -> ExploredBudget? {
    let bit = UInt64(1) << UInt64(server)
    var rest = self
    rest.mayLeave &= ~bit
    return isUp && mayLeave & bit == 0 ? rest.spending(.suspicion) : rest
  }

  public func fingerprint(into hasher: inout StableHasher) {
    for count in left { hasher.combine(count) }
    hasher.combine(mayLeave)
    hasher.combine(isBeyondAssumptions)
  }
}

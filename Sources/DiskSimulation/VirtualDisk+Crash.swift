import SimulationKernel

extension VirtualDisk {
  /// The process dies and the machine does not: the page cache survives, so the visible state and
  /// everything pending stay as they are. Nothing happens to the disk; the call says so.
  public func crashProcess() {}

  /// The machine loses power; `choose` decides what is lost, as ``CrashOutcome`` describes.
  /// Afterwards the visible state is the durable one and nothing is pending.
  /// - Parameter choose: given a number of possibilities, at least 2, answers one of them, counted
  ///   from 0; other answers count as 0. The same answers give the same disk.
  public mutating func losePower(choose: (Int) -> Int) {
    if state.faults != nil { state.tearIfArmed() }
    let pending = pendingMicroOperations
    guard let kept = try? Self.kept(of: pending, .drawn(for: pending, choose: choose)) else {
      programmingError("a drawn crash outcome is not closed")
    }
    state.losePower(keeping: kept)
  }

  /// The machine loses power with the given outcome. Afterwards the visible state is the durable
  /// one and nothing is pending. Sectors tear only if ``tearPending(_:)`` was called before.
  /// - Throws: if the outcome keeps what is not there, or not everything that what it keeps
  ///   requires; the disk is then unchanged.
  public mutating func losePower(_ outcome: CrashOutcome) throws(CrashOutcomeError) {
    let kept = try Self.kept(of: pendingMicroOperations, outcome)
    state.losePower(keeping: kept)
  }

  /// The machine loses power and only the given places of ``pendingMicroOperations`` survive.
  public mutating func losePower(keeping places: [Int]) throws(CrashOutcomeError) {
    try losePower(.keeping(places))
  }

  /// For each pending micro-operation whether it is kept.
  private static func kept(
    of pending: [MicroOperation], _ outcome: CrashOutcome
  ) throws(CrashOutcomeError) -> [Bool] {
    guard case .keeping(let places) = outcome else {
      return [Bool](repeating: outcome == .keepingAll, count: pending.count)
    }
    var kept = [Bool](repeating: false, count: pending.count)
    for place in places {
      guard kept.indices.contains(place) else { throw .unknown(place) }
      kept[place] = true
    }
    var lost: [Int: Int] = [:]
    for (place, operation) in pending.enumerated() {
      if !kept[place] {
        lost[operation.serial] = place
      } else if !lost.isEmpty {
        for serial in operation.requires {
          if let missing = lost[serial] { throw .notClosed(kept: place, lost: missing) }
        }
      }
    }
    return kept
  }
}

extension DiskState {
  /// Makes the durable state, with what was forced and what is kept, the only one. `kept` has a
  /// value for each entry of the log that is not forced.
  fileprivate mutating func losePower(keeping kept: [Bool]) {
    require(kept.count == pendingCount, "an outcome is not about the pending micro-operations")
    // The cache is empty afterwards.
    faults?.phantoms = []
    if undecidedCount > 0 { return losePowerWithUndecided(keeping: kept) }
    var surviving: [LogEntry] = []
    var place = 0
    for entry in log {
      if entry.isForced {
        surviving.append(entry)
      } else {
        if kept[place] { surviving.append(entry) }
        place += 1
      }
    }
    var unnamed: [Int] = []
    apply(surviving[...], unnamed: &unnamed)
    durable = durable.recovered()
    visible = durable
    log = []
    pendingCount = 0
    nextSerial = 0
    nextInode = durable.files.numbers.count + durable.directories.numbers.count
  }
}

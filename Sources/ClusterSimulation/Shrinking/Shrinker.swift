import LinearizabilityChecking
import SimulationKernel

/// Makes a failure smaller by leaving things out, by delta debugging (Zeller and Hildebrandt,
/// "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 28(2), 2002): first whole clients,
/// faults and operations with all that follows from them, then timers, then steps, in chunks of
/// halving size; then by simpler things in place of others.
///
/// A version is kept if it fails for the same reason (``FailureReason``) and is smaller
/// (``FailureVersion/measure``). No version is tried twice, and nothing depends on a clock: equal
/// failures shrink to equal bytes.
struct Shrinker<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  var laboratory: ShrinkLaboratory<Subject>
  let request: ShrinkRequest
  private(set) var current: ShrinkAttempt
  private let reason: FailureReason
  private let downAtEnd: Int
  private(set) var replays = 0
  /// Versions that were tried and not kept.
  private var rejected: Set<UInt64> = []
  /// Whether chunks are left out from the end, or from the start.
  private var startsAtEnd = true
  /// Whether the budget has ended a try.
  private(set) var isSpent = false

  /// - Parameter current: the failure as it was found, which must have a reason.
  init(
    _ laboratory: ShrinkLaboratory<Subject>, _ request: ShrinkRequest, _ current: ShrinkAttempt,
    _ reason: FailureReason, replays: Int
  ) {
    self.laboratory = laboratory
    self.request = request
    self.current = current
    self.reason = reason
    self.replays = replays
    downAtEnd = current.downAtEnd
  }

  var version: FailureVersion { current.version }
  var layout: ClusterLayout {
    laboratory.setting.sized(servers: version.servers, clients: version.clients).nodes.layout
  }

  /// Shrinks until nothing helps any more or the budget is spent: once from the end, and once more
  /// from the start, because what can be left out depends on what went before.
  mutating func run() {
    shortenEnd()
    dropTimes()
    let whole = current
    descend()
    guard !isSpent else { return }
    let first = current
    current = whole
    startsAtEnd = false
    descend()
    if !version.measure.lexicographicallyPrecedes(first.version.measure) {
      current = first
      isSpent = false
    }
  }

  private mutating func descend() {
    var before: [Int]
    repeat {
      before = version.measure
      for unit in Unit.allCases { remove(unit) }
      simplify()
      bringEarlier()
    } while version.measure != before && !isSpent
  }

  /// Lets steps follow what they wait for at once, so that what stood between may go.
  private mutating func bringEarlier() {
    var place = 0
    while place < version.steps.count, !isSpent {
      if let tag = version.steps[place].source?.tag,
        let cause = version.steps[..<place].lastIndex(where: { $0.tag == tag }), cause + 1 < place
      {
        var candidate = version
        candidate.steps.insert(candidate.steps.remove(at: place), at: cause + 1)
        _ = tries(candidate)
      }
      place += 1
    }
  }

  // MARK: Trying

  /// Keeps a version if it fails for the same reason and is smaller.
  mutating func tries(_ candidate: FailureVersion) -> Bool {
    let key = candidate.key
    guard !isSpent, !rejected.contains(key) else { return false }
    guard replays < request.replays else {
      isSpent = true
      return false
    }
    replays += 1
    let attempt = laboratory.attempt(candidate)
    guard attempt.reason == reason, attempt.downAtEnd <= downAtEnd || !laboratory.settles,
      attempt.version.measure.lexicographicallyPrecedes(version.measure)
    else {
      rejected.insert(key)
      return false
    }
    current = attempt
    return true
  }

  private mutating func tries(without tags: some Sequence<Int>) -> Bool {
    let tags = Set(tags)
    return !tags.isEmpty && tries(version.without(tags))
  }

  // MARK: Leaving out

  /// What can be left out as a whole. What follows from it is then not possible and goes with it.
  enum Unit: CaseIterable {
    case clients, faults, operations, timers, steps
  }

  private func units(_ unit: Unit) -> [[Int]] {
    let steps = version.steps
    switch unit {
    case .clients:
      return layout.clients.map { client in
        steps.indices.filter { steps[$0].action.node == client && version.isRemovable($0) }
          .map { steps[$0].tag }
      }.filter { !$0.isEmpty }
    case .faults: return steps.filter(\.isFault).map { [$0.tag] }
    case .operations: return steps.filter(\.isInvocation).map { [$0.tag] }
    case .timers:
      return steps.filter { if case .fire = $0.action { true } else { false } }.map { [$0.tag] }
    case .steps: return steps.indices.filter { version.isRemovable($0) }.map { [steps[$0].tag] }
    }
  }

  /// Leaves out as many units as it can, in chunks of halving size.
  private mutating func remove(_ unit: Unit) {
    var chunk = max(1, (units(unit).count + 1) / 2)
    while !isSpent {
      var done = 0
      while !isSpent {
        let units = units(unit)
        guard done < units.count else { break }
        let size = min(chunk, units.count - done)
        let start = startsAtEnd ? units.count - done - size : done
        let tags = Set(units[start..<start + size].joined())
        let isKept = !(unit == .faults && triesWithoutFaults(tags)) && !tries(without: tags)
        // What was left out may have taken others along.
        if isKept { done += size }
      }
      if chunk == 1 { return }
      chunk = (chunk + 1) / 2
    }
  }

  /// A step that is cut short by a crash goes on to its end; other faults do not happen.
  private mutating func triesWithoutFaults(_ tags: Set<Int>) -> Bool {
    var candidate = version
    for index in candidate.steps.indices where tags.contains(candidate.steps[index].tag) {
      candidate.steps[index].crash = nil
    }
    candidate.steps.removeAll { tags.contains($0.tag) && $0.isFault }
    return tries(candidate)
  }

  // MARK: The end and the times

  /// Ends the failure as early as it can: what comes behind needs no versions of its own.
  private mutating func shortenEnd() {
    if laboratory.settles, let last = version.steps.lastIndex(where: \.isForced) {
      var candidate = version
      candidate.steps = Array(version.steps[...last])
      _ = tries(candidate)
    }
    var (low, high) = (0, version.steps.count)
    while low + 1 < high, !isSpent {
      let middle = (low + high) / 2
      var candidate = version
      candidate.steps = Array(version.steps.prefix(middle))
      if tries(candidate) { high = min(middle, version.steps.count) } else { low = middle }
    }
  }

  /// Lets every step happen as early as it can.
  private mutating func dropTimes() {
    var candidate = version
    for index in candidate.steps.indices { candidate.steps[index].time = nil }
    _ = tries(candidate)
  }
}

extension PlannedStep {
  /// Whether the step would not happen by itself.
  var isForced: Bool { isFault || isInvocation || action.isStart }
}

extension ClusterAction {
  var isStart: Bool {
    if case .start = self { true } else { false }
  }
}

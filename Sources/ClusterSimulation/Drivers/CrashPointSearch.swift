import LinearizabilityChecking
import SimulationKernel

/// The search through everything that crashes within one step of a schedule can lead to, depth
/// first.
///
/// Invariant of `seen`: every world in it was explored completely and passed, or belongs to the
/// crash point that is being explored. So a crash point that merges into what an earlier one found
/// may take over its pass; what a failing crash point has seen is forgotten with it.
struct CrashPointSearch<Subject: ReplicationProtocol>
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  typealias Driver = CrashPointDriver<Subject>
  typealias Run = SeededRun<Subject>
  typealias Fork = Driver.Fork

  private let driver: Driver
  private let candidate: Driver.Candidate
  private(set) var result = Driver.Exploration(tallies: [])
  private var checker: StoreChecker
  private var losses = DiskLossCounter()
  private var stack: [Fork] = []
  /// Fingerprints of the worlds in which runs forked, and those of the crash point in hand.
  private var seen: Set<UInt64> = []
  private var fresh: [UInt64] = []
  private var tally = CrashPointTally()
  private var countsLeaves = false
  /// The request whose fate is asked for.
  private var request: RequestID?
  private var failedChecks: CheckSet = []
  private var doubt: String?

  private var plan: CrashPointPlan { driver.plan }

  init(_ driver: Driver, _ candidate: Driver.Candidate) {
    self.driver = driver
    self.candidate = candidate
    checker = StoreChecker(limit: candidate.fork.run.plan.limits.configurations)
  }

  /// Tries one crash point with one kind of crash, and adds what that came to.
  /// - Returns: false if it was told to stop before the end.
  mutating func explore(
    _ point: CrashPoint, _ kind: CrashKind, isCancelled: () -> Bool
  ) -> Bool {
    tally = CrashPointTally()
    failedChecks = []
    doubt = nil
    request = plan.thoroughness == .everyFate ? point.request : nil
    var first = candidate.fork
    first.crash = CrashRequest(kind: kind, place: .afterEffect(point.effectCount))
    countsLeaves = kind == .powerLoss && !first.run.cluster.disks.isEmpty
    if countsLeaves { tally.loss = losses.count(at: point, in: first, driver) }
    stack = [first]
    while let fork = stack.popLast() {
      if isCancelled() { return false }
      if tally.outcomes >= plan.runLimit {
        doubt = "gave up after \(tally.outcomes) runs"
        break
      }
      if let ended = runToEnd(fork) { judge(ended) }
      if failedChecks != [], plan.thoroughness == .firstFailure { break }
    }
    if failedChecks != [] {
      tally.verdict = .violation(failedChecks)
    } else if let doubt {
      tally.verdict = .undecided(doubt)
    }
    if tally.verdict != .pass || plan.thoroughness == .everyFate { seen.subtract(fresh) }
    fresh.removeAll(keepingCapacity: true)
    result.tallies.append(tally)
    return true
  }

  /// Runs a fork to its end and leaves what else is possible on the stack.
  /// - Returns: `nil` if it reaches a world that has been seen, or is no case of its own.
  private mutating func runToEnd(_ fork: Fork) -> Run? {
    var run = fork.run
    driver.take(fork, in: &run)
    push(alternativesTo: fork, in: run)
    if fork.crash == nil { push(crashesIn: fork, run) }
    // With other outcomes the step is too short for the crash: that is the run without it.
    if fork.crash != nil, run.cluster.report.crash == nil { return nil }
    guard isNew(run, fork.crashesLeft) else { return merge(fork) }
    while run.phase != .over, run.cluster.violation == nil,
      run.cluster.stepCount < run.plan.limits.steps, let (time, event) = run.queue.popFirst()
    {
      guard run.mayFork(at: event, crashes: fork.crashesLeft > 0) else {
        driver.handle(&run, event, time)
        continue
      }
      var next = Fork(run: run, event: event, time: time, crashesLeft: fork.crashesLeft)
      next.isLeafOfDisk = fork.isLeafOfDisk
      driver.handle(&run, event, time)
      guard run.cluster.stepCount > next.run.cluster.stepCount else { continue }
      push(alternativesTo: next, in: run)
      push(crashesIn: next, run)
      if !run.cluster.lastDecisions.isEmpty, !isNew(run, fork.crashesLeft) { return merge(fork) }
    }
    run.exhaustIfCutShort()
    tally.outcomes += 1
    countLeaf(fork)
    return run
  }

  private mutating func isNew(_ run: Run, _ crashesLeft: Int) -> Bool {
    guard plan.mergesEqualWorlds else { return true }
    let fingerprint = run.worldFingerprint(crashesLeft: crashesLeft)
    let isNew = seen.insert(fingerprint).inserted
    if isNew { fresh.append(fingerprint) }
    return isNew
  }

  private mutating func merge(_ fork: Fork) -> Run? {
    tally.merged += 1
    countLeaf(fork)
    return nil
  }

  private mutating func countLeaf(_ fork: Fork) {
    if fork.isLeafOfDisk, countsLeaves { tally.loss.leaves += 1 }
  }

  // MARK: Forks

  /// The other outcomes of the first decisions that the step took by itself.
  private mutating func push(alternativesTo fork: Fork, in run: Run) {
    let decisions = run.cluster.lastDecisions
    for place in fork.decisions.count..<max(fork.decisions.count, decisions.count) {
      for other in 1..<max(1, decisions[place].count) {
        var branch = fork
        branch.choices = run.cluster.lastChoices
        branch.decisions = decisions[..<place].map(\.choice) + [other]
        branch.coveredEffects = max(fork.coveredEffects, run.cluster.report.effectCount)
        stack.append(branch)
      }
    }
    guard !run.cluster.report.died.isEmpty else { return }
    let (choices, bounds) = (run.cluster.lastChoices, run.cluster.lastBounds)
    for place in fork.choices.count..<max(fork.choices.count, choices.count) {
      for other in 1..<max(1, bounds[place]) {
        var branch = fork
        branch.choices = Array(choices[..<place]) + [other]
        branch.isLeafOfDisk = false
        stack.append(branch)
      }
    }
  }

  /// Second crashes within the step that was just done without one: at every boundary that the step
  /// does not share with the run it is an alternative to. There the crash was tried with what the
  /// step reads before it left open, which includes this.
  private mutating func push(crashesIn fork: Fork, _ run: Run) {
    guard fork.crashesLeft > 0, run.lastServer(after: fork.run) != nil else { return }
    let count = run.cluster.report.effectCount
    for effects in stride(from: fork.coveredEffects + 1, through: count, by: 1) {
      for kind in plan.kinds {
        var branch = fork
        branch.crash = CrashRequest(kind: kind, place: .afterEffect(effects))
        branch.crashesLeft = fork.crashesLeft - 1
        branch.isLeafOfDisk = false
        stack.append(branch)
      }
    }
  }

  // MARK: Verdicts

  private mutating func judge(_ ended: Run) {
    var ended = ended
    let final = ended.finish(&checker)
    tally.add(final)
    if plan.collectsEnds { result.ends.insert(ended.endFingerprint(final.verdict)) }
    if let request { tally.fates.insert(WriteFate(of: request, in: ended.cluster, ended.recorder)) }
    switch final.verdict {
    case .pass: break
    case .undecided(let reason): doubt = doubt ?? reason
    case .violation(let violation):
      // Beyond the assumptions only safety is owed.
      if violation.check == .progress, !final.withinAssumptions { return }
      failedChecks.insert(violation.check)
      guard result.failure == nil else { return }
      result.failure = CrashPointFailure(
        violation: violation, withinAssumptions: final.withinAssumptions,
        steps: ended.recorder?.steps ?? [], digest: final.digest, seed: final.seed)
    }
    if plan.verifiesDeterminism, result.leak == nil, tally.outcomes == 1,
      candidate.unit % Campaign.verifiedShare == 0
    {
      result.leak = DeterminismLeak(replaying: ended, final)
    }
  }
}

extension CrashPointTally {
  fileprivate mutating func add(_ result: RunResult) {
    steps += result.steps
    operations += result.operations
    faults = faults + result.faults
    longestRecovery = max(longestRecovery, result.recovery)
  }
}

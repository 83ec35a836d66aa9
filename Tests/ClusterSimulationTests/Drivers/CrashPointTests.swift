import ClusterSimulation
import LinearizabilityChecking
import SimulationKernel
import Synchronization
import Testing

/// Enumerations of the register with a disk.
enum RegisterEnumeration {
  static func runner(
    _ deviations: [DurableRegister.Deviation], depth: Int = 1, operations: Int = 2
  ) -> ClusterRunner {
    registerRunner(deviations) { plan in
      plan.workload.clientCount = 1
      plan.workload.operationsPerClient = operations
      plan.workload.mix.read = depth == 1 ? 1 : 0
    }
  }

  static func request(depth: Int = 1, jobs: Int = 1, seeds: Int = 1) -> CrashPointRequest {
    var plan = CrashPointPlan()
    plan.depth = depth
    return CrashPointRequest(
      seeds: SeedSequence(first: 1, count: seeds), plan: plan, jobs: jobs)
  }

  static func enumerate(
    _ deviations: [DurableRegister.Deviation], depth: Int = 1, operations: Int = 2, jobs: Int = 1
  ) -> CrashPointReport {
    runner(deviations, depth: depth, operations: operations)
      .crashPoints(request(depth: depth, jobs: jobs))
  }
}

@Suite("Crash points")
struct CrashPointTests {
  typealias Register = RegisterEnumeration

  @Test("temporary file, fsync, rename, fsync of the directory survive a crash anywhere")
  func correct() {
    let report = Register.enumerate([])
    #expect(report.failures.map(\.point.action) == [])
    #expect(report.undecided.isEmpty)
    #expect(report.results.count == report.total)
    #expect(report.outcomes + report.merged >= report.total)
  }

  @Test("two crashes in a row, recovery included")
  func twice() {
    let report = Register.enumerate([], depth: 2, operations: 1)
    #expect(report.failures.map(\.point.action) == [])
    let once = Register.enumerate([], operations: 1)
    #expect(report.outcomes > once.outcomes)
    #expect(report.faults.crashes + report.faults.powerLosses > report.outcomes)
    #expect(once.faults.crashes + once.faults.powerLosses == once.outcomes)
  }

  /// c1 writes 1, which is acknowledged, then 2; the server loses power when the temporary file of
  /// 2 is synced and its name is not. Only if the name survived does recovery do anything, and only
  /// a second crash in the middle of that loses 1 before 2 is written again. c2 reads in between.
  @Test("a second crash falls into a recovery that only some contents of the disk bring about")
  func crashWithinAlternativeRecovery() throws {
    let runner = registerRunner([.recoversInPlace]) { plan in
      plan.workload.script = [
        [
          PlannedOperation(.put(key: 0, value: "<1>")),
          PlannedOperation(.put(key: 0, value: "<2>"), earliest: .start + .milliseconds(20)),
        ],
        [PlannedOperation(.get(key: 0), earliest: .start + .milliseconds(125))],
      ]
    }
    var request = Register.request()
    request.plan.kinds = [.powerLoss]
    request.plan.labels = ["synced"]
    #expect(runner.crashPoints(request).failures.isEmpty)
    request.plan.depth = 2
    let failure = try #require(runner.crashPoints(request).firstFailure)
    #expect(failure.violation.check == .linearizability)
    let second = try #require(failure.steps.filter { $0.crash != nil }.last)
    #expect(second.action == .start(NodeID(0)))
    #expect(second.crash.map { $0.effectCount >= 2 } ?? false)
    #expect(second.decisions.contains { $0 > 0 })
  }

  @Test(
    "each missing fsync is caught by a power loss, and never by a mere crash",
    arguments: [DurableRegister.Deviation.noFileSync, .noDirectorySync])
  func missingSync(_ bug: DurableRegister.Deviation) throws {
    let report = Register.enumerate([bug])
    #expect(report.failures.map(\.kind).contains(.powerLoss))
    #expect(!report.failures.map(\.kind).contains(.process))
    #expect(report.firstFailure?.seed == 1)
  }

  @Test("a failure replays from its steps alone", arguments: [1, 2])
  func replay(depth: Int) throws {
    let runner = Register.runner([.noDirectorySync])
    let report = runner.crashPoints(Register.request(depth: depth))
    let failure = try #require(report.firstFailure)
    let text = StepText(runner.layout)
    let steps = try failure.steps.map { try text.decode(text.encode($0)) }
    let open = registerRunner([.noDirectorySync], powerLoss: .open) { plan in
      plan.workload.clientCount = 1
      plan.workload.operationsPerClient = 2
    }
    let replay = open.replay(ReplayRequest(steps: steps))
    #expect(replay.result.divergedAt == nil)
    #expect(replay.result.digest == failure.digest)
    guard case .violation(let violation) = replay.result.verdict else {
      Issue.record("the replay passed")
      return
    }
    #expect(violation.check == failure.violation.check)
  }

  @Test("the result does not depend on the number of jobs")
  func jobs() {
    let one = Register.enumerate([.noFileSync], jobs: 1)
    for jobs in [2, 3] {
      let many = Register.enumerate([.noFileSync], jobs: jobs)
      let isSame = one.results == many.results
      #expect(isSame)
      #expect(one.firstFailure == many.firstFailure)
    }
  }

  @Test("several seeds enumerate several schedules, one after the other")
  func seeds() {
    let runner = Register.runner([])
    let three = runner.crashPoints(Register.request(jobs: 2, seeds: 3))
    #expect(three.schedules.map(\.seed) == [1, 2, 3])
    #expect(Set(three.schedules.map(\.digest)).count == 3)
    var results: [CrashPointResult] = []
    for seed in 1...3 {
      var request = Register.request()
      request.seeds.first = UInt64(seed)
      results += runner.crashPoints(request).results
    }
    let isSum = three.results == results
    #expect(isSum)
    #expect(three.total == results.count)
    #expect(three.operations > 0 && three.steps > three.operations)
  }

  @Test("the shards together are the whole")
  func shards() {
    let runner = Register.runner([.noDirectorySync])
    let whole = runner.crashPoints(Register.request(seeds: 2))
    let shards = (0..<3).map { index in
      var request = Register.request(seeds: 2)
      request.shard = (index, 3)
      return runner.crashPoints(request)
    }
    #expect(shards.reduce(0) { $0 + $1.total } == whole.total)
    let isWhole = Set(shards.flatMap(\.results)) == Set(whole.results)
    #expect(isWhole)
    #expect(shards.contains { $0.firstFailure == whole.firstFailure })
  }

  @Test("a crash point takes over no pass from one that failed")
  func failuresShareNothing() {
    // Between the rename and the end of the step nothing is forced: all these boundaries fail.
    let rows = Register.enumerate([.noDirectorySync], operations: 3).results
    let lossy = rows.filter { $0.kind == .powerLoss && $0.tally.verdict.isViolation }
    #expect(lossy.count > 1)
    for row in lossy { #expect(row.tally.outcomes > 0) }
  }

  @Test("named points can be chosen, and what is not there is not tried")
  func labels() {
    let runner = Register.runner([])
    var request = Register.request()
    request.plan.labels = ["renamed"]
    let named = runner.crashPoints(request)
    #expect(!named.results.isEmpty)
    #expect(named.results.allSatisfy { $0.point.labels == ["renamed"] })
    #expect(named.results.allSatisfy { $0.point.request != nil })
    request.plan.labels = ["nowhere"]
    #expect(runner.crashPoints(request).total == 0)
  }

  @Test("a step that reads memory in an unordered way is found out by replaying outcomes")
  func leak() {
    var request = Register.request()
    request.plan.verifiesDeterminism = true
    #expect(Register.runner([]).crashPoints(request).leak == nil)
    #expect(Register.runner([.unorderedMemory]).crashPoints(request).leak != nil)
  }
}

@Suite("Enumerations that were killed")
struct CrashPointResumeTests {
  typealias Register = RegisterEnumeration

  /// Everything that a report is made of.
  private func expectEqual(_ one: CrashPointReport, _ other: CrashPointReport) {
    // Not the lists themselves: a difference would print thousands of lines.
    let isSame = one.results.elementsEqual(other.results)
    #expect(isSame)
    #expect(one.results.count == other.results.count)
    #expect(one.total == other.total)
    let isSameFailure = one.firstFailure == other.firstFailure
    #expect(isSameFailure)
    #expect(one.schedules.map(\.digest) == other.schedules.map(\.digest))
    #expect(one.wasCancelled == other.wasCancelled)
  }

  @Test("whatever is known already, the result is the same", arguments: [1, 2])
  func anyPart(jobs: Int) {
    let runner = Register.runner([.noDirectorySync])
    for shard in [(index: 0, count: 1), (index: 1, count: 2)] {
      var request = Register.request(jobs: jobs, seeds: 2)
      request.shard = shard
      let units = Mutex<CrashPointUnits>([:])
      request.finished = { unit, tallies in units.withLock { $0[unit] = tallies } }
      let whole = runner.crashPoints(request)
      let all = units.withLock { $0 }
      for share in [1, 2, 3] {
        let explored = Mutex<[Int]>([])
        request.known = all.filter { $0.key / shard.count % 3 < share }
        request.finished = { unit, _ in explored.withLock { $0.append(unit) } }
        expectEqual(runner.crashPoints(request), whole)
        #expect(explored.withLock { $0.count } == all.count - request.known.count)
      }
    }
  }

  @Test("stopped again and again, it comes to the same end", arguments: [1, 2])
  func stopped(jobs: Int) {
    let runner = Register.runner([], depth: 2, operations: 1)
    let whole = runner.crashPoints(Register.request(depth: 2, jobs: jobs))
    var known: CrashPointUnits = [:]
    var last: CrashPointReport?
    var rounds = 0
    while last?.wasCancelled ?? true, rounds < 100 {
      let asked = Atomic<Int>(0)
      let found = Mutex<CrashPointUnits>([:])
      var request = Register.request(depth: 2, jobs: jobs)
      request.known = known
      // Also in the middle of a unit, which is then explored again. The largest one asks as often
      // as the limit comes to in the end.
      let limit = 100 * (rounds + 1)
      request.isCancelled = { asked.add(1, ordering: .relaxed).oldValue > limit }
      request.finished = { unit, tallies in found.withLock { $0[unit] = tallies } }
      last = runner.crashPoints(request)
      known.merge(found.withLock { $0 }) { first, _ in first }
      rounds += 1
    }
    #expect(rounds > 2)
    if let last { expectEqual(last, whole) }
  }
}

import Dispatch
import LinearizabilityChecking
import SimulationKernel
import Synchronization

/// How an enumeration is carried out.
public struct CrashPointRequest: Sendable {
  /// A schedule for each.
  public var seeds: SeedSequence
  public var plan: CrashPointPlan
  public var jobs: Int
  /// This part of the steps of all schedules, 0-based, of so many.
  public var shard: (index: Int, count: Int) = (0, 1)
  /// What an earlier enumeration of the same found out: these units are not explored again.
  public var known = CrashPointUnits()
  /// Whether the first step with a failure is the last that is tried.
  public var stopsAtFailure = false
  public var isCancelled: @Sendable () -> Bool = { false }
  /// Told what was found out about a unit, in whatever order they end, on whatever thread.
  public var finished: @Sendable (Int, [CrashPointTally]) -> Void = { _, _ in }
  public var progress: @Sendable (CrashPointProgress) -> Void = { _ in }

  public init(seeds: SeedSequence, plan: CrashPointPlan, jobs: Int) {
    self.seeds = seeds
    self.plan = plan
    self.jobs = max(1, jobs)
  }
}

/// Finished units by number: for each what was found out about its crash points, point by point
/// and kind by kind.
public typealias CrashPointUnits = [Int: [CrashPointTally]]

/// How far an enumeration has come; crash points count once for each kind of crash.
public struct CrashPointProgress: Hashable, Sendable {
  public var done = 0
  public var total: Int
  public var outcomes = 0
  public var violated = 0
}

/// Enumerates on several threads. A step of a schedule is one unit of work, and what is merged is
/// merged within it, so that the result depends neither on the number of jobs nor on which units
/// were known before.
///
/// Each thread goes through the schedule by itself and explores the units that fall to it on the
/// way: two threads that fork the same world would fight over its reference counts.
@usableFromInline
struct CrashPointCampaign<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  @usableFromInline typealias Driver = CrashPointDriver<Subject>

  private let request: CrashPointRequest
  private let driver: Driver

  @usableFromInline
  init(
    _ setting: ClusterSetting<Subject>, _ runPlan: RunPlan, _ request: CrashPointRequest,
    handle: @escaping Driver.Handler
  ) {
    var plan = runPlan
    plan.isSwarm = false
    if case .scripted = plan.faults, request.plan.includesScriptedFaults {
    } else {
      plan.faults = .drawn(DrawnFaults())
    }
    var setting = setting
    setting.powerLoss = .open
    self.request = request
    driver = Driver(plan: request.plan, setting: setting, runPlan: plan, handle: handle)
  }

  /// The schedules that would be enumerated.
  @usableFromInline
  func schedules() -> [CrashPointSchedule] {
    var schedules: [CrashPointSchedule] = []
    for seed in request.seeds.all where !request.isCancelled() {
      var points: [[CrashPoint]] = []
      let result = driver.walk(seed) { _, found in
        points.append(found)
        return true
      }
      guard let result else { break }
      if result.verdict != .pass { points = [] }
      let first = schedules.last?.units.upperBound ?? 0
      schedules.append(CrashPointSchedule(result, firstUnit: first, points: points))
    }
    return schedules
  }

  @usableFromInline
  func run() -> CrashPointReport {
    var report = CrashPointReport(schedules: schedules())
    let units = report.schedules.map { schedule in
      schedule.units.filter { $0 % request.shard.count == request.shard.index }
    }
    for (schedule, units) in zip(report.schedules, units) {
      let count = units.reduce(0) { $0 + schedule.points(ofUnit: $1).count }
      report.total += count * request.plan.kinds.count
    }
    let progress = Mutex(CrashPointProgress(total: report.total))
    for (schedule, units) in zip(report.schedules, units) where !request.isCancelled() {
      explore(units, of: schedule, &report, progress)
    }
    if request.stopsAtFailure, report.firstFailure != nil { return report }
    report.wasCancelled =
      report.results.count < report.total || report.schedules.count < request.seeds.count
    return report
  }

  // MARK: One schedule

  private func explore(
    _ units: [Int], of schedule: CrashPointSchedule, _ report: inout CrashPointReport,
    _ progress: borrowing Mutex<CrashPointProgress>
  ) {
    let found = Mutex(Found())
    for unit in units {
      guard let tallies = request.known[unit] else { continue }
      found.withLock { $0.tallies[unit] = tallies }
      tell(tallies, progress)
    }
    let open = units.filter { request.known[$0] == nil }
    let taken = Atomic<Int>(0)
    @Sendable func next() -> Int? {
      if request.isCancelled() { return nil }
      // Units are taken in order, so all those before one that failed are explored.
      if request.stopsAtFailure, found.withLock({ $0.failure != nil }) { return nil }
      let place = taken.add(1, ordering: .relaxed).oldValue
      return place < open.count ? open[place] : nil
    }
    DispatchQueue.concurrentPerform(iterations: min(request.jobs, max(1, open.count))) { _ in
      candidates(of: schedule, next: next) { candidate in
        guard let exploration = driver.explore(candidate, isCancelled: request.isCancelled) else {
          return
        }
        found.withLock { $0.add(exploration, of: candidate.unit) }
        request.finished(candidate.unit, exploration.tallies)
        tell(exploration.tallies, progress)
      }
    }
    add(found.withLock { $0 }, units, of: schedule, to: &report)
  }

  /// Goes through a schedule and shows the units that `next` names one after the other, each with
  /// the world before it, until it names none.
  /// - Parameter next: names units in ascending order.
  private func candidates(
    of schedule: CrashPointSchedule, next: () -> Int?, body: (Driver.Candidate) -> Void
  ) {
    guard var unit = next() else { return }
    func visit(_ fork: Driver.Fork, _ points: [CrashPoint]) -> Bool {
      body(Driver.Candidate(unit: unit, fork: fork, points: points))
      guard let following = next() else { return false }
      unit = following
      return true
    }
    _ = driver.walk(
      schedule.seed, wants: { $0 == schedule.points(ofUnit: unit)[0].step }, visit)
  }

  private func tell(
    _ tallies: [CrashPointTally], _ progress: borrowing Mutex<CrashPointProgress>
  ) {
    request.progress(
      progress.withLock { progress in
        progress.done += tallies.count
        for tally in tallies {
          progress.outcomes += tally.outcomes
          if tally.verdict.isViolation { progress.violated += 1 }
        }
        return progress
      })
  }

  /// What the threads have found so far.
  private struct Found: Sendable {
    var tallies = CrashPointUnits()
    var ends: [Int: Set<UInt64>] = [:]
    /// Of the first unit with a failure among those that were explored.
    var failure: (unit: Int, failure: CrashPointFailure)?
    var leak: (unit: Int, leak: DeterminismLeak)?

    mutating func add(_ exploration: Driver.Exploration, of unit: Int) {
      tallies[unit] = exploration.tallies
      if !exploration.ends.isEmpty { ends[unit] = exploration.ends }
      if let new = exploration.failure, failure.map({ unit < $0.unit }) ?? true {
        failure = (unit, new)
      }
      if let new = exploration.leak, leak.map({ unit < $0.unit }) ?? true { leak = (unit, new) }
    }
  }

  /// Adds the results of a schedule's units in their order.
  private func add(
    _ found: Found, _ units: [Int], of schedule: CrashPointSchedule,
    to report: inout CrashPointReport
  ) {
    if report.leak == nil { report.leak = found.leak?.leak }
    report.ends.merge(found.ends) { $1 }
    for unit in units {
      if request.stopsAtFailure, report.firstFailure != nil { break }
      guard let tallies = found.tallies[unit] else { continue }
      let places = schedule.points(ofUnit: unit).flatMap { point in
        request.plan.kinds.map { (point, $0) }
      }
      report.results += zip(places, tallies).map { place, tally in
        CrashPointResult(seed: schedule.seed, point: place.0, kind: place.1, tally: tally)
      }
      guard report.firstFailure == nil, tallies.contains(where: \.verdict.isViolation) else {
        continue
      }
      report.firstFailure =
        found.failure?.unit == unit ? found.failure?.failure : failure(ofUnit: unit, of: schedule)
    }
  }

  /// Explores a unit once more: of one that was known before, only the numbers are at hand.
  private func failure(
    ofUnit unit: Int, of schedule: CrashPointSchedule
  ) -> CrashPointFailure? {
    var failure: CrashPointFailure?
    var rest = [unit]
    candidates(
      of: schedule, next: { rest.popLast() },
      body: { candidate in
        failure = driver.explore(candidate)?.failure
      })
    return failure
  }
}

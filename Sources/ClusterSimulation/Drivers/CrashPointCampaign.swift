import Dispatch
import LinearizabilityChecking
import SimulationKernel
import Synchronization

/// What the enumeration of a schedule's crash points came to.
public struct CrashPointReport: Sendable {
  /// In the order of the schedule; within a step by boundary, then by kind of crash.
  public var results: [CrashPointResult] = []
  /// Crash points of the schedule, each kind counted.
  public var total = 0
  /// Steps of the schedule without faults.
  public var scheduleSteps = 0
  /// How the schedule itself ended, if it did not pass.
  public var scheduleVerdict = RunVerdict.pass
  public var wasCancelled = false

  public var outcomes: Int { results.reduce(0) { $0 + $1.outcomes } }
  public var merged: Int { results.reduce(0) { $0 + $1.merged } }
  public var failures: [CrashPointResult] { results.filter { $0.failure != nil } }
  public var firstFailure: CrashPointFailure? { results.lazy.compactMap(\.failure).first }
  public var firstUndecided: String? { results.lazy.compactMap(\.undecided).first }

  /// How the runs of each step of the schedule ended, if that was asked for. Runs are merged within
  /// a step, so only all of its crash points together have all the ends.
  public var endsByStep: [Int: Set<UInt64>] {
    results.reduce(into: [:]) { $0[$1.point.step, default: []].formUnion($1.ends) }
  }
}

/// How an enumeration is carried out.
public struct CrashPointRequest: Sendable {
  public var seed: UInt64
  public var plan: CrashPointPlan
  public var jobs: Int
  /// This part of the schedule's steps, 0-based, of so many.
  public var shard: (index: Int, count: Int) = (0, 1)
  /// Whether the first step with a failure is the last that is tried.
  public var stopsAtFailure = false
  public var isCancelled: @Sendable () -> Bool = { false }
  /// Told how many steps of how many are done.
  public var progress: @Sendable (Int, Int) -> Void = { _, _ in }

  public init(seed: UInt64, plan: CrashPointPlan, jobs: Int) {
    self.seed = seed
    self.plan = plan
    self.jobs = max(1, jobs)
  }
}

/// Enumerates on several threads: a step of the schedule is one piece of work, and what is merged
/// is merged within it, so that the result does not depend on the number of jobs.
@usableFromInline
func enumerateCrashPoints<Subject: ReplicationProtocol>(
  _ setting: ClusterSetting<Subject>, _ runPlan: RunPlan, _ request: CrashPointRequest
) -> CrashPointReport
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  var plan = runPlan
  plan.isSwarm = false
  plan.faults = .drawn(DrawnFaults())
  var setting = setting
  setting.powerLoss = .open
  let driver = CrashPointDriver<Subject>(plan: request.plan)
  let schedule = driver.candidates(SeededRun(setting, plan, seed: request.seed))
  var report = CrashPointReport()
  report.scheduleSteps = schedule.result.steps
  report.scheduleVerdict = schedule.result.verdict
  guard schedule.result.verdict == .pass else { return report }
  let candidates = schedule.candidates.enumerated()
    .filter { $0.offset % request.shard.count == request.shard.index }.map(\.element)
  report.total = candidates.reduce(0) { $0 + $1.points.count } * request.plan.kinds.count
  let taken = Atomic<Int>(0)
  let done = Atomic<Int>(0)
  let failing = Atomic<Int>(.max)
  let found = Mutex<[[CrashPointResult]]>(Array(repeating: [], count: candidates.count))
  DispatchQueue.concurrentPerform(iterations: min(request.jobs, max(1, candidates.count))) { _ in
    while !request.isCancelled() {
      let index = taken.add(1, ordering: .relaxed).oldValue
      if index >= candidates.count { break }
      // Steps are taken in order, so all those before the first that fails are tried.
      if request.stopsAtFailure, failing.load(ordering: .relaxed) < index { break }
      let results = driver.explore(candidates[index])
      if results.contains(where: { $0.failure != nil }) { failing.min(index, ordering: .relaxed) }
      found.withLock { $0[index] = results }
      request.progress(done.add(1, ordering: .relaxed).newValue, candidates.count)
    }
  }
  let last = request.stopsAtFailure ? failing.load(ordering: .relaxed) : .max
  report.results = found.withLock { found in
    found.enumerated().filter { $0.offset <= last }.flatMap(\.element)
  }
  report.wasCancelled = report.results.count < report.total && last == .max
  return report
}

extension CrashPointDriver {
  /// Tries every boundary of one step.
  func explore(_ candidate: Candidate) -> [CrashPointResult] {
    var seen: Set<UInt64> = []
    return candidate.points.flatMap { point in
      plan.kinds.map { explore(candidate, point, $0, &seen) }
    }
  }
}

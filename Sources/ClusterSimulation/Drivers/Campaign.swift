import Dispatch
import LinearizabilityChecking
import SimulationKernel
import Synchronization

/// Many seeds of one scenario, on several threads; a run itself knows of none.
///
/// Seeds are taken in batches of a fixed size, and the campaign ends with the batch that holds the
/// first seed that fails, so that the result does not depend on the number of jobs.
public struct Campaign: Sendable {
  public var runner: ClusterRunner
  public var seeds: SeedSequence
  public var jobs: Int
  /// Runs one seed in twenty, the first among them, a second time and compares trace and verdict.
  public var verifiesDeterminism: Bool
  /// Asked before each batch; true ends the campaign early.
  public var isCancelled: @Sendable () -> Bool
  /// Told after each batch how many seeds are done.
  public var progress: @Sendable (Int) -> Void
  /// How much longer to run after the first seed that failed; `nil`: not at all.
  public var sampling: HitSampling?

  static let batchSize = 64
  /// One run in so many is run again to see whether it is deterministic.
  static let verifiedShare = 20

  public init(
    runner: ClusterRunner, seeds: SeedSequence, jobs: Int, verifiesDeterminism: Bool = false,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.runner = runner
    self.seeds = seeds
    self.jobs = max(1, jobs)
    self.verifiesDeterminism = verifiesDeterminism
    self.isCancelled = isCancelled
    self.progress = progress
  }

  public func run() -> CampaignResult {
    var result = CampaignResult()
    var next = 0
    while next < seeds.count {
      if isCancelled() {
        result.wasCancelled = true
        break
      }
      let batch = seeds.elements(next..<min(next + Self.batchSize, seeds.count))
      for (index, outcome) in runBatch(batch).enumerated() {
        result.add(outcome.result)
        if let leak = outcome.leak, result.leak == nil { result.leak = leak }
        if result.leak != nil { return result }
        if let failure = result.failure {
          sample(after: failure, from: next + index + 1, &result)
          return result
        }
      }
      next += batch.count
      progress(next)
    }
    return result
  }

  /// Counts further seeds that fail, in the order of the seeds, so that how many are run depends
  /// on nothing else.
  ///
  /// - Parameter start: how many seeds have run; the last of them failed.
  private func sample(
    after failure: RunResult, from start: Int, _ result: inout CampaignResult
  ) {
    guard let sampling else { return }
    var sample = HitSample(seeds: start, hits: 1)
    var steps = failure.steps
    var next = start
    var goesOn: Bool { sample.hits < sampling.hits && steps < sampling.steps }
    while next < seeds.count, goesOn {
      if isCancelled() {
        result.wasCancelled = true
        break
      }
      let batch = seeds.elements(next..<min(next + Self.batchSize, seeds.count))
      for outcome in runBatch(batch) where goesOn {
        sample.seeds += 1
        steps += outcome.result.steps
        if let leak = outcome.leak, result.leak == nil { result.leak = leak }
        if case .violation(let violation) = outcome.result.verdict,
          sampling.counts(violation.check)
        {
          sample.hits += 1
        }
      }
      next += batch.count
    }
    result.sample = sample
  }

  private struct Outcome: Sendable {
    var result: RunResult
    var leak: DeterminismLeak?
  }

  /// Runs a batch; outcomes come back in the order of the seeds.
  private func runBatch(_ batch: [UInt64]) -> [Outcome] {
    let workers = min(jobs, batch.count)
    if workers <= 1 {
      var checker = StoreChecker(limit: runner.plan.limits.configurations)
      return batch.map { outcome($0, &checker) }
    }
    let taken = Atomic<Int>(0)
    let outcomes = Mutex<[Outcome?]>(Array(repeating: nil, count: batch.count))
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      var checker = StoreChecker(limit: runner.plan.limits.configurations)
      while true {
        let index = taken.add(1, ordering: .relaxed).oldValue
        if index >= batch.count { break }
        let outcome = outcome(batch[index], &checker)
        outcomes.withLock { $0[index] = outcome }
      }
    }
    return outcomes.withLock { $0.compactMap { $0 } }
  }

  private func outcome(_ seed: UInt64, _ checker: inout StoreChecker) -> Outcome {
    let result = runner.run(seed, &checker)
    let position = (seed &- seeds.first) / seeds.step
    guard verifiesDeterminism, position % UInt64(Self.verifiedShare) == 0 else {
      return Outcome(result: result)
    }
    return Outcome(result: result, leak: DeterminismLeak(of: runner, result))
  }
}

/// What many seeds came to.
public struct CampaignResult: Sendable {
  /// Seeds run, up to and including the first that failed.
  public var runs = 0
  public var steps = 0
  public var operations = 0
  public var faults = FaultCounts()
  /// The result of the first seed that violated a check.
  public var failure: RunResult?
  /// The first seed that no verdict was possible for.
  public var undecided: RunResult?
  public var undecidedCount = 0
  public var leak: DeterminismLeak?
  /// The first seed of those that took longest to recover; `nil` if none had to.
  public var slowest: RunResult?
  public var wasCancelled = false
  /// How many seeds fail, if the campaign went on after the first.
  public var sample: HitSample?

  public init() {}

  public var longestRecovery: VirtualDuration { slowest?.recovery ?? .zero }

  mutating func add(_ result: RunResult) {
    runs += 1
    steps += result.steps
    operations += result.operations
    faults = faults + result.faults
    if result.recovery > longestRecovery { slowest = result }
    switch result.verdict {
    case .pass: break
    case .violation: if failure == nil { failure = result }
    case .undecided:
      undecidedCount += 1
      if undecided == nil { undecided = result }
    }
  }
}

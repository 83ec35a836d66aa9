import LinearizabilityChecking
import SimulationKernel

/// Everything about the cluster of one scenario that does not depend on its protocol's types.
public struct RunnerSetting: Sendable {
  public var servers: Int
  public var clients: Int
  /// Ids of deviations; empty for the correct variant.
  public var deviations: [String]
  public var options: ProtocolOptions
  public var retry: RetryTiming
  public var costs: CostTable
  public var detector: DetectorWord
  public var diskProfile: String
  public var writeBackInterval: VirtualDuration?
  public var checks: CheckSet
  /// What the scenario's network may do; a scripted fault beyond it breaks the assumptions.
  public var assumedNetwork: Set<NetworkWord>
  /// The storage faults that the design is meant to survive; any other breaks the assumptions.
  public var assumedStorage: Set<StorageWord>
  public var powerLoss: PowerLossOutcome
  /// A study of the servers' file calls.
  public var fileStudy: FileStudy?

  public init(
    servers: Int, clients: Int, deviations: [String] = [],
    options: ProtocolOptions = ProtocolOptions(), retry: RetryTiming = RetryTiming(),
    costs: CostTable = CostTable(), detector: DetectorWord, diskProfile: String = "",
    writeBackInterval: VirtualDuration? = nil, checks: CheckSet,
    assumedNetwork: Set<NetworkWord> = [.fifo], assumedStorage: Set<StorageWord> = [],
    powerLoss: PowerLossOutcome = .drawn
  ) {
    self.servers = servers
    self.clients = clients
    self.deviations = deviations
    self.options = options
    self.retry = retry
    self.costs = costs
    self.detector = detector
    self.diskProfile = diskProfile
    self.writeBackInterval = writeBackInterval
    self.checks = checks
    self.assumedNetwork = assumedNetwork
    self.assumedStorage = assumedStorage
    self.powerLoss = powerLoss
  }
}

/// A run with all that was noted about it.
public struct Recording: Sendable {
  public var result: RunResult
  public var steps: [RecordedStep]
  /// One line a step, if they were asked for.
  public var lines: [String]
  public var history: StoreHistory
  public var notes: HistoryNotes

  @inlinable
  init(
    result: RunResult, steps: [RecordedStep], lines: [String], history: StoreHistory,
    notes: HistoryNotes
  ) {
    self.result = result
    self.steps = steps
    self.lines = lines
    self.history = history
    self.notes = notes
  }
}

/// A replay with its lines and history.
public struct ReplayRecording: Sendable {
  public var result: ReplayResult
  public var lines: [String]
  public var history: StoreHistory
  public var notes: HistoryNotes
  /// `nil` unless asked for.
  public var story: RunStory?

  @inlinable
  init(
    result: ReplayResult, lines: [String], history: StoreHistory, notes: HistoryNotes,
    story: RunStory?
  ) {
    self.result = result
    self.lines = lines
    self.history = history
    self.notes = notes
    self.story = story
  }
}

/// The drivers of one scenario, with the protocol's types closed over: the closures are
/// specialised where the concrete protocol is named, so nothing generic is left on a run's path.
public struct ClusterRunner: Sendable {
  public let layout: ClusterLayout
  /// One seed, verdict only.
  public let run: @Sendable (UInt64, inout StoreChecker) -> RunResult
  /// One seed with its decisions, and lines for people if asked for.
  public let record: @Sendable (UInt64, _ writesLines: Bool) -> Recording
  /// Recorded steps, all or the first so many.
  public let replay: @Sendable (ReplayRequest) -> ReplayRecording
  /// Every crash point of the schedules without faults.
  public let crashPoints: @Sendable (CrashPointRequest) -> CrashPointReport
  /// The schedules that ``crashPoints`` would enumerate.
  public let schedules: @Sendable (CrashPointRequest) -> [CrashPointSchedule]
  /// Everything that can happen within bounds.
  public let explore: @Sendable (ExploreRequest) -> ExploreReport
  /// Whether every step of a seed's run is a step of the search.
  public let verify: @Sendable (UInt64, ExplorePlan) -> PathVerdict
  /// Whether renaming like clients is a symmetry along a random walk through the search.
  public let verifySymmetry: @Sendable (UInt64, ExplorePlan) -> SymmetryVerdict
  /// A failure made smaller.
  public let shrink: @Sendable (ShrinkRequest) -> ShrinkReport
  /// Follows a schedule.
  public let follow: @Sendable (ScheduleRequest) -> ScheduleReport
  /// What one seed reaches.
  public let coverage: @Sendable (UInt64) -> Coverage
  /// What a failover costs the clients, in message delays.
  public let failover: @Sendable (FailoverPlan) -> FailoverMeasurement
  /// A run under load; the last argument says whether the caller has enough.
  public let measure:
    @Sendable (MeasurePlan, UInt64, inout StoreChecker, @Sendable () -> Bool) -> Measurement
  /// The same run with the steps of one of its volumes.
  public let recordVolume: @Sendable (MeasurePlan, UInt64, _ volume: Int) -> VolumeRecording
  public let plan: RunPlan

  /// - Returns: `nil` if a deviation is not one of the protocol's.
  @inlinable
  public init?<Subject: ReplicationProtocol>(
    _ subject: Subject.Type, _ setting: RunnerSetting, _ plan: RunPlan
  ) where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
    let deviations = setting.deviations.map { Subject.Deviation(rawValue: $0) }
    guard deviations.allSatisfy({ $0 != nil }) else { return nil }
    let layout = ClusterLayout(
      serverCount: setting.servers, coordinatorName: Subject.summary.coordinatorName,
      clientCount: setting.clients)
    let cluster = ClusterSetting<Subject>(
      nodes: ProtocolSetting(
        layout: layout, deviations: DeviationSet(deviations.compactMap { $0 }),
        options: setting.options, costs: setting.costs, retry: setting.retry,
        detector: setting.detector),
      detector: setting.detector, diskProfile: setting.diskProfile, checks: setting.checks,
      writeBackInterval: setting.writeBackInterval, assumedNetwork: setting.assumedNetwork,
      assumedStorage: setting.assumedStorage, powerLoss: setting.powerLoss,
      fileStudy: setting.fileStudy)
    self.layout = layout
    self.plan = plan
    run = { seed, checker in
      var run = SeededRun<Subject>(cluster, plan, seed: seed)
      return run.run(&checker)
    }
    record = { seed, writesLines in
      var run = SeededRun<Subject>(cluster, plan, seed: seed)
      run.recorder = StepRecorder(writesLines: writesLines)
      var checker = StoreChecker(limit: plan.limits.configurations)
      let result = run.run(&checker)
      return Recording(
        result: result, steps: run.recorder?.steps ?? [], lines: run.recorder?.lines ?? [],
        history: run.cluster.history, notes: run.recorder?.notes ?? HistoryNotes())
    }
    let handle: CrashPointDriver<Subject>.Handler = { run, event, time in
      run.handle(event, at: time)
    }
    crashPoints = { CrashPointCampaign(cluster, plan, $0, handle: handle).run() }
    schedules = { CrashPointCampaign(cluster, plan, $0, handle: handle).schedules() }
    explore = { request in exploreCluster(cluster, request) }
    verify = { seed, bounds in verifyPath(cluster, plan, bounds, seed: seed) }
    verifySymmetry = { seed, bounds in
      ClusterSimulation.verifySymmetry(cluster, bounds, seed: seed)
    }
    let apply: StepApplication<Subject> = { $0.apply($1, at: $2, crash: $3) }
    shrink = { shrinkFailure(cluster, plan, $0, apply: apply, handle: handle) }
    follow = { followSchedule(cluster, plan, $0, apply: apply, handle: handle) }
    coverage = { seed in coverageOfRun(cluster, plan, seed: seed) }
    failover = { measureFailover(cluster, $0) }
    measure = { measured, seed, checker, isCancelled in
      var run = MeasuredRun<Subject>(cluster, measured, seed: seed)
      return run.run(&checker, isCancelled: isCancelled)
    }
    recordVolume = { ClusterSimulation.recordVolume($2, of: cluster, $0, seed: $1) }
    replay = { request in
      replayFailure(cluster, plan, request, handle: handle)
    }
  }
}

extension ClusterRunner {
  /// The operations that a seed draws for each client, or the script's.
  public func operations(seed: UInt64) -> [[Operation]] {
    var stream = SeededStream(seed: seed, name: "workload")
    return plan.workload.plan(&stream).map { $0.map(\.operation) }
  }
}

/// What to replay.
public struct ReplayRequest: Sendable {
  public var steps: [RecordedStep]
  /// By step: what it was said to take when it was written down; may be empty.
  public var remarks: [String] = []
  /// Steps to do at most.
  public var limit: Int
  /// Whether the recorded run failed for lack of progress.
  public var expectsProgress: Bool
  /// Whether the world is left alone behind the steps, and judged then.
  public var settles: Bool
  /// What the recorded run took too long for; `nil` if it failed otherwise.
  public var recovery: RecoveryLimit?
  public var detail: LineDetail

  public init(
    steps: [RecordedStep], limit: Int = .max, expectsProgress: Bool = false,
    recovery: RecoveryLimit? = nil, settles: Bool = false, detail: LineDetail = .none
  ) {
    self.steps = steps
    self.settles = settles
    self.limit = limit
    self.expectsProgress = expectsProgress
    self.recovery = recovery
    self.detail = detail
  }
}

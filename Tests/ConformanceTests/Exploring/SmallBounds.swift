import LinearizabilityChecking
import ModelChecking
import ReplicationProtocols
import SimulationKernel

@testable import ClusterSimulation

/// What goes wrong in small bounds: nothing, one kind of fault, or two together.
enum SmallFault: String, CaseIterable, CustomStringConvertible {
  case nothing, crash, crashAndRestart, powerLossAndRestart, loss, duplicate, overtaking, cut
  case falseSuspicion, retry
  case crashAndSuspicion, crashAndCut, lossAndDuplicate, crashAndOvertaking

  var description: String { rawValue }

  var budget: [ExploredBudget.Item: Int] {
    switch self {
    case .nothing: [:]
    case .crash: [.crash: 1]
    case .crashAndRestart, .powerLossAndRestart: [.crash: 1, .restart: 1]
    case .loss: [.loss: 1]
    case .duplicate: [.duplicate: 1]
    case .overtaking: [.overtaking: 1]
    case .cut: [.cut: 1]
    case .falseSuspicion: [.suspicion: 1]
    case .retry: [.retry: 1]
    case .crashAndSuspicion: [.crash: 1, .restart: 1, .suspicion: 1]
    case .crashAndCut: [.crash: 1, .cut: 1]
    case .lossAndDuplicate: [.loss: 1, .duplicate: 1, .retry: 1]
    case .crashAndOvertaking: [.crash: 1, .overtaking: 1]
    }
  }

  static let combinations: [SmallFault] = [
    .crashAndRestart, .crashAndSuspicion, .crashAndCut, .lossAndDuplicate, .crashAndOvertaking,
  ]

  var crashKinds: [CrashKind] { self == .powerLossAndRestart ? [.powerLoss] : [.process] }

  /// Whether a live server can be taken for dead.
  var detector: DetectorWord {
    self == .falseSuspicion || self == .crashAndSuspicion ? .timeouts : .perfect
  }
}

/// A cluster and bounds so small that the plainest search gets somewhere.
struct SmallBounds<Subject: ReplicationProtocol>
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  var setting: ClusterSetting<Subject>
  var plan: ExplorePlan

  var system: ClusterSystem<Subject> { ClusterSystem<Subject>(setting, plan) }

  init(
    servers: Int, detector: DetectorWord, operations: [[Operation]], fault: SmallFault,
    ticks: Int = 0, options: ProtocolOptions = ProtocolOptions(),
    bugs: [Subject.Deviation] = []
  ) {
    let layout = ClusterLayout(
      serverCount: servers, coordinatorName: Subject.summary.coordinatorName,
      clientCount: operations.count)
    setting = ClusterSetting<Subject>(
      nodes: ProtocolSetting(
        layout: layout, deviations: DeviationSet(bugs), options: options, detector: detector),
      detector: detector, diskProfile: "default+atomic-dir",
      checks: CheckSet(Subject.summary.checks.compactMap { CheckName(rawValue: $0) }),
      powerLoss: .open)
    plan = ExplorePlan(operations: operations)
    plan.budget = ExploredBudget(fault.budget.merging([.pace: ticks]) { $1 })
    plan.crashKinds = fault.crashKinds
  }
}

extension SmallBounds where Subject == Chain {
  /// A write by one client, a read by the other.
  static func chain(
    servers: Int = 2, _ fault: SmallFault, bugs: [Chain.Deviation] = []
  ) -> Self {
    Self(
      servers: servers, detector: .perfect,
      operations: [[.put(key: 0, value: "a")], [.get(key: 0)]], fault: fault, bugs: bugs)
  }
}

extension SmallBounds where Subject == PrimaryBackup {
  /// One write, with time enough for a backup to join.
  static func primaryBackup(
    _ fault: SmallFault, bugs: [PrimaryBackup.Deviation] = []
  ) -> Self {
    Self(
      servers: 2, detector: fault.detector,
      operations: [[.put(key: 0, value: "a")]], fault: fault, ticks: 2, bugs: bugs)
  }
}

extension SmallBounds where Subject == TwoNodeStore {
  /// A write of two blocks, which is not atomic on the disk.
  static func store(
    _ fault: SmallFault,
    operations: [[Operation]] = [[.writeBlocks(first: 0, count: 2, value: "a")]],
    bugs: [TwoNodeStore.Deviation] = []
  ) -> Self {
    Self(servers: 2, detector: .perfect, operations: operations, fault: fault, bugs: bugs)
  }
}

extension SmallBounds where Subject == MasterBackup {
  /// Appends by one client, so that a repetition shows.
  static func masterBackup(
    _ fault: SmallFault, bugs: [MasterBackup.Deviation] = []
  ) -> Self {
    Self(
      servers: 2, detector: .perfect, operations: [[.append(key: 0, value: "a")]], fault: fault,
      bugs: bugs)
  }
}

extension SmallBounds where Subject == RankedKv {
  static func rankedKv(
    _ fault: SmallFault, servers: Int = 2,
    operations: [[Operation]] = [[.put(key: 0, value: "a")], [.get(key: 0)]],
    bugs: [RankedKv.Deviation] = []
  ) -> Self {
    Self(
      servers: servers, detector: .perfect, operations: operations, fault: fault,
      options: ProtocolOptions(["allMayFail": .flag(true)]), bugs: bugs)
  }
}

extension SmallBounds where Subject == ChainStore {
  /// From registration on; heartbeats and commits share the ticks.
  static func chainStore(_ fault: SmallFault, bugs: [ChainStore.Deviation] = []) -> Self {
    Self(
      servers: 2, detector: .perfect,
      operations: [[.writeBlocks(first: 0, count: 1, value: "a")]], fault: fault, ticks: 2,
      bugs: bugs)
  }
}

import SimulationKernel

/// A design that has a row in the frontier matrix.
public struct FrontierSubject: Hashable, Sendable {
  public var protocolName: String
  /// `correct`, or the variant that does as a document says.
  public var variant: String
  public var keepsFiles: Bool
  /// Servers, at most.
  public var mostServers: Int
  /// What the protocol's environment is assumed never to do.
  public var assumedAway: Set<FaultModel.Kind>

  public init(
    protocolName: String, variant: String, keepsFiles: Bool, mostServers: Int,
    assumedAway: Set<FaultModel.Kind>
  ) {
    self.protocolName = protocolName
    self.variant = variant
    self.keepsFiles = keepsFiles
    self.mostServers = mostServers
    self.assumedAway = assumedAway
  }
}

/// How far each design has been tried, and where it breaks: design by kind and number of faults.
public struct FrontierMatrix: Hashable, Sendable {
  public enum Column: Hashable, Sendable {
    case noFault
    /// 1 or 2 processes die, and stay dead.
    case crashes(Int)
    case crashAndReturn
    case powerLoss
    case allDown
    case falseSuspicion
    case partition
    case loss
    case duplication
    case reordering
    /// Kinds that no other column has together.
    case several

    static let all: [Column] = [
      .noFault, .crashes(1), .crashes(2), .crashAndReturn, .powerLoss, .allDown, .falseSuspicion,
      .partition, .loss, .duplication, .reordering, .several,
    ]
  }

  /// What the scenarios of a cell say, each number over all of them.
  public struct Cell: Hashable, Sendable {
    public struct Violation: Hashable, Sendable {
      public var file: String
      public var check: String
      public var withinAssumptions: Bool
      public var replayCommand: String?
    }

    /// By file.
    public var violations: [Violation] = []
    /// States of searches that left nothing out within their bounds.
    public var exhausted: Int?
    /// Crash points that were enumerated without a violation.
    public var enumerated = 0
    /// Seeds that passed.
    public var sampled = 0
    /// Seeds and searches that ran out of their budgets.
    public var undecided = 0

    public var isEmpty: Bool { self == Cell() }
  }

  public struct Row: Hashable, Sendable {
    public var subject: FrontierSubject
    /// Options that are not the protocol's defaults; a design of its own where it breaks.
    public var options: [String]
    public var cells: [Column: Cell]
    /// Losses of power by persistence profile, of one node or of all.
    public var profiles: [String: Cell]
  }

  /// In the order of the catalog; rows without any cell are left out.
  public var rows: [Row] = []

  /// `nil` if no scenario of the report belongs to a row.
  public init?(_ report: RunReport) {
    for subject in report.subjects {
      // Whatever a scenario expects: a violation that nobody expected counts like any other.
      let own = report.scenarios.filter {
        $0.protocolName == subject.protocolName && $0.variant == subject.variant
      }
      rows += Self.rows(of: subject, own)
    }
    if rows.isEmpty { return nil }
  }

  /// A row for the design, and one for each choice of options under which it is violated.
  private static func rows(of subject: FrontierSubject, _ scenarios: [ScenarioReport]) -> [Row] {
    var own = Row(subject: subject, options: [], cells: [:], profiles: [:])
    var others: [[String]: Row] = [:]
    for scenario in scenarios {
      guard let model = scenario.faultModel else { continue }
      if scenario.verdict == .violation, !model.options.isEmpty, subject.variant == "correct" {
        others[
          model.options,
          default: Row(subject: subject, options: model.options, cells: [:], profiles: [:])
        ].add(scenario, model)
      } else {
        own.add(scenario, model)
      }
    }
    let sorted = others.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    return ([own] + sorted).filter { !$0.cells.isEmpty }
  }
}

extension FrontierMatrix.Row {
  fileprivate mutating func add(_ scenario: ScenarioReport, _ model: FaultModel) {
    for column in FrontierMatrix.columns(of: scenario, model) {
      cells[column, default: FrontierMatrix.Cell()].add(scenario)
    }
    let needsPower = model.kinds.contains(.powerLoss) || model.kinds.contains(.allDown)
    if needsPower, let disk = model.disk, !model.kinds.contains(.storage) {
      profiles[disk, default: FrontierMatrix.Cell()].add(scenario)
    }
  }
}

extension FrontierMatrix {
  /// The columns that a scenario speaks of: of a search everything within its bounds, of the rest
  /// what it is about.
  fileprivate static func columns(
    of scenario: ScenarioReport, _ model: FaultModel
  ) -> [Column] {
    let isComplete = scenario.mode != "simulate" && scenario.verdict == .pass
    guard isComplete else { return [column(of: model)] }
    let kinds = Set(model.kinds)
    let isEnumeration = scenario.mode == "crashpoints"
    return Column.all.filter { column in
      guard let needs = column.needs else { return column == Self.column(of: model) }
      if isEnumeration, needs.kinds.isEmpty { return false }
      return needs.kinds.isSubset(of: kinds) && needs.crashes <= model.crashes
    }
  }

  /// The one column that a fault model belongs to.
  fileprivate static func column(of model: FaultModel) -> Column {
    let kinds = Set(model.kinds)
    if kinds.contains(.allDown), kinds.isSubset(of: [.crash, .powerLoss, .restart, .allDown]) {
      return .allDown
    }
    switch kinds {
    case []: return .noFault
    case [.crash]: return .crashes(min(2, max(1, model.crashes)))
    case [.crash, .restart]: return .crashAndReturn
    case [.powerLoss], [.powerLoss, .restart]: return .powerLoss
    case [.falseSuspicion]: return .falseSuspicion
    case [.partition]: return .partition
    case [.loss]: return .loss
    case [.duplication]: return .duplication
    case [.reordering]: return .reordering
    default: return .several
    }
  }
}

extension FrontierMatrix.Column {
  /// What a search must have allowed to speak of the column; `nil` if only its own can.
  fileprivate var needs: (kinds: Set<FaultModel.Kind>, crashes: Int)? {
    switch self {
    case .noFault: ([], 0)
    case .crashes(let count): ([.crash], count)
    case .crashAndReturn: ([.crash, .restart], 1)
    case .powerLoss: ([.powerLoss], 1)
    case .allDown: ([.allDown], 1)
    case .falseSuspicion: ([.falseSuspicion], 0)
    case .partition: ([.partition], 0)
    case .loss: ([.loss], 0)
    case .duplication: ([.duplication], 0)
    case .reordering: ([.reordering], 0)
    case .several: nil
    }
  }

  /// The kind of fault that the column is about; `nil` for several.
  var kind: FaultModel.Kind? {
    switch self {
    case .noFault, .several: nil
    case .crashes: .crash
    case .crashAndReturn: .restart
    case .powerLoss: .powerLoss
    case .allDown: .allDown
    case .falseSuspicion: .falseSuspicion
    case .partition: .partition
    case .loss: .loss
    case .duplication: .duplication
    case .reordering: .reordering
    }
  }
}

extension FrontierMatrix.Cell {
  fileprivate mutating func add(_ scenario: ScenarioReport) {
    switch scenario.verdict {
    case .violation:
      violations.append(
        Violation(
          file: scenario.file, check: scenario.check ?? "a check",
          withinAssumptions: scenario.withinAssumptions, replayCommand: scenario.replayCommand))
      violations.sort {
        ($0.withinAssumptions ? 0 : 1, $0.file) < ($1.withinAssumptions ? 0 : 1, $1.file)
      }
    case .undecided:
      undecided += 1
    case .pass:
      switch scenario.mode {
      case "explore": exhausted = Statistics.sum([exhausted ?? 0, scenario.states ?? 0])
      case "crashpoints":
        enumerated = Statistics.sum([enumerated, scenario.crashPoints?.rows.count ?? 0])
      default: sampled = Statistics.sum([sampled, scenario.runs])
      }
    }
  }
}

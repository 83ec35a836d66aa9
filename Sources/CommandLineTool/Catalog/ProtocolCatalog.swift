import ClusterSimulation
import DiskSimulation
import LinearizabilityChecking
import ReplicationProtocols
import Reporting
import ScenarioFiles
import SimulationKernel

/// A protocol that scenarios can name, with its types closed over.
public struct CatalogEntry: Sendable {
  public let name: String
  public let summary: ProtocolSummary
  /// Whether its servers keep files.
  public let usesDisk: Bool
  /// `correct` first, then the known bugs by their ids.
  public let variants: [NamedHelp]
  /// `nil` if the setting names a deviation that the protocol does not have.
  public let makeRunner: @Sendable (RunnerSetting, RunPlan) -> ClusterRunner?

  public init<Subject: ReplicationProtocol>(_ subject: Subject.Type)
  where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
    name = Subject.name
    summary = Subject.summary
    usesDisk = Subject.usesDisk
    variants =
      [NamedHelp("correct", "the protocol as it should be")]
      + Subject.Deviation.allCases.map { NamedHelp($0.rawValue, $0.change) }
    makeRunner = { setting, plan in ClusterRunner(Subject.self, setting, plan) }
  }

  var words: ProtocolWords {
    ProtocolWords(name: name, summary: summary, variants: variants, keepsFiles: usesDisk)
  }
}

/// The protocols of this process: ours, a line each, and those that a program adds.
public enum ProtocolCatalog {
  /// Set by the program's `main` before anything reads ``entries``, and by nobody else.
  nonisolated(unsafe) private static var further: [CatalogEntry] = []

  /// Adds a program's own protocols; one that has the name of an earlier one takes its place. Once
  /// ``entries`` has been read it is too late.
  static func add(_ added: [CatalogEntry]) {
    further += added
  }

  public static let entries: [CatalogEntry] =
    ours.filter { entry in
      !further.contains { $0.name == entry.name }
    } + further

  private static let ours: [CatalogEntry] = [
    CatalogEntry(Chain.self),
    CatalogEntry(ChainStore.self),
    CatalogEntry(MasterBackup.self),
    CatalogEntry(PrimaryBackup.self),
    CatalogEntry(RankedKv.self),
    CatalogEntry(Remus.self),
    CatalogEntry(TwoNodeStore.self),
    CatalogEntry(VmLog.self),
  ]

  public static func entry(named name: String) -> CatalogEntry? {
    entries.first { $0.name == name }
  }

  /// Every variant but the correct ones.
  static let knownBugs = entries.flatMap { entry in
    entry.variants.dropFirst().map {
      KnownBug(protocolName: entry.name, id: $0.name, change: $0.help)
    }
  }

  /// The designs that the frontier matrix compares: the correct variants, and those that do as a
  /// document says, whose names are words instead of a number of the list of bugs.
  static let frontierSubjects = entries.flatMap { entry in
    let designs = entry.variants.map(\.name).filter { $0.first?.isLowercase == true }
    return designs.map {
      FrontierSubject(
        protocolName: entry.name, variant: $0, keepsFiles: entry.usesDisk,
        mostServers: entry.summary.servers.upperBound,
        assumedAway: entry.summary.assumedAway)
    }
  }

  /// The words that scenario files may use.
  public static let vocabulary = ScenarioVocabulary(
    protocols: entries.map(\.words),
    checks: CheckName.allCases.map { NamedHelp($0.rawValue, $0.help) },
    diskProfiles: PersistenceProfile.known.map { NamedHelp($0.name, $0.summary) },
    availableModes: RunMode.allCases)
}

extension ProtocolSummary {
  /// The faults that the protocol's documents rule out.
  fileprivate var assumedAway: Set<FaultModel.Kind> {
    var kinds: Set<FaultModel.Kind> = []
    if !detectors.contains(.timeouts) { kinds.insert(.falseSuspicion) }
    let words: [(NetworkWord, FaultModel.Kind)] = [
      (.partitions, .partition), (.lossy, .loss), (.duplicating, .duplication),
      (.reordering, .reordering),
    ]
    for (word, kind) in words where !network.contains(word) { kinds.insert(kind) }
    return kinds
  }
}

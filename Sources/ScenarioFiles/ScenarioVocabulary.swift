import SimulationKernel

/// The words that a scenario file may use. The layer that knows the protocols, the checks and the
/// disk profiles fills it in; this module knows none of them.
public struct ScenarioVocabulary: Sendable {
  /// In the order of listings; names differ.
  public var protocols: [ProtocolWords]
  /// Every check there is; a protocol supports some of them.
  public var checks: [NamedHelp]
  /// The first is the default.
  public var diskProfiles: [NamedHelp]
  /// The modes that this version can run. The format knows the others, too.
  public var availableModes: [RunMode]

  public init(
    protocols: [ProtocolWords], checks: [NamedHelp], diskProfiles: [NamedHelp],
    availableModes: [RunMode] = [.simulate]
  ) {
    self.protocols = protocols
    self.checks = checks
    self.diskProfiles = diskProfiles
    self.availableModes = availableModes
  }

  /// The words of the protocol with this name; nil if there is none.
  public func words(of name: String) -> ProtocolWords? {
    protocols.first { $0.name == name }
  }
}

/// What a scenario may say of one protocol.
public struct ProtocolWords: Sendable {
  public var name: String
  /// Servers, operations, checks, network, detectors, options, roles and crash points.
  public var summary: ProtocolSummary
  /// `correct` first, then the known bugs by their ids. The first is the default.
  public var variants: [NamedHelp]
  /// Whether its servers have disks.
  public var keepsFiles: Bool

  public init(
    name: String, summary: ProtocolSummary, variants: [NamedHelp], keepsFiles: Bool = false
  ) {
    self.name = name
    self.summary = summary
    self.variants = variants
    self.keepsFiles = keepsFiles
  }
}

/// A word and one sentence that explains it.
public struct NamedHelp: Hashable, Sendable {
  public var name: String
  public var help: String

  public init(_ name: String, _ help: String) {
    self.name = name
    self.help = help
  }
}

/// How a scenario is run.
public enum RunMode: String, Hashable, Sendable, CaseIterable {
  /// Seeded runs.
  case simulate
  /// Every crash point of the fault-free schedule with every disk outcome.
  case crashpoints
  /// Every interleaving within bounds.
  case explore
  /// Latency, throughput and outages.
  case measure
}

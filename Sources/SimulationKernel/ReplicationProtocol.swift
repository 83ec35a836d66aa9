/// A replicated storage system that CrashProof can run: its node types, its words for people, its
/// known bugs and what it assumes. One folder of value types, and one line in a catalog.
public protocol ReplicationProtocol: Sendable {
  associatedtype Message: NodeMessage
  associatedtype Server: ServerNode<Message>
  associatedtype Coordinator: CoordinatorNode<Message>
  associatedtype Client: ClientNode<Message>
  /// The known bugs and documented variants, each a member; the raw value is its public id.
  associatedtype Deviation: ProtocolDeviation

  /// What people type: lower-case words joined by hyphens.
  static var name: String { get }
  static var summary: ProtocolSummary { get }
  /// Whether servers keep files; without, a server that dies loses everything.
  static var usesDisk: Bool { get }

  /// Makes nodes as their processes find themselves before ``Node/start(_:)``.
  static func makeServer(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Server
  static func makeCoordinator(_ setting: ProtocolSetting<Deviation>) -> Coordinator
  static func makeClient(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Client

  /// Whether the protocol's stated assumptions still hold if `server` fails now, given what the
  /// servers hold. Drawn faults stay within it; scripted ones need not.
  static func tolerates(failureOf server: NodeID, in facts: ClusterFacts<Self>) -> Bool

  /// How memories and messages read when clients change names; `nil` if the protocol does not say:
  /// a search then tells all clients apart.
  static var renaming: NodeRenaming<Self>? { get }
}

extension ReplicationProtocol {
  @inlinable
  public static var usesDisk: Bool { false }

  public static var renaming: NodeRenaming<Self>? { nil }
}

/// The state of a cluster that an assumption may speak about.
public struct ClusterFacts<Subject: ReplicationProtocol> {
  public let layout: ClusterLayout
  public let servers: [Subject.Server]
  /// By server index: whether its process runs.
  public let isUp: [Bool]
  public let coordinator: Subject.Coordinator?

  @inlinable
  public init(
    layout: ClusterLayout, servers: [Subject.Server], isUp: [Bool],
    coordinator: Subject.Coordinator?
  ) {
    self.layout = layout
    self.servers = servers
    self.isUp = isUp
    self.coordinator = coordinator
  }
}

/// What a scenario sets for the nodes of one cluster.
public struct ProtocolSetting<Deviation: ProtocolDeviation>: Sendable {
  public var layout: ClusterLayout
  public var deviations: DeviationSet<Deviation>
  public var options: ProtocolOptions
  public var costs: CostTable
  /// When clients retry.
  public var retry: RetryTiming
  /// How failures become known: with a perfect detector, no node needs time-outs of its own.
  public var detector: DetectorWord

  public init(
    layout: ClusterLayout, deviations: DeviationSet<Deviation> = [],
    options: ProtocolOptions = ProtocolOptions(), costs: CostTable = CostTable(),
    retry: RetryTiming = RetryTiming(), detector: DetectorWord = .timeouts
  ) {
    self.layout = layout
    self.deviations = deviations
    self.options = options
    self.costs = costs
    self.retry = retry
    self.detector = detector
  }
}

/// A small change to a correct protocol: a known bug, or a document's own choice.
public protocol ProtocolDeviation:
  CaseIterable, Hashable, RawRepresentable, Sendable
where RawValue == String {
  /// One sentence: what is changed.
  var change: String { get }
}

/// The deviations in force: a bit each, consulted at named decision points.
public struct DeviationSet<Deviation: ProtocolDeviation>: Sendable, ExpressibleByArrayLiteral {
  @usableFromInline var bits: UInt64 = 0

  public init(_ members: [Deviation]) {
    for member in members { bits |= Self.bit(of: member) }
  }

  public init(arrayLiteral elements: Deviation...) {
    self.init(elements)
  }

  /// Where a deviation stands among all cases. Protocols keep the answer in a stored Boolean if
  /// they ask on every step.
  public func contains(_ member: Deviation) -> Bool {
    bits != 0 && bits & Self.bit(of: member) != 0
  }

  public var isEmpty: Bool { bits == 0 }

  static func bit(of member: Deviation) -> UInt64 {
    var bit: UInt64 = 1
    for candidate in Deviation.allCases {
      if candidate == member { return bit }
      bit <<= 1
    }
    return 0
  }
}

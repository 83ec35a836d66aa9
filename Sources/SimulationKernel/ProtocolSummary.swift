/// What a protocol says of itself: help texts, validation of scenario files and the drawing of
/// faults all read it.
public struct ProtocolSummary: Sendable {
  /// One sentence for `crashproof list protocols`.
  public var headline: String
  /// Where the design comes from: paper, section, document.
  public var source: String
  /// What the coordinator is called as a node (`vs`, `master`); `nil` if there is none.
  public var coordinatorName: String?
  /// Allowed and default numbers of servers.
  public var servers: ClosedRange<Int>
  public var defaultServers: Int
  public var operations: Set<OperationKind>
  /// Names of the checks that mean something for this protocol, in the order to run them.
  public var checks: [String]
  public var network: [NetworkWord]
  public var detectors: [DetectorWord]
  /// The persistence profiles under which the correct variant keeps its promises; empty without a
  /// disk.
  public var diskProfiles: [String]
  /// The files whose readers reject every torn record; a torn record is then one outcome of a power
  /// loss instead of every mixture of its pieces.
  public var checksummedFiles: [ChecksummedFile]
  public var options: [ProtocolOption]
  /// Names for nodes by their role at the moment of use, for example `head`.
  public var roleNames: [String]
  /// Labels of the named crash points, in the order of a request's way.
  public var crashPoints: [String]
  /// The kinds of message by the first word of their summaries, in the order of a request's way.
  public var messages: [String]
  /// Branches that the protocol notes when it takes them (``Observation/note(_:)``).
  public var branches: [StaticLabel]
  /// What a document promises for crashes there; `nil` if none does.
  public var crashTable: CrashTable?
  /// Roughly how long one operation takes without faults; fault windows are drawn from it.
  public var typicalOperation: VirtualDuration
  /// Roughly how long a failover takes; heal phases are sized by it.
  public var typicalFailover: VirtualDuration

  public init(
    headline: String, source: String, coordinatorName: String?, servers: ClosedRange<Int>,
    defaultServers: Int, operations: Set<OperationKind>, checks: [String],
    network: [NetworkWord], detectors: [DetectorWord], diskProfiles: [String] = [],
    checksummedFiles: [ChecksummedFile] = [], options: [ProtocolOption] = [],
    roleNames: [String] = [], crashPoints: [String] = [], messages: [String] = [],
    branches: [StaticLabel] = [], crashTable: CrashTable? = nil,
    typicalOperation: VirtualDuration, typicalFailover: VirtualDuration
  ) {
    self.headline = headline
    self.source = source
    self.coordinatorName = coordinatorName
    self.servers = servers
    self.defaultServers = defaultServers
    self.operations = operations
    self.checks = checks
    self.network = network
    self.detectors = detectors
    self.diskProfiles = diskProfiles
    self.checksummedFiles = checksummedFiles
    self.options = options
    self.roleNames = roleNames
    self.crashPoints = crashPoints
    self.messages = messages
    self.branches = branches
    self.crashTable = crashTable
    self.typicalOperation = typicalOperation
    self.typicalFailover = typicalFailover
  }
}

extension ProtocolSummary {
  /// Whether clients may read and write blocks.
  public var hasBlocks: Bool { operations.contains(.block) }

  /// Whether clients may read and write keys: always, but for a protocol that is a block device and
  /// nothing else.
  public var hasKeys: Bool {
    !hasBlocks || !operations.isDisjoint(with: [.append, .draw, .swap])
  }
}

/// The kinds of operation of a workload's mix.
public enum OperationKind: String, Hashable, Sendable, CaseIterable {
  /// `get`, or `readBlocks` on a block device.
  case read
  /// `put`, or `writeBlocks` on a block device.
  case write
  case append
  /// `putDrawn`: a non-deterministic update.
  case draw
  /// `compareAndSet`.
  case swap
  /// Reads and writes of blocks, which may span two neighbours.
  case block
}

/// What a scenario may assume of its network.
public enum NetworkWord: String, Hashable, Sendable, CaseIterable {
  /// First in, first out, nothing lost between live nodes.
  case fifo
  case lossy
  case duplicating
  case reordering
  case partitions
  /// Links that are slow for a while.
  case slow
}

/// How failures become known.
public enum DetectorWord: String, Hashable, Sendable, CaseIterable {
  /// The environment tells the coordinator, and callers, after a crash and never falsely.
  case perfect
  /// Only the protocol's own time-outs, which can be wrong.
  case timeouts
}

/// A setting that only one protocol has.
public struct ProtocolOption: Sendable {
  public enum Kind: Sendable {
    case flag(default: Bool)
    case integer(default: Int, range: ClosedRange<Int>)
    case duration(default: VirtualDuration)
    case choice(default: String, among: [String])
  }

  public var name: String
  public var kind: Kind
  /// One sentence.
  public var help: String

  public init(_ name: String, _ kind: Kind, _ help: String) {
    self.name = name
    self.kind = kind
    self.help = help
  }
}

/// The settings of one run by name; what is absent has the protocol's default.
public struct ProtocolOptions: Sendable {
  public enum Value: Hashable, Sendable {
    case flag(Bool)
    case integer(Int)
    case duration(VirtualDuration)
    case choice(String)
  }

  public var values: [String: Value]

  public init(_ values: [String: Value] = [:]) {
    self.values = values
  }

  public func flag(_ name: String, default fallback: Bool) -> Bool {
    if case .flag(let value)? = values[name] { value } else { fallback }
  }

  public func integer(_ name: String, default fallback: Int) -> Int {
    if case .integer(let value)? = values[name] { value } else { fallback }
  }

  public func duration(_ name: String, default fallback: VirtualDuration) -> VirtualDuration {
    if case .duration(let value)? = values[name] { value } else { fallback }
  }

  public func choice(_ name: String, default fallback: String) -> String {
    if case .choice(let value)? = values[name] { value } else { fallback }
  }
}

/// A file of records that carry a checksum, by its path.
public struct ChecksummedFile: Hashable, Sendable {
  public var path: String
  /// In bytes, at least 1; records start at multiples of it.
  public var recordSize: Int

  public init(_ path: String, recordSize: Int) {
    self.path = path
    self.recordSize = recordSize
  }
}

/// A node of a virtual cluster, by its position: servers first, then the coordinator if there is
/// one, then the clients.
public struct NodeID: Hashable, Comparable, Sendable {
  @usableFromInline let position: UInt16

  /// - Parameter index: 0 and up, below ``ClusterLayout/nodeCount``.
  @inlinable
  public init(_ index: Int) {
    position = UInt16(truncatingIfNeeded: index)
  }

  @inlinable
  public var index: Int { Int(position) }

  @inlinable
  public static func < (left: NodeID, right: NodeID) -> Bool {
    left.position < right.position
  }
}

/// What a node does in its cluster.
public enum NodeRole: Hashable, Sendable {
  case server
  /// A master, view service or load balancer: one per cluster, and it never fails.
  case coordinator
  case client
}

/// Which nodes a cluster has and what they are called.
public struct ClusterLayout: Hashable, Sendable {
  /// At least 1.
  public let serverCount: Int
  /// What the coordinator is called (`vs`, `master`, `lb`); `nil` if the protocol has none.
  public let coordinatorName: String?
  public let clientCount: Int

  public init(serverCount: Int, coordinatorName: String?, clientCount: Int) {
    self.serverCount = serverCount
    self.coordinatorName = coordinatorName
    self.clientCount = clientCount
  }

  @inlinable
  public var nodeCount: Int { firstClient + clientCount }

  @inlinable
  var firstClient: Int { serverCount + (coordinatorName == nil ? 0 : 1) }

  @inlinable
  public var coordinator: NodeID? {
    coordinatorName == nil ? nil : NodeID(serverCount)
  }

  /// - Parameter index: 0-based; `server(0)` is called `s1`.
  @inlinable
  public func server(_ index: Int) -> NodeID { NodeID(index) }

  /// - Parameter index: 0-based; `client(0)` is called `c1`.
  @inlinable
  public func client(_ index: Int) -> NodeID { NodeID(firstClient + index) }

  public var servers: [NodeID] { (0..<serverCount).map { NodeID($0) } }
  public var clients: [NodeID] { (0..<clientCount).map { client($0) } }

  @inlinable
  public func role(of node: NodeID) -> NodeRole {
    if node.index < serverCount { return .server }
    return node.index < firstClient ? .coordinator : .client
  }

  /// The 0-based number of a client among the clients.
  @inlinable
  public func clientIndex(of node: NodeID) -> Int { node.index - firstClient }

  /// `s1`..., the coordinator's name, or `c1`....
  public func name(of node: NodeID) -> String {
    switch role(of: node) {
    case .server: "s\(node.index + 1)"
    case .coordinator: coordinatorName ?? "coordinator"
    case .client: "c\(clientIndex(of: node) + 1)"
    }
  }

  /// The node called `name`, or `nil` if no node of this cluster is.
  public func node(named name: String) -> NodeID? {
    (0..<nodeCount).lazy.map { NodeID($0) }.first { self.name(of: $0) == name }
  }
}

/// One start of a node: 1 at its first start, one more at each restart. Stands for the durable or
/// random-per-start token by which a restarted process is told from its predecessor.
public struct Incarnation: Hashable, Comparable, Sendable {
  public var number: Int

  @inlinable
  public init(_ number: Int) {
    self.number = number
  }

  @inlinable
  public static func < (left: Incarnation, right: Incarnation) -> Bool {
    left.number < right.number
  }
}

/// A client's request: the same identity through every retry.
public struct RequestID: Hashable, Comparable, Sendable, Fingerprintable {
  public var client: NodeID
  /// 1 and up, in the order in which the client invokes.
  public var number: Int32

  @inlinable
  public init(client: NodeID, number: Int) {
    self.client = client
    self.number = Int32(truncatingIfNeeded: number)
  }

  @inlinable
  public static func < (left: RequestID, right: RequestID) -> Bool {
    (left.client, left.number) < (right.client, right.number)
  }

  @inlinable
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(UInt64(client.index) &<< 32 | UInt64(UInt32(bitPattern: number)))
  }
}

extension NodeID: Fingerprintable {
  @inlinable
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(index)
  }
}

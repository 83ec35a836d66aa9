import SimulationKernel

/// A part of the world that may change in a step.
enum WorldPart: Hashable, Sendable {
  case process(NodeID)
  case memory(NodeID)
  case timers(NodeID)
  case disk(NodeID)
  case channel(from: NodeID, to: NodeID)

  /// All parts of a world, in a fixed order.
  static func all<Subject>(of cluster: Cluster<Subject>) -> [WorldPart] {
    let layout = cluster.layout
    let nodes = (0..<layout.nodeCount).map { NodeID($0) }
    var parts: [WorldPart] = []
    for node in nodes {
      parts += [.process(node), .memory(node), .timers(node)]
      if layout.role(of: node) == .server, !cluster.disks.isEmpty { parts.append(.disk(node)) }
    }
    for sender in nodes {
      for receiver in nodes { parts.append(.channel(from: sender, to: receiver)) }
    }
    return parts
  }

  /// `memory of s1`, `channel s1->s2`.
  func name(in layout: ClusterLayout) -> String {
    switch self {
    case .process(let node): "process of \(layout.name(of: node))"
    case .memory(let node): "memory of \(layout.name(of: node))"
    case .timers(let node): "timers of \(layout.name(of: node))"
    case .disk(let node): "disk of \(layout.name(of: node))"
    case .channel(let sender, let receiver):
      "channel \(layout.name(of: sender))->\(layout.name(of: receiver))"
    }
  }
}

/// What of a world may change in a step, part by part, as hashes that only serve comparison.
struct WorldParts {
  private var parts: [(part: WorldPart, hash: UInt64)] = []
  private let layout: ClusterLayout

  init<Subject>(_ cluster: Cluster<Subject>) {
    layout = cluster.layout
    parts = WorldPart.all(of: cluster).map { ($0, Self.hash(of: $0, in: cluster)) }
  }

  private static func hash<Subject>(
    of part: WorldPart, in cluster: Cluster<Subject>
  ) -> UInt64 {
    switch part {
    case .process(let node):
      let process = cluster.exploredProcess(of: node)
      return hash { $0.combine(process.isUp ? process.starts : 0) }
    case .memory(let node): return memory(of: node, in: cluster)
    case .timers(let node):
      let process = cluster.exploredProcess(of: node)
      return hash { hasher in
        hasher.combine(contentsOf: process.timers)
        hasher.combine(process.postponed.count)
        for continuation in process.postponed { hasher.combine(continuation) }
      }
    case .disk(let node): return cluster.disks.disks[node.index].fingerprint
    case .channel(let sender, let receiver):
      return hash { hasher in
        hasher.combine(cluster.network.isCut(from: sender, to: receiver))
        for envelope in cluster.network.channel(from: sender, to: receiver).envelopes {
          hasher.combine(UInt64(envelope.number))
        }
      }
    }
  }

  private static func memory<Subject>(of node: NodeID, in cluster: Cluster<Subject>) -> UInt64 {
    switch cluster.layout.role(of: node) {
    case .server: cluster.isUp(node) ? cluster.servers[node.index].fingerprint : 0
    case .coordinator: cluster.coordinator.fingerprint
    case .client: cluster.clients[cluster.layout.clientIndex(of: node)].fingerprint
    }
  }

  private static func hash(_ combine: (inout StableHasher) -> Void) -> UInt64 {
    var hasher = StableHasher()
    combine(&hasher)
    return hasher.finalize()
  }

  /// Positions in ``WorldPart/all(of:)`` of what differs from an earlier state of the same world.
  func changedPositions(since earlier: WorldParts) -> [Int] {
    parts.indices.filter { parts[$0].hash != earlier.parts[$0].hash }
  }

  /// The names of what differs from an earlier state of the same world, in a fixed order.
  func changes(since earlier: WorldParts) -> [String] {
    changedPositions(since: earlier).map { parts[$0].part.name(in: layout) }
  }
}

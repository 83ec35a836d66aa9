import SimulationKernel

/// What of a world may change in a step, part by part, as hashes that only serve comparison.
struct WorldParts {
  private var parts: [(name: String, hash: UInt64)] = []

  init<Subject>(_ cluster: Cluster<Subject>) {
    let layout = cluster.layout
    let nodes = (0..<layout.nodeCount).map { NodeID($0) }
    for node in nodes {
      let name = layout.name(of: node)
      let process = cluster.exploredProcess(of: node)
      let life = process.isUp ? process.starts : 0
      parts.append(("process of \(name)", Self.hash { $0.combine(life) }))
      parts.append(("memory of \(name)", Self.memory(of: node, in: cluster)))
      parts.append(
        (
          "timers of \(name)",
          Self.hash { hasher in
            hasher.combine(contentsOf: process.timers)
            hasher.combine(process.postponed.count)
            for continuation in process.postponed { hasher.combine(continuation) }
          }
        ))
      if layout.role(of: node) == .server, !cluster.disks.isEmpty {
        parts.append(("disk of \(name)", cluster.disks.disks[node.index].fingerprint))
      }
    }
    for sender in nodes {
      for receiver in nodes {
        let channel = cluster.network.channel(from: sender, to: receiver)
        let isCut = cluster.network.isCut(from: sender, to: receiver)
        parts.append(
          (
            "channel \(layout.name(of: sender))->\(layout.name(of: receiver))",
            Self.hash { hasher in
              hasher.combine(isCut)
              for envelope in channel.envelopes { hasher.combine(UInt64(envelope.number)) }
            }
          ))
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

  /// The names of what differs from an earlier state of the same world, in a fixed order.
  func changes(since earlier: WorldParts) -> [String] {
    let before = Dictionary(
      earlier.parts.map { ($0.name, $0.hash) }, uniquingKeysWith: { first, _ in first })
    return parts.filter { before[$0.name] != $0.hash }.map(\.name)
  }
}

import DiskSimulation
import NetworkSimulation
import SimulationKernel

extension WorldPart {
  /// What the part looks like now, line by line; no two lines have the same path.
  func lines<Subject>(in cluster: Cluster<Subject>) -> [(path: String, text: String)] {
    switch self {
    case .process(let node):
      let process = cluster.processes[node.index]
      guard process.starts > 0 else { return [("", "not started")] }
      return [("", process.isUp ? "up, start \(process.starts)" : "dead")]
    case .memory(let node): return memory(of: node, in: cluster)
    case .timers(let node):
      let armed = cluster.timers[node.index].armed.map(\.description)
      let postponed = cluster.postponed[node.index].map { "continuation \($0)" }
      return Self.numbered(armed + postponed)
    case .disk(let node): return Self.lines(cluster.disks.disks[node.index].listing)
    case .channel(let sender, let receiver):
      let channel = cluster.network.channel(from: sender, to: receiver)
      let messages = channel.envelopes.map { envelope in
        switch envelope.parcel {
        case .message(let message): ("message \(envelope.number)", message.summary)
        case .unavailable: ("message \(envelope.number)", "unavailable")
        }
      }
      let isCut = cluster.network.isCut(from: sender, to: receiver)
      return (isCut ? [("link", "cut")] : []) + messages
    }
  }

  private func memory<Subject>(
    of node: NodeID, in cluster: Cluster<Subject>
  ) -> [(path: String, text: String)] {
    switch cluster.layout.role(of: node) {
    case .server:
      guard cluster.isUp(node) else { return [] }
      return StateText.lines(of: cluster.servers[node.index], cluster.layout)
    case .coordinator: return StateText.lines(of: cluster.coordinator, cluster.layout)
    case .client:
      let client = cluster.clients[cluster.layout.clientIndex(of: node)]
      return StateText.lines(of: client, cluster.layout)
    }
  }

  private static func lines(_ listing: DiskListing) -> [(path: String, text: String)] {
    var lines: [(path: String, text: String)] = []
    for file in listing.files {
      let visible = file.visible ?? "not there"
      if file.visible == file.durable {
        lines.append((file.path, visible))
      } else {
        lines.append((file.path, "\(visible); durable: \(file.durable ?? "not there")"))
      }
    }
    return lines + numbered(listing.pending).map { ("pending \($0.path)", $0.text) }
  }

  private static func numbered(_ texts: [String]) -> [(path: String, text: String)] {
    texts.enumerated().map { ("\($0.offset + 1)", $0.element) }
  }
}

import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// Where the components of a cluster stand in the worlds of a search.
struct ClusterSlots: Hashable, Sendable {
  /// What a slot holds.
  enum Kind: Hashable, Sendable {
    case node(NodeID)
    case channel(from: NodeID, to: NodeID)
    case budget
    /// The history on one part of the keys.
    case linearizability(Range<Int>)
    case monitor(CheckName)
  }

  let kinds: [Kind]
  let layout: SlotLayout
  private let nodeSlots: [Int]
  /// By sender, then receiver; -1 where nothing is ever sent.
  private let channelSlots: [[Int]]
  let budget: Int
  /// By part of the keys.
  let linearizability: [Int]
  let parts: KeyPartitions
  let monitors: [Int]

  /// Servers, coordinator, what travels to them and what follows from their steps in the left half;
  /// clients, what travels to them and their history in the right one. A check that all but follows
  /// from a half adds little to it and would multiply the other; and neither half should have many
  /// more values than the other, since what they need is their sum.
  init(_ nodes: ClusterLayout, checks: CheckSet, operations: [[Operation]]) {
    let members = (0..<nodes.nodeCount).map { NodeID($0) }
    let clients = Set(nodes.clients)
    let others = members.count - clients.count
    // A node each, the channels among them, the budget and four checks.
    let hasRoom =
      others + others * others + clients.count * others + 5 <= SlotLayout.largestHalf
    var left = members.filter { !clients.contains($0) }.map { Kind.node($0) }
    var right = nodes.clients.map { Kind.node($0) }
    for sender in members {
      for receiver in members {
        switch (clients.contains(sender), clients.contains(receiver)) {
        case (false, false): left.append(.channel(from: sender, to: receiver))
        case (true, true): break
        case (true, false) where hasRoom: left.append(.channel(from: sender, to: receiver))
        default: right.append(.channel(from: sender, to: receiver))
        }
      }
    }
    left.append(.budget)
    parts = KeyPartitions(operations.joined())
    if checks.contains(.linearizability) {
      right += parts.parts.map { .linearizability($0) }
    }
    let monitored = [CheckName.viewValidity, .splitBrain, .atMostOnce, .refinement]
    for check in monitored where checks.contains(check) { left.append(.monitor(check)) }
    let kinds = left + right
    self.kinds = kinds
    layout = SlotLayout(names: kinds.map { $0.name(in: nodes) }, leftCount: left.count)
    nodeSlots = members.map { node in kinds.firstIndex(of: .node(node)) ?? -1 }
    channelSlots = members.map { sender in
      members.map { kinds.firstIndex(of: .channel(from: sender, to: $0)) ?? -1 }
    }
    budget = kinds.firstIndex(of: .budget) ?? -1
    linearizability = kinds.indices.filter {
      if case .linearizability = kinds[$0] { true } else { false }
    }
    monitors = kinds.indices.filter {
      if case .monitor = kinds[$0] { true } else { false }
    }
  }

  func slot(of node: NodeID) -> Int { nodeSlots[node.index] }

  /// The slot of a channel; `nil` where nothing is ever sent.
  func channel(from sender: NodeID, to receiver: NodeID) -> Int? {
    let slot = channelSlots[sender.index][receiver.index]
    return slot < 0 ? nil : slot
  }

  /// The channels that lead away from a node, in order of receivers.
  func outgoing(from node: NodeID) -> [Int] { channelSlots[node.index].filter { $0 >= 0 } }

  /// The channels that lead to a node, in order of senders.
  func incoming(to node: NodeID) -> [Int] {
    channelSlots.map { $0[node.index] }.filter { $0 >= 0 }
  }

  /// The slot that follows the history of what an operation touches.
  func linearizability(of operation: Operation) -> Int? {
    guard let part = parts.part(of: operation), linearizability.indices.contains(part) else {
      return nil
    }
    return linearizability[part]
  }

  func monitor(_ check: CheckName) -> Int? { kinds.firstIndex(of: .monitor(check)) }
}

extension ClusterSlots.Kind {
  func name(in nodes: ClusterLayout) -> String {
    switch self {
    case .node(let node): nodes.name(of: node)
    case .channel(let sender, let receiver):
      "\(nodes.name(of: sender))->\(nodes.name(of: receiver))"
    case .budget: "budget"
    case .linearizability(let keys):
      keys.count == 1
        ? "history of \(keys.lowerBound)"
        : "history of \(keys.lowerBound) to \(keys.upperBound - 1)"
    case .monitor(let check): check.rawValue
    }
  }
}

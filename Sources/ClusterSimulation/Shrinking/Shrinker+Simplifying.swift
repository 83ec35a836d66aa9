import LinearizabilityChecking
import SimulationKernel

/// Simpler things in place of others.
extension Shrinker {
  mutating func simplify() {
    if request.mayLeaveOutNodes {
      mergeClients()
      leaveOutServers()
    }
    mergeKeys()
    joinCrashes()
    simplifyCrashes()
    simplifyOutcomes()
  }

  // MARK: Nodes

  /// One client does what two did; a client that does nothing is left out.
  private mutating func mergeClients() {
    var client = version.clients - 1
    while client > 0, !isSpent {
      for other in 0..<client {
        if tries(moving(layout.client(client), into: layout.client(other))) { break }
      }
      client -= 1
    }
    if version.clients > 1 { _ = tries(moving(layout.client(0), into: nil)) }
  }

  /// A smaller cluster: without a server, or with a neighbour in its place.
  private mutating func leaveOutServers() {
    let smallest = Subject.summary.servers.lowerBound
    var server = version.servers - 1
    while server >= 0, version.servers > smallest, !isSpent {
      let node = layout.server(server)
      var others: [NodeID?] = [nil]
      if server > 0 { others.append(layout.server(server - 1)) }
      if server + 1 < version.servers { others.append(layout.server(server + 1)) }
      for other in others where tries(moving(node, into: other)) { break }
      server -= 1
    }
  }

  /// The version in a cluster without a node, whose steps another one takes, or nobody.
  private func moving(_ node: NodeID, into other: NodeID?) -> FailureVersion {
    var candidate = version
    if layout.role(of: node) == .server {
      candidate.servers -= 1
    } else {
      candidate.clients -= 1
    }
    func renamed(_ old: NodeID) -> NodeID? {
      guard let kept = old == node ? other : old else { return nil }
      return NodeID(kept.index - (kept > node ? 1 : 0))
    }
    candidate.steps = version.steps.indices.compactMap { place in
      var step = version.steps[place]
      if step.action.node == node, !version.isRemovable(place) { return nil }
      guard let action = step.action.renamed(renamed) else { return nil }
      step.action = action
      return step
    }
    return candidate
  }

  // MARK: Keys

  /// Numbers the keys without gaps, and puts one in place of another.
  private mutating func mergeKeys() {
    var keys: [Int] = []
    for case .invoke(_, let operation) in version.steps.map(\.action) {
      keys += operation.firstKey..<operation.firstKey + operation.keyCount
    }
    keys = Set(keys).sorted()
    let ranks = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    if keys.last ?? 0 >= keys.count { _ = tries(changingKeys { ranks[$0] ?? $0 }) }
    for key in 1..<max(1, keys.count) { _ = tries(changingKeys { $0 == key ? 0 : $0 }) }
  }

  private func changingKeys(_ change: (Int) -> Int) -> FailureVersion {
    var candidate = version
    for index in candidate.steps.indices {
      guard case .invoke(let node, let operation) = candidate.steps[index].action else { continue }
      candidate.steps[index].action = .invoke(node, operation.onKey(change(operation.firstKey)))
    }
    return candidate
  }

  // MARK: Crashes and outcomes

  /// A server that dies between two steps dies at the end of its last one instead.
  private mutating func joinCrashes() {
    for place in version.steps.indices.reversed() {
      guard version.steps.indices.contains(place),
        case .crash(let node, let kind) = version.steps[place].action,
        let last = version.steps[..<place].lastIndex(where: { $0.action.runsServer(node) }),
        version.isRemovable(last)
      else { continue }
      var candidate = version
      candidate.steps[last].crash = CrashWithinStep(effectCount: 1_000_000, kind: kind)
      candidate.steps[last].choices += version.steps[place].choices
      candidate.steps[last].bounds += version.steps[place].bounds
      candidate.steps.remove(at: place)
      _ = tries(candidate)
    }
  }

  /// Crashes of the process alone, and after fewer effects.
  private mutating func simplifyCrashes() {
    forEachPlace { shrinker, place in
      let step = shrinker.version.steps[place]
      if case .crash(let node, .powerLoss) = step.action {
        _ = shrinker.tries(changing: place) { $0.action = .crash(node, .process) }
      }
      guard let crash = step.crash else { return }
      if crash.kind == .powerLoss {
        _ = shrinker.tries(changing: place) { $0.crash?.kind = .process }
      }
      for count in Set([0, crash.effectCount / 2, crash.effectCount - 1]).sorted()
      where count >= 0 && count < crash.effectCount {
        if shrinker.tries(changing: place, { $0.crash?.effectCount = count }) { break }
      }
    }
  }

  /// The first outcome of everything that was chosen, or of one choice.
  private mutating func simplifyOutcomes() {
    forEachPlace { shrinker, place in
      let step = shrinker.version.steps[place]
      if step.choices.contains(where: { $0 > 0 }) {
        _ = shrinker.tries(changing: place) { $0.choices = [] }
        for choice in step.choices.indices where step.choices[choice] > 0 {
          _ = shrinker.tries(changing: place) { step in
            if step.choices.indices.contains(choice) { step.choices[choice] = 0 }
          }
        }
      }
      if step.decisions.contains(where: { $0 > 0 }) {
        _ = shrinker.tries(changing: place) { $0.decisions = [] }
      }
    }
  }

  /// Goes through the steps, of which there may be fewer with every version that is kept.
  private mutating func forEachPlace(_ body: (inout Shrinker, Int) -> Void) {
    var place = 0
    while place < version.steps.count {
      body(&self, place)
      place += 1
    }
  }

  private mutating func tries(
    changing place: Int, _ change: (inout PlannedStep) -> Void
  ) -> Bool {
    guard version.steps.indices.contains(place) else { return false }
    var candidate = version
    change(&candidate.steps[place])
    return tries(candidate)
  }
}

extension ClusterAction {
  /// Whether a handler of the server runs.
  fileprivate func runsServer(_ server: NodeID) -> Bool {
    switch self {
    case .start, .deliver, .fire, .resume: node == server
    default: false
    }
  }

  /// The same in a cluster whose nodes have other numbers; `nil` if it loses its node or its link.
  fileprivate func renamed(_ name: (NodeID) -> NodeID?) -> ClusterAction? {
    func link(
      _ from: NodeID, _ to: NodeID, _ make: (NodeID, NodeID) -> ClusterAction
    ) -> ClusterAction? {
      guard let from = name(from), let to = name(to), from != to else { return nil }
      return make(from, to)
    }
    switch self {
    case .deliver(let from, let to, let number):
      return link(from, to) { .deliver(from: $0, to: $1, number: number) }
    case .lose(let from, let to, let number):
      return link(from, to) { .lose(from: $0, to: $1, number: number) }
    case .duplicate(let from, let to, let number):
      return link(from, to) { .duplicate(from: $0, to: $1, number: number) }
    case .cut(let from, let to): return link(from, to) { .cut(from: $0, to: $1) }
    case .heal(let from, let to): return link(from, to) { .heal(from: $0, to: $1) }
    case .start(let node): return name(node).map { .start($0) }
    case .fire(let node, let timer): return name(node).map { .fire($0, timer) }
    case .resume(let node, let number): return name(node).map { .resume($0, number) }
    case .invoke(let node, let operation): return name(node).map { .invoke($0, operation) }
    case .crash(let node, let kind): return name(node).map { .crash($0, kind) }
    case .clusterPowerLoss: return self
    case .reportFailure(let node): return name(node).map { .reportFailure($0) }
    case .writeBack(let node): return name(node).map { .writeBack($0) }
    case .faultDisk(let node, let request): return name(node).map { .faultDisk($0, request) }
    case .calmDisk(let node): return name(node).map { .calmDisk($0) }
    }
  }
}

extension Operation {
  /// The same on another key, or on blocks from another one on.
  fileprivate func onKey(_ key: Int) -> Operation {
    switch self {
    case .get: .get(key: key)
    case .put(_, let value): .put(key: key, value: value)
    case .append(_, let value): .append(key: key, value: value)
    case .putDrawn(_, let value, let outcomes):
      .putDrawn(key: key, value: value, outcomes: outcomes)
    case .compareAndSet(_, let expected, let new):
      .compareAndSet(key: key, expected: expected, new: new)
    case .readBlocks(_, let count): .readBlocks(first: key, count: count)
    case .writeBlocks(_, let count, let value):
      .writeBlocks(first: key, count: count, value: value)
    }
  }
}

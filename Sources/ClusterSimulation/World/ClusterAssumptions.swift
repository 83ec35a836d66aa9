import LinearizabilityChecking
import SimulationKernel

/// Which failures of servers the protocol's stated assumptions allow as things are.
extension Cluster {
  /// Whether a running server may fail now.
  func tolerates(failureOf node: NodeID) -> Bool {
    isUp(node) && Subject.tolerates(failureOf: node, in: facts)
  }

  /// Whether the running servers may fail one after the other until none is left.
  var toleratesClusterPowerLoss: Bool {
    var isUp = facts.isUp
    for server in layout.servers where isUp[server.index] {
      guard Subject.tolerates(failureOf: server, in: facts(isUp)) else { return false }
      isUp[server.index] = false
    }
    return true
  }

  /// A server has ended its own process, which is a failure like any other: the assumptions must
  /// allow it as things were before.
  func tolerates(abortOf node: NodeID) -> Bool {
    var isUp = facts.isUp
    isUp[node.index] = true
    return Subject.tolerates(failureOf: node, in: facts(isUp))
  }

  private func facts(_ isUp: [Bool]) -> ClusterFacts<Subject> {
    ClusterFacts(
      layout: layout, servers: servers, isUp: isUp, coordinator: facts.coordinator)
  }
}

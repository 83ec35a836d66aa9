import LinearizabilityChecking
import SimulationKernel

/// What replicas hold, compared when a cluster has come to rest.
extension ClusterFacts
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  /// The live members of the current view that claim a complete copy; all live servers that claim
  /// one where there is no coordinator.
  var currentReplicas: [NodeID] {
    let members = coordinator?.currentView.members ?? layout.servers
    return members.filter { isUp[$0.index] && servers[$0.index].isReplica }
  }

  /// The first difference between current replicas, or who has not caught up.
  /// - Parameter expectsAll: whether every live server must have caught up. Only where servers keep
  ///   their copies on disk, and so are expected back: elsewhere one that was declared dead may
  ///   stay out for good. One whose disk has stalled may need longer than the time to settle.
  func divergence(expectsAll: Bool) -> String? {
    let late = layout.servers.first { isUp[$0.index] && servers[$0.index].role == .joining }
    if expectsAll, let late { return "\(layout.name(of: late)) has not caught up with the others" }
    let replicas = currentReplicas
    guard let first = replicas.first else { return nil }
    let expected = servers[first.index].contents
    for other in replicas.dropFirst() {
      let contents = servers[other.index].contents
      if contents == expected { continue }
      let keys = Set(expected.map(\.key)).union(contents.map(\.key)).sorted()
      for key in keys {
        let values = (
          expected.first { $0.key == key }?.value ?? "",
          contents.first { $0.key == key }?.value ?? ""
        )
        if values.0 == values.1 { continue }
        return "key \(key) is \"\(values.0)\" at \(layout.name(of: first)) and \"\(values.1)\" at "
          + layout.name(of: other)
      }
    }
    return nil
  }
}

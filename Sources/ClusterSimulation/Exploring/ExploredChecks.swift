import LinearizabilityChecking
import SimulationKernel

/// What a check has seen so far, or what it found wrong.
enum ExploredCheck: Fingerprintable, Sendable {
  case viewValidity(ViewValidityMonitor)
  case splitBrain(SplitBrainMonitor)
  case atMostOnce(AtMostOnceMonitor)
  case refinement(RefinementMonitor)
  case broken(Violation)

  init(_ check: CheckName, _ layout: ClusterLayout) {
    switch check {
    case .viewValidity: self = .viewValidity(ViewValidityMonitor())
    case .splitBrain: self = .splitBrain(SplitBrainMonitor(layout: layout))
    case .atMostOnce: self = .atMostOnce(AtMostOnceMonitor(layout: layout))
    case .refinement: self = .refinement(RefinementMonitor(layout: layout))
    default: programmingError("\(check.rawValue) does not look on while a run goes")
    }
  }

  /// Whether the check looks at an observation at all; others need not be signalled.
  static func reads(_ check: CheckName, _ observation: Observation) -> Bool {
    switch (check, observation) {
    case (.viewValidity, .decided), (.viewValidity, .acknowledged): true
    case (.splitBrain, .accepted), (.splitBrain, .answered): true
    case (.atMostOnce, .applied): true
    case (.refinement, .answered): true
    default: false
    }
  }

  /// After observations of one step of a node.
  func after(
    _ observations: [Observation], of node: NodeID, _ layout: ClusterLayout
  ) -> ExploredCheck {
    var check = self
    for observation in observations {
      if let found = check.observe(observation, by: node, layout) { return .broken(found) }
    }
    return check
  }

  private mutating func observe(
    _ observation: Observation, by node: NodeID, _ layout: ClusterLayout
  ) -> Violation? {
    switch (self, observation) {
    case (.viewValidity(var monitor), .decided(let view)):
      let found = monitor.decided(view, layout)
      self = .viewValidity(monitor)
      return found
    case (.viewValidity(var monitor), .acknowledged(let epoch)):
      monitor.acknowledged(epoch)
      self = .viewValidity(monitor)
    case (.refinement(var monitor), .answered(let request, _))
    where Monitors.isKnown(request, layout) && node.index < layout.serverCount:
      monitor.answered(request)
      self = .refinement(monitor)
    case (.splitBrain(var monitor), .accepted(let request, let epoch))
    where Monitors.isKnown(request, layout):
      monitor.accepted(request, epoch: epoch)
      self = .splitBrain(monitor)
    case (.splitBrain(var monitor), .answered(let request, let epoch))
    where Monitors.isKnown(request, layout):
      let found = monitor.answered(request, epoch: epoch, by: node)
      self = .splitBrain(monitor)
      return found
    case (.atMostOnce(var monitor), .applied(let request, _))
    where Monitors.isKnown(request, layout) && node.index < layout.serverCount:
      let found = monitor.applied(request, by: node)
      self = .atMostOnce(monitor)
      return found
    default: break
    }
    return nil
  }

  /// After the death of a server's process.
  func afterDeath(of node: NodeID) -> ExploredCheck {
    switch self {
    case .atMostOnce(var monitor):
      monitor.forget(node)
      return .atMostOnce(monitor)
    case .refinement(var monitor):
      monitor.died()
      return .refinement(monitor)
    default: return self
    }
  }

  /// After a step of a server that keeps a history.
  func afterStep(
    of server: NodeID, isTail: Bool, _ history: UpdateLog
  ) -> ExploredCheck {
    guard case .refinement(var monitor) = self else { return self }
    if let found = monitor.stepped(server, isTail: isTail, history) { return .broken(found) }
    return .refinement(monitor)
  }

  var violation: Violation? {
    if case .broken(let violation) = self { violation } else { nil }
  }

  func fingerprint(into hasher: inout StableHasher) {
    switch self {
    case .viewValidity(let monitor):
      hasher.combine(1)
      hasher.combine(monitor)
    case .splitBrain(let monitor):
      hasher.combine(2)
      monitor.fingerprintOfFuture(into: &hasher)
    case .atMostOnce(let monitor):
      hasher.combine(3)
      hasher.combine(monitor)
    case .refinement(let monitor):
      hasher.combine(5)
      hasher.combine(monitor)
    case .broken(let violation):
      hasher.combine(4)
      hasher.combine(violation.message)
    }
  }
}

extension Monitors {
  /// What a check of a cluster has seen; `nil` if the cluster does not check it.
  func explored(_ check: CheckName) -> ExploredCheck? {
    switch check {
    case .viewValidity: viewValidity.map { .viewValidity($0) }
    case .splitBrain: splitBrain.map { .splitBrain($0) }
    case .atMostOnce: atMostOnce.map { .atMostOnce($0) }
    case .refinement: refinement.map { .refinement($0) }
    default: nil
    }
  }
}

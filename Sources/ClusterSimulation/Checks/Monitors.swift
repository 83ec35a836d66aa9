import SimulationKernel

/// The checks that look on while a run goes, fed by observations and after steps.
@usableFromInline
struct Monitors: Sendable {
  @usableFromInline let checksUpdatePropagation: Bool
  @usableFromInline let checksInProcessRequests: Bool
  var viewValidity: ViewValidityMonitor?
  var splitBrain: SplitBrainMonitor?
  var atMostOnce: AtMostOnceMonitor?
  let layout: ClusterLayout

  init(_ checks: CheckSet, layout: ClusterLayout) {
    self.layout = layout
    checksUpdatePropagation = checks.contains(.updatePropagation)
    checksInProcessRequests = checks.contains(.inProcessRequests)
    if checks.contains(.viewValidity) { viewValidity = ViewValidityMonitor() }
    if checks.contains(.splitBrain) { splitBrain = SplitBrainMonitor(layout: layout) }
    if checks.contains(.atMostOnce) { atMostOnce = AtMostOnceMonitor(layout: layout) }
  }

  /// - Returns: the violation that the observation shows, if it shows one.
  @usableFromInline
  mutating func observe(
    _ observation: Observation, by node: NodeID
  ) -> Violation? {
    switch observation {
    case .accepted(let request, let epoch) where isKnown(request):
      splitBrain?.accepted(request, epoch: epoch)
      return nil
    case .answered(let request, let epoch) where isKnown(request):
      return splitBrain?.answered(request, epoch: epoch, by: node)
    case .applied(let request, _) where isKnown(request) && node.index < layout.serverCount:
      return atMostOnce?.applied(request, by: node)
    case .decided(let view): return viewValidity?.decided(view, layout)
    case .acknowledged(let epoch):
      viewValidity?.acknowledged(epoch)
      return nil
    default: return nil
    }
  }

  /// Whether the request can be one of this cluster's clients; a broken protocol may say anything.
  private func isKnown(_ request: RequestID) -> Bool {
    layout.role(of: request.client) == .client
      && layout.clientIndex(of: request.client) < layout.clientCount
      && (1..<1 << 24).contains(request.number)
  }

  mutating func processDied(_ node: NodeID) {
    atMostOnce?.forget(node)
  }
}

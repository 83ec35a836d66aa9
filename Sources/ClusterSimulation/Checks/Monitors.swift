import SimulationKernel

/// The checks that look on while a run goes, fed by observations and after steps.
@usableFromInline
struct Monitors: Sendable {
  @usableFromInline let checksUpdatePropagation: Bool
  @usableFromInline let checksInProcessRequests: Bool
  var viewValidity: ViewValidityMonitor?
  var splitBrain: SplitBrainMonitor?
  var atMostOnce: AtMostOnceMonitor?
  @usableFromInline let checksRefinement: Bool
  var refinement: RefinementMonitor?
  let layout: ClusterLayout
  /// Of everything that the monitors were told, in order.
  var digest = StableHasher()

  init(_ checks: CheckSet, layout: ClusterLayout) {
    self.layout = layout
    checksUpdatePropagation = checks.contains(.updatePropagation)
    checksRefinement = checks.contains(.refinement)
    checksInProcessRequests = checks.contains(.inProcessRequests)
    if checks.contains(.viewValidity) { viewValidity = ViewValidityMonitor() }
    if checks.contains(.splitBrain) { splitBrain = SplitBrainMonitor(layout: layout) }
    if checks.contains(.atMostOnce) { atMostOnce = AtMostOnceMonitor(layout: layout) }
    if checks.contains(.refinement) { refinement = RefinementMonitor(layout: layout) }
  }

  @usableFromInline
  mutating func accepted(_ request: RequestID, epoch: Int) {
    digest.combine(request)
    digest.combine(epoch)
    if splitBrain != nil, isKnown(request) { splitBrain?.accepted(request, epoch: epoch) }
  }

  @usableFromInline
  mutating func answered(_ request: RequestID, epoch: Int, by node: NodeID) -> Violation? {
    digest.combine(request)
    digest.combine(~epoch)
    guard isKnown(request) else { return nil }
    if node.index < layout.serverCount { refinement?.answered(request) }
    return splitBrain?.answered(request, epoch: epoch, by: node)
  }

  @usableFromInline
  mutating func applied(_ request: RequestID, by node: NodeID) -> Violation? {
    digest.combine(request)
    digest.combine(node)
    guard atMostOnce != nil, isKnown(request), node.index < layout.serverCount else { return nil }
    return atMostOnce?.applied(request, by: node)
  }

  /// - Returns: the violation that a rarer observation shows, if it shows one.
  @usableFromInline
  mutating func observe(_ observation: Observation, by node: NodeID) -> Violation? {
    switch observation {
    case .decided(let view):
      digest.combine(view.number)
      for member in view.members { digest.combine(member) }
      return viewValidity?.decided(view, layout)
    case .acknowledged(let epoch):
      digest.combine(~epoch)
      viewValidity?.acknowledged(epoch)
      return nil
    case .accepted, .answered, .applied, .adopted, .note: return nil
    }
  }

  /// Whether the request can be one of this cluster's clients; a broken protocol may say anything.
  private func isKnown(_ request: RequestID) -> Bool { Self.isKnown(request, layout) }

  static func isKnown(_ request: RequestID, _ layout: ClusterLayout) -> Bool {
    layout.role(of: request.client) == .client
      && layout.clientIndex(of: request.client) < layout.clientCount
      && (1..<1 << 24).contains(request.number)
  }

  mutating func processDied(_ node: NodeID) {
    digest.combine(~node.index)
    atMostOnce?.forget(node)
    refinement?.died()
  }

  /// After a step of a server that keeps a history.
  @usableFromInline
  mutating func stepped(
    _ server: NodeID, isTail: Bool, history: UpdateLog
  ) -> Violation? {
    refinement?.stepped(server, isTail: isTail, history)
  }
}

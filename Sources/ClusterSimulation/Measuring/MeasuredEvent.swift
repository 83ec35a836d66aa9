import SimulationKernel

/// What a measured run has put on its calendar. Small and trivial, so that the calendar is cheap to
/// reorder.
@usableFromInline
enum MeasuredEvent: Sendable {
  case deliver(volume: UInt16, from: NodeID, to: NodeID, number: UInt32)
  case fire(volume: UInt16, NodeID, TimerID, generation: UInt32)
  case resume(volume: UInt16, NodeID, Int32, start: Int32)
  case invoke(client: UInt16)
  /// The client has waited long enough for its `number`-th operation.
  case giveUp(client: UInt16, number: UInt32)
  /// The host's processor has finished a step.
  case coreFree(host: UInt16)
  /// The server has finished a step, its work on the disk included.
  case serverFree(server: UInt32)
  case rare(RareEvent)
}

/// What happens seldom.
@usableFromInline
enum RareEvent: Sendable {
  case start(volume: UInt16, NodeID)
  case writeBack(volume: UInt16, NodeID)
  /// By position in the plan.
  case fault(UInt16)
  /// The perfect detector's word about one server.
  case reportFailure(volume: UInt16, NodeID)
  case reportHost(UInt16)
  case hostIsBack(UInt16)
  case measuringBegins
  case measuringEnds
}

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
  /// A processor of the host is free, though the step that kept it still waits for the disk.
  case coreFree(host: UInt16)
  /// The server has finished a step, its work on the disk included. Its host, if the step
  /// kept a processor of it until now; otherwise a number that no host has.
  case serverFree(server: UInt32, coreOf: UInt16)
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

extension MeasuredEvent {
  /// The number that no host has.
  @inlinable
  static var noHost: UInt16 { .max }
}

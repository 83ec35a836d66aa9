import SimulationKernel

/// What a seeded run has put on its calendar. Small and trivial, so that the calendar is cheap to
/// reorder; the action is made from it when its time comes.
@usableFromInline
enum ScheduledEvent: Sendable {
  case deliver(from: NodeID, to: NodeID, number: UInt32)
  case fire(NodeID, TimerID, generation: UInt32)
  case resume(NodeID, Int32, start: Int32)
  case invoke(client: UInt16)
  case start(NodeID)
  case reportFailure(NodeID)
  case writeBack(NodeID)
  /// Position in the run's list of faults.
  case fault(Int32)
  case mark(PhaseMark)
}

/// Where a run stands between its first step and its verdict.
@usableFromInline
enum Phase: Int, Sendable {
  case faults
  /// Everything that the assumptions allow is repaired; operations must complete.
  case healed
  case finalReads
  /// All operations are complete; the replicas get time to agree.
  case settling
  case over
}

@usableFromInline
enum PhaseMark: UInt64, Sendable {
  case heal, deadline, settled
}

/// A fault on the calendar.
@usableFromInline
enum FaultEvent: Sendable {
  case crash(ServerSelector, CrashKind)
  /// A drawn crash: its victim is chosen when it strikes, among those the assumptions allow.
  case drawnCrash(CrashKind, withinStep: Bool)
  case clusterPowerLoss(drawn: Bool)
  case restart(NodeID)
  case cut([Link])
  case heal([Link])
  case slow(LinkDelay)
  /// Of a server that is named, or of one that is drawn when it strikes.
  case storage(ServerSelector?, StorageFaultRequest)

  @usableFromInline
  struct Link: Sendable {
    var from: NodeID
    var to: NodeID
  }
}

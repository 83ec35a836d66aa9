import SimulationKernel

/// Whether a node's process runs, and which start of it.
public struct ProcessState: Hashable, Sendable {
  public internal(set) var isUp = false
  /// Starts so far; the incarnation of a running process.
  public internal(set) var starts = 0
  /// The process died, and the perfect detector has not said so yet.
  public internal(set) var hasUnreportedFailure = false

  @inlinable
  public var incarnation: Incarnation { Incarnation(starts) }
}

/// The armed timers of one node; few, so a list serves best.
public struct TimerTable: Sendable {
  @usableFromInline
  struct Entry: Sendable {
    @usableFromInline var timer: TimerID
    @usableFromInline var generation: UInt32

    @inlinable
    init(timer: TimerID, generation: UInt32) {
      self.timer = timer
      self.generation = generation
    }
  }

  @usableFromInline var entries: [Entry] = []
  @usableFromInline var lastGeneration: UInt32 = 0

  /// The armed timers, in the order in which they were first armed.
  public var armed: [TimerID] { entries.map(\.timer) }

  @inlinable
  public func generation(of timer: TimerID) -> UInt32? {
    for entry in entries where entry.timer == timer { return entry.generation }
    return nil
  }

  /// Arms a timer, or arms it anew.
  /// - Returns: the generation of this arming.
  @inlinable
  mutating func arm(_ timer: TimerID) -> UInt32 {
    lastGeneration &+= 1
    for index in entries.indices where entries[index].timer == timer {
      entries[index].generation = lastGeneration
      return lastGeneration
    }
    entries.append(Entry(timer: timer, generation: lastGeneration))
    return lastGeneration
  }

  /// - Returns: whether the timer was armed.
  @inlinable
  @discardableResult
  mutating func disarm(_ timer: TimerID) -> Bool {
    for index in entries.indices where entries[index].timer == timer {
      entries.remove(at: index)
      return true
    }
    return false
  }

  mutating func disarmAll() {
    entries.removeAll()
  }
}

/// Hands out lanes to the operations of a partition: two that are open at once never share one.
struct LaneAssignment: Sendable {
  private var free: [Int32] = []
  private var lastInLane: [Int32] = []
  private var unknown: [Int32] = []

  /// Fills in lane and previous occupant (-1 for none) of every operation in the range.
  ///
  /// Completed operations get lanes from 0 on. Those that never return get one each, from the next
  /// multiple of 64 on, so that they stand in words of their own.
  ///
  /// - Returns: how many lanes completed operations need, and how many never return.
  mutating func assign(
    events: [Int32], in range: Range<Int>, lanes: inout [Int32], previous: inout [Int32]
  ) -> (completed: Int, unknown: Int) {
    free.removeAll(keepingCapacity: true)
    lastInLane.removeAll(keepingCapacity: true)
    unknown.removeAll(keepingCapacity: true)
    // Calls are marked with -1; a return overwrites the mark, so what is left never returned.
    var returns = 0
    for event in events[range] {
      if event < 0 {
        lanes[Int(~event)] = 0
        returns += 1
      } else {
        lanes[Int(event)] = -1
      }
    }
    let hasUnknown = 2 * returns < range.count
    for event in events[range] {
      if event < 0 {
        free.append(lanes[Int(~event)])
      } else if hasUnknown, lanes[Int(event)] < 0 {
        unknown.append(event)
      } else if let lane = free.popLast() {
        lanes[Int(event)] = lane
        previous[Int(event)] = lastInLane[Int(lane)]
        lastInLane[Int(lane)] = event
      } else {
        lanes[Int(event)] = Int32(truncatingIfNeeded: lastInLane.count)
        previous[Int(event)] = -1
        lastInLane.append(event)
      }
    }
    let base = (lastInLane.count + 63) / 64 * 64
    for index in 0..<unknown.count {
      lanes[Int(unknown[index])] = Int32(truncatingIfNeeded: base + index)
      previous[Int(unknown[index])] = -1
    }
    return (lastInLane.count, unknown.count)
  }
}

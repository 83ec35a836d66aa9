/// Where the events of a timeline stand, in columns or points: as far left as their order, the
/// texts of the bars and the gaps allow.
struct TimelineLayout {
  /// By event, from 0 on.
  private(set) var positions: [Int] = []
  /// Where everything has ended.
  private(set) var width = 0

  /// What the drawing needs, all in columns or points.
  struct Measures {
    /// From an event to the next one, at least.
    var step: Int
    /// What a gap adds.
    var gap: Int
    /// From the end of a bar to the start of the next one in its lane, at least.
    var between: Int
  }

  /// - Parameter barWidth: how wide a bar must be.
  init(
    _ timeline: ConflictTimeline, _ measures: Measures,
    barWidth: (ConflictTimeline.Bar) -> Int
  ) {
    var starts: [Int: ConflictTimeline.Bar] = [:]
    var ends: [Int: ConflictTimeline.Bar] = [:]
    for bar in timeline.bars {
      starts[bar.call] = bar
      if let end = bar.end { ends[end] = bar }
    }
    // Where the next bar of a lane may start.
    var free = Array(repeating: 0, count: timeline.lanes.count)
    for event in 0..<timeline.eventCount {
      var position = (positions.last ?? -measures.step) + measures.step
      if timeline.gaps[event] != nil { position += measures.gap }
      if let bar = starts[event] {
        position = max(position, free[bar.lane])
        if bar.end == nil { free[bar.lane] = position + barWidth(bar) + measures.between }
      }
      if let bar = ends[event] {
        position = max(position, positions[bar.call] + barWidth(bar))
        free[bar.lane] = position + measures.between
      }
      positions.append(position)
      width = max(width, position)
    }
    for bar in timeline.bars where bar.end == nil {
      width = max(width, positions[bar.call] + barWidth(bar))
    }
  }
}

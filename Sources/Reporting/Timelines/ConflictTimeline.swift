import LinearizabilityChecking

/// A conflict in its neighbourhood: what a picture of it shows, before anything is drawn.
///
/// Time is a sequence of events; how far they are apart is left to the drawing. Where many
/// operations are left out between two events, there is a gap.
struct ConflictTimeline {
  /// What an operation is to the picture.
  enum Emphasis {
    /// It belongs to the conflict.
    case conflict
    /// It wrote a value that the conflict is about.
    case source
    /// It happened nearby.
    case neighbour
  }

  /// An operation.
  struct Bar {
    var operation: Int32
    /// Its line, from above.
    var lane: Int
    /// The events of its call and its return, counted from 0; `nil` if it has no known return.
    var call: Int
    var end: Int?
    var emphasis: Emphasis
  }

  /// A fault, or whatever else happened beside the operations.
  struct Fault {
    var event: Int
    var text: String
  }

  /// How much may be shown.
  struct Extent {
    var involved = 14
    var neighbours = 8
    var faults = 6
  }

  /// The processes with something to show, by first call.
  private(set) var lanes: [String] = []
  private(set) var bars: [Bar] = []
  private(set) var faults: [Fault] = []
  private(set) var eventCount = 0
  /// Events that come after a gap, with the number of operations called in it and not shown.
  private(set) var gaps: [Int: Int] = [:]
  /// How many operations of the history, of the conflict, and how many faults are not shown.
  private(set) var omittedCount = 0
  private(set) var omittedConflictCount = 0
  private(set) var omittedFaultCount = 0
  /// How many operations nobody shows it takes to make a gap.
  private static let gapSize = 8
  private static let laneLimit = 12

  init(_ history: RecordedHistory, _ explanation: ViolationExplanation, _ extent: Extent) {
    let conflict = Array(explanation.conflict.suffix(extent.involved))
    let sources = explanation.sources.suffix(max(0, extent.involved - conflict.count))
    omittedConflictCount = explanation.conflict.count - conflict.count
    var emphasis: [Int32: Emphasis] = [:]
    for index in sources { emphasis[index] = .source }
    for index in conflict { emphasis[index] = .conflict }
    let involved = emphasis.keys.sorted()
    for index in Self.neighbours(of: involved, history, extent.neighbours) {
      emphasis[index] = .neighbour
    }
    let shown = emphasis.keys.sorted()
    omittedCount = history.operations.count - shown.count
    let remarks = Self.remarks(history, involved, shown, extent.faults)
    omittedFaultCount = history.remarks.count - remarks.count
    place(shown, remarks, history) { emphasis[$0] ?? .neighbour }
  }

  /// Numbers the events, and sets bars and faults between them.
  private mutating func place(
    _ shown: [Int32], _ remarks: [HistoryRemark], _ history: RecordedHistory,
    _ emphasis: (Int32) -> Emphasis
  ) {
    var moments = remarks.map(\.moment)
    for index in shown {
      moments.append(history.operations[Int(index)].call)
      if let end = history.end(of: index) { moments.append(end) }
    }
    moments.sort()
    var ranks: [Int32: Int] = [:]
    for (rank, moment) in moments.enumerated() { ranks[moment] = rank }
    eventCount = moments.count
    var numbers: [Int32: Int] = [:]
    for index in shown {
      let operation = history.operations[Int(index)]
      let lane = numbers[operation.process] ?? lanes.count
      if lane == lanes.count {
        numbers[operation.process] = lane
        lanes.append(OperationWords.plain(history.processes[operation.process]))
      }
      bars.append(
        Bar(
          operation: index, lane: lane, call: ranks[operation.call] ?? 0,
          end: history.end(of: index).flatMap { ranks[$0] }, emphasis: emphasis(index)))
    }
    faults = remarks.map {
      Fault(event: ranks[$0.moment] ?? 0, text: OperationWords.plain($0.text))
    }
    findGaps(moments, Set(shown), history)
  }

  private mutating func findGaps(
    _ moments: [Int32], _ shown: Set<Int32>, _ history: RecordedHistory
  ) {
    var event = 0
    var count = 0
    for index in history.operations.indices where !shown.contains(Int32(index)) {
      while event < moments.count, moments[event] < history.operations[index].call {
        if count >= Self.gapSize, event > 0 { gaps[event] = count }
        count = 0
        event += 1
      }
      if event > 0, event < moments.count { count += 1 }
    }
    if event > 0, event < moments.count, count >= Self.gapSize { gaps[event] = count }
  }

  // MARK: Choice

  /// Operations on the same data that were called or returned close to those involved.
  private static func neighbours(
    of involved: [Int32], _ history: RecordedHistory, _ count: Int
  ) -> [Int32] {
    guard count > 0, let first = involved.first else { return [] }
    var moments: [Int32] = []
    var cells = Set<Int32>()
    for index in involved {
      moments.append(history.operations[Int(index)].call)
      if let end = history.end(of: index) { moments.append(end) }
      cells.formUnion(history.cells(of: index))
    }
    moments.sort()
    func distance(_ moment: Int32) -> Int32 {
      let after = moments.partitioningIndex { $0 >= moment }
      var least = Int32.max
      if after < moments.count { least = moments[after] - moment }
      if after > 0 { least = min(least, moment - moments[after - 1]) }
      return least
    }
    let latest = moments[moments.count - 1]
    var near: [(distance: Int32, index: Int32)] = []
    let isInvolved = Set(involved)
    for index in history.operations.indices.map(Int32.init) {
      let operation = history.operations[Int(index)]
      guard operation.call < latest, history.takesPart(Int(index)), !isInvolved.contains(index),
        history.cells(of: index).contains(where: { cells.contains($0) })
      else { continue }
      let end = history.end(of: index)
      guard (end ?? .max) > history.operations[Int(first)].call else { continue }
      near.append((min(distance(operation.call), end.map(distance) ?? .max), index))
    }
    near.sort { ($0.distance, $0.index) < ($1.distance, $1.index) }
    var lanes = Set(involved.map { history.operations[Int($0)].process })
    var chosen: [Int32] = []
    for (_, index) in near where chosen.count < count {
      let process = history.operations[Int(index)].process
      guard lanes.contains(process) || lanes.count < laneLimit else { continue }
      lanes.insert(process)
      chosen.append(index)
    }
    return chosen
  }

  /// Remarks between the events shown, those closest to the last of the conflict first.
  private static func remarks(
    _ history: RecordedHistory, _ involved: [Int32], _ shown: [Int32], _ count: Int
  ) -> [HistoryRemark] {
    let first = shown.map { history.operations[Int($0)].call }.min() ?? 0
    let last = involved.compactMap { history.end(of: $0) }.max() ?? 0
    let between = history.remarks.filter { $0.moment > first && $0.moment < last }
    return Array(between.suffix(count))
  }
}

extension RecordedHistory {
  /// The event of the return; `nil` if it is unknown what became of the operation.
  fileprivate func end(of index: Int32) -> Int32? {
    let operation = operations[Int(index)]
    return operation.outcome == .unknown || operation.returned == .max ? nil : operation.returned
  }

  /// The keys or blocks that an operation is about; of a set each element counts.
  fileprivate func cells(of index: Int32) -> [Int32] {
    let operation = operations[Int(index)]
    switch operation.kind {
    case .readTwo, .writeTwo: return [operation.key, operation.key + 1]
    default: return [operation.key]
    }
  }
}

extension Array {
  /// The index of the first element that fulfils a condition, which all after it fulfil as well.
  fileprivate func partitioningIndex(_ isBehind: (Element) -> Bool) -> Int {
    var (start, end) = (0, count)
    while start < end {
      let middle = (start + end) / 2
      if isBehind(self[middle]) { end = middle } else { start = middle + 1 }
    }
    return start
  }
}

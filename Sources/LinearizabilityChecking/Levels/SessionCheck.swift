/// Decides whether the processes of a history can have been given certain session guarantees.
///
/// With a source for each observation, the smallest sights follow: what an observation shows, what
/// its process must see, and what comes with these. Larger sights only add constraints. Each other
/// update of the cell in the sight must be ordered before the base of what is shown. The guarantees
/// hold exactly if these orders and those of the guarantees have no cycle.
struct SessionCheck {
  private let history: RecordedHistory
  private let order: ProcessOrder
  private let sources: ValueSources

  init(_ history: RecordedHistory, _ order: ProcessOrder, _ sources: ValueSources) {
    self.history = history
    self.order = order
    self.sources = sources
  }

  /// Whether `guarantees` can hold together.
  /// - Parameter attempts: how many choices of sources may be looked at; what is left comes back.
  func run(_ guarantees: SessionGuarantees, attempts: inout Int) -> SourceChoice.Outcome {
    var choice = SourceChoice(sources)
    return choice.run(attempts: &attempts) { contradiction($0, guarantees) }
  }

  private func contradiction(
    _ chosen: [ValueSources.Source?], _ guarantees: SessionGuarantees
  ) -> SourceChoice.Contradiction? {
    var shown = [[Int32]](repeating: [], count: history.operations.count)
    for (number, observation) in sources.observations.enumerated() {
      guard let source = chosen[number] else { continue }
      shown[Int(observation.operation)] += source.operations
    }
    var graph = OrderGraph(operationCount: history.operations.count)
    addGuaranteedOrders(guarantees, shown, &graph)
    var sight = SessionSight(history, order, sources, shown, guarantees)
    var number = 0
    while number < sources.observations.count {
      let operation = sources.observations[number].operation
      sight.look(from: operation)
      while number < sources.observations.count, sources.observations[number].operation == operation
      {
        if let source = chosen[number],
          let blind = orderShown(source, sources.observations[number], sight, &graph)
        {
          return blind
        }
        number += 1
      }
    }
    return graph.cycle().map { .cycle($0) }
  }

  private func addGuaranteedOrders(
    _ guarantees: SessionGuarantees, _ shown: [[Int32]], _ graph: inout OrderGraph
  ) {
    for update in history.operations.indices where !sources.cellsUpdated[update].isEmpty {
      let isLater = history.operations[update].kind == .compareAndSwap
      if guarantees.contains(.writesFollowReads), isLater {
        for seen in shown[update] {
          graph.add(seen, Int32(update), .knownTo(observer: Int32(update)))
        }
      }
      // What comes before an earlier update need not be ordered once more if that one is.
      var floor: Int32 = 0
      for earlier in order.before(update, history).reversed() {
        if order.place[Int(earlier)] < floor { break }
        if guarantees.contains(.monotonicWrites), sources.isCertain[Int(earlier)] {
          graph.add(earlier, Int32(update), .process)
          floor = max(floor, order.beforeCount[Int(earlier)])
        }
        if guarantees.contains(.writesFollowReads) {
          for seen in shown[Int(earlier)] {
            graph.add(seen, Int32(update), .knownTo(observer: earlier))
          }
        }
      }
    }
  }

  /// Orders what one observation shows, and before it the rest of the sight.
  private func orderShown(
    _ source: ValueSources.Source, _ observation: ValueSources.Observation, _ sight: SessionSight,
    _ graph: inout OrderGraph
  ) -> SourceChoice.Contradiction? {
    let shown = source.operations
    for (one, next) in zip(shown, shown.dropFirst()) {
      graph.add(one, next, .shown(by: observation.operation))
    }
    for update in sources.updates[Int(observation.cell)] {
      guard let cause = sight.causes[Int(update)], !shown.contains(update) else { continue }
      // A compare-and-swap observes what was there before it, so it cannot see itself.
      if source.base < 0 || update == observation.operation {
        return .mustSee(reader: observation.operation, update: update, sight: cause)
      }
      graph.add(
        update, source.base, .overwritten(reader: observation.operation, sight: cause))
    }
    return nil
  }
}

/// What an operation must see.
struct SessionSight {
  /// By operation: why it is in the sight of the operation looked from last; `nil` if it is not.
  private(set) var causes: [OrderGraph.Sight?]

  private let history: RecordedHistory
  private let order: ProcessOrder
  private let sources: ValueSources
  private let shown: [[Int32]]
  private let guarantees: SessionGuarantees
  private var queue: [Int32] = []
  /// By process: how many of its operations have been looked at for what comes with its updates.
  private var reached: [Int32]

  init(
    _ history: RecordedHistory, _ order: ProcessOrder, _ sources: ValueSources, _ shown: [[Int32]],
    _ guarantees: SessionGuarantees
  ) {
    self.history = history
    self.order = order
    self.sources = sources
    self.shown = shown
    self.guarantees = guarantees
    causes = Array(repeating: nil, count: history.operations.count)
    reached = Array(repeating: 0, count: order.returned.count)
  }

  /// Finds the sight of `operation`. O(operations).
  mutating func look(from operation: Int32) {
    for index in causes.indices { causes[index] = nil }
    for process in reached.indices { reached[process] = 0 }
    queue.removeAll(keepingCapacity: true)
    for update in shown[Int(operation)] { see(update, .shown) }
    for earlier in order.before(Int(operation), history) {
      if guarantees.contains(.readYourWrites), sources.isCertain[Int(earlier)] {
        see(earlier, .own)
      }
      if guarantees.contains(.monotonicReads) {
        for update in shown[Int(earlier)] { see(update, .seenBefore(by: earlier)) }
      }
    }
    var next = 0
    while next < queue.count {
      follow(queue[next])
      next += 1
    }
  }

  private mutating func see(_ update: Int32, _ cause: OrderGraph.Sight) {
    guard causes[Int(update)] == nil else { return }
    causes[Int(update)] = cause
    queue.append(update)
  }

  /// Adds what comes with an update.
  private mutating func follow(_ update: Int32) {
    let isLater = history.operations[Int(update)].kind == .compareAndSwap
    if guarantees.contains(.writesFollowReads), isLater {
      for seen in shown[Int(update)] { see(seen, .knownTo(observer: update, of: update)) }
    }
    let process = Int(history.operations[Int(update)].process)
    let before = order.beforeCount[Int(update)]
    guard reached[process] < before else { return }
    for place in reached[process]..<before {
      let earlier = order.returned[process][Int(place)]
      if guarantees.contains(.monotonicWrites), sources.isCertain[Int(earlier)] {
        see(earlier, .precedes(update))
      }
      if guarantees.contains(.writesFollowReads) {
        for seen in shown[Int(earlier)] { see(seen, .knownTo(observer: earlier, of: update)) }
      }
    }
    reached[process] = before
  }
}

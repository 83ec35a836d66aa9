/// Decides whether a history is linearizable: splits it by key, then searches each partition for
/// an order that explains it. The problem is NP-complete in the number of operations open at once
/// on one key; without such contention the time is linear.
///
/// A checker keeps its working storage: check many histories with one checker. The verdict depends
/// on the history, the specification and the limit alone.
///
/// Other modules get an unspecialised version of this type; for ``Operation`` and ``Response`` use
/// ``StoreChecker``, which is compiled here.
public struct LinearizabilityChecker<Specification: SequentialSpecification>: Sendable {
  /// What the object should do.
  public let specification: Specification
  /// How many configurations a check may try. One is tried for every operation taken, so this must
  /// exceed the number of operations.
  public var limit: Int
  /// Configurations tried in the last check.
  public var explored: Int { search.explored }

  private var partitioning = HistoryPartitioning()
  private var search: PartitionSearch<Specification, NoGuide>
  private var orders = PartitionOrders()

  /// A checker that gives up after trying `limit` configurations.
  public init(_ specification: Specification, limit: Int = 10_000_000) {
    self.specification = specification
    self.limit = limit
    search = PartitionSearch(specification, NoGuide())
  }

  /// Checks one history. An empty one is linearizable.
  public mutating func check(
    _ history: History<Specification.Operation, Specification.Response>
  ) -> LinearizabilityVerdict {
    partitioning.split(history, by: specification)
    search.begin(limit: limit, operationCount: history.count)
    swap(&search.events, &partitioning.events)
    swap(&search.isRead, &partitioning.isRead)
    defer {
      swap(&search.events, &partitioning.events)
      swap(&search.isRead, &partitioning.isRead)
    }
    orders.removeAll()
    for number in 0..<partitioning.partitions.count {
      let partition = partitioning.partitions[number]
      orders.append(eventStart: partition.events.lowerBound, trailStart: search.trail.count)
      switch search.run(partition, history) {
      case .explained: break
      case .limitReached: return .undecided(explored: search.explored)
      case .unexplained: return .violation(conflict(partition))
      }
    }
    let witness = orders.merge(search.trail, history.events, partitioning.partitionOf)
    return .linearizable(witness: witness)
  }

  private func conflict(_ partition: HistoryPartition) -> Conflict {
    var operations: [Int] = []
    for event in search.events[partition.events] where event >= 0 {
      operations.append(Int(event))
    }
    return Conflict(
      keys: partition.keys, operations: operations, prefix: search.prefix.map { Int($0) },
      unexplained: search.blocked)
  }
}

/// The checker for stores: ``LinearizabilityChecker`` of ``StoreSpecification``, specialised.
public struct StoreChecker: Sendable {
  private var checker: LinearizabilityChecker<StoreSpecification>

  /// A checker for stores whose cells all hold `initialValue` before the first write; it gives up
  /// after trying `limit` configurations.
  public init(initialValue: String = "", limit: Int = 10_000_000) {
    checker = LinearizabilityChecker(
      StoreSpecification(initialValue: initialValue), limit: limit)
  }

  /// How many configurations a check may try.
  public var limit: Int {
    get { checker.limit }
    set { checker.limit = newValue }
  }

  /// Configurations tried in the last check.
  public var explored: Int { checker.explored }

  /// Checks one history. An empty one is linearizable.
  public mutating func check(_ history: StoreHistory) -> LinearizabilityVerdict {
    checker.check(history)
  }
}

/// Merges the orders found for the partitions into one order of the whole history.
///
/// The search notes with each operation the event at which it takes effect, and these moments grow
/// along each order and lie between call and return. Sorting by moment keeps every partition's
/// order and respects real time. An event belongs to one partition, so there are no ties.
struct PartitionOrders: Sendable {
  /// Per partition, the position of its next event in the regrouped log.
  private var nextEvent: [Int] = []
  /// Per partition, its next step in the trail; then the end of the trail.
  private var nextStep: [Int] = []

  mutating func removeAll() {
    nextEvent.removeAll(keepingCapacity: true)
    nextStep.removeAll(keepingCapacity: true)
  }

  /// Announces a partition: where its events start, and where its order starts in the trail.
  mutating func append(eventStart: Int, trailStart: Int) {
    nextEvent.append(eventStart)
    nextStep.append(trailStart)
  }

  /// The operations of all partitions, ordered by the moments at which they take effect.
  mutating func merge<S, G>(
    _ trail: [PartitionSearch<S, G>.Step], _ events: [Int32], _ partitionOf: [Int32]
  ) -> [Int] {
    if nextEvent.count <= 1 { return trail.map { Int($0.operation) } }
    var witness: [Int] = []
    witness.reserveCapacity(trail.count)
    // A step of a later partition stands at a later position of the regrouped log, so a cursor
    // that has used up its own steps never mistakes the next partition's for them.
    for event in events {
      let partition = Int(partitionOf[Int(event >= 0 ? event : ~event)])
      guard partition >= 0 else { continue }
      let position = nextEvent[partition]
      nextEvent[partition] += 1
      var step = nextStep[partition]
      while step < trail.count, Int(trail[step].position) == position {
        witness.append(Int(trail[step].operation))
        step += 1
      }
      nextStep[partition] = step
    }
    return witness
  }
}

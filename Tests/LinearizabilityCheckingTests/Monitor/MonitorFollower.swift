import LinearizabilityChecking

/// Something that may happen to a monitor of a store.
enum MonitorEvent {
  case invoke(Int)
  case complete(Int)
  case abandon(Int)
  case fail(Int)
}

/// Leads a monitor through a history, event by event. Operations are indices of the history.
struct MonitorFollower<S: MonitoredSpecification> {
  let specification: S
  let history: History<S.Operation, S.Response>
  var monitor: LinearizabilityMonitor<S>
  private var open: [Int] = []

  init(_ specification: S, _ history: History<S.Operation, S.Response>, keys: Range<Int>) {
    self.specification = specification
    self.history = history
    monitor = LinearizabilityMonitor(specification, keys: keys)
  }

  mutating func follow(_ event: MonitorEvent) {
    switch event {
    case .invoke(let index):
      let entry = history.entries[index]
      monitor.invoke(client: entry.client, operation: entry.operation)
      open.append(index)
    case .complete(let index):
      let entry = history.entries[index]
      monitor.complete(
        client: entry.client, operation: entry.operation, response: entry.response,
        occurrence: occurrence(index), under: specification)
      open.removeAll { $0 == index }
    case .abandon(let index):
      let entry = history.entries[index]
      monitor.abandon(
        client: entry.client, operation: entry.operation, occurrence: occurrence(index),
        under: specification)
      open.removeAll { $0 == index }
    case .fail(let index):
      let entry = history.entries[index]
      monitor.fail(
        client: entry.client, operation: entry.operation, occurrence: occurrence(index),
        under: specification)
      open.removeAll { $0 == index }
    }
  }

  private func occurrence(_ index: Int) -> Int {
    let own = history.entries[index]
    return open.count {
      let other = history.entries[$0]
      return $0 < index && other.client == own.client && other.operation == own.operation
    }
  }

  /// The calls and returns of a history, with operations that never return abandoned at a drawn
  /// moment, or not at all.
  static func events(
    of history: History<S.Operation, S.Response>, _ numbers: inout Numbers
  ) -> [(moment: Int, event: MonitorEvent)] {
    var events: [(moment: Int, event: MonitorEvent)] = []
    for (index, entry) in history.entries.enumerated() {
      events.append((entry.call, .invoke(index)))
      if let returned = entry.returned {
        events.append((returned, .complete(index)))
      } else if numbers.below(3) > 0 {
        let last = history.eventCount - 1
        events.append((entry.call + numbers.below(last - entry.call + 1), .abandon(index)))
      }
    }
    // A call comes before the abandonments at its moment, a return after them.
    func rank(_ event: MonitorEvent) -> Int {
      switch event {
      case .invoke: 0
      case .abandon, .fail: 1
      case .complete: 2
      }
    }
    events.sort { ($0.moment, rank($0.event)) < ($1.moment, rank($1.event)) }
    return events
  }
}

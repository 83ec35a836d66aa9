/// Leads monitors through histories that were recorded before, and compares them with a checker.
public enum MonitorReplay {
  /// How a replay ended.
  public enum Outcome: Hashable, Sendable {
    /// Every prefix is linearizable.
    case linearizable
    /// The prefix that ends with the event of this index is the shortest that is not.
    case violation(event: Int)
    /// A limit was reached at this event; all prefixes that end before are linearizable.
    case undecided(event: Int)
  }

  /// What the monitors say of every prefix of `history`, one monitor for each part of the keys.
  ///
  /// - Parameters:
  ///   - history: the recorded operations.
  ///   - limit: how many configurations a step may look at.
  public static func outcome(of history: RecordedHistory, limit: Int = 100_000) -> Outcome {
    let initial = history.initialValue
    switch history.model {
    case .register, .casRegister:
      return outcome(of: history, RecordedRegister(initialValue: initial), limit)
    case .keyValue:
      let text = RecordedText(values: history.values, initialValue: initial)
      return outcome(of: history, text, limit)
    case .listAppend: return outcome(of: history, RecordedList(), limit)
    case .block: return outcome(of: history, RecordedBlocks(initialValue: initial), limit)
    case .fifoQueue: return outcome(of: history, RecordedQueue(), limit)
    case .set: return outcome(of: history, RecordedSet(), limit)
    case .mutex: return outcome(of: history, RecordedMutex(), limit)
    }
  }

  private static func outcome<S: RecordedSpecification>(
    of history: RecordedHistory, _ specification: S, _ limit: Int
  ) -> Outcome {
    var followers: [Follower<S>] = []
    let events = events(of: history) { keys in
      followers.append(Follower(specification, keys))
    }
    for event in events {
      followers[event.part].follow(event, history, limit)
      switch followers[event.part].monitor.verdict {
      case .linearizable: break
      case .violation: return .violation(event: event.moment)
      case .undecided: return .undecided(event: event.moment)
      }
    }
    return .linearizable
  }

  /// Calls, returns and known failures in order; each part of the keys is announced first.
  private static func events(
    of history: RecordedHistory, _ announce: (Range<Int>) -> Void
  ) -> [Event] {
    // Before it is known that an operation failed, it may have taken effect.
    var open = history
    for index in open.operations.indices where open.operations[index].outcome == .failed {
      if open.operations[index].returned < .max { open.operations[index].outcome = .unknown }
    }
    var partitioning = RecordedPartitioning()
    partitioning.split(open)
    var events: [Event] = []
    for (number, part) in partitioning.parts.enumerated() {
      announce(part.keys)
      for member in partitioning.members[part.members].map(Int.init) {
        let operation = history.operations[member]
        events.append(
          Event(moment: Int(operation.call), operation: member, part: number, isCall: true))
        if operation.outcome != .unknown {
          events.append(
            Event(moment: Int(operation.returned), operation: member, part: number, isCall: false))
        }
      }
    }
    events.sort { $0.moment < $1.moment }
    return events
  }

  private struct Event {
    var moment: Int
    var operation: Int
    var part: Int
    var isCall: Bool
  }

  /// A monitor and the operations that are open in it, by age.
  private struct Follower<S: RecordedSpecification> {
    let specification: S
    var monitor: LinearizabilityMonitor<S>
    var open: [Int] = []

    init(_ specification: S, _ keys: Range<Int>) {
      self.specification = specification
      monitor = LinearizabilityMonitor(specification, keys: keys)
    }

    mutating func follow(_ event: Event, _ history: RecordedHistory, _ limit: Int) {
      let index = event.operation
      let operation = history.operations[index]
      let client = Int(operation.process)
      let request = operation.request
      // Which one it is among equals.
      let occurrence = open.count {
        $0 < index && Int(history.operations[$0].process) == client
          && history.operations[$0].request == request
      }
      if event.isCall {
        monitor.invoke(client: client, operation: request)
        open.append(index)
        // It never returns, so it may as well be given up now: no verdict depends on the moment.
        guard operation.outcome == .unknown else { return }
        monitor.abandon(
          client: client, operation: request, occurrence: occurrence, under: specification,
          limit: limit)
      } else if operation.outcome == .ok {
        monitor.complete(
          client: client, operation: request, response: history.answer(of: index),
          occurrence: occurrence, under: specification, limit: limit)
      } else {
        monitor.fail(
          client: client, operation: request, occurrence: occurrence, under: specification,
          limit: limit)
      }
      open.removeAll { $0 == index }
    }
  }

  /// What is wrong with the monitors' answer about some prefix of `history`, compared with the
  /// checker's; `nil` if they agree, or one of them is undecided.
  ///
  /// A prefix of a linearizable history is linearizable, so it is enough to ask the checker about
  /// two prefixes: the shortest that the monitors reject, and the one before.
  public static func disagreement(
    on history: RecordedHistory, _ checker: inout HistoryChecker, limit: Int = 100_000
  ) -> String? {
    switch outcome(of: history, limit: limit) {
    case .linearizable:
      return rejected(history, &checker)
        ? "the monitors accept every prefix, the checker rejects the history" : nil
    case .violation(let event):
      if rejected(history.prefix(eventCount: event), &checker) {
        return "the monitors reject at event \(event), the checker before it"
      }
      if checker.check(history.prefix(eventCount: event + 1)).verdict.isLinearizable {
        return "the monitors reject at event \(event), the checker accepts that prefix"
      }
      return nil
    case .undecided(let event):
      return rejected(history.prefix(eventCount: event), &checker)
        ? "the monitors accept \(event) events, the checker rejects them" : nil
    }
  }

  private static func rejected(
    _ history: RecordedHistory, _ checker: inout HistoryChecker
  ) -> Bool {
    if case .violation = checker.check(history).verdict { return true }
    return false
  }
}

extension RecordedHistory {
  /// What had been recorded when that many events had happened: what returned later is of unknown
  /// outcome, a failure that was known later included. The hint is left out.
  public func prefix(eventCount count: Int) -> RecordedHistory {
    var prefix = self
    prefix.hint = []
    prefix.eventCount = min(eventCount, Int32(clamping: count))
    prefix.remarks = remarks.filter { Int($0.moment) < count }
    prefix.operations = operations.prefix { Int($0.call) < count }
    for index in prefix.operations.indices where Int(prefix.operations[index].returned) >= count {
      guard prefix.operations[index].returned < .max else { continue }
      prefix.operations[index].outcome = .unknown
      prefix.operations[index].returned = .max
      prefix.operations[index].result = -1
      prefix.operations[index].resultCount = -1
    }
    return prefix
  }
}

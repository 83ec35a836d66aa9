/// Follows a history event by event and knows at any time whether it is linearizable so far.
///
/// A monitor is the set of *configurations* that explain the history: a state of the object, and
/// for each open operation whether it has taken effect and what it then owes its client
/// (``MonitoredSpecification/Answer``). Without a configuration there is no explanation.
///
///     c0   |-put x-----          two configurations: c1 has seen nothing and put has not taken
///     c1       |-get-            effect; whatever else may have happened follows from that one
///
/// ## What is kept
///
/// From a configuration others *follow*: an open operation takes effect; an abandoned one takes
/// effect, or it is settled that it never will. A monitor keeps the configurations that follow from
/// no other one. So operations take effect *just in time*: in the step in which some response asks
/// for it, never at a call.
///
/// The alternative, all configurations that are possible, would add nothing but size. What follows
/// is determined by what it follows from, and since every such step uses up an operation, each set
/// closed under it has exactly one set of least members. The two representations correspond one to
/// one, hence have the same number of values, and this one is the smaller: with k writes open in
/// one known state, 1 configuration rather than one for each order of each subset of them.
///
/// ## What equal values mean
///
/// Monitors are equal exactly if the sets of possible configurations are. To that end everything
/// that cannot matter any more is forgotten: completed operations, the moments of events, who
/// called an operation that was abandoned, and abandoned operations that no configuration has left
/// to take. Open operations are told apart by client and by what was asked. Lists are sorted by
/// content.
///
/// The value holds no specification; give every step the same one.
///
/// Sources: Wing and Gong, JPDC 17, 1993 (sets of configurations); Lowe, CCPE 29(4), 2017, section
/// 4 (just-in-time linearization); Herlihy and Wing, TOPLAS 12(3), 1990, theorem 1 (one monitor for
/// each part of the keys: see ``KeyPartitions``).
public struct LinearizabilityMonitor<Specification: MonitoredSpecification>: Hashable, Sendable {
  /// How many configurations a step may look at by default.
  public static var defaultLimit: Int { 100_000 }

  /// Operations called and neither completed nor abandoned: by client, then by content, then by
  /// age.
  var open: [OpenOperation] = []
  /// What abandoned operations ask that some configuration can still take, each once, by content.
  var abandoned: [Specification.Operation] = []
  /// The configurations, by content.
  var configurations: [Configuration]
  var isUndecided = false

  /// An operation that has not returned.
  struct OpenOperation: Hashable, Sendable {
    var client: Int
    var operation: Specification.Operation
  }

  /// One way in which the object and its operations can stand.
  struct Configuration: Hashable, Sendable {
    /// The state of the object.
    var state: Specification.State
    /// By open operation: what it owes; `nil` if it has not taken effect.
    var answers: [Specification.Answer?]
    /// By abandoned operation: how many such can still take effect.
    var remaining: [UInt32]
  }

  /// A monitor of the operations on `keys`, before the first event.
  public init(_ specification: Specification, keys: Range<Int> = 0..<1) {
    configurations = [
      Configuration(state: specification.initialState(of: keys), answers: [], remaining: [])
    ]
  }

  /// Whether the history so far is linearizable.
  public var verdict: MonitorVerdict {
    if isUndecided { return .undecided }
    return configurations.isEmpty ? .violation : .linearizable
  }

  /// How many configurations it holds.
  public var configurationCount: Int { configurations.count }

  /// A client calls an operation. O(configurations).
  public mutating func invoke(client: Int, operation: Specification.Operation) {
    guard verdict == .linearizable else { return }
    let new = OpenOperation(client: client, operation: operation)
    // After its equals: these stand by age.
    let place = open.firstIndex { new.precedes($0) } ?? open.count
    open.insert(new, at: place)
    for index in configurations.indices {
      configurations[index].answers.insert(nil, at: place)
    }
  }

  /// A client's operation returns.
  ///
  /// - Parameters:
  ///   - client: whose operation it is.
  ///   - operation: what was asked; it must be open.
  ///   - response: what was answered; `nil` if it took effect and said nothing of it.
  ///   - occurrence: which one, from the oldest on, if the client has several such open.
  ///   - specification: of the object.
  ///   - limit: how many configurations may be looked at; beyond, the monitor is undecided, now and
  ///     ever after.
  public mutating func complete(
    client: Int, operation: Specification.Operation, response: Specification.Response?,
    occurrence: Int = 0, under specification: Specification, limit: Int = Self.defaultLimit
  ) {
    guard verdict == .linearizable else { return }
    let place = self.place(client, operation, occurrence)
    var expansion = MonitorExpansion(
      specification, open: open.map(\.operation), abandoned: abandoned, limit: limit)
    let found = expansion.completions(of: place, response, in: configurations)
    open.remove(at: place)
    adopt(found, &expansion.budget, specification)
  }

  /// A client gives an operation up, or crashes: it will not return, and may take effect at any
  /// time from its call on, or never. Parameters as for
  /// ``complete(client:operation:response:occurrence:under:limit:)``.
  public mutating func abandon(
    client: Int, operation: Specification.Operation, occurrence: Int = 0,
    under specification: Specification, limit: Int = Self.defaultLimit
  ) {
    guard verdict == .linearizable else { return }
    let place = self.place(client, operation, occurrence)
    open.remove(at: place)
    // What changes nothing and tells nobody does not matter.
    let matters = !specification.isReadOnly(operation, nil)
    let kind = matters ? self.kind(operation) : 0
    for index in configurations.indices {
      let wasTaken = configurations[index].answers.remove(at: place) != nil
      if matters, !wasTaken { configurations[index].remaining[kind] += 1 }
    }
    var budget = MonitorBudget(limit: limit)
    adopt(configurations, &budget, specification)
  }

  /// A client learns that its operation did not take effect and never will. Parameters as for
  /// ``complete(client:operation:response:occurrence:under:limit:)``.
  public mutating func fail(
    client: Int, operation: Specification.Operation, occurrence: Int = 0,
    under specification: Specification, limit: Int = Self.defaultLimit
  ) {
    guard verdict == .linearizable else { return }
    let place = self.place(client, operation, occurrence)
    open.remove(at: place)
    configurations.removeAll { $0.answers[place] != nil }
    for index in configurations.indices { configurations[index].answers.remove(at: place) }
    var budget = MonitorBudget(limit: limit)
    adopt(configurations, &budget, specification)
  }

  /// Where an open operation stands.
  private func place(
    _ client: Int, _ operation: Specification.Operation, _ occurrence: Int
  ) -> Int {
    let wanted = OpenOperation(client: client, operation: operation)
    guard let first = open.firstIndex(of: wanted), first + occurrence < open.count,
      open[first + occurrence] == wanted
    else { preconditionFailure("client \(client) has no such operation open: \(operation)") }
    return first + occurrence
  }

  /// Where an abandoned operation stands, a new place if need be.
  private mutating func kind(_ operation: Specification.Operation) -> Int {
    if let known = abandoned.firstIndex(of: operation) { return known }
    let words = ContentWords(of: operation)
    let place = abandoned.firstIndex { words < ContentWords(of: $0) } ?? abandoned.count
    abandoned.insert(operation, at: place)
    for index in configurations.indices { configurations[index].remaining.insert(0, at: place) }
    return place
  }

  /// Reduces `found` to the configurations that are kept, and forgets what has become idle.
  private mutating func adopt(
    _ found: [Configuration], _ budget: inout MonitorBudget, _ specification: Specification
  ) {
    var reduction = MonitorReduction(
      specification, open: open.map(\.operation), abandoned: abandoned, budget: budget)
    configurations = reduction.least(of: found)
    budget = reduction.budget
    isUndecided = budget.isExhausted
    if isUndecided { configurations = [] }
    guard !configurations.isEmpty else {
      open = []
      abandoned = []
      return
    }
    for kind in abandoned.indices.reversed()
    where configurations.allSatisfy({ $0.remaining[kind] == 0 }) {
      abandoned.remove(at: kind)
      for index in configurations.indices { configurations[index].remaining.remove(at: kind) }
    }
    configurations.sortByContent()
  }
}

/// What a monitor knows.
public enum MonitorVerdict: Hashable, Sendable {
  /// The history so far is linearizable.
  case linearizable
  /// It is not, and no continuation is.
  case violation
  /// A limit was reached before the answer was known.
  case undecided
}

extension LinearizabilityMonitor.OpenOperation: StableContent {
  func appendContent(to content: inout ContentWords) {
    content.append(client)
    content.append(operation)
  }

  func precedes(_ other: Self) -> Bool {
    if client != other.client { return client < other.client }
    return operation != other.operation
      && ContentWords(of: operation) < ContentWords(of: other.operation)
  }
}

extension LinearizabilityMonitor.Configuration: StableContent {
  func appendContent(to content: inout ContentWords) {
    content.append(state)
    for answer in answers { content.append(answer) }
    for count in remaining { content.append(Int(count)) }
  }
}

extension LinearizabilityMonitor: StableContent {
  /// Everything that distinguishes the value from others of the same specification.
  public func appendContent(to content: inout ContentWords) {
    content.append(isUndecided)
    content.append(open)
    content.append(abandoned)
    content.append(configurations)
  }
}

/// The monitor of stores: ``LinearizabilityMonitor`` of ``StoreSpecification``, specialised.
///
/// One follows one part of the keys (``KeyPartitions``): operations on other keys belong to other
/// monitors.
public struct StoreMonitor: Hashable, Sendable {
  /// How many configurations a step may look at by default.
  public static let defaultLimit = 100_000

  private var monitor: LinearizabilityMonitor<StoreSpecification>

  /// What a cell holds initially shows in the first configuration only.
  private static let specification = StoreSpecification()

  /// A monitor of the operations on `keys`, all of which hold `initialValue`.
  public init(keys: Range<Int>, initialValue: String = "") {
    monitor = LinearizabilityMonitor(StoreSpecification(initialValue: initialValue), keys: keys)
  }

  private init(_ monitor: LinearizabilityMonitor<StoreSpecification>) {
    self.monitor = monitor
  }

  /// Whether the history so far is linearizable.
  public var verdict: MonitorVerdict { monitor.verdict }

  /// How many configurations it holds.
  public var configurationCount: Int { monitor.configurationCount }

  /// A client calls an operation. It must lie within the keys of the monitor.
  public mutating func invoke(client: Int, operation: Operation) {
    monitor.invoke(client: client, operation: operation)
  }

  /// An open operation returns; see
  /// ``LinearizabilityMonitor/complete(client:operation:response:occurrence:under:limit:)``.
  public mutating func complete(
    client: Int, operation: Operation, response: Response?, occurrence: Int = 0,
    limit: Int = defaultLimit
  ) {
    monitor.complete(
      client: client, operation: operation, response: response, occurrence: occurrence,
      under: Self.specification, limit: limit)
  }

  /// An open operation will not return: its client gave it up or crashed.
  public mutating func abandon(
    client: Int, operation: Operation, occurrence: Int = 0, limit: Int = defaultLimit
  ) {
    monitor.abandon(
      client: client, operation: operation, occurrence: occurrence, under: Self.specification,
      limit: limit)
  }

  /// An open operation is known not to have taken effect.
  public mutating func fail(
    client: Int, operation: Operation, occurrence: Int = 0, limit: Int = defaultLimit
  ) {
    monitor.fail(
      client: client, operation: operation, occurrence: occurrence, under: Self.specification,
      limit: limit)
  }

  /// The monitor of a history in which the open operations are all that has happened. If neither
  /// they nor any later operation are told what the store holds, it answers alike from here on.
  public func withoutPast(keys: Range<Int>) -> StoreMonitor {
    guard verdict == .linearizable else { return self }
    var fresh = StoreMonitor(keys: keys)
    for item in monitor.open { fresh.invoke(client: item.client, operation: item.operation) }
    return fresh
  }

  /// The monitor of the same history in other words: client `c` is called `clients[c]` (clients
  /// beyond the table keep their numbers), and every text `t` is `text(t)`. Both must be one to
  /// one. Texts are what operations write and what cells hold; `text` must translate a text that
  /// `append` has composed as the composition of its translated parts.
  public func renamed(
    clients: [Int], texts text: (String) -> String = { $0 }
  ) -> StoreMonitor {
    StoreMonitor(
      monitor.renamed(
        clients: clients, operations: { $0.renamed(text) }, states: { $0.renamed(text) },
        answers: { $0.renamed(text) }))
  }
}

extension StoreMonitor: StableContent {
  public func appendContent(to content: inout ContentWords) { content.append(monitor) }
}

extension LinearizabilityMonitor {
  /// The monitor of the same history in other words: client `c` is called `clients[c]` (clients
  /// beyond the table keep their numbers), and operations, states and answers are translated. All
  /// translations must be one to one and fit each other: doing a step and translating is the same
  /// as translating and doing the translated step.
  public func renamed(
    clients: [Int], operations: (Specification.Operation) -> Specification.Operation = { $0 },
    states: (Specification.State) -> Specification.State = { $0 },
    answers: (Specification.Answer) -> Specification.Answer = { $0 }
  ) -> Self {
    var renamed = self
    var ranked = open.enumerated().map { place, old in
      let isListed = clients.indices.contains(old.client)
      return (
        place: place,
        new: OpenOperation(
          client: isListed ? clients[old.client] : old.client,
          operation: operations(old.operation))
      )
    }
    // Equal ones keep their order, by age.
    ranked.sort { $0.new == $1.new ? $0.place < $1.place : $0.new.precedes($1.new) }
    renamed.open = ranked.map(\.new)
    var kinds = abandoned.enumerated().map { (place: $0.offset, new: operations($0.element)) }
    kinds.sort { ContentWords(of: $0.new) < ContentWords(of: $1.new) }
    renamed.abandoned = kinds.map(\.new)
    renamed.configurations = configurations.map { old in
      Configuration(
        state: states(old.state), answers: ranked.map { old.answers[$0.place].map(answers) },
        remaining: kinds.map { old.remaining[$0.place] })
    }
    renamed.configurations.sortByContent()
    return renamed
  }
}

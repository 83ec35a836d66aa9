import LinearizabilityChecking
import SimulationKernel

/// What is left of the clients' history on one part of the keys: which explanations remain.
struct ExploredHistory: Fingerprintable, Sendable {
  private(set) var monitor: StoreMonitor
  private let keys: Range<Int>
  /// Operations that are told something of the store and have no answer yet, those to come among
  /// them; `nil` if nobody counts. Without any the explanations are all alike.
  private var readsLeft: Int?

  init(keys: Range<Int>, readsLeft: Int? = nil) {
    monitor = StoreMonitor(keys: keys)
    self.keys = keys
    self.readsLeft = readsLeft
  }

  var isBroken: Bool { monitor.verdict == .violation }
  var isUndecided: Bool { monitor.verdict == .undecided }

  /// Whether the answer to an operation depends on what the store holds.
  static func isTold(_ operation: Operation) -> Bool {
    switch operation {
    case .put, .writeBlocks: false
    case .get, .append, .putDrawn, .compareAndSet, .readBlocks: true
    }
  }

  mutating func invoke(client: Int, _ operation: Operation) {
    monitor.invoke(client: client, operation: operation)
  }

  mutating func complete(client: Int, _ operation: Operation, _ response: Response) {
    monitor.complete(client: client, operation: operation, response: response)
    guard let count = readsLeft else { return }
    self = counting(readsLeft: count - (Self.isTold(operation) ? 1 : 0))
  }

  /// The same, with so many operations left that are told something.
  func counting(readsLeft: Int) -> ExploredHistory {
    var history = self
    history.readsLeft = readsLeft
    if readsLeft == 0 { history.monitor = monitor.withoutPast(keys: keys) }
    return history
  }

  /// The same with clients and values renamed.
  func renamed(clients: [Int], texts: (String) -> String) -> ExploredHistory {
    var history = self
    history.monitor = monitor.renamed(clients: clients, texts: texts)
    return history
  }

  func fingerprint(into hasher: inout StableHasher) {
    var content = ContentWords()
    content.append(monitor)
    for word in content.words { hasher.combine(word) }
    hasher.combine(content.words.count)
    if let readsLeft { hasher.combine(readsLeft) }
  }
}

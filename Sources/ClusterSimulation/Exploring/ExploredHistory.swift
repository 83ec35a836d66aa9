import LinearizabilityChecking
import SimulationKernel

/// What is left of the clients' history on one part of the keys: which explanations remain.
struct ExploredHistory: Fingerprintable, Sendable {
  private(set) var monitor: StoreMonitor

  init(keys: Range<Int>) {
    monitor = StoreMonitor(keys: keys)
  }

  init(_ monitor: StoreMonitor) {
    self.monitor = monitor
  }

  var isBroken: Bool { monitor.verdict == .violation }
  var isUndecided: Bool { monitor.verdict == .undecided }

  mutating func invoke(client: Int, _ operation: Operation) {
    monitor.invoke(client: client, operation: operation)
  }

  mutating func complete(client: Int, _ operation: Operation, _ response: Response) {
    monitor.complete(client: client, operation: operation, response: response)
  }

  func fingerprint(into hasher: inout StableHasher) {
    var content = ContentWords()
    content.append(monitor)
    for word in content.words { hasher.combine(word) }
    hasher.combine(content.words.count)
  }
}

import LinearizabilityChecking
import SimulationKernel

/// What is left of the clients' history: enough to tell whether what follows can be explained.
struct ExploredHistory: Fingerprintable, Sendable {
  var history = StoreHistory()
  var open: [Int: Int] = [:]
  var isBroken = false

  mutating func invoke(client: Int, _ operation: Operation) {
    open[client] = history.invoke(client: client, operation: operation)
  }

  mutating func complete(client: Int, _ response: Response) {
    guard let index = open[client] else { return }
    open[client] = nil
    history.complete(index, response: response)
    var checker = StoreChecker()
    if case .violation = checker.check(history) { isBroken = true }
  }

  func fingerprint(into hasher: inout StableHasher) {
    for entry in history.entries {
      hasher.combine(entry.client)
      hasher.combine(entry.operation)
      hasher.combine(entry.call)
      hasher.combine(entry.returned ?? -1)
      hasher.combine(entry.response?.text ?? "")
    }
    hasher.combine(isBroken)
  }
}

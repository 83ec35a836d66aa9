import LinearizabilityChecking
import SimulationKernel

/// Which operation each client invokes next, and whether it has room for it.
@usableFromInline
struct InvocationSchedule: Sendable {
  private struct Client: Sendable {
    var operations: [PlannedOperation]
    /// Operations put on the calendar, invoked and completed so far.
    var scheduled = 0
    var invoked = 0
    var completed = 0
  }

  private var clients: [Client]
  private let openPerClient: Int
  private(set) var keyCount: Int
  private let workload: Workload

  init(_ workload: Workload, _ stream: inout SeededStream) {
    let plan = workload.plan(&stream)
    clients = plan.map { Client(operations: $0) }
    openPerClient = max(1, workload.openPerClient)
    keyCount = workload.keyCount(of: plan)
    self.workload = workload
  }

  /// Nothing but what is open already.
  /// - Parameter open: operations by client.
  init(open: [Int], _ workload: Workload) {
    clients = open.map { count in
      let planned = PlannedOperation(.get(key: 0))
      return Client(
        operations: Array(repeating: planned, count: count), scheduled: count, invoked: count)
    }
    openPerClient = 1
    keyCount = 0
    self.workload = workload
  }

  var clientCount: Int { clients.count }

  /// Whether every planned operation is complete.
  var isComplete: Bool {
    clients.allSatisfy { $0.completed == $0.operations.count }
  }

  /// How many planned operations are not complete.
  var incompleteCount: Int {
    clients.reduce(0) { $0 + $1.operations.count - $1.completed }
  }

  /// Moves on to the client's next operation if it has room for one.
  /// - Returns: the earliest time of the operation to be put on the calendar.
  @usableFromInline
  mutating func nextToSchedule(client: Int) -> VirtualTime? {
    let state = clients[client]
    guard state.scheduled < state.operations.count else { return nil }
    let next = state.operations[state.scheduled]
    if next.waits, state.scheduled - state.completed >= openPerClient { return nil }
    clients[client].scheduled += 1
    return next.earliest
  }

  /// The operation that the client invokes now.
  @usableFromInline
  mutating func takeNext(client: Int) -> Operation? {
    guard clients[client].invoked < clients[client].scheduled else { return nil }
    let operation = clients[client].operations[clients[client].invoked].operation
    clients[client].invoked += 1
    return operation
  }

  mutating func noteCompletion(client: Int) {
    clients[client].completed += 1
  }

  /// Lets the first client read every key or block.
  mutating func appendFinalReads() {
    guard !clients.isEmpty else { return }
    clients[0].operations += workload.finalReads(keyCount: keyCount)
  }
}

import LinearizabilityChecking
import SimulationKernel

/// What is noted beside a run's history: the faults that struck between its events, and in which
/// order the servers applied its updates.
public struct HistoryNotes: Sendable {
  /// Faults in their order, each with the index of the history's event that it came before.
  public private(set) var remarks: [(beforeEvent: Int, text: String)] = []
  /// The updates by their first application at any server, as indices of operations.
  public private(set) var order: [Int] = []

  /// Places in the history, by request.
  private var places: [RequestID: Int] = [:]
  private var isOrdered: Set<Int> = []

  /// No notes.
  public init() {}

  /// The history with these notes.
  public func recorded(_ history: StoreHistory) -> RecordedHistory {
    RecordedHistory(history, remarks: remarks, order: order)
  }

  /// Looks at the step that a cluster has just made.
  mutating func note<Subject>(_ action: ClusterAction, in cluster: Cluster<Subject>) {
    if case .invoke(let client, _) = action { noteRequest(of: client, in: cluster) }
    noteOrder(in: cluster)
    for text in faults(action, in: cluster) {
      remarks.append((cluster.history.eventCount, text))
    }
  }

  /// A client's requests are numbered from 1 in the order of its operations.
  private mutating func noteRequest<Subject>(of client: NodeID, in cluster: Cluster<Subject>) {
    let index = cluster.history.count - 1
    let number = cluster.openOperations.invoked[cluster.layout.clientIndex(of: client)]
    places[RequestID(client: client, number: number)] = index
  }

  private mutating func noteOrder<Subject>(in cluster: Cluster<Subject>) {
    // A step that ran no handler leaves the records of an earlier one, which were noted then.
    let records = cluster.host.records
    let count = min(records.count, cluster.report.crash?.effectCount ?? .max)
    for index in 0..<count {
      guard case .applied(let request, _) = records[index], let place = places[request],
        !cluster.history.entries[place].operation.isReadOnly, isOrdered.insert(place).inserted
      else { continue }
      order.append(place)
    }
  }

  /// What struck in the step, in words.
  private func faults<Subject>(
    _ action: ClusterAction, in cluster: Cluster<Subject>
  ) -> [String] {
    func name(_ node: NodeID) -> String { cluster.layout.name(of: node) }
    func end(_ node: NodeID, _ kind: CrashKind) -> String {
      "\(name(node)) \(kind == .process ? "crashes" : "loses power")"
    }
    if let crash = cluster.report.crash, let node = action.node { return [end(node, crash.kind)] }
    switch action {
    case .crash(let node, let kind): return [end(node, kind)]
    case .clusterPowerLoss: return ["all servers lose power"]
    case .start(let node):
      let isRestart =
        cluster.layout.role(of: node) == .server && cluster.processes[node.index].starts > 1
      return isRestart ? ["\(name(node)) restarts"] : []
    case .cut(let from, let to): return ["the link from \(name(from)) to \(name(to)) is cut"]
    case .heal(let from, let to): return ["the link from \(name(from)) to \(name(to)) is healed"]
    default: return []
    }
  }
}

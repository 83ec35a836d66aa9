import LinearizabilityChecking
import SimulationKernel

/// What became of one write by the end of a run in which a server crashed on its way.
public struct WriteFate: Hashable, Sendable {
  /// Where its value stands in the end.
  public enum Value: Int, Hashable, Sendable, CaseIterable, Comparable {
    /// Every current replica holds it, in every block that it wrote.
    case kept
    case lost
    /// Some of its blocks hold it and others do not.
    case torn
    /// One replica holds it and another does not.
    case differs
    /// A later write may have replaced it, or no replica is left to look at.
    case unknown

    public static func < (left: Value, right: Value) -> Bool { left.rawValue < right.rawValue }
  }

  /// What its client was told.
  public enum Answer: Int, Hashable, Sendable, CaseIterable, Comparable {
    case given
    /// The client had asked again before.
    case givenToRetry
    case missing

    public static func < (left: Answer, right: Answer) -> Bool { left.rawValue < right.rawValue }
  }

  public var value: Value
  public var answer: Answer

  public init(_ value: Value, _ answer: Answer) {
    self.value = value
    self.answer = answer
  }
}

extension WriteFate: Comparable {
  public static func < (left: WriteFate, right: WriteFate) -> Bool {
    (left.value, left.answer) < (right.value, right.answer)
  }
}

extension WriteFate {
  /// - Parameter recorder: holds the steps of the run, which show whether the client asked again.
  init<Subject>(
    of request: RequestID, in cluster: Cluster<Subject>, _ recorder: StepRecorder?
  ) {
    let client = cluster.layout.clientIndex(of: request.client)
    let entries = cluster.history.entries
    let own = entries.indices.filter { entries[$0].client == client }
    let place = Int(request.number) - 1
    guard own.indices.contains(place) else {
      self.init(.unknown, .missing)
      return
    }
    let index = own[place]
    let isAnswered = entries[index].returned != nil
    let hasRetried = Self.hasRetried(request, recorder?.steps ?? [])
    self.init(
      Self.value(of: index, in: cluster),
      !isAnswered ? .missing : hasRetried ? .givenToRetry : .given)
  }

  /// Whether the client's retry timer fired between this invocation and its next one. With several
  /// operations open, it may have been for another.
  private static func hasRetried(_ request: RequestID, _ steps: [RecordedStep]) -> Bool {
    var invoked = 0
    for step in steps where step.action.node == request.client {
      if case .invoke = step.action { invoked += 1 }
      if case .fire(_, let timer) = step.action, timer.kind == .retry, invoked == request.number {
        return true
      }
    }
    return false
  }

  private static func value<Subject>(of index: Int, in cluster: Cluster<Subject>) -> Value {
    let entries = cluster.history.entries
    let write = entries[index]
    guard let token = write.operation.writtenValue else { return .unknown }
    let replicas = cluster.facts.currentReplicas.map { cluster.servers[$0.index].contents }
    guard !replicas.isEmpty else { return .unknown }
    /// By replica and key: whether the value is there; `nil` where another write may stand over it.
    let found = replicas.map { contents in
      write.operation.keys.map { key in
        let value = contents.first { $0.key == key }?.value ?? ""
        if value.contains(token) { return true }
        let isOverwritten = entries.indices.contains { other in
          other != index && !entries[other].operation.isReadOnly
            && entries[other].operation.keys.contains(key)
            && (entries[other].returned ?? .max) > write.call
        }
        return isOverwritten ? nil : false
      } as [Bool?]
    }
    guard let first = found.first, found.allSatisfy({ $0 == first }) else { return .differs }
    if first.contains(nil) { return .unknown }
    if !first.contains(false) { return .kept }
    return first.contains(true) ? .torn : .lost
  }
}

extension Operation {
  /// The keys or blocks that the operation touches.
  fileprivate var keys: Range<Int> { firstKey..<firstKey + keyCount }
}

import LinearizabilityChecking
import SimulationKernel

/// What clients ask: who may serve, who waits, and reads.
extension TwoNodeStore.Server {
  typealias WaitingOperation = TwoNodeStore.WaitingOperation

  /// Whether this node may answer reads.
  private var servesReads: Bool {
    if assignment.isStable(node), isCaughtUp { return true }
    return settings.servesWhileRecovering && assignment.primary != nil
  }

  /// Whether writes have to wait until the other node has recovered.
  private var writesAreStopped: Bool {
    assignment.peer == .recovering && settings.refusesWritesWhilePeerRecovers
  }

  mutating func receive(
    _ request: RequestID, _ operation: Operation, _ host: inout Host<TwoNodeStore.Message>
  ) {
    if operation.isReadOnly {
      guard servesReads else { return refuse(request, &host) }
    } else {
      guard role == .primary, isCaughtUp else { return refuse(request, &host) }
      if executed.contains(request) {
        answer(request, .done, &host)
        return
      }
    }
    if waiting.contains(where: { $0.request == request })
      || transactions.contains(where: { $0.write.request == request })
    {
      return
    }
    if !operation.isReadOnly, writesAreStopped { return refuse(request, &host) }
    if role == .primary { host.observe(.accepted(request, epoch: epoch)) }
    waiting.append(WaitingOperation(request: request, operation: operation))
    admit(&host)
  }

  func refuse(_ request: RequestID, _ host: inout Host<TwoNodeStore.Message>) {
    host.send(.refusal(request), to: request.client)
  }

  /// Answers a client. What a backup reads is not observed: it answers beside its primary, in the
  /// same epoch.
  func answer(
    _ request: RequestID, _ response: Response, _ host: inout Host<TwoNodeStore.Message>
  ) {
    host.send(.reply(request, response), to: request.client)
    if role == .primary { host.observe(.answered(request, epoch: epoch)) }
  }

  // MARK: Locks

  private func isLocked(_ block: Int) -> Bool {
    transactions.contains { $0.locked.contains(block) }
  }

  /// Begins what waits and need not any more, in order of arrival; nobody overtakes an operation
  /// that waits for the same block.
  mutating func admit(_ host: inout Host<TwoNodeStore.Message>) {
    var claimed: [Int] = []
    var index = 0
    while index < waiting.count {
      let operation = waiting[index]
      let isRead = operation.operation.isReadOnly
      if !isRead, writesAreStopped {
        index += 1
        continue
      }
      let waits = !isRead || settings.readsWaitForLock
      if waits, operation.blocks.contains(where: { isLocked($0) || claimed.contains($0) }) {
        claimed.append(contentsOf: operation.blocks)
        index += 1
        continue
      }
      waiting.remove(at: index)
      if isRead {
        read(operation, &host)
      } else {
        begin(operation, &host)
      }
    }
  }

  private mutating func read(
    _ operation: WaitingOperation, _ host: inout Host<TwoNodeStore.Message>
  ) {
    host.work(.query)
    let values = operation.blocks.map { verifiedValue(of: $0, &host) }
    answer(operation.request, .blocks(values), &host)
  }
}

import LinearizabilityChecking
import SimulationKernel

/// What clients ask the tail: whether a write is committed, and what blocks hold.
extension ChainStore.Server {
  mutating func receiveAckWrite(
    _ request: RequestID, _ floor: Int32, _ host: inout Host<ChainStore.Message>
  ) {
    guard isTail, membership == .member else {
      redirect(request, &host)
      return
    }
    forget(.below(floor, client: request.client), &host)
    var isCommitted = false
    switch replay.standing(of: request) {
    case .committed:
      isCommitted = true
      switch settings.forgetsAcknowledged {
      case .nothing: break
      case .entry: forget(.entry(request, andOlder: false), &host)
      case .entryAndOlder: forget(.entry(request, andOlder: true), &host)
      }
    case .finished: isCommitted = true
    case .accepted, .new: break
    }
    if isCommitted { host.observe(.answered(request, epoch: epoch)) }
    host.send(.ackStatus(request, isCommitted: isCommitted), to: request.client)
  }

  /// A read of a tail that has not committed all that its predecessor in the role may have waits:
  /// that one may have shown it to somebody.
  mutating func receiveRead(
    _ request: RequestID, _ operation: Operation, _ host: inout Host<ChainStore.Message>
  ) {
    guard isTail, membership == .member else {
      redirect(request, &host)
      return
    }
    host.observe(.accepted(request, epoch: epoch))
    if settings.servesWhenSettled, volume.committed < servesFrom {
      waitingReads.append(ChainStore.WaitingRead(request: request, operation: operation))
    } else {
      answerRead(request, operation, &host)
    }
  }

  mutating func answerRead(
    _ request: RequestID, _ operation: Operation, _ host: inout Host<ChainStore.Message>
  ) {
    host.work(.query)
    var values: [String] = []
    var known: (block: Int, content: ChainStore.BlockContent)?
    for sector in operation.firstKey..<(operation.firstKey + max(1, operation.keyCount)) {
      let block = sector / settings.sectorsPerBlock
      if known?.block != block { known = (block, content(of: block, &host)) }
      values.append(known?.content.sectors[sector % settings.sectorsPerBlock] ?? "")
    }
    host.observe(.answered(request, epoch: epoch))
    let response: Response =
      if case .readBlocks = operation { .blocks(values) } else { .value(values[0]) }
    host.send(.answer(request, response), to: request.client)
  }

  /// What the file holds of a block. A node that remembers something else ends its process: the
  /// disk has damaged the block, or answers for an older one.
  private func content(
    of block: Int, _ host: inout Host<ChainStore.Message>
  ) -> ChainStore.BlockContent {
    if settings.readsWhatIsPending { return volume.latestContent(of: block) }
    let found = volume.read(block, &host)
    if settings.comparesContents, found != volume.committedContent(of: block) {
      host.abort("damaged block")
    }
    return found
  }

  func redirect(_ request: RequestID, _ host: inout Host<ChainStore.Message>) {
    host.send(.redirect(request, epoch: epoch), to: request.client)
  }

  /// The node is not the tail any more.
  mutating func redirectWaitingReads(_ host: inout Host<ChainStore.Message>) {
    for read in waitingReads { redirect(read.request, &host) }
    waitingReads.removeAll()
  }

  // MARK: Checksums

  /// The head begins a checksum over the chain, if nothing is under way.
  mutating func beginChecksum(_ host: inout Host<ChainStore.Message>) {
    guard isHead, membership == .member, pending.isEmpty, sentList.isEmpty else { return }
    passOn(ChainStore.ChecksumRound(committed: volume.committed, sums: []), &host)
  }

  mutating func receiveChecksum(
    _ round: ChainStore.ChecksumRound, _ senderEpoch: Int,
    _ host: inout Host<ChainStore.Message>
  ) {
    guard membership == .member, senderEpoch >= predecessorSince,
      volume.committed == round.committed
    else { return }
    passOn(round, &host)
  }

  private func passOn(
    _ round: ChainStore.ChecksumRound, _ host: inout Host<ChainStore.Message>
  ) {
    var round = round
    round.sums.append(volume.checksum)
    if isTail {
      let agrees = round.sums.allSatisfy { $0 == round.sums[0] }
      host.send(.checksumResult(agrees: agrees), to: settings.master)
    } else if let successor {
      host.send(.checksum(round, epoch: epoch), to: successor.node)
    }
  }
}

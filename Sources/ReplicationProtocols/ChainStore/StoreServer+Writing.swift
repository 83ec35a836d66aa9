import LinearizabilityChecking
import SimulationKernel

/// The way of a write down the chain: queued by the head, then written, entered in the sent list
/// and forwarded by every node ("Message Propagation" in the report). Writing is a step of its own,
/// as the original has a thread for it.
extension ChainStore.Server {
  // MARK: At the head

  mutating func receiveWrite(
    _ asked: ChainStore.WriteRequest, _ host: inout Host<ChainStore.Message>
  ) {
    guard isHead, membership == .member else {
      redirect(asked.request, &host)
      return
    }
    if settings.cleansByAge { cleanReplayLog(&host) }
    if case .new = replay.standing(of: asked.request) {
      // The root has to hold what is not declared finished; the client will ask again.
      guard replay.count < ChainStore.Settings.replayRoom else { return }
      accept(asked, &host)
    }
    host.send(.queued(asked.request), to: asked.request.client)
  }

  private mutating func accept(
    _ asked: ChainStore.WriteRequest, _ host: inout Host<ChainStore.Message>
  ) {
    host.observe(.accepted(asked.request, epoch: epoch))
    host.crashPoint("accepted", request: asked.request)
    replay.add(asked.request, at: asked.stamp)
    let last = max(
      volume.written, pending.last?.number ?? 0, forwardedUnwritten?.number ?? 0)
    numbered = (settings.newHeadCountsAnew ? numbered : last) + 1
    let write = ChainStore.SectorWrite(
      first: asked.operation.firstKey, count: asked.operation.keyCount,
      value: asked.operation.writtenValue ?? "")
    enqueue(
      ChainStore.Entry(
        number: numbered, request: asked.request, floor: asked.floor, stamp: asked.stamp,
        change: .asked(write)),
      &host)
  }

  /// CB-12: forgets what is older than a fixed age, by this node's clock and the client's stamp.
  private mutating func cleanReplayLog(_ host: inout Host<ChainStore.Message>) {
    let age = Self.largestAge.nanoseconds
    let limit = max(0, host.localClock.nanoseconds - age)
    replay.clean(before: VirtualTime(nanoseconds: limit))
  }

  private static let largestAge = VirtualDuration.milliseconds(200)

  // MARK: At every other node

  mutating func receiveRelayed(
    _ entries: [ChainStore.Entry], _ senderEpoch: Int, isRepeated: Bool = false,
    _ host: inout Host<ChainStore.Message>
  ) {
    guard membership == .member || membership == .succeeding else { return }
    // A removed predecessor may have numbered writes that the new head never saw.
    if settings.refusesOldEpochs, senderEpoch < predecessorSince { return }
    awaitsPredecessor = false
    for entry in entries { take(entry, addsToReplay: true, &host) }
    // The predecessor misses something; it may be the acknowledgement that this node waits for.
    if isRepeated, awaitedReturn != nil { acknowledgeUpstream(nil, &host) }
    if settings.forwardsBeforeWriting, let predecessor, let last = entries.last {
      host.send(.relayed(number: last.number), to: predecessor.node)
    }
  }

  /// Queues a write. One that came before is ignored; if it is committed here, its acknowledgement
  /// was lost.
  mutating func take(
    _ entry: ChainStore.Entry, addsToReplay: Bool, _ host: inout Host<ChainStore.Message>
  ) {
    let isKnown =
      entry.number <= volume.written || forwardedUnwritten?.number == entry.number
      || pending.contains { $0.number == entry.number }
    if isKnown {
      if entry.number <= volume.committed { acknowledgeUpstream(entry.request, &host) }
      return
    }
    if settings.resendLosesIdentity, replay.standing(of: entry.request) != .new { return }
    if addsToReplay { replay.add(entry.request, at: entry.stamp) }
    enqueue(entry, &host)
  }

  private mutating func enqueue(
    _ entry: ChainStore.Entry, _ host: inout Host<ChainStore.Message>
  ) {
    let index = pending.firstIndex { $0.number >= entry.number } ?? pending.count
    pending.insert(entry, at: index)
    scheduleWrite(&host)
  }

  /// Forgets what a removed predecessor has sent and this node has not written; the new one sends
  /// it again, or, of a head, clients do.
  mutating func dropPending() {
    guard settings.refusesOldEpochs else { return }
    for entry in pending { replay.erase(entry.request) }
    pending.removeAll()
  }

  // MARK: The write step

  private mutating func scheduleWrite(_ host: inout Host<ChainStore.Message>) {
    guard !isWriteScheduled else { return }
    isWriteScheduled = true
    host.resumeLater(Self.writeStep)
  }

  mutating func writeNext(_ host: inout Host<ChainStore.Message>) {
    isWriteScheduled = false
    if let entry = forwardedUnwritten {
      guard mayWriteForwarded else { return }
      forwardedUnwritten = nil
      write(entry, &host)
    } else if var entry = pending.first, entry.number == volume.written + 1 {
      pending.removeFirst()
      // The head merges, and everybody gets the result.
      if !settings.everyReplicaMerges, case .asked(let write) = entry.change {
        entry.change = .blocks(volume.merge(write))
      }
      if settings.forwardsBeforeWriting, successor != nil, !isTail {
        forwardedUnwritten = entry
        mayWriteForwarded = false
        forward(entry, &host)
        return
      } else {
        write(entry, &host)
        forward(entry, &host)
      }
    } else {
      return
    }
    if !pending.isEmpty { scheduleWrite(&host) }
  }

  /// CB-06: the successor has answered, or a change of mode breaks the call off.
  mutating func writeForwarded(_ host: inout Host<ChainStore.Message>) {
    guard forwardedUnwritten != nil else { return }
    mayWriteForwarded = true
    scheduleWrite(&host)
  }

  mutating func receiveReturn(_ number: Int, _ host: inout Host<ChainStore.Message>) {
    if forwardedUnwritten?.number == number { writeForwarded(&host) }
  }

  private mutating func write(
    _ entry: ChainStore.Entry, _ host: inout Host<ChainStore.Message>
  ) {
    host.work(.apply)
    let updates =
      switch entry.change {
      case .asked(let write): volume.merge(write)
      case .blocks(let updates): updates
      }
    volume.write(entry.number, updates, &host)
    log.append(entry.logged)
    host.observe(.applied(entry.request, sequence: entry.number))
    host.crashPoint("written", request: entry.request)
    sentList.append(entry)
    if copying != nil { copying?.recorded.append(entry) }
    if isTail { committable = entry.number }
    scheduleCommit(&host)
  }

  private mutating func forward(
    _ entry: ChainStore.Entry, _ host: inout Host<ChainStore.Message>
  ) {
    if isTail { return }
    if let successor {
      host.send(.relayWrite(entry, epoch: epoch), to: successor.node)
      host.crashPoint("forwarded", request: entry.request)
    }
    armRetransmission(&host)
  }

  /// CB-02: the time stamp of the client's request was copied into a variable that is thrown away.
  func resendable(_ entries: [ChainStore.Entry]) -> [ChainStore.Entry] {
    guard settings.resendLosesIdentity else { return entries }
    return entries.map { entry in
      var entry = entry
      entry.request.number = 0
      return entry
    }
  }
}

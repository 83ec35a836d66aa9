import SimulationKernel

/// The tail's side of "Integration" in the report: it sends a node the blocks that it has missed
/// and the replay log, then its sent list together with its role. It goes on committing meanwhile;
/// what comes after the copied state is recorded.
///
/// From the hand-over on the old tail answers nothing; the new one answers when the master has
/// appended it.
extension ChainStore.Server {
  mutating func beginCopy(
    to joiner: ChainStore.Joiner, _ host: inout Host<ChainStore.Message>
  ) {
    let missing = volume.blocks(after: joiner.committed)
    let size = settings.transferChunk
    var parts = stride(from: 0, to: missing.count, by: size).map { start in
      Array(missing[start..<min(missing.count, start + size)])
    }
    if parts.isEmpty { parts = [[]] }
    let task = ChainStore.CopyTask(
      joiner: joiner.member, transfer: joiner.transfer, through: volume.committed, parts: parts,
      replay: ChainStore.ReplayLog(words: replay.words), recorded: sentList)
    copying = task
    host.observe(.note("copy begun"))
    sendPart(task, &host)
    host.crashPoint("copy begun")
    armRetransmission(&host)
  }

  private func sendPart(
    _ task: ChainStore.CopyTask, _ host: inout Host<ChainStore.Message>
  ) {
    guard task.confirmed < task.parts.count else { return }
    var blocks = task.parts[task.confirmed]
    if settings.payloadIsString {
      for index in blocks.indices { blocks[index].content = blocks[index].content.asString }
    }
    var history = UpdateLog()
    for entry in log.entries.prefix(max(0, log.count - task.recorded.count)) {
      history.append(entry)
    }
    host.send(
      .restore(
        ChainStore.Restoration(
          transfer: task.transfer, part: task.confirmed, parts: task.parts.count, blocks: blocks,
          through: task.through, replay: task.replay, history: history)),
      to: task.joiner.node)
  }

  mutating func receiveRestored(
    _ parts: Int, _ transfer: Int, _ host: inout Host<ChainStore.Message>
  ) {
    guard var task = copying, task.transfer == transfer, task.handedOver == nil,
      parts > task.confirmed
    else { return }
    task.confirmed = min(parts, task.parts.count)
    copying = task
    retransmission.hasProgressed = true
    if task.confirmed == task.parts.count {
      host.send(.restoreDone(transfer: transfer), to: settings.master)
    } else {
      sendPart(task, &host)
    }
  }

  mutating func handOver(_ host: inout Host<ChainStore.Message>) {
    guard let task = copying else { return }
    isTail = false
    redirectWaitingReads(&host)
    copying?.handedOver = volume.committed
    committable = volume.committed
    successor = task.joiner
    sendHandover(&host)
    host.crashPoint("handed over")
    armRetransmission(&host)
  }

  private func sendHandover(_ host: inout Host<ChainStore.Message>) {
    guard let task = copying, let committed = task.handedOver else { return }
    let handover = ChainStore.Handover(
      source: me, transfer: task.transfer, configuration: configuration,
      sent: settings.handsOverSent ? task.recorded : [],
      committed: settings.handsOverSent ? committed : task.through)
    host.send(.handOver(handover), to: task.joiner.node)
  }

  func repeatCopy(_ task: ChainStore.CopyTask, _ host: inout Host<ChainStore.Message>) {
    if task.handedOver != nil {
      sendHandover(&host)
    } else if task.confirmed == task.parts.count {
      host.send(.restoreDone(transfer: task.transfer), to: settings.master)
    } else {
      sendPart(task, &host)
    }
  }
}

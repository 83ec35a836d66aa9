import SimulationKernel

/// The old tail's side of "Extending a Chain" (section 3). The history is copied in stretches, one
/// message each, while the tail goes on answering queries and processing updates; from the
/// beginning of the copy it records these in `Sent`. When the copy is done,
///
/// - (a) the master tells the tail that it no longer is the tail,
/// - (b) the tail sends `Sent`, in order, to the joining server, which is tail from then on,
/// - (c) the new tail tells the master, which appends it to the chain,
/// - (d) the master tells the clients.
///
/// From (a) on the old tail answers nothing: updates that it applies go to the new tail, and so do
/// queries, until the master's configuration names the new tail.
extension Chain.Server {
  mutating func beginCopy(to joiner: Chain.Joiner, _ host: inout Host<Chain.Message>) {
    let task = Chain.CopyTask(
      joiner: joiner.member, transfer: joiner.transfer, end: replica.count)
    copying = task
    host.observe(.note("copy begun"))
    sendStretch(task, &host)
    host.crashPoint("copy begun")
    armRetransmission(&host)
  }

  private func sendStretch(_ task: Chain.CopyTask, _ host: inout Host<Chain.Message>) {
    let end = min(task.end, task.confirmed + settings.transferChunk)
    host.send(
      .copy(
        replica.stretch(after: task.confirmed, through: end), transfer: task.transfer,
        epoch: epoch),
      to: task.joiner.node)
  }

  /// The joining server has the first `count` updates. It may begin with more than none: what an
  /// earlier tail gave it is a prefix of this history too.
  mutating func receiveCopied(
    _ count: Int, _ transfer: Int, _ host: inout Host<Chain.Message>
  ) {
    guard var task = copying, task.transfer == transfer, task.cut == nil,
      count > task.confirmed || task.end == 0
    else { return }
    task.confirmed = min(count, task.end)
    copying = task
    retransmission.progress += 1
    if task.confirmed == task.end {
      reportCopyDone(task, &host)
      host.observe(.note("copy done"))
      host.crashPoint("copy done")
    } else {
      sendStretch(task, &host)
    }
  }

  private func reportCopyDone(_ task: Chain.CopyTask, _ host: inout Host<Chain.Message>) {
    host.send(.copyDone(transfer: task.transfer, epoch: epoch), to: settings.master)
  }

  /// Steps (a) and (b).
  mutating func handOver(_ host: inout Host<Chain.Message>) {
    guard let task = copying else { return }
    isTail = false
    wasReplaced = true
    copying?.cut = replica.count
    successor = task.joiner
    sendHandover(&host)
    host.crashPoint("handed over")
    armRetransmission(&host)
  }

  private func sendHandover(_ host: inout Host<Chain.Message>) {
    guard let task = copying, let cut = task.cut else { return }
    let handover = Chain.Handover(
      source: me, transfer: task.transfer, configuration: configuration,
      updates: inProcess.updates, cut: cut)
    host.send(.handOver(handover), to: task.joiner.node)
  }

  func repeatCopy(_ task: Chain.CopyTask, _ host: inout Host<Chain.Message>) {
    if task.cut != nil {
      sendHandover(&host)
    } else if task.confirmed == task.end, task.end > 0 {
      reportCopyDone(task, &host)
    } else {
      sendStretch(task, &host)
    }
  }
}

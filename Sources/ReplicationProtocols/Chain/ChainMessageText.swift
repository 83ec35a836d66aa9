import LinearizabilityChecking
import SimulationKernel

extension Chain.Message {
  /// One line for traces and diagrams.
  public var summary: String {
    switch self {
    case .update(let asked): "Update(\(text(asked.request)))"
    case .query(let asked): "Query(\(text(asked.request)))"
    case .answer(let request, _, let epoch): "Answer(\(text(request)), epoch \(epoch))"
    case .redirect(let request, let epoch): "Redirect(\(text(request)), epoch \(epoch))"
    case .forward(let update, let epoch): "Forward(\(text(update)), epoch \(epoch))"
    case .resend(let updates, let epoch): "Resend(\(text(updates)), epoch \(epoch))"
    case .replyAgain(let request, let epoch): "ReplyAgain(\(text(request)), epoch \(epoch))"
    case .acknowledge(let through, let epoch): "Acknowledge(\(through), epoch \(epoch))"
    case .copy(let stretch, let transfer, _):
      "Copy(\(stretch.start) + \(stretch.entries.count), transfer \(transfer))"
    case .copied(let count, let transfer, _): "Copied(\(count), transfer \(transfer))"
    case .handOver(let handover):
      "HandOver(\(text(handover.updates)), transfer \(handover.transfer))"
    case .relay(let asked, let epoch): "Relay(\(text(asked.request)), epoch \(epoch))"
    case .join(let incarnation, _): "Join(incarnation \(incarnation.number))"
    case .copyDone(let transfer, _): "CopyDone(transfer \(transfer))"
    case .tailReady(_, let transfer, _): "TailReady(transfer \(transfer))"
    case .whichConfiguration(let epoch): "WhichConfiguration(epoch \(epoch))"
    case .received(let reception):
      "Received(\(reception.count), acknowledged \(reception.acknowledged), "
        + "epoch \(reception.epoch))"
    case .configure(let configuration): "Configure(\(text(configuration)))"
    case .link(let link):
      "Link(\(text(link.successor)) has \(link.count), \(text(link.configuration)))"
    }
  }

  private func text(_ request: RequestID) -> String {
    "\(request.client.index)/\(request.number)"
  }

  private func text(_ update: Chain.Update) -> String {
    "\(update.sequence): \(text(update.request))"
  }

  private func text(_ updates: [Chain.Update]) -> String {
    updates.isEmpty ? "nothing" : updates.map { text($0) }.joined(separator: ", ")
  }

  private func text(_ member: Chain.Member) -> String { "s\(member.node.index + 1)" }

  private func text(_ configuration: Chain.Configuration) -> String {
    var words = "epoch \(configuration.epoch): "
    words += configuration.chain.map { text($0) }.joined(separator: " ")
    if let joiner = configuration.joiner {
      words += joiner.isSwitching ? " => " : " + "
      words += text(joiner.member)
    }
    return words
  }
}

// MARK: - Fingerprint

extension Chain.Message: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    switch self {
    case .update(let asked):
      head(1, asked.epoch, asked.request, &hasher)
      hasher.combine(Int(asked.floor))
      hasher.combine(operation: asked.operation)
    case .query(let asked):
      head(2, asked.epoch, asked.request, &hasher)
      hasher.combine(operation: asked.operation)
    case .answer(let request, let response, let epoch):
      head(3, epoch, request, &hasher)
      hasher.combine(response: response)
    case .redirect(let request, let epoch): head(4, epoch, request, &hasher)
    case .forward(let update, let epoch):
      head(5, epoch, &hasher)
      hasher.combine(update)
    case .resend(let updates, let epoch):
      head(6, epoch, &hasher)
      hasher.combine(contentsOf: updates)
    case .replyAgain(let request, let epoch):
      head(7, epoch, &hasher)
      hasher.combine(request)
    case .acknowledge(let through, let epoch):
      head(8, epoch, &hasher)
      hasher.combine(through)
    default: rareFingerprint(into: &hasher)
    }
  }

  private func rareFingerprint(into hasher: inout StableHasher) {
    switch self {
    case .copy(let stretch, let transfer, let epoch):
      head(9, epoch, &hasher)
      hasher.combine(transfer)
      hasher.combine(stretch)
    case .copied(let count, let transfer, let epoch):
      head(10, epoch, &hasher)
      hasher.combine(transfer)
      hasher.combine(count)
    case .handOver(let handover):
      head(11, handover.configuration.epoch, &hasher)
      hasher.combine(handover)
    case .relay(let asked, let epoch):
      head(12, epoch, &hasher)
      hasher.combine(asked.request)
      hasher.combine(operation: asked.operation)
    case .join(let incarnation, let epoch):
      head(13, epoch, &hasher)
      hasher.combine(incarnation.number)
    case .copyDone(let transfer, let epoch):
      head(14, epoch, &hasher)
      hasher.combine(transfer)
    case .tailReady(let member, let transfer, let epoch):
      head(15, epoch, &hasher)
      hasher.combine(member)
      hasher.combine(transfer)
    case .whichConfiguration(let epoch): head(16, epoch, &hasher)
    case .received(let reception):
      head(17, reception.epoch, &hasher)
      hasher.combine(reception)
    case .configure(let configuration):
      head(18, configuration.epoch, &hasher)
      hasher.combine(configuration)
    case .link(let link):
      head(19, link.configuration.epoch, &hasher)
      hasher.combine(link)
    case .update, .query, .answer, .redirect, .forward, .resend, .replyAgain, .acknowledge: break
    }
  }

  @inline(__always)
  private func head(_ kind: UInt64, _ epoch: Int, _ hasher: inout StableHasher) {
    hasher.combine(kind &<< 56 ^ UInt64(truncatingIfNeeded: epoch))
  }

  @inline(__always)
  private func head(
    _ kind: UInt64, _ epoch: Int32, _ request: RequestID, _ hasher: inout StableHasher
  ) {
    hasher.combine(kind &<< 56 ^ UInt64(UInt32(bitPattern: epoch)))
    hasher.combine(request)
  }
}

extension Chain.CopiedStretch: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(start)
    for entry in entries {
      hasher.combine(entry.request)
      hasher.combine(entry.resultDigest)
    }
    hasher.combine(entries.count)
    for copied in cells {
      hasher.combine(copied.key)
      hasher.combine(copied.cell.value)
      hasher.combine(copied.cell.writtenAt)
    }
    hasher.combine(cells.count)
    hasher.combine(contentsOf: recent)
    for floor in floors { hasher.combine(Int(floor)) }
  }
}

extension Chain.Handover: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(source)
    hasher.combine(transfer)
    hasher.combine(configuration)
    hasher.combine(contentsOf: updates)
    hasher.combine(cut)
  }
}

extension Chain.Reception: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(successor)
    hasher.combine(predecessor)
    hasher.combine(count)
    hasher.combine(acknowledged)
  }
}

extension Chain.Link: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(configuration)
    hasher.combine(successor)
    hasher.combine(count)
    hasher.combine(acknowledged)
  }
}

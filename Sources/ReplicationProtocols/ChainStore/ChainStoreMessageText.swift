import SimulationKernel

extension ChainStore.Message {
  public var summary: String {
    switch self {
    case .write(let asked): "Write(\(asked.request.number))"
    case .queued(let request): "Queued(\(request.number))"
    case .ackWrite(let request, _): "AckWrite(\(request.number))"
    case .ackStatus(let request, let isCommitted):
      "AckStatus(\(request.number), \(isCommitted ? "committed" : "not committed"))"
    case .read(let request, let operation): "Read(\(request.number), \(operation.firstKey))"
    case .answer(let request, _): "Answer(\(request.number))"
    case .redirect(let request, let epoch): "Redirect(\(request.number), epoch \(epoch))"
    case .relayWrite(let entry, let epoch): "RelayWrite(\(entry.text), epoch \(epoch))"
    case .resend(let entries, let epoch):
      "Resend(\(entries.map(\.text).joined(separator: ", ")), epoch \(epoch))"
    case .checksum(let round, _): "ChecksumChain(\(round.committed), \(round.sums.count) nodes)"
    case .relayAck(let through, let epoch): "RelayWriteAck(\(through), epoch \(epoch))"
    case .ackReturned(let through): "AckReturned(\(through))"
    case .ackReplayLog: "AckReplayLog"
    case .relayed(let number): "Relayed(\(number))"
    case .restore(let part):
      "Restore(\(part.part + 1) of \(part.parts), \(part.blocks.count) blocks, "
        + "through \(part.through))"
    case .restored(let parts, let transfer): "Restored(\(parts), transfer \(transfer))"
    case .handOver(let handover):
      "HandOver(\(handover.sent.count) writes, committed \(handover.committed))"
    case .register(_, let committed): "Register(committed \(committed))"
    case .restoreDone(let transfer): "RestoreDone(transfer \(transfer))"
    case .tailReady(_, let transfer): "TailReady(transfer \(transfer))"
    case .received(let reception):
      "Received(\(reception.number), committed \(reception.committed), epoch \(reception.epoch))"
    case .heartbeatReply(let epoch, let isSettled):
      "Alive(epoch \(epoch)\(isSettled ? ", settled" : ""))"
    case .whichConfiguration: "WhichConfiguration"
    case .checksumResult(let agrees): "Checksums(\(agrees ? "agree" : "differ"))"
    case .configure(let configuration): "ChangeMode(\(configuration.text))"
    case .link(let link): "Link(epoch \(link.configuration.epoch), after \(link.number))"
    case .beginChecksum(let epoch): "ChecksumSystem(epoch \(epoch))"
    }
  }
}

extension ChainStore.Entry {
  fileprivate var text: String { "\(number): \(request.number)" }
}

extension ChainStore.Configuration {
  var text: String {
    let names = chain.map { "s\($0.node.index + 1)" }.joined(separator: " ")
    guard let joiner else { return "epoch \(epoch): \(names)" }
    let state = joiner.isSwitching ? "takes over" : "joins"
    return "epoch \(epoch): \(names); s\(joiner.member.node.index + 1) \(state)"
  }
}

extension ChainStore.Message: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    switch self {
    case .write(let asked):
      hasher.combine(1)
      hasher.combine(asked.request)
      hasher.combine(operation: asked.operation)
      hasher.combine(Int(asked.floor))
      hasher.combine(UInt64(bitPattern: asked.stamp.nanoseconds))
    case .queued(let request): hasher.combine(kind: 2, request)
    case .ackWrite(let request, let floor):
      hasher.combine(kind: 3, request)
      hasher.combine(Int(floor))
    case .ackStatus(let request, let isCommitted):
      hasher.combine(kind: 4, request)
      hasher.combine(isCommitted)
    case .read(let request, let operation):
      hasher.combine(kind: 5, request)
      hasher.combine(operation: operation)
    case .answer(let request, let response):
      hasher.combine(kind: 6, request)
      hasher.combine(response: response)
    case .redirect(let request, let epoch):
      hasher.combine(kind: 7, request)
      hasher.combine(epoch)
    case .relayWrite(let entry, let epoch): hasher.combine(kind: 8, [entry], epoch)
    case .resend(let entries, let epoch): hasher.combine(kind: 9, entries, epoch)
    case .relayAck(let through, let epoch): hasher.combine(kind: 10, numbers: [through, epoch])
    case .checksum(let round, let epoch):
      hasher.combine(kind: 11, numbers: [round.committed, epoch])
      for sum in round.sums { hasher.combine(sum) }
    case .ackReplayLog(.below(let floor, let client)):
      hasher.combine(kind: 12, numbers: [Int(floor), client.index])
    case .ackReplayLog(.entry(let request, let andOlder)):
      hasher.combine(kind: 13, request)
      hasher.combine(andOlder)
    default: combineOther(&hasher)
    }
  }

  /// What servers and master say to each other about the chain.
  private func combineOther(_ hasher: inout StableHasher) {
    switch self {
    case .restore(let part):
      hasher.combine(kind: 14, numbers: [part.transfer, part.part, part.parts, part.through])
      hasher.combine(contentsOf: part.blocks)
      hasher.combine(part.replay)
      hasher.combine(part.history)
    case .restored(let parts, let transfer): hasher.combine(kind: 15, numbers: [parts, transfer])
    case .handOver(let handover):
      hasher.combine(kind: 16, handover.sent, handover.committed)
      hasher.combine(handover.source)
      hasher.combine(handover.transfer)
      hasher.combine(handover.configuration)
    case .register(let incarnation, let committed):
      hasher.combine(kind: 17, numbers: [incarnation, committed])
    case .restoreDone(let transfer): hasher.combine(kind: 18, numbers: [transfer])
    case .tailReady(let member, let transfer):
      hasher.combine(kind: 19, numbers: [transfer])
      hasher.combine(member)
    case .received(let reception):
      hasher.combine(
        kind: 20, numbers: [reception.number, reception.committed, reception.epoch])
      hasher.combine(reception.successor)
      hasher.combine(reception.predecessor)
    case .heartbeatReply(let epoch, let isSettled):
      hasher.combine(kind: 21, numbers: [epoch, isSettled ? 1 : 0])
    case .whichConfiguration: hasher.combine(22)
    case .checksumResult(let agrees): hasher.combine(kind: 23, numbers: [agrees ? 1 : 0])
    case .configure(let configuration):
      hasher.combine(24)
      hasher.combine(configuration)
    case .link(let link):
      hasher.combine(kind: 25, numbers: [link.number, link.committed])
      hasher.combine(link.configuration)
      hasher.combine(link.successor)
    case .beginChecksum(let epoch): hasher.combine(kind: 26, numbers: [epoch])
    case .relayed(let number): hasher.combine(kind: 27, numbers: [number])
    case .ackReturned(let through): hasher.combine(kind: 28, numbers: [through])
    default: break
    }
  }
}

extension StableHasher {
  fileprivate mutating func combine(kind: Int, _ request: RequestID) {
    combine(kind)
    combine(request)
  }

  fileprivate mutating func combine(kind: Int, numbers: [Int]) {
    combine(kind)
    for number in numbers { combine(number) }
  }

  fileprivate mutating func combine(kind: Int, _ entries: [ChainStore.Entry], _ number: Int) {
    combine(kind)
    combine(contentsOf: entries)
    combine(number)
  }
}

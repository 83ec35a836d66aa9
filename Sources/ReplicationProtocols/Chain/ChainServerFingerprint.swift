import SimulationKernel

extension Chain.Server: Fingerprintable {
  /// Everything that can influence a later step.
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(me)
    hasher.combine(UInt64(membership.rawValue))
    hasher.combine(configuration)
    hasher.combine(epoch)
    for flag in [isHead, isTail, awaitsPredecessor, wasReplaced] { hasher.combine(flag) }
    hasher.combine(replica)
    hasher.combine(acknowledged)
    hasher.combine(contentsOf: inProcess.updates)
    hasher.combine(contentsOf: held)
    combine(predecessor, &hasher)
    hasher.combine(predecessorSince)
    combine(successor, &hasher)
    combine(copying?.joiner, &hasher)
    if let copying { hasher.combine(copying) }
    hasher.combine(transfer)
    hasher.combine(retransmission)
    hasher.combine(joinRetry)
    hasher.combine(sequenced)
  }

  private func combine(_ member: Chain.Member?, _ hasher: inout StableHasher) {
    hasher.combine(member != nil)
    if let member { hasher.combine(member) }
  }
}

extension Chain.CopyTask: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(joiner)
    hasher.combine(transfer)
    hasher.combine(end)
    hasher.combine(confirmed)
    hasher.combine(cut ?? -1)
    hasher.combine(isTakenOver)
  }
}

extension Chain.RetryState: Fingerprintable {
  /// Of the two counts only whether they differ matters.
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(isArmed)
    hasher.combine(fruitless)
    hasher.combine(progress != progressAtArming)
  }
}

import SimulationKernel

extension ChainStore.Server: Fingerprintable {
  /// Everything that can influence a later step.
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(me)
    hasher.combine(UInt64(membership.rawValue))
    hasher.combine(configuration)
    hasher.combine(epoch)
    for flag in [
      isHead, isTail, awaitsPredecessor, isLocked, isWriteScheduled, isCommitScheduled,
      mayWriteForwarded,
    ] {
      hasher.combine(flag)
    }
    hasher.combine(volume)
    hasher.combine(replay)
    hasher.combine(contentsOf: pending)
    hasher.combine(contentsOf: sentList)
    hasher.combine(contentsOf: forwardedUnwritten.map { [$0] } ?? [])
    hasher.combine(contentsOf: predecessor.map { [$0] } ?? [])
    hasher.combine(contentsOf: successor.map { [$0] } ?? [])
    for number in [numbered, committable, predecessorSince, servesFrom, awaitedReturn ?? -1] {
      hasher.combine(number)
    }
    for read in waitingReads {
      hasher.combine(read.request)
      hasher.combine(operation: read.operation)
    }
    hasher.combine(waitingReads.count)
    hasher.combine(contentsOf: copying.map { [$0] } ?? [])
    hasher.combine(joining)
    hasher.combine(retransmission)
    hasher.combine(log)
  }
}

extension ChainStore.CopyTask: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(joiner)
    for number in [transfer, through, confirmed, handedOver ?? -1, parts.count] {
      hasher.combine(number)
    }
    for part in parts { hasher.combine(contentsOf: part) }
    hasher.combine(replay)
    hasher.combine(contentsOf: recorded)
  }
}

extension ChainStore.JoinState: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    for number in [transfer, parts, committed] { hasher.combine(number) }
    hasher.combine(isRestored)
    hasher.combine(contentsOf: blocks)
    hasher.combine(repetition)
  }
}

extension ChainStore.Repetition: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(isArmed)
    hasher.combine(fruitless)
    hasher.combine(hasProgressed)
  }
}

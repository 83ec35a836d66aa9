import SimulationKernel

extension VmLog.Server: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    for word in [incarnation, Int(role.rawValue), number, sequence, released, claim, attempt] {
      hasher.combine(word)
    }
    hasher.combine(guest)
    hasher.combine(contentsOf: outputs)
    hasher.combine(outputs.count)
    hasher.combine(partner != nil)
    if let partner { hasher.combine(partner) }
    hasher.combine(contentsOf: log)
    hasher.combine(contentsOf: stalled)
    hasher.combine(stalled.count)
    hasher.combine(issued)
    hasher.combine(session)
    hasher.combine(primary)
    hasher.combine(contentsOf: unreplayed)
    hasher.combine(unreplayed.count)
    hasher.combine(isReplayDue)
    hasher.combine(isRetryArmed)
    hasher.combine(retry)
  }
}

extension VmLog.Server.Output: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(entry)
    switch action {
    case .readClock(let outcomes):
      hasher.combine(1)
      hasher.combine(outcomes)
    case .disk(let operation):
      hasher.combine(2)
      hasher.combine(operation)
    case .reply(let request, let response):
      hasher.combine(3)
      hasher.combine(request)
      hasher.combine(response: response)
    case .applied(let request, let place):
      hasher.combine(4)
      hasher.combine(request)
      hasher.combine(place)
    }
  }
}

extension VmLog.Server.Partner: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(member)
    hasher.combine(session)
    hasher.combine(acknowledged)
    hasher.combine(snapshot != nil)
    if let snapshot { hasher.combine(snapshot) }
    hasher.combine(isEntered)
  }
}

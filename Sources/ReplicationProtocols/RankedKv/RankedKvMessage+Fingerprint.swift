import LinearizabilityChecking
import SimulationKernel

extension RankedKv.Message: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    switch self {
    case .request(let request):
      hasher.combine(1)
      hasher.combine(request)
    case .reply(let request, let response):
      hasher.combine(2)
      hasher.combine(request)
      hasher.combine(response: response)
    case .refused(let request):
      hasher.combine(3)
      hasher.combine(request)
    case .peer(let message):
      hasher.combine(4)
      hasher.combine(message)
    case .call(let call):
      hasher.combine(5)
      hasher.combine(call)
    case .answer(let answer):
      hasher.combine(6)
      hasher.combine(answer)
    }
  }
}

extension RankedKv.PeerMessage: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(incarnation)
    hasher.combine(addressee)
    for number in dead { hasher.combine(number) }
    hasher.combine(body)
  }
}

extension RankedKv.PeerBody: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    switch self {
    case .hello(let standing, let wantsAnswer):
      hasher.combine(wantsAnswer ? 1 : 2)
      hasher.combine(standing)
    case .join(let since): Self.combine(3, since, 0, &hasher)
    case .forward(let request):
      hasher.combine(4)
      hasher.combine(request)
    case .done(let request, let response):
      hasher.combine(5)
      hasher.combine(request)
      hasher.combine(response: response)
    case .push(let update, let epoch, let committed):
      Self.combine(6, epoch, committed, &hasher)
      hasher.combine(update)
    case .pushed(let epoch, let sequence): Self.combine(7, epoch, sequence, &hasher)
    case .committed(let epoch, let sequence): Self.combine(8, epoch, sequence, &hasher)
    case .askCommitted: hasher.combine(9)
    case .collect(let epoch, let isRecovery):
      Self.combine(10, epoch, isRecovery ? 1 : 0, &hasher)
    case .state(let epoch, let holdings):
      Self.combine(11, epoch, 0, &hasher)
      hasher.combine(holdings)
    case .rejected(let promised): Self.combine(12, promised, 0, &hasher)
    case .install(let installation):
      hasher.combine(13)
      hasher.combine(installation.membership)
      hasher.combine(installation.table)
      hasher.combine(UInt64(installation.extent.rawValue))
    case .installed(let epoch): Self.combine(14, epoch, 0, &hasher)
    }
  }

  private static func combine(
    _ kind: Int, _ first: Int, _ second: Int, _ hasher: inout StableHasher
  ) {
    hasher.combine(kind)
    hasher.combine(first)
    hasher.combine(second)
  }
}

extension RankedKv.Standing: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(membership)
    hasher.combine(isMember)
  }
}

extension RankedKv.Holdings: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(membership)
    hasher.combine(table)
  }
}

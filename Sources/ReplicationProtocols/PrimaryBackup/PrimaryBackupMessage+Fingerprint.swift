import LinearizabilityChecking
import SimulationKernel

extension PrimaryBackup.Message: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    switch self {
    case .ping(let ping):
      hasher.combine(1)
      hasher.combine(ping.incarnation)
      hasher.combine(ping.acknowledged)
      hasher.combine(ping.adopted)
      hasher.combine(ping.carriesOnFrom)
    case .view(let view, let asked):
      hasher.combine(asked ? 2 : 3)
      hasher.combine(view)
    case .viewRequest: hasher.combine(4)
    case .request(let request):
      hasher.combine(5)
      hasher.combine(request.id)
      hasher.combine(operation: request.operation)
      hasher.combine(Int(request.lowestOpen))
    case .reply(let request, let response):
      hasher.combine(6)
      hasher.combine(request)
      hasher.combine(response: response)
    case .refusal(let request, let view):
      hasher.combine(7)
      hasher.combine(request)
      hasher.combine(view)
    case .forward(let ordered, let view):
      hasher.combine(8)
      hasher.combine(ordered)
      hasher.combine(view)
    case .snapshot(let snapshot):
      hasher.combine(9)
      hasher.combine(snapshot.view)
      hasher.combine(snapshot.replica)
    case .acknowledgement(let view, let sequence):
      hasher.combine(10)
      hasher.combine(view)
      hasher.combine(sequence)
    case .rejection(let view, let current):
      hasher.combine(11)
      hasher.combine(view)
      hasher.combine(current)
    }
  }
}

extension PrimaryBackup.OrderedOperation: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(sequence)
    hasher.combine(request)
    hasher.combine(operation: operation)
    hasher.combine(drawn)
    hasher.combine(Int(lowestOpen))
  }
}

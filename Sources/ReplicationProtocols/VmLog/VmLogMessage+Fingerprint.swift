import LinearizabilityChecking
import SimulationKernel

extension VmLog.GuestInput: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    switch self {
    case .request(let request):
      hasher.combine(1)
      hasher.combine(request)
    case .completion(let number, let value):
      hasher.combine(2)
      hasher.combine(number)
      hasher.combine(value)
    case .clock(let reading):
      hasher.combine(3)
      hasher.combine(reading)
    }
  }
}

extension VmLog.Entry: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(sequence)
    switch kind {
    case .output: hasher.combine(-1)
    case .input(let input, let instruction):
      hasher.combine(instruction)
      hasher.combine(input)
    }
  }
}

extension VmLog.Snapshot: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(session)
    hasher.combine(primaryIncarnation)
    hasher.combine(guest)
    hasher.combine(sequence)
  }
}

extension VmLog.Message: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    switch self {
    case .request(let request):
      hasher.combine(1)
      hasher.combine(request)
    case .reply(let request, let response):
      hasher.combine(2)
      hasher.combine(request)
      hasher.combine(response: response)
    case .refusal(let request):
      hasher.combine(3)
      hasher.combine(request)
    case .live(let number): Self.combine([4, number], &hasher)
    case .log(let session, let entry, let released):
      Self.combine([5, session.number, session.attempt, released], &hasher)
      hasher.combine(entry)
    case .heartbeat(let session, let released):
      Self.combine([6, session.number, session.attempt, released], &hasher)
    case .acknowledgement(let session, let sequence):
      Self.combine([7, session.number, session.attempt, sequence], &hasher)
    case .recruit(let number, let attempt): Self.combine([8, number, attempt], &hasher)
    case .ready(let number, let attempt, let incarnation):
      Self.combine([9, number, attempt, incarnation], &hasher)
    case .state(let snapshot, let incarnation):
      Self.combine([10, incarnation], &hasher)
      hasher.combine(snapshot)
    case .testAndSet(let expected, let incarnation):
      Self.combine([11, expected, incarnation], &hasher)
    case .protect(let number, let incarnation, let backup):
      Self.combine([12, number, incarnation], &hasher)
      hasher.combine(backup)
    case .configuration(let configuration):
      hasher.combine(13)
      hasher.combine(configuration)
    case .disk(let operation, let number, let incarnation):
      Self.combine([14, number, incarnation], &hasher)
      hasher.combine(operation)
    case .completion(let number, let value):
      Self.combine([15, number], &hasher)
      hasher.combine(value)
    case .failed(let member):
      hasher.combine(16)
      hasher.combine(member)
    }
  }

  private static func combine(_ numbers: [Int], _ hasher: inout StableHasher) {
    for number in numbers { hasher.combine(number) }
  }
}

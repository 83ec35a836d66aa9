import LinearizabilityChecking
import SimulationKernel

extension MirroredRegister {
  /// A value with its stamp: a number, and the client that gave it.
  public struct Stamped: Hashable, Comparable, Sendable, Fingerprintable {
    var number = 0
    var client = 0
    var value = ""

    public static func < (left: Stamped, right: Stamped) -> Bool {
      (left.number, left.client) < (right.number, right.client)
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(number)
      hasher.combine(client)
      hasher.combine(value)
    }
  }

  public enum Message: NodeMessage {
    public typealias Operation = LinearizabilityChecking.Operation
    public typealias Response = LinearizabilityChecking.Response

    case ask(RequestID, key: Int)
    case held(RequestID, Stamped)
    case store(RequestID, key: Int, Stamped)
    case stored(RequestID)

    public var summary: String {
      switch self {
      case .ask(let request, let key): "Ask(\(request.number), \(key))"
      case .held(let request, let held): "Held(\(request.number), \(held.number) \(held.value))"
      case .store(let request, let key, let new):
        "Store(\(request.number), \(key), \(new.number) \(new.value))"
      case .stored(let request): "Stored(\(request.number))"
      }
    }

    public func fingerprint(into hasher: inout StableHasher) {
      switch self {
      case .ask(let request, let key): combine(1, request, key, nil, &hasher)
      case .held(let request, let held): combine(2, request, 0, held, &hasher)
      case .store(let request, let key, let new): combine(3, request, key, new, &hasher)
      case .stored(let request): combine(4, request, 0, nil, &hasher)
      }
    }

    private func combine(
      _ kind: Int, _ request: RequestID, _ key: Int, _ value: Stamped?,
      _ hasher: inout StableHasher
    ) {
      hasher.combine(kind)
      hasher.combine(request)
      hasher.combine(key)
      if let value { hasher.combine(value) }
    }
  }
}

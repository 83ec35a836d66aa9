import SimulationKernel

/// What a check found wrong.
public struct Violation: Hashable, Sendable {
  public var check: CheckName
  /// One sentence with the nodes, requests and values concerned.
  public var message: String
  /// The step after which it was seen; 0 until the cluster fills it in.
  public var step = 0
  public var time = VirtualTime.start

  public init(_ check: CheckName, _ message: String) {
    self.check = check
    self.message = message
  }
}

/// The checks by the names that scenario files use.
public enum CheckName: String, Hashable, Sendable, CaseIterable {
  case linearizability
  case updatePropagation = "update-propagation"
  case inProcessRequests = "in-process-requests"
  case durability
  case atMostOnce = "at-most-once"
  case viewValidity = "view-validity"
  case splitBrain = "split-brain"
  case convergence
  case progress

  /// What it observes and what it demands, in one sentence.
  public var help: String {
    switch self {
    case .linearizability:
      "the clients' history has an order that explains every answer and respects real time"
    case .updatePropagation:
      "after every step, each chain server's history is a prefix of its predecessor's"
    case .inProcessRequests:
      "after every step, a server's history is its successors' followed by what it has in Sent"
    case .durability:
      "no acknowledged update is missing from a replica at the end, unless a later one replaced it"
    case .atMostOnce:
      "no replica applies a request twice, and no value contains an update's token twice"
    case .viewValidity:
      "each view follows from the one before by the rules of the view service"
    case .splitBrain:
      "no server answers what it accepted after a later view's server had begun to answer"
    case .convergence:
      "at the end, the members of the current view hold the same contents; where there are disks, "
        + "none is still joining, and none ends its process for no fault of a disk"
    case .progress:
      "once faults are healed, every operation completes within the scenario's time"
    }
  }
}

/// A set of checks.
public struct CheckSet: Hashable, Sendable, ExpressibleByArrayLiteral {
  @usableFromInline var bits: UInt32 = 0

  public init(_ names: some Sequence<CheckName>) {
    for name in names { insert(name) }
  }

  public init(arrayLiteral elements: CheckName...) {
    self.init(elements)
  }

  public static let all = CheckSet(CheckName.allCases)

  public func contains(_ name: CheckName) -> Bool { bits & Self.bit(of: name) != 0 }
  public mutating func insert(_ name: CheckName) { bits |= Self.bit(of: name) }
  public mutating func remove(_ name: CheckName) { bits &= ~Self.bit(of: name) }

  /// The members in the order of ``CheckName``.
  public var names: [CheckName] { CheckName.allCases.filter { contains($0) } }

  static func bit(of name: CheckName) -> UInt32 {
    1 << UInt32(CheckName.allCases.firstIndex(of: name) ?? 31)
  }
}

import LinearizabilityChecking
import SimulationKernel

/// One step of a cluster. Every driver is a way of choosing the next action; what an action does is
/// decided in one place, ``Cluster/apply(_:at:crash:)``.
public enum ClusterAction: Hashable, Sendable {
  /// The node's process starts: for the first time, or again after a crash.
  case start(NodeID)
  /// Delivers one parcel: the first of its channel, unless the network reorders.
  case deliver(from: NodeID, to: NodeID, number: UInt32)
  /// Loses one parcel.
  case lose(from: NodeID, to: NodeID, number: UInt32)
  /// Puts a second copy of a parcel on its way.
  case duplicate(from: NodeID, to: NodeID, number: UInt32)
  case fire(NodeID, TimerID)
  /// Runs a continuation that the node put off.
  case resume(NodeID, Int)
  /// A client invokes its next operation.
  case invoke(NodeID, Operation)
  /// A server's process dies between two steps.
  case crash(NodeID, CrashKind)
  /// Every server loses power at once.
  case clusterPowerLoss
  /// A perfect detector tells the coordinator that a server's process is dead.
  case reportFailure(NodeID)
  /// Cuts a link in one direction.
  case cut(from: NodeID, to: NodeID)
  case heal(from: NodeID, to: NodeID)
  /// The node's disk writes some of its cache back by itself.
  case writeBack(NodeID)
  /// A server's disk gets a storage fault, which strikes at once or waits for its moment.
  indirect case faultDisk(NodeID, StorageFaultRequest)
  /// What waits to strike a server's disk will not.
  case calmDisk(NodeID)

  /// The node whose handler runs, or whose process or disk changes; `nil` for what concerns links
  /// or several nodes.
  @inlinable
  public var node: NodeID? {
    switch self {
    case .start(let node), .fire(let node, _), .resume(let node, _), .invoke(let node, _),
      .crash(let node, _), .writeBack(let node), .deliver(_, let node, _),
      .faultDisk(let node, _), .calmDisk(let node):
      node
    case .lose, .duplicate, .clusterPowerLoss, .reportFailure, .cut, .heal: nil
    }
  }
}

/// How a process ends.
public enum CrashKind: String, Hashable, Sendable, CaseIterable {
  /// The process dies; the page cache survives.
  case process
  /// The machine loses power; what was not synced may be lost.
  case powerLoss
}

/// An action with everything else that was decided about it: enough to do it again without any
/// generator.
public struct RecordedStep: Hashable, Sendable {
  public var time: VirtualTime
  public var action: ClusterAction
  /// Set if the node crashed within the step.
  public var crash: CrashWithinStep?
  /// Outcomes of `choose`, of cut points of channels and of disk operations, in order.
  public var choices: [UInt32]
  /// What the step decided about an open disk, or about a storage fault, in order.
  public var decisions: [UInt32]

  public init(
    time: VirtualTime, action: ClusterAction, crash: CrashWithinStep? = nil,
    choices: [UInt32] = [], decisions: [UInt32] = []
  ) {
    self.time = time
    self.action = action
    self.crash = crash
    self.choices = choices
    self.decisions = decisions
  }
}

/// A crash after the first `effectCount` effects of a step: they happened, the rest did not.
public struct CrashWithinStep: Hashable, Sendable {
  public var effectCount: Int
  public var kind: CrashKind

  public init(effectCount: Int, kind: CrashKind) {
    self.effectCount = effectCount
    self.kind = kind
  }
}

extension ClusterAction: Fingerprintable {
  @inlinable
  public func fingerprint(into hasher: inout StableHasher) {
    switch self {
    case .start(let node): combine(1, node, node, 0, &hasher)
    case .deliver(let from, let to, let number): combine(2, from, to, number, &hasher)
    case .lose(let from, let to, let number): combine(3, from, to, number, &hasher)
    case .duplicate(let from, let to, let number): combine(4, from, to, number, &hasher)
    case .fire(let node, let timer):
      combine(5, node, node, UInt32(bitPattern: timer.tag), &hasher)
      hasher.combine(UInt64(timer.kind.rawValue))
    case .resume(let node, let continuation):
      combine(6, node, node, UInt32(truncatingIfNeeded: continuation), &hasher)
    case .invoke(let node, let operation):
      combine(7, node, node, 0, &hasher)
      operation.fingerprint(into: &hasher)
    case .crash(let node, let kind):
      combine(8, node, node, kind == .process ? 0 : 1, &hasher)
    case .clusterPowerLoss: hasher.combine(9 as UInt64)
    case .reportFailure(let node): combine(10, node, node, 0, &hasher)
    case .cut(let from, let to): combine(11, from, to, 0, &hasher)
    case .heal(let from, let to): combine(12, from, to, 0, &hasher)
    case .writeBack(let node): combine(13, node, node, 0, &hasher)
    case .faultDisk(let node, let request):
      combine(14, node, node, 0, &hasher)
      hasher.combine(request.description)
    case .calmDisk(let node): combine(15, node, node, 0, &hasher)
    }
  }

  /// One word: 8 bits of kind, 12 of each node, 32 of number.
  @inlinable
  func combine(
    _ kind: UInt64, _ from: NodeID, _ to: NodeID, _ number: UInt32, _ hasher: inout StableHasher
  ) {
    hasher.combine(
      kind &<< 56 | UInt64(from.index) &<< 44 | UInt64(to.index) &<< 32 | UInt64(number))
  }
}

extension Operation: Fingerprintable {
  @inlinable
  public func fingerprint(into hasher: inout StableHasher) {
    switch self {
    case .get(let key): combine(1, key, &hasher)
    case .put(let key, let value):
      combine(2, key, &hasher)
      hasher.combine(value)
    case .append(let key, let value):
      combine(3, key, &hasher)
      hasher.combine(value)
    case .putDrawn(let key, let value, let outcomes):
      combine(4 | UInt64(truncatingIfNeeded: outcomes) &<< 4, key, &hasher)
      hasher.combine(value)
    case .compareAndSet(let key, let expected, let new):
      combine(5, key, &hasher)
      hasher.combine(expected)
      hasher.combine(new)
    case .readBlocks(let first, let count):
      combine(6 | UInt64(truncatingIfNeeded: count) &<< 4, first, &hasher)
    case .writeBlocks(let first, let count, let value):
      combine(7 | UInt64(truncatingIfNeeded: count) &<< 4, first, &hasher)
      hasher.combine(value)
    }
  }

  @inlinable
  func combine(_ kind: UInt64, _ key: Int, _ hasher: inout StableHasher) {
    hasher.combine(kind &<< 48 ^ UInt64(bitPattern: Int64(key)))
  }
}

import SimulationKernel
import Synchronization

/// A study of how a protocol uses its files: which calls it makes, or what happens if one of them
/// is mutated. Shared by all runs of a scenario; what it collects does not depend on their order.
public final class FileStudy: Sendable {
  /// What is mutated; `nil` to note the calls instead.
  public let mutation: FileMutation?
  private let findings = Mutex(Findings())

  private struct Findings: Sendable {
    var mutations: [FileMutation: MutationFinding] = [:]
    /// The steps so far, by their calls.
    var steps: Set<[FileCall.Key]> = []
    var changes = 0
    var losses = 0
  }

  public init(_ mutation: FileMutation? = nil) {
    self.mutation = mutation
  }

  /// Every mutation that the calls so far allow, in the order of the source.
  public var mutations: [MutationFinding] {
    findings.withLock { $0.mutations.values.sorted { $0.mutation < $1.mutation } }
  }

  /// Whether the mutation made a difference to any call.
  public var hasChanged: Bool { findings.withLock { $0.changes > 0 } }

  /// Whether a server lost power after the mutation had made a difference to its calls.
  public var hasLostPowerSince: Bool { findings.withLock { $0.losses > 0 } }

  func noteChange() { findings.withLock { $0.changes += 1 } }
  func noteLoss() { findings.withLock { $0.losses += 1 } }

  /// Whether no step so far made these calls at these sites.
  func isNew(_ calls: [FileCall]) -> Bool {
    let key = calls.map(\.key)
    return findings.withLock { $0.steps.insert(key).inserted }
  }

  func note(_ found: [(FileMutation, first: FileCall, second: FileCall?)]) {
    findings.withLock { findings in
      for (mutation, first, second) in found {
        let finding = MutationFinding(mutation, first, second)
        findings.mutations[mutation, default: finding].add(finding)
      }
    }
  }

  /// What is known of a swap of a read and an operation.
  func finding(of mutation: FileMutation) -> MutationFinding? {
    findings.withLock { $0.mutations[mutation] }
  }

  func note(_ mutation: FileMutation, isIndependent: Bool, makesDifference: Bool) {
    findings.withLock { findings in
      if isIndependent { findings.mutations[mutation]?.isIndependent = true }
      if makesDifference { findings.mutations[mutation]?.makesDifference = true }
    }
  }
}

/// A mutation, and the calls that it is about.
public struct MutationFinding: Hashable, Sendable {
  public let mutation: FileMutation
  /// The calls by their names in C and with the paths of one of their occurrences, the same
  /// whatever the order of the runs.
  public private(set) var first: String
  public private(set) var second: String?
  /// For a read and the operation after it: whether the operation was ever the same without the
  /// result of the read. Only then can they change places. True for all else.
  public internal(set) var isIndependent: Bool
  /// For a swap with a read: whether the read was ever answered otherwise. If not, the order does
  /// not matter. True for all else.
  public internal(set) var makesDifference: Bool

  init(_ mutation: FileMutation, _ first: FileCall, _ second: FileCall?) {
    self.mutation = mutation
    self.first = first.description
    self.second = second?.description
    isIndependent = !first.isRead
    makesDifference = !first.isRead && second?.isRead != true
  }

  mutating func add(_ other: MutationFinding) {
    if (other.first, other.second ?? "") < (first, second ?? "") {
      (first, second) = (other.first, other.second)
    }
    isIndependent = isIndependent || other.isIndependent
    makesDifference = makesDifference || other.makesDifference
  }

  /// What two studies found out together.
  public func joined(_ other: MutationFinding) -> MutationFinding {
    var both = self
    both.add(other)
    return both
  }
}

/// What a study keeps of one world.
struct FileStudyState: Sendable, Fingerprintable {
  /// An operation at the end of a step, and the continuation that the step left.
  struct Last: Sendable {
    var call: FileCall
    var continuation: Int
  }

  let study: FileStudy
  /// By server: operations that have been put off until their continuation.
  var delayed: [[Last]]
  /// By server: where steps ended, noted to find neighbours across steps.
  var ends: [[Last]]
  /// By server: whether the mutation has made a difference to its calls.
  var hasChanged: [Bool]

  init(_ study: FileStudy, serverCount: Int) {
    self.study = study
    delayed = Array(repeating: [], count: serverCount)
    ends = delayed
    hasChanged = Array(repeating: false, count: serverCount)
  }

  mutating func forget(_ node: NodeID) {
    delayed[node.index].removeAll()
    ends[node.index].removeAll()
  }

  mutating func takeDelayed(_ continuation: Int?, of node: NodeID) -> FileCall? {
    Self.take(continuation, from: &delayed[node.index])
  }

  mutating func takeEnd(_ continuation: Int?, of node: NodeID) -> FileCall? {
    Self.take(continuation, from: &ends[node.index])
  }

  private static func take(_ continuation: Int?, from list: inout [Last]) -> FileCall? {
    guard let index = list.firstIndex(where: { $0.continuation == continuation }) else {
      return nil
    }
    return list.remove(at: index).call
  }

  mutating func noteChange(of node: NodeID) {
    if !hasChanged[node.index] { study.noteChange() }
    hasChanged[node.index] = true
  }

  func fingerprint(into hasher: inout StableHasher) {
    for server in delayed {
      for last in server {
        hasher.combine(last.continuation)
        hasher.combine(last.call.description)
      }
      hasher.combine(server.count)
    }
  }
}

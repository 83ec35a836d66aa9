import SimulationKernel

/// Everything in a program that happens or does not: its micro-operations, the completion of its
/// syncs, and its prints, with what each requires. A crash state is a closed set of these: what is
/// not in it was lost or had not been reached.
///
/// Rules, from the abstract persistence models of Pillai et al. (OSDI 2014), section 3: a sync
/// requires what it covers; whatever follows a sync requires it; whatever follows a print requires
/// that; a print requires earlier syncs only; the profile's ordering rules add the rest.
struct ProgramGraph: Sendable {
  enum Event: Sendable {
    case change(MicroOperation)
    case sync
    case print
  }

  struct Node: Sendable {
    var event: Event
    /// The index of the call that it is part of.
    var call: Int
    var requires: [Int]
    /// It happens whenever the node before it does: one call of a disk that makes everything
    /// durable, whole, when the call returns.
    var isBound = false
  }

  private(set) var nodes: [Node] = []
  /// The disk before the program.
  let base: DiskImage
  private var lastSync: Int?
  private var lastPrint: Int?
  private var nodeOfSerial: [Int: Int] = [:]
  private let isImmediate: Bool

  init(_ program: DiskProgram, _ profile: PersistenceProfile) throws(DiskProgramError) {
    isImmediate = profile.durability == .immediately
    var lasting = profile
    // A disk that makes everything durable at once goes through prefixes: a chain of nodes.
    lasting.durability = .whenForced
    var disk = try program.start(lasting)
    base = disk.durable
    for (index, call) in program.calls.enumerated() {
      guard call.isAligned else { throw .unaligned(index) }
      do throws(FileError) {
        try add(call, index, &disk)
      } catch {
        throw .call(index, error)
      }
      if nodes.count > DiskProgram.largestMicroOperationCount { throw .tooLarge(index) }
    }
  }

  private mutating func add(
    _ call: DiskProgram.Call, _ index: Int, _ disk: inout DiskState
  ) throws(FileError) {
    let firstSerial = disk.nextSerial
    switch call {
    case .print:
      append(.print, index, [])
      lastPrint = nodes.count - 1
    case .sync(let path):
      let inode = try disk.visible.target(of: FilePath(path)).inode
      let covered = disk.coveredBySync(of: inode).map { disk.log[$0].operation.serial }
      try disk.carryOut(call)
      append(.sync, index, covered.compactMap { nodeOfSerial[$0] })
      lastSync = nodes.count - 1
    default:
      try disk.carryOut(call)
      for entry in disk.log where entry.operation.serial >= firstSerial {
        nodeOfSerial[entry.operation.serial] = nodes.count
        append(
          .change(entry.operation), index,
          entry.operation.requires.compactMap { nodeOfSerial[$0] })
      }
    }
  }

  private mutating func append(_ event: Event, _ call: Int, _ requires: [Int]) {
    var requires = requires + [lastSync, lastPrint].compactMap { $0 }
    if isImmediate, !nodes.isEmpty { requires.append(nodes.count - 1) }
    let isBound = isImmediate && nodes.last?.call == call
    nodes.append(Node(event: event, call: call, requires: requires, isBound: isBound))
  }

  var closedSets: ClosedSets { ClosedSets(requirements: nodes.map(\.requires)) }
}

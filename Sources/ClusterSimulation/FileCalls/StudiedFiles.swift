import DiskSimulation
import SimulationKernel

/// A node's files that note every call, and carry some of them out in another order. Made for one
/// run of a handler.
struct StudiedFiles: FileService {
  private(set) var disk: VirtualDisk
  private(set) var calls: [FileCall] = []
  /// Whether a call was carried out in another way, so that something may be different.
  private(set) var hasChanged = false
  /// Whether the handler made another call than the one whose order was changed.
  private(set) var hasDiverged = false
  /// An operation that was put off and is due before the next call.
  private(set) var owed: FileOperation?

  private var orders: CallOrders
  /// The calls of the step without any change.
  private let rehearsed: [FileCall]
  /// A read that is answered otherwise, to see what depends on it.
  private let lie: (position: Int, answer: FileCall.Answer)?
  private var site = CallSite("", 0)
  private var before: VirtualDisk?

  init(
    _ disk: VirtualDisk, orders: CallOrders = [:], rehearsed: [FileCall] = [],
    lie: (position: Int, answer: FileCall.Answer)? = nil
  ) {
    self.disk = disk
    self.orders = orders
    self.rehearsed = rehearsed
    self.lie = lie
  }

  mutating func nextCall(isAt site: CallSite) { self.site = site }

  func dirtyBlockCount(for operation: FileOperation) -> Int {
    disk.dirtyBlockCount(for: operation)
  }

  // MARK: Operations

  mutating func perform(_ operation: FileOperation) throws(FileError) {
    let order = note(FileCall(site: site, kind: .perform(operation)))
    do throws(FileError) {
      try payDebt()
      try carryOut(operation, order)
    } catch {
      // What the handler does now is its answer to a failure, not the calls of the rehearsal.
      orders.removeAll()
      throw error
    }
  }

  private mutating func carryOut(
    _ operation: FileOperation, _ order: CallOrder?
  ) throws(FileError) {
    switch order {
    case .skipping: hasChanged = true
    case .performing(let other):
      hasChanged = true
      try disk.perform(other)
    case .keepingBefore:
      before = disk
      try disk.perform(operation)
    case .isDone: break
    case .performingBefore(let late):
      hasChanged = true
      try disk.perform(operation)
      owed = late
    case .readingBefore, .readingAfter, .answering, nil: try disk.perform(operation)
    }
  }

  /// Does what was put off.
  mutating func payDebt() throws(FileError) {
    guard let late = owed else { return }
    owed = nil
    try disk.perform(late)
  }

  // MARK: Reads

  mutating func read(
    _ path: String, offset: Int, count: Int
  ) throws(FileError) -> [UInt8] {
    let answer = try answer(.read(path, offset: offset, count: count)) {
      disk throws(FileError) in .bytes(try disk.read(path, offset: offset, count: count))
    }
    if case .bytes(let bytes) = answer { return bytes }
    return []
  }

  mutating func size(of path: String) throws(FileError) -> Int {
    let answer = try answer(.size(path)) {
      disk throws(FileError) in .size(try disk.size(of: path))
    }
    if case .size(let size) = answer { return size }
    return 0
  }

  mutating func list(_ path: String) throws(FileError) -> [String] {
    let answer = try answer(.list(path)) {
      disk throws(FileError) in .names(try disk.list(path))
    }
    if case .names(let names) = answer { return names }
    return []
  }

  private mutating func answer(
    _ kind: FileCall.Kind,
    _ read: (inout VirtualDisk) throws(FileError) -> FileCall.Answer
  ) throws(FileError) -> FileCall.Answer {
    let position = calls.count
    let order = note(FileCall(site: site, kind: kind))
    try payDebt()
    var answer: FileCall.Answer
    let decided = disk.takenDecisions.count
    switch order {
    case .readingBefore(let operation): answer = try readBefore(operation, read)
    case .readingAfter(let operation):
      try disk.perform(operation)
      answer = Self.result(&disk, read)
    case .answering(let known): answer = known
    default: answer = Self.result(&disk, read)
    }
    calls[position].isDecision = disk.takenDecisions.count > decided
    if order != nil, position < rehearsed.count, rehearsed[position].answer != answer {
      hasChanged = true
    }
    if let lie, lie.position == position { answer = lie.answer }
    calls[position].answer = answer
    if case .refused(let error) = answer { throw error }
    return answer
  }

  private static func result(
    _ disk: inout VirtualDisk, _ read: (inout VirtualDisk) throws(FileError) -> FileCall.Answer
  ) -> FileCall.Answer {
    do throws(FileError) { return try read(&disk) } catch { return .refused(error) }
  }

  /// Answers from the disk before an operation; what that decides holds after it too.
  private mutating func readBefore(
    _ operation: FileOperation, _ read: (inout VirtualDisk) throws(FileError) -> FileCall.Answer
  ) throws(FileError) -> FileCall.Answer {
    guard var earlier = before else { return Self.result(&disk, read) }
    let answer = Self.result(&earlier, read)
    if earlier.takenDecisions.count > disk.takenDecisions.count {
      try earlier.perform(operation)
      disk = earlier
    }
    before = nil
    return answer
  }

  /// Adds a call to the list.
  /// - Returns: what becomes of it.
  private mutating func note(_ call: FileCall) -> CallOrder? {
    let position = calls.count
    calls.append(call)
    guard let order = orders[position] else { return nil }
    if position < rehearsed.count, rehearsed[position].isSame(as: call) { return order }
    hasDiverged = true
    return nil
  }
}

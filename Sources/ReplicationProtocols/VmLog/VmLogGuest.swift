import LinearizabilityChecking
import SimulationKernel

extension VmLog {
  /// An operation of the virtual disk, which is the shared one.
  public struct DiskOperation: Hashable, Sendable, Fingerprintable {
    /// 1 and up, in the guest's order; the same on every machine that runs the guest.
    var number: Int
    var key: Int
    /// `nil` for a read.
    var written: String?

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(number)
      hasher.combine(key)
      hasher.combine(written != nil)
      hasher.combine(written ?? "")
    }
  }

  /// What reaches the guest from outside.
  public enum GuestInput: Hashable, Sendable {
    case request(Request)
    /// The interrupt of a completed disk operation, with what was read.
    case completion(Int, String)
    /// The result of the instruction that reads the clock.
    case clock(Int)
  }

  /// What the guest does that the machine below it sees.
  enum GuestAction: Hashable, Sendable {
    /// The guest reads the clock and waits; of the result it uses as many different values.
    case readClock(Int)
    case disk(DiskOperation)
    case reply(RequestID, Response)
    /// An update took effect, at this place of the guest's history.
    case applied(RequestID, Int)
  }

  /// The deterministic guest: a key-value service that does one request after the other. An
  /// update changes memory, goes to the disk, even if it changed nothing, and is answered when it
  /// is there; a get is answered with what the disk holds. What is drawn depends on the clock and
  /// on the instruction at which the guest has arrived.
  ///
  /// Two guests that are given the same inputs at the same instructions are equal.
  struct Guest: Hashable, Sendable, Fingerprintable {
    /// The request that is being carried out.
    private struct Task: Hashable, Sendable {
      var request: Request
      /// `nil` while the guest waits for the clock.
      var disk: DiskOperation?
      /// Of an update, what to answer when the disk is done.
      var response: Response?
    }

    private(set) var memory = PrimaryBackup.Replica()
    private(set) var instructions = 0
    private var waiting: [Request] = []
    private var task: Task?
    private var diskOperations = 0

    /// The disk operation without a completion; at most one.
    var pendingDisk: DiskOperation? { task?.disk }

    /// The requests that the guest has taken and not answered, in its order.
    var open: [RequestID] { (task.map { [$0.request.id] } ?? []) + waiting.map(\.id) }

    /// The number of clock values if the guest waits for the clock.
    var wantsClock: Int? {
      guard let task, task.disk == nil else { return nil }
      return Self.outcomes(of: task.request.operation)
    }

    /// Runs the guest to an instruction, gives it an input there, and runs it until it waits.
    mutating func deliver(_ input: GuestInput, at instruction: Int) -> [GuestAction] {
      instructions = max(instructions, instruction)
      switch input {
      case .request(let request): return receive(request)
      case .completion(let number, let value): return complete(number, value)
      case .clock(let reading):
        guard let task, task.disk == nil else { return [] }
        let outcomes = Self.outcomes(of: task.request.operation)
        return update(task.request, drawn: (reading + instructions) % outcomes)
      }
    }

    private mutating func receive(_ request: Request) -> [GuestAction] {
      if open.contains(request.id) { return [] }
      if memory.table.contains(request.id) {
        return memory.table.answer(to: request.id).map { [.reply(request.id, $0)] } ?? []
      }
      waiting.append(request)
      return task == nil ? beginNext() : []
    }

    private mutating func beginNext() -> [GuestAction] {
      guard !waiting.isEmpty else { return [] }
      let request = waiting.removeFirst()
      switch request.operation {
      case .get(let key):
        task = Task(request: request, disk: nextDisk(key, nil))
        return pendingDisk.map { [.disk($0)] } ?? []
      case .putDrawn:
        task = Task(request: request)
        return [.readClock(Self.outcomes(of: request.operation))]
      default: return update(request, drawn: 0)
      }
    }

    private mutating func update(_ request: Request, drawn: Int) -> [GuestAction] {
      let response = memory.execute(ordered(request, drawn: drawn))
      let applied = GuestAction.applied(request.id, memory.sequence)
      let key = request.operation.firstKey
      let disk = nextDisk(key, memory.value(of: key))
      task = Task(request: request, disk: disk, response: response)
      return [applied, .disk(disk)]
    }

    private mutating func complete(_ number: Int, _ value: String) -> [GuestAction] {
      guard let done = task, let disk = done.disk, disk.number == number else { return [] }
      task = nil
      let response = done.response ?? .value(value)
      if disk.written == nil { memory.enter(ordered(done.request, drawn: 0), answered: response) }
      return [.reply(done.request.id, response)] + beginNext()
    }

    private func ordered(_ request: Request, drawn: Int) -> PrimaryBackup.OrderedOperation {
      PrimaryBackup.OrderedOperation(
        sequence: memory.sequence + 1, request: request.id, operation: request.operation,
        drawn: drawn, lowestOpen: request.lowestOpen)
    }

    private mutating func nextDisk(_ key: Int, _ written: String?) -> DiskOperation {
      diskOperations += 1
      return DiskOperation(number: diskOperations, key: key, written: written)
    }

    private static func outcomes(of operation: Operation) -> Int {
      if case .putDrawn(_, _, let outcomes) = operation { max(outcomes, 1) } else { 1 }
    }

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(memory)
      hasher.combine(instructions)
      hasher.combine(diskOperations)
      hasher.combine(contentsOf: waiting)
      hasher.combine(task != nil)
      guard let task else { return }
      hasher.combine(task.request)
      hasher.combine(task.disk != nil)
      if let disk = task.disk { hasher.combine(disk) }
      hasher.combine(task.response != nil)
      if let response = task.response { hasher.combine(response: response) }
    }
  }
}

extension PrimaryBackup.Request: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(id)
    hasher.combine(operation: operation)
    hasher.combine(Int(lowestOpen))
  }
}

import DiskSimulation
import LinearizabilityChecking
import SimulationKernel

/// Steps of servers whose file calls are studied. A handler is a pure function, so it can be run
/// first as a rehearsal, which shows the calls that it is going to make; then, on the same memory
/// and with the same choices, with some of them changed; and, if it crashes on the way, once more
/// up to the crash.
extension Cluster {
  @usableFromInline
  mutating func runStudied(
    _ node: NodeID, _ input: Input<Subject.Message>, _ crash: CrashRequest?
  ) {
    let step = StudiedStep<Subject>(
      node: node, input: input, memory: servers[node.index], host.choices)
    if case .start = input { disks.study?.forget(node) }
    let late = disks.study?.takeDelayed(input.continuation, of: node)
    let disk = disks.disk(of: node, decisions: offeredDecisions)
    var undelayed = disk
    if let operation = late?.operation { try? undelayed.perform(operation) }

    var files = attempt(step, StudiedFiles(undelayed))
    if disks.study?.study.mutation == nil, note(files.calls, of: step, undelayed) {
      files = attempt(step, StudiedFiles(undelayed))
    }
    let calls = files.calls
    let change = change(calls, late)
    var start = change.isLate ? disk : undelayed
    var orders = change.orders
    if !orders.isEmpty {
      files = attempt(step, StudiedFiles(start, orders: orders, rehearsed: calls))
      if files.hasDiverged {
        (start, orders) = (undelayed, [:])
        files = attempt(step, StudiedFiles(start))
      }
    }
    if let crash, let place = crashPosition(crash, of: node, upTo: host.records.count) {
      report.effectCount = host.records.count
      files = attempt(
        step, StudiedFiles(start, orders: orders, rehearsed: calls), limit: place.effectCount)
      report.crash = place
    }
    // A process that dies right after the first operation has not done what was put off.
    if report.crash?.effectCount != firstFileEffect + 1 { try? files.payDebt() }
    if let delayed = change.delayed, orders[delayed.position] != nil,
      files.calls.count > delayed.position
    {
      disks.study?.delayed[node.index].append(delayed.last)
    }
    if files.hasChanged { disks.study?.noteChange(of: node) }
    disks.keep(files.disk, of: node)
  }

  private mutating func attempt(
    _ step: StudiedStep<Subject>, _ files: StudiedFiles, limit: Int = .max
  ) -> StudiedFiles {
    servers[step.node.index] = step.memory
    host.choices = step.choices
    beginStep(of: step.node)
    host.effectLimit = limit
    host.tellsCallSites = true
    host.files = files
    Self.handle(step.input, by: &servers[step.node.index], &host)
    guard let used = host.files as? StudiedFiles else {
      programmingError("a handler gave back something else than its files", context)
    }
    host.files = NoFiles()
    host.tellsCallSites = false
    return used
  }

  /// The position of the first file operation among the step's effects; the number of effects if
  /// there is none.
  private var firstFileEffect: Int {
    for index in 0..<host.records.count {
      if case .file = host.records[index] { return index }
    }
    return host.records.count
  }

  // MARK: What changes

  /// How the mutation changes the calls of a step.
  private struct Change {
    var orders: CallOrders = [:]
    /// Whether what an earlier step put off comes after the first operation of this one.
    var isLate = false
    /// The operation that this step puts off, and its position.
    var delayed: (last: FileStudyState.Last, position: Int)?
  }

  private func change(_ calls: [FileCall], _ late: FileCall?) -> Change {
    guard let mutation = disks.study?.study.mutation else { return Change() }
    var change = Change(orders: mutation.orders(for: calls))
    guard case .delay(let first, let second) = mutation else { return change }
    if let operation = late?.operation, let place = calls.firstIndex(where: { !$0.isRead }),
      calls[place].site == second, FileMutation.answer(0..<place, in: calls, &change.orders)
    {
      change.orders[place] = .performingBefore(operation)
      change.isLate = true
    }
    if let last = lastOperation(calls), last.call.site == first,
      let place = calls.lastIndex(where: { !$0.isRead }), change.orders[place] == nil
    {
      change.orders[place] = .skipping
      change.delayed = (last, place)
    }
    return change
  }

  /// The last operation of a step that goes on later by itself, without having told anybody
  /// anything since.
  private func lastOperation(_ calls: [FileCall]) -> FileStudyState.Last? {
    guard let call = calls.last(where: { !$0.isRead }) else { return nil }
    var continuation: Int?
    for index in (0..<host.records.count).reversed() {
      switch host.records[index] {
      case .resume(let next): continuation = continuation ?? next
      case .file: return continuation.map { FileStudyState.Last(call: call, continuation: $0) }
      case .send, .complete: return nil
      default: break
      }
    }
    return nil
  }

  // MARK: What there is

  /// Notes the mutations that the calls of a step allow; for a read and the operation after it,
  /// whether that operation needs what was read.
  /// - Returns: whether the handler was run again for that.
  private mutating func note(
    _ calls: [FileCall], of step: StudiedStep<Subject>, _ disk: VirtualDisk
  ) -> Bool {
    guard let study = disks.study?.study, !calls.isEmpty else { return false }
    if let continuation = step.input.continuation,
      let end = disks.study?.takeEnd(continuation, of: step.node),
      let first = calls.first(where: { !$0.isRead })
    {
      study.note([(.delay(end.site, first.site), first: end, second: first)])
    }
    if let last = lastOperation(calls) { disks.study?.ends[step.node.index].append(last) }
    guard study.isNew(calls) else { return false }
    study.note(FileMutation.all(in: calls))
    let pairs = calls.indices.dropLast().filter { calls[$0].isRead != calls[$0 + 1].isRead }
    for index in pairs { examine(index, in: calls, of: step, disk) }
    return !pairs.isEmpty
  }

  /// Finds out whether a read and an operation beside it can change places, and whether that makes
  /// a difference.
  private mutating func examine(
    _ index: Int, in calls: [FileCall], of step: StudiedStep<Subject>, _ disk: VirtualDisk
  ) {
    let mutation = FileMutation.swap(calls[index].site, calls[index + 1].site)
    guard let study = disks.study?.study, let known = study.finding(of: mutation),
      !known.isIndependent || !known.makesDifference
    else { return }
    var isIndependent = !calls[index].isRead
    if calls[index].isRead {
      isIndependent = calls[index].emptyAnswers.allSatisfy { answer in
        let other = attempt(step, StudiedFiles(disk, lie: (index, answer))).calls
        return other.count > index + 1 && other[index + 1].isSame(as: calls[index + 1])
      }
    }
    guard isIndependent else { return }
    let orders = mutation.orders(for: calls)
    let swapped = attempt(step, StudiedFiles(disk, orders: orders, rehearsed: calls))
    // If the handler goes on in another way, it has used what it read after all.
    if swapped.hasDiverged, calls[index].isRead { return }
    study.note(
      mutation, isIndependent: true,
      makesDifference: swapped.hasChanged || swapped.hasDiverged)
  }
}

/// A step to be run several times: the memory before it and the choices in it.
struct StudiedStep<Subject: ReplicationProtocol>
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  let node: NodeID
  let input: Input<Subject.Message>
  let memory: Subject.Server
  let choices: Choices

  init(
    node: NodeID, input: Input<Subject.Message>, memory: Subject.Server, _ choices: Choices
  ) {
    self.node = node
    self.input = input
    self.memory = memory
    self.choices = choices
  }
}

extension Input {
  /// Which continuation runs, if one does.
  var continuation: Int? {
    if case .resume(let continuation) = self { continuation } else { nil }
  }
}

extension FileCall {
  /// What the call might have been answered if there were nothing to read.
  fileprivate var emptyAnswers: [Answer] {
    switch kind {
    case .perform: []
    case .read(let path, _, _): [.refused(.notFound(path)), .bytes([])]
    case .size(let path): [.refused(.notFound(path)), .size(0)]
    case .list(let path): [.refused(.notFound(path)), .names([])]
    }
  }
}

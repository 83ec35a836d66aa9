/// All that a node sees of the world while one of its handlers runs. It collects the handler's
/// effects in order; the cluster carries them out afterwards.
///
/// A node cannot ask whether it is simulated, explored or replayed.
public struct Host<Message: NodeMessage>: Sendable {
  /// The node whose handler runs.
  public var me: NodeID
  /// Which start of the node this is.
  public var incarnation: Incarnation
  public let layout: ClusterLayout
  /// What work costs in this scenario.
  public let costs: CostTable
  @usableFromInline var time = VirtualTime.start
  @usableFromInline var skew = VirtualDuration.zero

  /// The effects of the step so far, in order; the cluster's.
  public var records = ScratchList<EffectRecord>()
  public var messages = ScratchList<Message>()
  public var responses = ScratchList<Message.Response>()
  public var fileOperations = ScratchList<FileOperation>()
  /// For each file operation, what `dirtyBlockCount` was before it.
  public var dirtyBlocks = ScratchList<Int>()
  /// Effects beyond this number are not carried out, so file operations beyond it do nothing and
  /// reads fail: the process is dead by then.
  public var effectLimit = Int.max
  /// After how many effects the handler ended its process; as many as there can be if it did not.
  @usableFromInline var abortPlace = Int.max
  @usableFromInline var abortReason: StaticLabel = ""
  public var observations = ScratchList<Observation>()
  /// The named crash points that the step passed, if ``notesCrashPoints``.
  public var crashPoints: [PassedCrashPoint] = []
  /// Whether anybody asks for named crash points; they are no effects.
  public var notesCrashPoints = true
  /// The recorded outcomes of ``choose(_:)``; the cluster's.
  public var choices: Choices
  /// Whether the files are told where each call comes from; for whoever studies these calls.
  public var tellsCallSites = false
  /// The node's files; put in place by the cluster before a step and taken back afterwards.
  public var files: any FileService = NoFiles()

  public init(layout: ClusterLayout, costs: CostTable, choices: Choices) {
    me = NodeID(0)
    incarnation = Incarnation(1)
    self.layout = layout
    self.costs = costs
    self.choices = choices
  }

  /// Prepares the host for one step of `node`; the cluster's.
  @inlinable
  public mutating func begin(
    _ node: NodeID, incarnation: Incarnation, time: VirtualTime, skew: VirtualDuration
  ) {
    me = node
    self.incarnation = incarnation
    self.time = time
    self.skew = skew
    records.removeAll()
    messages.removeAll()
    responses.removeAll()
    fileOperations.removeAll()
    dirtyBlocks.removeAll()
    effectLimit = .max
    abortPlace = .max
    observations.removeAll()
    if !crashPoints.isEmpty { crashPoints.removeAll() }
  }

  /// Whether the handler ended its process.
  @inlinable
  public var hasAborted: Bool { abortPlace != .max }

  /// Where and why the handler ended its process; `nil` if it did not.
  public var aborted: ProcessAbort? {
    hasAborted ? ProcessAbort(effectCount: abortPlace, reason: abortReason) : nil
  }

  /// Forgets what a handler did after it had ended its process; the cluster's.
  public mutating func endAtAbort() {
    records.count = min(records.count, abortPlace)
  }

  /// The effects of the step so far, in order, in full; for tests and for telling.
  public var effects: [Effect<Message>] {
    records.elements.prefix(abortPlace).map { record in
      switch record {
      case .send(let index, let peer): .send(messages[Int(index)], to: peer)
      case .setTimer(let timer, let delay): .setTimer(timer, after: delay)
      case .cancelTimer(let timer): .cancelTimer(timer)
      case .file(let index): .file(fileOperations[Int(index)])
      case .resume(let continuation): .resume(continuation)
      case .complete(let request, let index): .complete(request, responses[Int(index)])
      case .work(let duration): .work(duration)
      case .accepted(let request, let epoch): .observe(.accepted(request, epoch: epoch))
      case .applied(let request, let number): .observe(.applied(request, sequence: number))
      case .answered(let request, let epoch): .observe(.answered(request, epoch: epoch))
      case .observe(let index): .observe(observations[Int(index)])
      }
    }
  }
}

// MARK: - What handlers call

extension Host {
  @inlinable
  public mutating func send(_ message: Message, to peer: NodeID) {
    records.append(.send(Int32(truncatingIfNeeded: messages.count), to: peer))
    messages.append(message)
  }

  /// Arms a timer, replacing an armed one of the same name.
  @inlinable
  public mutating func setTimer(_ timer: TimerID, after duration: VirtualDuration) {
    records.append(.setTimer(timer, after: duration))
  }

  @inlinable
  public mutating func cancelTimer(_ timer: TimerID) {
    records.append(.cancelTimer(timer))
  }

  /// Ends the step here; the rest runs later as ``Node/resume(_:_:)`` with `continuation`.
  @inlinable
  public mutating func resumeLater(_ continuation: Int) {
    records.append(.resume(continuation))
  }

  /// Gives a client its answer.
  @inlinable
  public mutating func complete(_ request: RequestID, _ response: Message.Response) {
    records.append(.complete(request, Int32(truncatingIfNeeded: responses.count)))
    responses.append(response)
  }

  @inlinable
  public mutating func observe(_ observation: Observation) {
    switch observation {
    case .accepted(let request, let epoch): records.append(.accepted(request, epoch: epoch))
    case .applied(let request, let number): records.append(.applied(request, sequence: number))
    case .answered(let request, let epoch): records.append(.answered(request, epoch: epoch))
    default:
      records.append(.observe(Int32(truncatingIfNeeded: observations.count)))
      observations.append(observation)
    }
  }

  /// Names the boundary before the next effect, so that a scenario can crash the node there.
  @inlinable
  public mutating func crashPoint(_ label: StaticLabel, request: RequestID? = nil) {
    guard notesCrashPoints else { return }
    crashPoints.append(
      PassedCrashPoint(effectCount: records.count, label: label, request: request))
  }

  /// Keeps the node busy for `duration` before its next effect.
  @inlinable
  public mutating func work(lasting duration: VirtualDuration) {
    if duration > .zero { records.append(.work(duration)) }
  }

  /// Keeps the node busy as long as the cost table says for this kind of work.
  @inlinable
  public mutating func work(_ kind: WorkKind) {
    work(lasting: costs[kind])
  }

  /// An outcome in `0..<count` that the protocol leaves open: drawn, replayed or explored.
  @inlinable
  public mutating func choose(_ count: Int) -> Int {
    choices.choose(count)
  }

  /// The node's own clock: virtual time plus the node's skew.
  @inlinable
  public var localClock: VirtualTime { time + skew }
}

// MARK: - Ending the process

/// Where a handler ended its process.
public struct ProcessAbort: Hashable, Sendable {
  /// So many effects happened before.
  public var effectCount: Int
  public var reason: StaticLabel

  public init(effectCount: Int, reason: StaticLabel) {
    self.effectCount = effectCount
    self.reason = reason
  }
}

extension Host {
  /// Ends the server's process here, as `abort` of C does: for a node that must not go on, since
  /// what it relied on has failed. Whatever the handler does afterwards does not happen; the memory
  /// is lost, the files stay as they are, and the process can be started again like after any other
  /// crash. Only servers fail: for any other node it merely ends the step.
  public mutating func abort(_ reason: StaticLabel) {
    // Beyond the limit the process is dead already.
    guard records.count < effectLimit else { return }
    abortPlace = records.count
    abortReason = reason
    effectLimit = records.count
  }
}

// MARK: - Files

/// All of these take their place in the source, for whoever studies file calls; a helper of a
/// protocol passes on who called it (``CallSite``).
extension Host {
  /// Performs a file operation on the visible state and records it as an effect.
  /// - Throws: what the file system answers; a refused operation is no effect.
  public mutating func perform(
    _ operation: FileOperation, from caller: CallSite? = nil, file: StaticString = #fileID,
    line: UInt32 = #line
  ) throws(FileError) {
    waitForStall(of: operation.path)
    guard records.count < effectLimit else { return }
    if tellsCallSites { files.nextCall(isAt: CallSite(file, line, from: caller)) }
    let dirty = files.dirtyBlockCount(for: operation)
    try files.perform(operation)
    dirtyBlocks.append(dirty)
    records.append(.file(Int32(truncatingIfNeeded: fileOperations.count)))
    fileOperations.append(operation)
  }

  public mutating func read(
    _ path: String, offset: Int = 0, count: Int = .max, from caller: CallSite? = nil,
    file: StaticString = #fileID, line: UInt32 = #line
  ) throws(FileError) -> [UInt8] {
    waitForStall(of: path)
    try prepareRead(of: path, CallSite(file, line, from: caller))
    let bytes = try files.read(path, offset: offset, count: count)
    work(lasting: costs[.read] + costs[.readBlock] * Int64(FileBlock.count(of: bytes.count)))
    return bytes
  }

  /// A stall comes before the call that it delays: the process may die while it waits.
  private mutating func waitForStall(of path: String) {
    guard records.count < effectLimit else { return }
    work(lasting: files.takeStall(of: path))
  }

  public mutating func size(
    of path: String, from caller: CallSite? = nil, file: StaticString = #fileID,
    line: UInt32 = #line
  ) throws(FileError) -> Int {
    try prepareRead(of: path, CallSite(file, line, from: caller))
    return try files.size(of: path)
  }

  public mutating func list(
    _ path: String, from caller: CallSite? = nil, file: StaticString = #fileID,
    line: UInt32 = #line
  ) throws(FileError) -> [String] {
    try prepareRead(of: path, CallSite(file, line, from: caller))
    return try files.list(path)
  }

  /// Refuses a call of a process that is dead by now.
  private mutating func prepareRead(
    of path: String, _ site: CallSite
  ) throws(FileError) {
    if records.count >= effectLimit { throw .inputOutput(path) }
    if tellsCallSites { files.nextCall(isAt: site) }
  }
}

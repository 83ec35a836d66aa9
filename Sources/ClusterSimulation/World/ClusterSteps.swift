import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// What a handler is given.
@usableFromInline
enum Input<Message: NodeMessage> {
  case start
  case message(Message, from: NodeID)
  case unavailable(NodeID)
  case timer(TimerID)
  case resume(Int)
}

extension Cluster {
  /// Makes one enabled action happen: runs the handler if there is one, carries out its effects in
  /// order, lets the monitors look. ``report`` then says what became possible.
  ///
  /// - Parameters:
  ///   - action: what happens.
  ///   - time: when it happens; not before ``now``.
  ///   - crash: where the node shall die within the step, if it gets there.
  /// - Returns: false, with nothing changed, if the action is not enabled.
  @inlinable
  public mutating func apply(
    _ action: ClusterAction, at time: VirtualTime, crash: CrashRequest? = nil
  ) -> Bool {
    require(time >= now, "an action lies in the past", context)
    host.choices.begin()
    report.clear()
    disks.forgetDecisions()
    guard isEnabled(action) else { return false }
    host.notesCrashPoints = crash != nil || explores || notesCrashPoints
    now = time
    stepCount += 1
    if keepsDigest {
      digest.combine(action)
      digest.combine(UInt64(bitPattern: time.nanoseconds))
    }
    switch action {
    case .deliver(let sender, let receiver, let number):
      deliver(number, from: sender, to: receiver, crash)
    case .fire(let node, let timer):
      timers[node.index].disarm(timer)
      run(node, .timer(timer), crash)
    case .resume(let node, let continuation):
      removePostponed(continuation, of: node)
      run(node, .resume(continuation), crash)
    case .invoke(let node, let operation): invoke(operation, by: node, crash)
    case .start(let node): start(node, crash)
    default: applyToWorld(action)
    }
    for choice in host.choices.taken { digest.combine(UInt64(choice)) }
    if !disks.isEmpty { finishDecisions() }
    return true
  }

  @inlinable
  mutating func deliver(
    _ number: UInt32, from sender: NodeID, to receiver: NodeID, _ crash: CrashRequest?
  ) {
    guard let parcel = network.take(number, from: sender, to: receiver) else { return }
    switch consume parcel {
    case .message(let message): run(receiver, .message(message, from: sender), crash)
    case .unavailable: run(receiver, .unavailable(sender), crash)
    }
  }

  @inlinable
  mutating func invoke(_ operation: Operation, by node: NodeID, _ crash: CrashRequest?) {
    let client = layout.clientIndex(of: node)
    let request = RequestID(client: node, number: openOperations.nextNumber(client: client))
    let index = keepsHistory ? history.invoke(client: client, operation: operation) : 0
    openOperations.open(request, client: client, historyIndex: index)
    beginStep(of: node)
    clients[client].invoke(request, operation, &host)
    carryOutEffects(of: node, crash)
  }

  /// Runs one handler and carries out its effects.
  @inlinable
  mutating func run(
    _ node: NodeID, _ input: consuming Input<Subject.Message>, _ crash: CrashRequest?
  ) {
    runAlone(node, input, crash)
    carryOutEffects(of: node, crash)
  }

  /// Runs one handler; its effects wait in the host.
  @inlinable
  mutating func runAlone(
    _ node: NodeID, _ input: consuming Input<Subject.Message>, _ crash: CrashRequest?
  ) {
    beginStep(of: node)
    switch layout.role(of: node) {
    case .server where disks.isEmpty: Self.handle(input, by: &servers[node.index], &host)
    case .server: runWithDisk(node, input, crash)
    case .coordinator: Self.handle(input, by: &coordinator, &host)
    case .client: Self.handle(input, by: &clients[layout.clientIndex(of: node)], &host)
    }
  }

  /// Runs a handler of a server with a disk. If the server crashes within the step, the handler
  /// runs a second time, on the same memory and with the same choices, and its file operations end
  /// where the crash falls: what it had read from the disk by then has been decided, and no more.
  @inlinable
  mutating func runWithDisk(
    _ node: NodeID, _ input: consuming Input<Subject.Message>, _ crash: CrashRequest?
  ) {
    if setting.fileStudy != nil { return runStudied(node, input, crash) }
    guard let crash else {
      host.files = disks.takeFiles(of: node, decisions: offeredDecisions)
      Self.handle(input, by: &servers[node.index], &host)
      if host.hasAborted { host.endAtAbort() }
      return keepFiles(of: node)
    }
    let before = servers[node.index]
    let choices = host.choices
    host.files = disks.files(of: node, decisions: offeredDecisions)
    Self.handle(copy input, by: &servers[node.index], &host)
    if host.hasAborted { host.endAtAbort() }
    if let place = crashPosition(crash, of: node, upTo: host.records.count) {
      report.effectCount = host.records.count
      servers[node.index] = before
      host.choices = choices
      beginStep(of: node)
      host.effectLimit = place.effectCount
      host.files = disks.files(of: node, decisions: offeredDecisions)
      Self.handle(input, by: &servers[node.index], &host)
      report.crash = place
    }
    keepFiles(of: node)
  }

  @inlinable
  mutating func keepFiles(of node: NodeID) {
    disks.keep(host.files, of: node)
    host.files = NoFiles()
  }

  @inlinable
  mutating func beginStep(of node: NodeID) {
    host.begin(
      node, incarnation: processes[node.index].incarnation, time: now, skew: .zero)
  }

  @inlinable
  static func handle<N: Node>(
    _ input: consuming Input<Subject.Message>, by node: inout N, _ host: inout Host<Subject.Message>
  ) where N.Message == Subject.Message {
    switch consume input {
    case .message(let message, let sender): node.receive(message, from: sender, &host)
    case .timer(let timer): node.timerFired(timer, &host)
    case .resume(let continuation): node.resume(continuation, &host)
    case .unavailable(let peer): node.peerUnavailable(peer, &host)
    case .start: node.start(&host)
    }
  }

  @inlinable
  mutating func removePostponed(_ continuation: Int, of node: NodeID) {
    if let index = postponed[node.index].firstIndex(of: continuation) {
      postponed[node.index].remove(at: index)
    }
  }
}

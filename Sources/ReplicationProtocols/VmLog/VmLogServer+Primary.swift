import LinearizabilityChecking
import SimulationKernel

/// The primary: gives its guest inputs, logs them, and holds outputs until the backup has the log.
extension VmLog.Server {
  // MARK: Inputs of the guest

  mutating func receive(_ request: VmLog.Request, _ host: inout Host<VmLog.Message>) {
    guard role == .primary else { return host.send(.refusal(request.id), to: request.id.client) }
    take(.request(request), &host)
  }

  mutating func receiveCompletion(
    of operation: Int, _ value: String, _ host: inout Host<VmLog.Message>
  ) {
    guard role == .primary, guest.pendingDisk?.number == operation, issued == operation else {
      return
    }
    take(.completion(operation, value), &host)
  }

  /// Stops the guest while the log buffer has no room for what may follow: the inputs wait outside.
  private mutating func take(_ input: VmLog.GuestInput, _ host: inout Host<VmLog.Message>) {
    if stalled.contains(input) { return }
    if hasRoom, stalled.isEmpty { return give(input, &host) }
    host.observe(.note("primary stalled"))
    stalled.append(input)
  }

  private var hasRoom: Bool {
    partner == nil || !settings.stallsWhenFull
      || log.count + VmLog.Settings.stepEntries <= settings.logBuffer
  }

  mutating func drainStalled(_ host: inout Host<VmLog.Message>) {
    while role == .primary, hasRoom, !stalled.isEmpty { give(stalled.removeFirst(), &host) }
  }

  mutating func give(_ input: VmLog.GuestInput, _ host: inout Host<VmLog.Message>) {
    var instruction = guest.instructions + 1
    if case .request(let request) = input {
      host.observe(.accepted(request.id, epoch: number))
      host.work(request.operation.isReadOnly ? .query : .update)
      // How far the guest has come is chance; asked for only where the guest can tell.
      if case .putDrawn = request.operation { instruction += host.choose(2) }
    }
    append(.input(input, at: instruction), &host)
    perform(guest.deliver(input, at: instruction), &host)
    release(&host)
  }

  private mutating func perform(
    _ actions: [VmLog.GuestAction], _ host: inout Host<VmLog.Message>
  ) {
    for action in actions {
      switch action {
      case .readClock(let outcomes): readClock(outcomes, &host)
      case .disk(let operation) where operation.written == nil: issue(operation, &host)
      case .applied: outputs.append(Output(entry: sequence, action: action))
      case .disk, .reply:
        append(.output, &host)
        outputs.append(Output(entry: sequence, action: action))
      }
    }
  }

  mutating func readClock(_ outcomes: Int, _ host: inout Host<VmLog.Message>) {
    let input = VmLog.GuestInput.clock(host.choose(outcomes))
    let instruction = guest.instructions + 1
    if settings.logsClock { append(.input(input, at: instruction), &host) }
    perform(guest.deliver(input, at: instruction), &host)
  }

  // MARK: The log

  private mutating func append(
    _ kind: VmLog.Entry.Kind, _ host: inout Host<VmLog.Message>
  ) {
    if partner != nil, !settings.stallsWhenFull, log.count >= settings.logBuffer { return }
    sequence += 1
    guard let partner else { return }
    let entry = VmLog.Entry(sequence: sequence, kind: kind)
    log.append(entry)
    send(entry, to: partner, &host)
    host.crashPoint("logged")
  }

  func send(
    _ entry: VmLog.Entry, to partner: Partner, _ host: inout Host<VmLog.Message>
  ) {
    host.send(.log(partner.session, entry, released: released), to: partner.member.node)
  }

  mutating func receiveAcknowledgement(
    _ session: VmLog.Session, _ through: Int, from sender: NodeID,
    _ host: inout Host<VmLog.Message>
  ) {
    guard role == .primary, partner?.session == session, partner?.member.node == sender else {
      return
    }
    listen(&host)
    if partner?.snapshot != nil {
      partner?.snapshot = nil
      partner?.isEntered = true
      enter(&host)
    }
    guard let known = partner?.acknowledged, through > known else { return }
    partner?.acknowledged = min(through, sequence)
    log.removeAll { $0.sequence <= through }
    host.crashPoint("acknowledged")
    release(&host)
    drainStalled(&host)
  }

  // MARK: The output rule

  /// Lets out what the backup has the entries of.
  mutating func release(_ host: inout Host<VmLog.Message>) {
    let through = settings.obeysOutputRule ? partner?.acknowledged ?? .max : .max
    while let first = outputs.first, first.entry <= through {
      outputs.removeFirst()
      letOut(first.action, &host)
      released = max(released, first.entry)
    }
  }

  func answer(
    _ request: RequestID, _ response: Response, _ host: inout Host<VmLog.Message>
  ) {
    host.send(.reply(request, response), to: request.client)
    host.observe(.answered(request, epoch: number))
    host.crashPoint("answered", request: request)
  }

  private mutating func letOut(
    _ action: VmLog.GuestAction, _ host: inout Host<VmLog.Message>
  ) {
    switch action {
    case .reply(let request, let response): answer(request, response, &host)
    case .disk(let operation): issue(operation, &host)
    // An update that nobody has heard of, and the machine halts, was never applied.
    case .applied(let request, let place): host.observe(.applied(request, sequence: place))
    case .readClock: break
    }
  }

  // MARK: The disk

  /// Whether an operation was issued and has not come back. One that the output rule holds was not.
  var isDiskUnderWay: Bool {
    guest.pendingDisk.map { $0.number == issued } ?? false
  }

  mutating func issue(_ operation: VmLog.DiskOperation, _ host: inout Host<VmLog.Message>) {
    issued = operation.number
    host.send(
      .disk(operation, number: number, incarnation: incarnation), to: settings.storage)
    host.crashPoint("issued")
  }
}

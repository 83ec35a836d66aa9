import NetworkSimulation
import SimulationKernel

/// What is still to strike, and what has struck.
@usableFromInline
struct FaultState: Sendable {
  /// A scripted fault that waits for a named crash point or a step instead of a time.
  struct Trigger: Sendable {
    var selector: ServerSelector
    var kind: CrashKind
    var place: Place

    enum Place: Sendable {
      case label(LabelTrigger)
      case step(Int, effect: Int)
    }
  }

  /// A drawn crash that waits for its victim's next step.
  struct Armed: Sendable {
    var node: NodeID
    var kind: CrashKind
    var word: UInt64
  }

  var events: [FaultEvent] = []
  var triggers: [Trigger] = []
  var armed: [Armed] = []
  /// By server: times of scripted crashes, so that one that falls into a step happens within it.
  var timed: [(node: NodeID, kind: CrashKind, time: VirtualTime)] = []
  /// By server: handler steps so far; counted only while a trigger asks.
  var serverSteps: [Int] = []
  var restartsLeft = 0
  /// In an enumeration: how long every crashed server stays down.
  var restartAfter: VirtualDuration?
  /// In an enumeration: the crash of the step that is about to be taken.
  var forced: CrashRequest?
  var restartsAtHeal = false
  var restartsWaiting: [NodeID] = []
  var postponedHeals = 0
  var patience = VirtualDuration.milliseconds(100)
  var staysWithinAssumptions = true
  /// Whether the plan has storage faults, and the protocol disks.
  @usableFromInline var hasStorage = false
  /// Whether the assumptions allowed the crash of the node that is about to take a step.
  var toleratedBefore = true
  /// Where each candidate of the last crash request comes from, by position.
  enum Source: Sendable {
    case armed(Int)
    case timed(Int)
    case trigger(Int)
    /// One of `asked`.
    case label
  }

  var sources: [Source] = []
  /// Positions of the triggers whose labels the last crash request named.
  var asked: [Int] = []
  @usableFromInline var counts = FaultCounts()
  @usableFromInline var mayStrikeWithinStep = false

  init() {}

  mutating func updateMayStrike() {
    mayStrikeWithinStep = forced != nil || !triggers.isEmpty || !armed.isEmpty || !timed.isEmpty
  }

  /// Nothing strikes any more; what restarts, restarts.
  mutating func disarm() {
    triggers.removeAll()
    armed.removeAll()
    timed.removeAll()
    events = events.map { event in
      if case .restart = event { event } else { .heal([]) }
    }
    updateMayStrike()
  }

  /// What a script still waits for. What it does by the clock follows from the time.
  func combineScript(into hasher: inout StableHasher) {
    for trigger in triggers {
      if let label = trigger.label { hasher.combine(label.passes) }
      if case .step(let step, _) = trigger.place { hasher.combine(step) }
    }
    hasher.combine(triggers.count)
    for steps in serverSteps { hasher.combine(steps) }
    hasher.combine(timed.count)
  }

  func cutLinks<Message: NodeMessage>(
    of network: Network<Message>, _ layout: ClusterLayout
  ) -> [FaultEvent.Link] {
    var links: [FaultEvent.Link] = []
    for from in 0..<layout.nodeCount {
      for to in 0..<layout.nodeCount
      where network.isCut(from: NodeID(from), to: NodeID(to)) {
        links.append(FaultEvent.Link(from: NodeID(from), to: NodeID(to)))
      }
    }
    return links
  }
}

extension SeededRun {
  /// What to do at a fault's time.
  mutating func strike(_ event: FaultEvent, at time: VirtualTime) {
    switch event {
    case .crash(let selector, let kind):
      guard let node = server(selector) else { return }
      faults.timed.removeAll { $0.node == node && $0.time <= time }
      faults.updateMayStrike()
      crash(node, kind, at: time)
    case .drawnCrash(let kind, let withinStep): strikeDrawn(kind, withinStep, at: time)
    case .clusterPowerLoss(let drawn):
      if drawn, !cluster.toleratesClusterPowerLoss { return }
      if !drawn { noteAssumption(cluster.toleratesClusterPowerLoss) }
      perform(.clusterPowerLoss, at: time)
    case .restart(let node): restart(node, time)
    case .cut(let links):
      for link in links { perform(.cut(from: link.from, to: link.to), at: time) }
      if !links.isEmpty { faults.counts.cuts += 1 }
      noteAssumption(cluster.setting.assumedNetwork.contains(.partitions))
    case .heal(let links):
      for link in links { perform(.heal(from: link.from, to: link.to), at: time) }
    case .slow(let delay): disturbance.add(delay)
    case .storage(let selector, let request): strike(selector, request, at: time)
    }
  }

  /// A crash between steps; a busy node first finishes.
  private mutating func crash(_ node: NodeID, _ kind: CrashKind, at time: VirtualTime) {
    guard cluster.isUp(node) else { return }
    noteAssumption(tolerates(node))
    perform(.crash(node, kind), at: time)
  }

  private mutating func strikeDrawn(
    _ kind: CrashKind, _ withinStep: Bool, at time: VirtualTime
  ) {
    guard case .drawn(let drawn) = plan.faults else { return }
    guard mayFailAnother(drawn) else { return }
    let victims = victims(of: drawn)
    guard !victims.isEmpty else { return }
    let victim = victims[faultStream.below(victims.count)]
    if withinStep {
      faults.armed.append(
        FaultState.Armed(node: victim, kind: kind, word: faultStream.next()))
      faults.updateMayStrike()
    } else {
      perform(.crash(victim, kind), at: max(time, cluster.now))
    }
  }

  /// Whether and where the node shall crash within the step that it is about to take.
  @usableFromInline
  mutating func crashRequest(_ action: ClusterAction, _ time: VirtualTime) -> CrashRequest? {
    guard let node = action.steppingServer, cluster.layout.role(of: node) == .server,
      cluster.isEnabled(action)
    else { return nil }
    if !faults.triggers.isEmpty { faults.countStep(of: node, cluster.layout.serverCount) }
    // A process that has not started yet is down anyhow.
    faults.toleratedBefore = !cluster.isUp(node) || tolerates(node)
    faults.sources = []
    if let forced = faults.forced { return forced }
    var requests: [CrashRequest] = []
    func isMeant(_ index: Int) -> Bool { server(faults.triggers[index].selector) == node }
    if faults.toleratedBefore, let index = faults.armed.firstIndex(where: { $0.node == node }) {
      let armed = faults.armed[index]
      requests.append(CrashRequest(kind: armed.kind, place: .anywhere(armed.word)))
      faults.sources.append(.armed(index))
    }
    if let index = faults.timed.firstIndex(where: { $0.node == node && $0.time >= time }) {
      let timed = faults.timed[index]
      requests.append(CrashRequest(kind: timed.kind, place: .offset(timed.time - time)))
      faults.sources.append(.timed(index))
    }
    for (index, trigger) in faults.triggers.enumerated() {
      guard case .step(let step, let effect) = trigger.place,
        faults.serverSteps[node.index] == step, isMeant(index)
      else { continue }
      requests.append(CrashRequest(kind: trigger.kind, place: .afterEffect(effect)))
      faults.sources.append(.trigger(index))
    }
    // Labels come last: only what the step passes before it crashes counts as passed.
    faults.asked = faults.triggers.indices.filter {
      faults.triggers[$0].label != nil && isMeant($0)
    }
    if !faults.asked.isEmpty {
      let labels = faults.asked.compactMap { faults.triggers[$0].label }
      requests.append(CrashRequest(kind: .process, place: .labels(labels)))
      faults.sources.append(.label)
    }
    return requests.isEmpty ? nil : CrashRequest(kind: .process, place: .earliest(requests))
  }

  /// Counts the labels that the step passed, so that later occurrences come to their turn.
  @usableFromInline
  mutating func notePassedLabels() {
    for (position, passed) in cluster.report.labelsPassed.enumerated() where passed > 0 {
      faults.triggers[faults.asked[position]].pass(passed)
    }
  }

  /// What follows when servers have died: reports, restarts, and the faults that are spent.
  @usableFromInline
  mutating func noteDeaths(_ action: ClusterAction, _ now: VirtualTime) {
    let died = cluster.report.died
    if cluster.report.crash != nil {
      noteAssumption(faults.toleratedBefore)
      spendFault()
    }
    for node in died {
      busyUntil[node.index] = now
      if cluster.report.abort != nil {
        faults.counts.aborts += 1
        noteAssumption(cluster.tolerates(abortOf: node))
      } else {
        faults.counts.add(cluster.report.crash?.kind ?? action.crashKind)
      }
      if cluster.setting.detector == .perfect {
        queue.insert(
          .reportFailure(node), at: now + plan.network.detectAfter.draw(&networkStream))
      }
      if let pause = faults.restartAfter, faults.forced != nil {
        scheduleRestart(of: node, at: now + pause)
      } else if faults.restartsLeft > 0, case .drawn(let drawn) = plan.faults {
        faults.restartsLeft -= 1
        scheduleRestart(of: node, at: now + drawn.restartAfter.draw(&faultStream))
      }
    }
  }

  private mutating func scheduleRestart(of node: NodeID, at time: VirtualTime) {
    queue.insert(.fault(Int32(faults.events.count)), at: time)
    faults.events.append(.restart(node))
    if phase == .settling { settle(from: time) }
  }

  /// Removes the fault that made a node crash within its step.
  private mutating func spendFault() {
    guard let candidate = cluster.report.candidate else { return }
    switch faults.sources[candidate] {
    case .armed(let index): faults.armed.remove(at: index)
    case .timed(let index): faults.timed.remove(at: index)
    case .trigger(let index): faults.triggers.remove(at: index)
    case .label:
      if let label = cluster.report.label { faults.triggers.remove(at: faults.asked[label]) }
    }
    faults.updateMayStrike()
  }

  /// Starts a crashed server again, as soon as the perfect detector has reported its death.
  mutating func restart(_ node: NodeID, _ time: VirtualTime) {
    guard !cluster.isUp(node) else { return }
    if cluster.processes[node.index].hasUnreportedFailure {
      faults.restartsWaiting.append(node)
      return
    }
    faults.counts.restarts += 1
    perform(.start(node), at: time)
  }

  mutating func restartWhatWaited(_ node: NodeID) {
    guard let index = faults.restartsWaiting.firstIndex(of: node) else { return }
    faults.restartsWaiting.remove(at: index)
    restart(node, cluster.now)
  }

  /// The server that a selector means now: by name, or the first live one with the role.
  func server(_ selector: ServerSelector) -> NodeID? {
    switch selector {
    case .server(let node): node
    case .role(let role):
      cluster.layout.servers.first {
        cluster.isUp($0) && cluster.servers[$0.index].role == role
      }
    }
  }

  func tolerates(_ node: NodeID) -> Bool { cluster.tolerates(failureOf: node) }

  mutating func noteAssumption(_ holds: Bool) {
    if !holds { faults.staysWithinAssumptions = false }
  }
}

extension ClusterAction {
  /// The node whose handler runs.
  fileprivate var steppingServer: NodeID? {
    switch self {
    case .start, .deliver, .fire, .resume: node
    default: nil
    }
  }

  /// How the servers died that died of this action.
  fileprivate var crashKind: CrashKind {
    switch self {
    case .crash(_, let kind): kind
    case .clusterPowerLoss: .powerLoss
    default: .process
    }
  }
}

extension FaultCounts {
  fileprivate mutating func add(_ kind: CrashKind) {
    switch kind {
    case .process: crashes += 1
    case .powerLoss: powerLosses += 1
    }
  }
}

extension FaultState.Trigger {
  var label: LabelTrigger? {
    guard case .label(var label) = place else { return nil }
    label.kind = kind
    return label
  }

  mutating func pass(_ count: Int) {
    guard case .label(var label) = place else { return }
    label.passes -= count
    place = .label(label)
  }
}

extension FaultState {
  mutating func countStep(of node: NodeID, _ serverCount: Int) {
    while serverSteps.count < serverCount { serverSteps.append(0) }
    serverSteps[node.index] += 1
  }
}

import DiskSimulation
import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// Watches a replay and writes its ``RunStory``.
struct StoryRecorder: Sendable {
  private(set) var story = RunStory()
  /// Whether each step says how it changed the parts of the world.
  let tellsStates: Bool

  /// Messages that are neither received nor lost yet, oldest first.
  private var underWay: [Int] = []
  private var partsBefore: WorldParts?
  private var parts: [WorldPart] = []
  private var known: [[String: String]] = []
  private var pendingBefore: [Int] = []
  /// Of the step to come.
  private var event = StoryStep.Event.resume
  private var text = ""

  init(tellsStates: Bool) { self.tellsStates = tellsStates }

  mutating func before<Subject>(_ action: ClusterAction, in cluster: Cluster<Subject>) {
    if story.lanes.isEmpty { begin(cluster) }
    text = cluster.text(action)
    event = event(of: action, in: cluster)
    pendingBefore = cluster.disks.disks.map(\.pendingCount)
    if tellsStates { partsBefore = WorldParts(cluster) }
  }

  mutating func after<Subject>(_ action: ClusterAction, in cluster: Cluster<Subject>) {
    var step = StoryStep(
      time: cluster.now, lane: lane(of: action, in: cluster), event: event,
      text: text + cluster.crashText)
    step.crash = cluster.report.crash
    step.abort = cluster.report.abort?.text
    step.deaths = cluster.report.died.map(\.index)
    tellObservations(of: action, in: cluster, &step)
    tellDisk(of: action, in: cluster, &step)
    if tellsStates { step.changes = changes(in: cluster) }
    let index = story.steps.count
    story.steps.append(step)
    noteOperations(action, in: cluster, index)
    noteMessages(action, in: cluster, index)
  }

  private mutating func begin<Subject>(_ cluster: Cluster<Subject>) {
    let layout = cluster.layout
    story.lanes = (0..<layout.nodeCount).map { index in
      let node = NodeID(index)
      let role = layout.role(of: node)
      return RunStory.Lane(
        name: layout.name(of: node), role: role,
        hasDisk: role == .server && !cluster.disks.isEmpty)
    }
    guard tellsStates else { return }
    parts = WorldPart.all(of: cluster)
    story.parts = parts.map { $0.name(in: layout) }
    known = parts.map { _ in [:] }
    for part in parts.indices { story.initial += difference(of: part, in: cluster) }
  }

  // MARK: What happened

  /// A detector's report is the coordinator's news.
  private func lane<Subject>(
    of action: ClusterAction, in cluster: Cluster<Subject>
  ) -> Int? {
    if case .reportFailure = action { return cluster.layout.coordinator?.index }
    return action.node?.index
  }

  private func event<Subject>(
    of action: ClusterAction, in cluster: Cluster<Subject>
  ) -> StoryStep.Event {
    switch action {
    case .start(let node): .start(isRestart: cluster.processes[node.index].starts > 0)
    case .deliver(let from, let to, let number): .receive(message(from, to, number))
    case .lose(let from, let to, let number): .lose(message(from, to, number))
    case .duplicate(let from, let to, let number): .duplicate(message(from, to, number))
    case .fire(_, let timer): .timer(timer.description)
    case .resume: .resume
    case .invoke: .invoke(story.operations.count)
    case .crash(_, let kind): .crash(kind)
    case .clusterPowerLoss: .clusterPowerLoss
    case .reportFailure(let node): .failureReport(node.index)
    case .cut(let from, let to): .cut(from.index, to.index)
    case .heal(let from, let to): .heal(from.index, to.index)
    case .writeBack: .writeBack
    case .faultDisk(_, let request): .disk("\(request)")
    case .calmDisk: .disk("gets well")
    }
  }

  /// Where the story tells of a message that is under way.
  private func message(_ sender: NodeID, _ receiver: NodeID, _ number: UInt32) -> Int {
    underWay.first { index in
      let message = story.messages[index]
      return message.number == number && message.sender == sender.index
        && message.receiver == receiver.index
    } ?? max(0, story.messages.count - 1)
  }

  private mutating func noteOperations<Subject>(
    _ action: ClusterAction, in cluster: Cluster<Subject>, _ index: Int
  ) {
    if case .invoke(let node, let operation) = action {
      story.operations.append(
        StoryOperation(lane: node.index, invoked: index, text: operation.text))
    }
    guard !cluster.report.completions.elements.isEmpty else { return }
    for (position, entry) in cluster.history.entries.enumerated()
    where position < story.operations.count && entry.returned != nil
      && story.operations[position].returned == nil
    {
      story.operations[position].returned = index
      story.operations[position].response = entry.response?.text
    }
  }

  private mutating func noteMessages<Subject>(
    _ action: ClusterAction, in cluster: Cluster<Subject>, _ index: Int
  ) {
    if case .receive(let message) = event, story.messages.indices.contains(message) {
      story.messages[message].fate = .received(index)
    }
    underWay.removeAll { position in
      let message = story.messages[position]
      if message.fate != .underWay { return true }
      let isThere = cluster.network.isUnderWay(
        message.number, from: NodeID(message.sender), to: NodeID(message.receiver))
      if !isThere { story.messages[position].fate = .lost(index) }
      return !isThere
    }
    for sending in cluster.report.sendings.elements {
      let channel = cluster.network.channel(from: sending.sender, to: sending.receiver)
      let envelope = channel.envelopes.first { $0.number == sending.number }
      var message = StoryMessage(
        sender: sending.sender.index, receiver: sending.receiver.index, text: "",
        isUnavailable: false, sent: index, number: sending.number)
      switch envelope?.parcel {
      case .message(let content)?: message.text = content.summary
      case .unavailable?:
        message.text = "unavailable"
        message.isUnavailable = true
      // It died with its sender, or its receiver, in the same step.
      case nil: message.fate = .lost(index)
      }
      if message.fate == .underWay { underWay.append(story.messages.count) }
      if !message.text.isEmpty { story.messages.append(message) }
    }
  }

  private func tellObservations<Subject>(
    of action: ClusterAction, in cluster: Cluster<Subject>, _ step: inout StoryStep
  ) {
    guard runsHandler(action), let lane = action.node?.index else { return }
    let count = min(
      cluster.host.records.count, cluster.report.crash?.effectCount ?? .max)
    for index in 0..<count {
      guard case .observe(let position) = cluster.host.records[index] else { continue }
      switch cluster.host.observations[Int(position)] {
      case .adopted(let role, let epoch):
        step.adoptions.append(StoryStep.Adoption(lane: lane, role: role, epoch: epoch))
      case .note(let label): step.notes.append(label.text)
      case .decided(let view):
        let members = view.members.map { cluster.layout.name(of: $0) }
        step.notes.append("view \(view.number): \(members.joined(separator: ", "))")
      default: break
      }
    }
  }

  private func runsHandler(_ action: ClusterAction) -> Bool {
    switch action {
    case .start, .deliver, .fire, .resume, .invoke: true
    default: false
    }
  }

  private func tellDisk<Subject>(
    of action: ClusterAction, in cluster: Cluster<Subject>, _ step: inout StoryStep
  ) {
    let lanes = step.deaths.isEmpty ? [step.lane].compactMap { $0 } : step.deaths
    let lostPower =
      step.crash?.kind == .powerLoss || step.event == .crash(.powerLoss)
      || step.event == .clusterPowerLoss
    for lane in lanes where lane < pendingBefore.count {
      step.pending = cluster.disks.disks[lane].pendingCount
      var unsynced = pendingBefore[lane]
      if runsHandler(action), action.node?.index == lane {
        for operation in fileOperations(in: cluster) {
          switch operation {
          case .syncFile, .syncDirectory:
            step.forced += 1
            unsynced = 0
          default: unsynced += 1
          }
        }
      }
      if lostPower { step.dropped += unsynced }
    }
  }

  /// The file operations of the step's handler that happened.
  private func fileOperations<Subject>(in cluster: Cluster<Subject>) -> [FileOperation] {
    let count = min(cluster.host.records.count, cluster.report.crash?.effectCount ?? .max)
    return (0..<count).compactMap { position in
      guard case .file(let index) = cluster.host.records[position] else { return nil }
      return cluster.host.fileOperations[Int(index)]
    }
  }
}

// MARK: - How the world looks

extension StoryRecorder {
  private mutating func changes<Subject>(in cluster: Cluster<Subject>) -> [StoryLine] {
    guard let partsBefore else { return [] }
    return WorldParts(cluster).changedPositions(since: partsBefore)
      .flatMap { difference(of: $0, in: cluster) }
  }

  /// What a part says now and did not say when it was last looked at.
  private mutating func difference<Subject>(
    of part: Int, in cluster: Cluster<Subject>
  ) -> [StoryLine] {
    let lines = parts[part].lines(in: cluster)
    var now: [String: String] = [:]
    var difference: [StoryLine] = []
    for (path, text) in lines {
      now[path] = text
      if known[part][path] != text {
        difference.append(StoryLine(part: part, path: path, text: text))
      }
    }
    let gone = known[part].keys.filter { now[$0] == nil }
    for path in gone.sorted() { difference.append(StoryLine(part: part, path: path, text: nil)) }
    known[part] = now
    return difference
  }
}

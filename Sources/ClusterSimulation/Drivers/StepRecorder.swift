import LinearizabilityChecking
import SimulationKernel

/// Notes the steps of a run: as decisions for a replay, and as lines for people.
public struct StepRecorder: Sendable {
  public var steps: [RecordedStep] = []
  /// One line a step; empty unless asked for.
  public var lines: [String] = []
  /// What is noted beside the history.
  public var notes = HistoryNotes()
  let detail: LineDetail
  var pendingLine = ""
  /// The world before the step, if changes are told.
  var partsBefore: WorldParts?
  /// Writes the story of the run, if it is asked for.
  private var storyteller: StoryRecorder?

  public init(detail: LineDetail) {
    self.detail = detail
    if case .story(let tellsStates) = detail {
      storyteller = StoryRecorder(tellsStates: tellsStates)
    }
  }

  /// `nil` unless asked for.
  public var story: RunStory? { storyteller?.story }

  public init(writesLines: Bool) {
    self.init(detail: writesLines ? .steps : .none)
  }
}

/// What is written down for people.
public enum LineDetail: Hashable, Sendable {
  case none
  /// One line a step.
  case steps
  /// And below it the names of what the step changed: memories, disks, timers, channels.
  case changes
  /// No lines but a ``RunStory``, with or without how each part of the world looked.
  case story(states: Bool)

  /// Whether there is a line for each step.
  var hasLines: Bool { self == .steps || self == .changes }
}

extension SeededRun {
  @usableFromInline
  mutating func noteBefore(_ action: ClusterAction) {
    recorder?.before(action, in: cluster)
  }

  @usableFromInline
  mutating func noteAfter(_ action: ClusterAction) {
    recorder?.after(action, in: cluster)
  }
}

extension StepRecorder {
  mutating func before<Subject>(_ action: ClusterAction, in cluster: Cluster<Subject>) {
    storyteller?.before(action, in: cluster)
    if detail.hasLines { pendingLine = cluster.text(action) }
    if detail == .changes { partsBefore = WorldParts(cluster) }
  }

  mutating func after<Subject>(_ action: ClusterAction, in cluster: Cluster<Subject>) {
    notes.note(action, in: cluster)
    steps.append(
      RecordedStep(
        time: cluster.now, action: action, crash: cluster.report.crash,
        choices: cluster.lastChoices, decisions: cluster.lastDecisions.map(\.choice)))
    storyteller?.after(action, in: cluster)
    if detail.hasLines {
      let time = cluster.now.description
      let padded = String(repeating: " ", count: max(0, 12 - time.count)) + time
      lines.append("\(padded)  \(pendingLine)\(cluster.crashText)\(changes(in: cluster))")
    }
  }
}

extension StepRecorder {
  /// What the last step changed, as a line of its own; nothing unless asked for.
  private func changes<Subject>(in cluster: Cluster<Subject>) -> String {
    guard let partsBefore else { return "" }
    let names = WorldParts(cluster).changes(since: partsBefore)
    let text = names.isEmpty ? "nothing" : names.joined(separator: ", ")
    return "\n" + String(repeating: " ", count: 16) + "changed: " + text
  }
}

extension Cluster {
  /// What an action takes off the network, in words; empty for any other action.
  func parcelText(_ action: ClusterAction) -> String {
    guard case .deliver(let from, let to, let number) = action else { return "" }
    let envelope = network.channel(from: from, to: to).envelopes.first { $0.number == number }
    switch envelope?.parcel {
    case .message(let message)?: return message.summary
    case .unavailable?: return "unavailable"
    case nil: return "nothing"
    }
  }

  /// What an enabled action is going to do, in a line.
  func text(_ action: ClusterAction) -> String {
    func name(_ node: NodeID) -> String { layout.name(of: node) }
    func parcel(_ from: NodeID, _ to: NodeID, _ number: UInt32) -> String {
      parcelText(.deliver(from: from, to: to, number: number))
    }
    switch action {
    case .start(let node): return "\(name(node)) starts"
    case .deliver(let from, let to, let number):
      return "\(name(to)) receives \(parcel(from, to, number)) from \(name(from))"
    case .lose(let from, let to, let number):
      return "lost: \(parcel(from, to, number)) from \(name(from)) to \(name(to))"
    case .duplicate(let from, let to, let number):
      return "duplicated: \(parcel(from, to, number)) from \(name(from)) to \(name(to))"
    case .fire(let node, let timer): return "\(name(node)) timer \(timer)"
    case .resume(let node, let continuation): return "\(name(node)) continues \(continuation)"
    case .invoke(let node, let operation): return "\(name(node)) invokes \(operation.text)"
    case .crash(let node, .process): return "\(name(node)) CRASHES"
    case .crash(let node, .powerLoss): return "\(name(node)) LOSES POWER"
    case .clusterPowerLoss: return "ALL SERVERS LOSE POWER"
    case .reportFailure(let node): return "the detector reports that \(name(node)) is dead"
    case .cut(let from, let to): return "link \(name(from)) -> \(name(to)) is cut"
    case .heal(let from, let to): return "link \(name(from)) -> \(name(to)) is healed"
    case .writeBack(let node): return "\(name(node)) writes its cache back"
    case .faultDisk(let node, let request): return "disk of \(name(node)) gets \(request)"
    case .calmDisk(let node): return "disk of \(name(node)) gets well"
    }
  }

  /// What became of a step that was cut short, and of the operations it completed.
  var crashText: String {
    var text = ""
    for struck in disks.struck {
      text += "; DISK of \(layout.name(of: struck.node)): \(struck.fault.text)"
    }
    if let reason = report.abort {
      text += "; ABORTS after effect \(report.effectCount): \(reason.text)"
    }
    if let crash = report.crash {
      let kind = crash.kind == .process ? "CRASHES" : "LOSES POWER"
      text += "; \(kind) after effect \(crash.effectCount) of \(report.effectCount)"
    }
    for request in report.completions.elements {
      let client = layout.clientIndex(of: request.client)
      let answered = history.entries.last { $0.client == client && $0.returned != nil }
      text += "; answered \(answered?.response?.text ?? "nothing")"
    }
    return text
  }
}

import ClusterSimulation

/// The rows of a diagram: the steps that it shows, in their order, and where some are left out.
///
/// A run that is short is shown whole. Of a longer one come first what nobody can do without:
/// faults, starts, changes of role, the calls and returns of the conflict; then the steps in which
/// the conflict's requests travel; then the steps before the end.
struct DiagramRows: Hashable, Sendable {
  enum Row: Hashable, Sendable {
    case step(Int)
    /// So many steps in a row are not shown.
    case gap(Int)
  }

  let rows: [Row]
  /// Steps that are not shown.
  let hiddenCount: Int
  /// By step: its row; of a step in a gap the gap's.
  let rowOfStep: [Int]

  /// - Parameter limit: steps to show, at least 1.
  init(_ failure: FailureStory, limit: Int) {
    let story = failure.story
    let count = story.steps.count
    var shown = Set(0..<count)
    if count > limit { shown = Self.choice(failure, limit) }
    var rows: [Row] = []
    var rowOfStep: [Int] = []
    var hidden = 0
    for step in 0..<count {
      if shown.contains(step) {
        rows.append(.step(step))
      } else {
        hidden += 1
        if case .gap(let length)? = rows.last {
          rows[rows.count - 1] = .gap(length + 1)
        } else {
          rows.append(.gap(1))
        }
      }
      rowOfStep.append(rows.count - 1)
    }
    self.rows = rows
    self.rowOfStep = rowOfStep
    hiddenCount = hidden
  }

  private static func choice(_ failure: FailureStory, _ limit: Int) -> Set<Int> {
    let steps = failure.story.steps
    let last = steps.count - 1
    var chosen: Set<Int> = []
    func take(_ candidates: some Sequence<Int>, upTo share: Int) {
      for step in candidates where chosen.count < share { chosen.insert(step) }
    }
    take(steps.indices.reversed().filter(failure.isHighlighted), upTo: limit)
    take(steps.indices.reversed().filter { steps[$0].isRemarkable }, upTo: limit * 2 / 3)
    take(path(of: failure), upTo: limit * 9 / 10)
    take(stride(from: last, through: 0, by: -1), upTo: limit)
    return chosen
  }

  /// The steps of the conflict's messages: what was caused by the calls and led to the returns,
  /// latest first.
  private static func path(of failure: FailureStory) -> [Int] {
    let story = failure.story
    var senders: [Int: Int] = [:]
    for message in story.messages {
      if case .received(let step) = message.fate { senders[step] = message.sent }
    }
    var steps: [Int] = []
    for index in failure.conflict {
      guard var step = story.operations[index].returned else { continue }
      // Back along the messages that led to the answer.
      while let sent = senders[step], sent < step, sent >= story.operations[index].invoked {
        steps.append(sent)
        step = sent
      }
    }
    return steps.sorted(by: >)
  }
}

extension StoryStep {
  /// What changes the course of things, other than messages.
  var isRemarkable: Bool {
    if crash != nil || abort != nil || !deaths.isEmpty || !adoptions.isEmpty { return true }
    switch event {
    case .start(let isRestart): return isRestart
    case .crash, .clusterPowerLoss, .failureReport, .cut, .heal, .disk, .lose, .duplicate:
      return true
    case .receive, .timer, .resume, .invoke, .writeBack: return false
    }
  }
}

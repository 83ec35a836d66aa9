import LinearizabilityChecking
import SimulationKernel

/// A recorded step as one line of words, for failure files:
///
///     1200000 deliver s1 s2 5 crash process 3 choose 0,2 disk 1
///
/// that is: virtual nanoseconds, action, then, where they apply, the crash within the step, the
/// outcomes of choices and what was decided about a disk. Values are percent-encoded, and an
/// empty one is written `%`. What follows a word `#` is a remark for people: of a delivery, what is
/// delivered.
public struct StepText {
  let layout: ClusterLayout

  public init(_ layout: ClusterLayout) {
    self.layout = layout
  }

  public func encode(_ step: RecordedStep, remark: String = "") -> String {
    ["\(step.time.nanoseconds)", line(words(step.action), step, remark)].joined(separator: " ")
  }

  /// The step for a schedule that people edit: without a time, it happens as early as it can, and
  /// without a number, it takes the first parcel of its channel.
  public func encode(
    _ step: RecordedStep, remark: String, takesFirst: Bool, isTimeless: Bool
  ) -> String {
    var action = words(step.action)
    if takesFirst { action.removeLast() }
    let line = line(action, step, remark)
    return isTimeless ? line : "\(step.time) \(line)"
  }

  private func line(_ action: [String], _ step: RecordedStep, _ remark: String) -> String {
    var words = action
    if let crash = step.crash { words += ["crash", crash.kind.rawValue, "\(crash.effectCount)"] }
    if !step.choices.isEmpty {
      words += ["choose", step.choices.map { "\($0)" }.joined(separator: ",")]
    }
    if !step.decisions.isEmpty {
      words += ["disk", step.decisions.map { "\($0)" }.joined(separator: ",")]
    }
    if !remark.isEmpty { words += ["#", remark] }
    return words.joined(separator: " ")
  }

  private func words(_ action: ClusterAction) -> [String] {
    func name(_ node: NodeID) -> String { layout.name(of: node) }
    switch action {
    case .start(let node): return ["start", name(node)]
    case .deliver(let from, let to, let number):
      return ["deliver", name(from), name(to), "\(number)"]
    case .lose(let from, let to, let number): return ["lose", name(from), name(to), "\(number)"]
    case .duplicate(let from, let to, let number):
      return ["duplicate", name(from), name(to), "\(number)"]
    case .fire(let node, let timer):
      return ["fire", name(node), "\(timer.kind)", "\(timer.tag)"]
    case .resume(let node, let continuation): return ["resume", name(node), "\(continuation)"]
    case .invoke(let node, let operation): return ["invoke", name(node)] + words(operation)
    case .crash(let node, let kind): return ["die", name(node), kind.rawValue]
    case .clusterPowerLoss: return ["blackout"]
    case .reportFailure(let node): return ["report", name(node)]
    case .cut(let from, let to): return ["cut", name(from), name(to)]
    case .heal(let from, let to): return ["heal", name(from), name(to)]
    case .writeBack(let node): return ["writeback", name(node)]
    case .faultDisk(let node, let request): return ["fault", name(node)] + words(request)
    case .calmDisk(let node): return ["calm", name(node)]
    }
  }

  private func words(_ operation: Operation) -> [String] {
    switch operation {
    case .get(let key): ["get", "\(key)"]
    case .put(let key, let value): ["put", "\(key)", LineWords.escape(value)]
    case .append(let key, let value): ["append", "\(key)", LineWords.escape(value)]
    case .putDrawn(let key, let value, let outcomes):
      ["draw", "\(key)", LineWords.escape(value), "\(outcomes)"]
    case .compareAndSet(let key, let expected, let new):
      ["swap", "\(key)", LineWords.escape(expected), LineWords.escape(new)]
    case .readBlocks(let first, let count): ["read", "\(first)", "\(count)"]
    case .writeBlocks(let first, let count, let value):
      ["write", "\(first)", "\(count)", LineWords.escape(value)]
    }
  }
}

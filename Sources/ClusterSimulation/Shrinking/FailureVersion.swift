import LinearizabilityChecking
import SimulationKernel

/// One form of a failure: the steps that lead to it, in a cluster of some size.
struct FailureVersion: Sendable {
  var steps: [PlannedStep]
  var servers: Int
  var clients: Int

  /// What makes a version smaller than another, the first difference deciding: steps, faults,
  /// operations, nodes, keys and blocks, kinds of crash, effects before crashes, outcomes that are
  /// not the first, times that are fixed, steps between a cause and its effect.
  var measure: [Int] {
    var keys = 0
    var powerLosses = 0
    var effects = 0
    var outcomes = 0
    for step in steps {
      if case .invoke(_, let operation) = step.action {
        keys += operation.firstKey + operation.keyCount
      }
      if step.crash?.kind == .powerLoss || step.action.losesPower { powerLosses += 1 }
      effects += step.crash?.effectCount ?? 0
      outcomes += step.choices.reduce(0) { $0 + Int($1) } + step.choices.count
      outcomes += step.decisions.reduce(0) { $0 + Int($1) }
    }
    return [
      steps.count, steps.count(where: \.isFault), steps.count(where: \.isInvocation),
      servers + clients, keys, powerLosses, effects, outcomes,
      steps.count { $0.time != nil }, waiting,
    ]
  }

  /// How many steps stand between causes and their effects, over all of them.
  private var waiting: Int {
    var places: [Int: Int] = [:]
    var sum = 0
    for (place, step) in steps.enumerated() {
      places[step.tag] = place
      if let source = step.source, let cause = places[source.tag] { sum += place - cause - 1 }
    }
    return sum
  }

  /// The same for versions of equal content.
  var key: UInt64 {
    var hasher = StableHasher()
    hasher.combine(servers)
    hasher.combine(clients)
    for step in steps { step.combine(into: &hasher) }
    hasher.combine(steps.count)
    return hasher.finalize()
  }

  /// Whether the step at a place can be left out: all but the first starts of processes, which make
  /// the cluster.
  func isRemovable(_ place: Int) -> Bool {
    guard case .start = steps[place].action else { return true }
    return !steps[place].isFirstStart(among: steps[..<place])
  }

  func without(_ tags: Set<Int>) -> FailureVersion {
    var version = self
    version.steps.removeAll { tags.contains($0.tag) }
    return version
  }
}

extension ClusterAction {
  var losesPower: Bool {
    switch self {
    case .crash(_, .powerLoss), .clusterPowerLoss: true
    default: false
    }
  }
}

/// Why a version fails. Two versions fail for the same reason if the same check rejects them, in
/// the same words but for names, numbers and values, and if both or neither stay within the stated
/// assumptions.
struct FailureReason: Hashable, Sendable {
  var check: CheckName
  var sentence: String
  var withinAssumptions: Bool

  init(_ violation: Violation, withinAssumptions: Bool) {
    check = violation.check
    // Who waits for what is the list of what was left over.
    sentence = violation.check == .progress ? "" : Self.sentence(violation.message)
    self.withinAssumptions = withinAssumptions
  }

  /// Without what stands in quotation marks, and without digits.
  static func sentence(_ message: String) -> String {
    var words = ""
    var isQuoted = false
    for scalar in message.unicodeScalars {
      if scalar == "\"" { isQuoted.toggle() }
      if isQuoted || ("0"..."9").contains(scalar) { continue }
      words.unicodeScalars.append(scalar)
    }
    return words
  }
}

import SimulationKernel
import Synchronization

/// What a search reached at least once, sorted.
public struct ExploreCoverage: Hashable, Sendable {
  /// Kinds of message by receiving role, for example `server receives Forward`.
  public var messages: [String] = []
  /// Timers and continuations by role.
  public var timers: [String] = []
  /// Named crash points that some step passed.
  public var crashPoints: [String] = []
  /// Named crash points at which some server crashed.
  public var crashedAt: [String] = []
  /// Notes that protocols left.
  public var notes: [String] = []
}

/// Collects what is reached. The system is asked for each distinct step once, whatever the number
/// of threads, so what has been collected at the end does not depend on it.
final class CoverageLedger: Sendable {
  private struct Sets: Sendable {
    var messages = Set<String>()
    var timers = Set<String>()
    var crashPoints = Set<String>()
    var crashedAt = Set<String>()
    var notes = Set<String>()
    var hasUndecidedHistory = false
  }

  private let sets = Mutex(Sets())

  func note<Subject>(
    _ input: StepInput<Subject.Message>, _ role: NodeRole, _ step: LocalStep<Subject>
  ) {
    let name = "\(role)"
    sets.withLock { sets in
      switch input {
      case .message(let message, _):
        let kind = message.value.summary.prefix { $0 != "(" && $0 != " " }
        sets.messages.insert("\(name) receives \(kind)")
      case .unavailable: sets.messages.insert("\(name) hears that a peer is dead")
      case .timer(let timer): sets.timers.insert("\(name) \(timer.kind) timer")
      case .resume: sets.timers.insert("\(name) continues")
      case .start: sets.timers.insert("\(name) starts again")
      case .serverFailed: sets.messages.insert("\(name) hears that a server is dead")
      case .invoke: break
      }
      if step.crash == nil {
        sets.crashPoints.formUnion(step.passed)
      } else {
        sets.crashedAt.formUnion(step.crashedAt)
      }
      for case .note(let label) in step.observations { sets.notes.insert(label.text) }
    }
  }

  /// A history has more explanations than the monitor looks at: the search cannot pass.
  func noteUndecidedHistory() {
    sets.withLock { $0.hasUndecidedHistory = true }
  }

  var hasUndecidedHistory: Bool { sets.withLock { $0.hasUndecidedHistory } }

  var coverage: ExploreCoverage {
    sets.withLock { sets in
      ExploreCoverage(
        messages: sets.messages.sorted(), timers: sets.timers.sorted(),
        crashPoints: sets.crashPoints.sorted(), crashedAt: sets.crashedAt.sorted(),
        notes: sets.notes.sorted())
    }
  }
}

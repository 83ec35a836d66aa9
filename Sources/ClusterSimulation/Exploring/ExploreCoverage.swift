import SimulationKernel
import Synchronization

/// Collects what a search reaches, and where its bounds end it. The system is asked for each
/// distinct step once, whatever the number of threads, so what has been collected at the end does
/// not depend on it.
final class CoverageLedger: Sendable {
  private struct Notes: Sendable {
    var coverage = Coverage()
    /// By item of the budget: in how many states of the budget it was asked for and spent.
    var refusals = Array(repeating: 0, count: ExploredBudget.Item.allCases.count)
    var hasUndecidedHistory = false
  }

  private let notes = Mutex(Notes())

  func note<Subject>(
    _ input: StepInput<Subject.Message>, _ role: NodeRole, _ step: LocalStep<Subject>
  ) {
    notes.withLock { notes in
      notes.coverage.note(input, role)
      notes.coverage.note(
        passed: step.passed, crashedAt: step.crash == nil ? nil : step.crashedAt,
        step.observations)
    }
  }

  /// A step was not possible because the budget has nothing left of an item.
  func noteRefusal(of item: ExploredBudget.Item) {
    notes.withLock { $0.refusals[item.rawValue] += 1 }
  }

  /// A history has more explanations than the monitor looks at: the search cannot pass.
  func noteUndecidedHistory() {
    notes.withLock { $0.hasUndecidedHistory = true }
  }

  var hasUndecidedHistory: Bool { notes.withLock { $0.hasUndecidedHistory } }

  var coverage: Coverage { notes.withLock { $0.coverage } }

  /// What the bounds cut off, by the item that was spent.
  var refusals: [ExploredBudget.Item: Int] {
    notes.withLock { notes in
      Dictionary(
        uniqueKeysWithValues: ExploredBudget.Item.allCases.compactMap { item in
          let count = notes.refusals[item.rawValue]
          return count > 0 ? (item, count) : nil
        })
    }
  }
}

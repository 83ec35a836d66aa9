/// Answers the question about progress for each goal, when a search has visited everything.
struct GoalAnswers<System: ComponentSystem> {
  let tables: ComponentTables<System>
  let options: SearchOptions
  var engine: SearchEngine

  private var system: System { tables.system }
  private var firstGoal: Int { system.invariants.count + system.guards.count }
  private func debt(_ goal: Int) -> ProgressPass.Debt {
    let first = firstGoal + system.goals.count
    let exemptions = first..<first + system.exemptions.count
    return ProgressPass.Debt(
      obligation: system.obligations.isEmpty ? nil : exemptions.upperBound + goal,
      exemptions: exemptions)
  }

  mutating func fill(_ result: inout SearchResult<System>) {
    guard engine.hasWholeLog, let pass = ProgressPass(engine) else {
      result.verdict = .undecided(.graphBudget)
      return
    }
    defer { pass.free() }
    guard let continuation = system.continuation else {
      for goal in system.goals.indices {
        pass.settle(firstGoal + goal)
        result.progress.append(report(goal, pass.outcome(debt(goal)) { pass.fate(of: $0) }))
      }
      return
    }
    guard let further = Continuations(of: engine, tables, in: continuation, options) else {
      result.verdict = .undecided(.continuationBudget)
      return
    }
    defer { further.free() }
    if let reason = visitContinuations(pass, further) {
      result.verdict = .undecided(reason)
      return
    }
    result.continuation = further.figures
    let firstFurther = continuation.invariants.count + continuation.guards.count
    for goal in system.goals.indices {
      pass.settle(firstGoal + goal)
      further.settle(firstFurther + goal)
      result.progress.append(report(goal, pass.outcome(debt(goal)) { further.fate(of: $0) }))
    }
  }

  /// - Returns: why they came to no end; `nil` if they did.
  private func visitContinuations(
    _ pass: ProgressPass, _ further: Continuations<System>
  ) -> UndecidedReason? {
    guard let wanting = StateSet(count: engine.stateCount, account: engine.shared.account) else {
      return .continuationBudget
    }
    defer { wanting.free() }
    wanting.removeAll()
    for goal in system.goals.indices {
      pass.settle(firstGoal + goal)
      pass.collectWanting(debt(goal), into: wanting)
    }
    return further.run(from: wanting.members(below: engine.stateCount))
  }

  private mutating func report(
    _ goal: Int, _ outcome: ProgressPass.Outcome
  ) -> GoalReport<System> {
    var report = GoalReport<System>(
      goal: goal, stuckStates: outcome.stuckStates, deadEnds: outcome.deadEnds,
      exemptStates: outcome.exemptStates)
    if let first = outcome.first {
      let path = engine.path(to: first.state, over: engine.ranges[..<first.level])
      report.trace = TraceBuilder(tables: tables, engine: engine).trace(along: path)
    }
    return report
  }
}

import SimulationKernel

/// An exhaustive search over a ``ComponentSystem``: breadth first by levels, so that the first
/// violation is one of the shortest.
///
/// Components and signals become numbers when they are first met, and every answer of the system is
/// remembered by numbers, so the search itself only shuffles integers. When a violation is met the
/// level is finished, and of all violating states of that depth the one with the least contents is
/// reported, with the trace that goes back from it over the least predecessors: contents decide,
/// never numbers, so any number of threads reports the same.
public struct ModelSearch<System: ComponentSystem>: Sendable {
  public let system: System
  public var options: SearchOptions
  var limits = NumberLimits()

  public init(_ system: System, options: SearchOptions = SearchOptions()) {
    self.system = system
    self.options = options
  }

  /// Searches until everything is visited, an invariant is broken or the budget is spent.
  /// - Parameter progress: called every few milliseconds' worth of states; false ends the search
  ///   undecided.
  public func run(
    progress: (SearchProgress) -> Bool = { _ in true }
  ) -> SearchResult<System> {
    let tables = ComponentTables(system, usesSymmetry: options.usesSymmetry, limits: limits)
    return withoutActuallyEscaping(progress) { progress in
      guard
        let shared = SearchShared(
          tables, invariantCount: system.invariants.count, options: options),
        var engine = SearchEngine(shared, options: options, progress: progress)
      else { return SearchResult(.undecided(.byteBudget)) }
      defer { engine.free() }
      let worlds = system.initialWorlds.map { $0.map { tables.id(of: $0) } }
      if let overflow = tables.overflow { return SearchResult(.undecided(.tooMany(overflow))) }
      let found = engine.run(from: worlds)
      return result(found, &engine, tables)
    }
  }

  private func result(
    _ found: EngineResult, _ engine: inout SearchEngine, _ tables: ComponentTables<System>
  ) -> SearchResult<System> {
    var result = SearchResult<System>(.exhausted)
    switch found.ending {
    case .exhausted:
      if options.progress != nil {
        var answers = GoalAnswers(tables: tables, options: options, engine: engine)
        answers.fill(&result)
      }
    case .undecided(let reason): result.verdict = .undecided(reason)
    case .violation(let path):
      let trace = TraceBuilder(tables: tables, engine: engine).trace(along: path)
      let world = trace.steps.last?.world ?? trace.start
      let broken = system.invariants.firstIndex { invariant in
        !invariant.holds(invariant.slots.map { world[$0] })
      }
      guard let broken else {
        programmingError("the last world of a counterexample breaks no invariant")
      }
      result.verdict = .violation(invariant: broken, trace)
    }
    result.states = found.summary.states
    result.transitions = found.summary.transitions
    result.refusals = found.summary.refusals
    result.deadEnds = found.summary.deadEnds
    result.groupSize = tables.geometry.permutationCount + 1
    let isReduced = result.groupSize > 1
    result.statesInOrbits = isReduced ? found.summary.orbitStates : result.states
    result.transitionsInOrbits = isReduced ? found.summary.orbitTransitions : result.transitions
    result.digest = found.summary.digest
    result.levels = found.summary.levels
    result.figures = engine.figures
    return result
  }
}

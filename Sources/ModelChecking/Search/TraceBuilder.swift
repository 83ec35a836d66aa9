import SimulationKernel

/// Turns the states that the engine names into a run of the system, by asking the system again: a
/// trace that the system does not confirm step by step is never reported.
struct TraceBuilder<System: ComponentSystem> {
  let tables: ComponentTables<System>
  let engine: SearchEngine

  /// - Parameter path: canonical forms of the states of a run, from an initial one on. The run
  ///   itself need not be canonical: at each step some successor has the next form.
  func trace(along path: [UInt64]) -> SearchTrace<System> {
    guard let start = tables.system.initialWorlds.first(where: { form(of: $0) == path[0] }) else {
      programmingError("no initial world is the first state of a trace")
    }
    let enumeration = StepEnumeration(tables.system)
    var trace = SearchTrace<System>(start: start, steps: [])
    var world = start
    for next in path.dropFirst() {
      let steps = enumeration.steps(from: world)
      guard let step = steps.first(where: { form(of: $0.world) == next }) else {
        programmingError("the system does not confirm step \(trace.steps.count + 1) of a trace")
      }
      trace.steps.append(step)
      world = step.world
    }
    return trace
  }

  private func form(of world: [System.Component]) -> UInt64 {
    engine.canonicalPair(of: world.map { tables.id(of: $0) })
  }
}

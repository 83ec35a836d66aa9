/// What becomes of worlds beyond the bounds of a search: those that reach a goal by no step within
/// them are continued in another system (``ComponentSystem/continuation``), all in one search.
final class Continuations<System: ComponentSystem> {
  private let origin: SearchEngine
  private let originTables: ComponentTables<System>
  private let tables: ComponentTables<System>
  private let shared: SearchShared
  private var engine: SearchEngine
  private var pass: ProgressPass?
  /// By slot and component of the first search.
  private var componentIDs: [UInt64: UInt32] = [:]
  /// The states with which the search began, by their pairs.
  private var numbers: [UInt64: Int] = [:]
  private(set) var figures = ContinuationFigures()

  /// `nil` if the budget has no room to begin.
  init?(
    of origin: SearchEngine, _ originTables: ComponentTables<System>, in system: System,
    _ options: SearchOptions
  ) {
    self.origin = origin
    self.originTables = originTables
    var options = options
    options.budget.bytes -= origin.shared.account.bytes
    tables = ComponentTables(
      system, usesSymmetry: options.usesSymmetry, limits: originTables.limits)
    guard
      let shared = SearchShared(tables, invariantCount: 0, options: options),
      let engine = SearchEngine(shared, options: options, progress: origin.progress)
    else { return nil }
    self.shared = shared
    self.engine = engine
  }

  func free() {
    pass?.free()
    engine.free()
  }

  /// Visits all continuations of these states of the first search.
  /// - Returns: why it came to no end; `nil` if it did.
  func run(from states: some Sequence<Int>) -> UndecidedReason? {
    var worlds = Set<[UInt32]>()
    var ordered: [[UInt32]] = []
    for state in states {
      let world = world(of: state)
      if worlds.insert(world).inserted { ordered.append(world) }
    }
    if tables.overflow != nil { return .continuationBudget }
    let found = engine.run(from: ordered)
    figures = ContinuationFigures(
      worlds: ordered.count, states: found.summary.states, transitions: found.summary.transitions)
    if case .undecided(let reason) = found.ending {
      return reason == .cancelled ? reason : .continuationBudget
    }
    guard engine.hasWholeLog, let pass = ProgressPass(engine) else { return .continuationBudget }
    self.pass = pass
    for number in engine.ranges.first ?? 0..<0 {
      numbers[shared.arena.states[number]] = number
    }
    return nil
  }

  /// Works out which continuations reach a goal, by its number among the predicates of the system.
  func settle(_ predicate: Int) {
    pass?.settle(predicate)
  }

  /// What becomes of a state of the first search.
  func fate(of state: Int) -> ProgressPass.Fate {
    // A state that shares its fingerprint with another is lost, with the odds of such a search.
    guard let pass, let number = numbers[engine.canonicalPair(of: world(of: state))] else {
      return .arrives
    }
    return pass.fate(of: number)
  }

  private func world(of state: Int) -> [UInt32] {
    let components = origin.shared.components(of: origin.shared.arena.states[state])
    return components.enumerated().map { slot, component in
      let key = UInt64(slot) << 32 | UInt64(component)
      if let known = componentIDs[key] { return known }
      let id = tables.id(
        of: originTables.system.continued(originTables.component(component), in: slot))
      componentIDs[key] = id
      return id
    }
  }
}

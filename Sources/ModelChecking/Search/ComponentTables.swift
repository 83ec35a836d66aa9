import SimulationKernel

/// The components and signals met so far, numbered, and the system that answers for them. Called
/// by one thread at a time.
final class ComponentTables<System: ComponentSystem>: NumberedSystem, @unchecked Sendable {
  let system: System
  let geometry: SlotGeometry
  let predicates: [NumberedPredicate]
  let limits: NumberLimits
  private let conditions: [StatePredicate<System.Component>]
  private let guardStart: Int
  private let guardCount: Int
  private(set) var components: [System.Component] = []
  private var hashes: [UInt64] = []
  private var componentIDs: [System.Component: UInt32] = [:]
  private var signals: [System.Signal] = []
  private var signalIDs: [System.Signal: Int] = [:]
  private(set) var overflow: String?

  init(_ system: System, usesSymmetry: Bool, limits: NumberLimits = NumberLimits()) {
    self.system = system
    self.limits = limits
    let layout = system.layout
    let permutations = usesSymmetry ? system.permutations : []
    Self.check(system, layout, permutations)
    geometry = SlotGeometry(
      slotCount: layout.count, leftCount: layout.leftCount,
      destinations: permutations.map(\.destinations))
    conditions =
      system.invariants + system.guards + system.goals + system.exemptions + system.obligations
    guardStart = system.invariants.count
    guardCount = system.guards.count
    var code = 1
    predicates = conditions.map { condition in
      defer { code += NumberedPredicate.codes(slotCount: condition.slots.count) }
      return NumberedPredicate(slots: condition.slots, firstCode: code)
    }
    require(code <= NumberedPredicate.codeLimit, "predicates read too many slots")
  }

  private static func check(
    _ system: System, _ layout: SlotLayout, _ permutations: [SlotPermutation]
  ) {
    let halves = [layout.leftCount, layout.count - layout.leftCount]
    require(
      halves.allSatisfy { (1...SlotLayout.largestHalf).contains($0) },
      "a half of a world has 1...64 slots, not \(halves)")
    require(!system.initialWorlds.isEmpty, "a system without an initial world")
    require(
      system.initialWorlds.allSatisfy { $0.count == layout.count },
      "an initial world does not fill the slots")
    require(
      system.invariants.count <= SlotLayout.largestPredicateCount, "more than 64 invariants")
    require(
      system.obligations.isEmpty || system.obligations.count == system.goals.count,
      "not every goal has an obligation")
    let goals = system.goals + system.obligations + system.exemptions
    for predicate in system.invariants + system.guards + goals {
      require(
        !predicate.slots.isEmpty && predicate.slots.allSatisfy { (0..<layout.count).contains($0) },
        "\(predicate.name) reads slots that are not there")
    }
    for permutation in permutations {
      require(
        permutation.destinations.indices.allSatisfy { slot in
          (slot < layout.leftCount) == (permutation.destinations[slot] < layout.leftCount)
        }, "a permutation mixes the halves of a world")
    }
  }

  var componentCount: Int { components.count }
  var signalCount: Int { signals.count }

  // MARK: Numbers

  func id(of component: System.Component) -> UInt32 {
    if let known = componentIDs[component] { return known }
    let id = UInt32(components.count)
    if components.count >= limits.components {
      overflow = "distinct components"
      return 0
    }
    componentIDs[component] = id
    components.append(component)
    hashes.append(component.fingerprint)
    return id
  }

  private func id(of signal: System.Signal) -> Int {
    if let known = signalIDs[signal] { return known }
    let id = signals.count + StepWord.firstSignal
    if signals.count >= limits.signals {
      overflow = "distinct signals"
      return StepWord.firstSignal
    }
    signalIDs[signal] = id
    signals.append(signal)
    return id
  }

  func component(_ id: UInt32) -> System.Component { components[Int(id)] }

  func contentHash(of component: UInt32) -> UInt64 { hashes[Int(component)] }

  // MARK: Answers

  func actions(of component: UInt32, in slot: Int) -> [NumberedReaction] {
    system.actions(of: components[Int(component)], in: slot).map(numbered)
  }

  func reactions(of component: UInt32, in slot: Int, to signal: Int) -> [NumberedReaction] {
    system.reactions(
      of: components[Int(component)], in: slot, to: signals[signal - StepWord.firstSignal]
    ).map(numbered)
  }

  private func numbered(
    _ reaction: Reaction<System.Component, System.Signal>
  ) -> NumberedReaction {
    NumberedReaction(
      becoming: id(of: reaction.becoming), tags: reaction.tags.rawValue,
      consequences: reaction.consequences.map { consequence in
        switch consequence {
        case .signal(let signal, let slot):
          require(
            (0..<geometry.slotCount).contains(slot), "a signal to slot \(slot), which is not there")
          return StepWord.signal(id(of: signal), place: geometry.place(of: slot))
        case .require(let number):
          require(
            (0..<guardCount).contains(number), "guard \(number), which is not there")
          return StepWord.guardWord(predicate: guardStart + number)
        }
      })
  }

  func permuted(_ component: UInt32, in slot: Int, by permutation: Int) -> UInt32 {
    id(of: system.permuted(components[Int(component)], in: slot, by: permutation))
  }

  func holds(predicate: Int, for ids: [UInt32]) -> Bool {
    conditions[predicate].holds(ids.map { components[Int($0)] })
  }
}

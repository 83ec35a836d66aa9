import ModelChecking
import Testing

@testable import ComparisonModels

@Suite("The chain model")
struct ChainModelTests {
  @Test(
    "has as many states and transitions as other engines count",
    arguments: [
      (crashes: 0, states: 1_536, transitions: 3_962, depth: 21),
      (crashes: 1, states: 155_942, transitions: 629_322, depth: 29),
    ])
  func counts(crashes: Int, states: Int, transitions: Int, depth: Int) {
    let result = ModelSearch(ChainModel(crashes: crashes), options: .plain).run()
    #expect(result.verdict.isExhausted)
    #expect(result.states == states)
    #expect(result.transitions == transitions)
    #expect(result.depth == depth)
  }

  static let bounds: [NaiveChain.Bounds] = [
    .init(crashes: 0), .init(crashes: 0, writes: 1, reads: 1), .init(crashes: 0, writes: 4),
    .init(crashes: 0, writes: 1, reads: 4), .init(crashes: 1, writes: 1, reads: 1),
    .init(crashes: 1, writes: 2, reads: 0), .init(crashes: 2, writes: 1, reads: 0),
    .init(crashes: 1),
  ]

  @Test("agrees level by level with a naive search of the same rules", arguments: bounds.indices)
  func naive(index: Int) {
    let bounds = Self.bounds[index]
    let model = ChainModel(
      crashes: bounds.crashes, writes: bounds.writes, reads: bounds.reads)
    let naive = NaiveChain.search(bounds)
    for storage in SearchOptions.Storage.allCases {
      var options = SearchOptions.plain
      options.storage = storage
      options.threads = storage == .exact ? 1 : 2
      let result = ModelSearch(model, options: options).run()
      #expect(result.states == naive.states)
      #expect(result.transitions == naive.transitions)
      #expect(result.levels == naive.levels)
      #expect(result.verdict.isExhausted)
    }
  }

  @Test("a mistake is found with the shortest trace", arguments: ChainDeviation.allCases)
  func deviation(deviation: ChainDeviation) throws {
    let model = ChainModel(crashes: 1, deviation: deviation)
    var bounds = NaiveChain.Bounds(crashes: 1)
    bounds.forgetsToBringUpToDate = deviation == .successorIsNotBroughtUpToDate
    bounds.headAnswers = deviation == .headAnswersUpdates
    let naive = NaiveChain.search(bounds)
    let length = try #require(naive.violation)
    for usesSymmetry in [false, true] {
      var options = SearchOptions()
      options.usesSymmetry = usesSymmetry
      let result = ModelSearch(model, options: options).run()
      guard case .violation(let invariant, let trace) = result.verdict else {
        Issue.record("\(deviation): \(result.verdict)")
        continue
      }
      #expect(trace.steps.count == length)
      let name = model.invariants[invariant].name
      switch deviation {
      case .successorIsNotBroughtUpToDate: #expect(name.hasPrefix("update propagation"))
      case .headAnswersUpdates: #expect(name == "real-time order")
      }
      if !usesSymmetry { #expect(result.levels == naive.levels) }
    }
  }

  @Test("the states kept with symmetry stand for all")
  func orbits() {
    for storage in SearchOptions.Storage.allCases {
      var options = SearchOptions()
      options.storage = storage
      let result = ModelSearch(ChainModel(crashes: 0), options: options).run()
      #expect(result.groupSize == 2 && result.states < 1_000)
      #expect(result.statesInOrbits == 1_536)
      #expect(result.transitionsInOrbits == 3_962)
    }
  }

  @Test("a renaming that is none is told")
  func wrongRenaming() {
    #expect(SymmetryCheck(ChainModel(crashes: 1)).walk(seed: 1, limit: 60).objection == nil)
    let wrong = SymmetryCheck(MisnamedChain(model: ChainModel(crashes: 1)))
    #expect(wrong.walk(seed: 1, limit: 60).objection != nil)
  }

  @Test("exchanging the clients twice changes nothing, and once means the same steps")
  func symmetry() throws {
    let model = ChainModel(crashes: 1)
    let exchange = try #require(model.permutations.first).destinations
    func exchanged(_ world: [ChainComponent]) -> [ChainComponent] {
      var result = world
      for slot in world.indices {
        result[exchange[slot]] = model.permuted(world[slot], in: slot, by: 0)
      }
      return result
    }
    let enumeration = StepEnumeration(model)
    var world = model.initialWorlds[0]
    #expect(exchanged(world) == world)
    var word: UInt64 = 1
    for _ in 0..<400 {
      let steps = enumeration.steps(from: world)
      let mirrored = enumeration.steps(from: exchanged(world))
      #expect(Set(steps.map { exchanged($0.world) }) == Set(mirrored.map(\.world)))
      #expect(exchanged(exchanged(world)) == world)
      guard !steps.isEmpty else {
        world = model.initialWorlds[0]
        continue
      }
      word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      world = steps[Int((word >> 33) % UInt64(steps.count))].world
    }
  }
}

extension SearchOptions {
  /// One thread, exact, without symmetry: counts are those of the whole state space.
  static var plain: SearchOptions {
    var options = SearchOptions()
    options.usesSymmetry = false
    return options
  }
}

extension SearchVerdict {
  var isExhausted: Bool {
    if case .exhausted = self { true } else { false }
  }
}

/// The chain model with a renaming that forgets what is in the channels.
private struct MisnamedChain: ComponentSystem {
  typealias Component = ChainModel.Component
  typealias Signal = ChainModel.Signal
  var model: ChainModel

  var layout: SlotLayout { model.layout }
  var initialWorlds: [[Component]] { model.initialWorlds }
  var invariants: [StatePredicate<Component>] { model.invariants }
  var permutations: [SlotPermutation] { model.permutations }

  func actions(of component: Component, in slot: Int) -> [Reaction<Component, Signal>] {
    model.actions(of: component, in: slot)
  }

  func reactions(
    of component: Component, in slot: Int, to signal: Signal
  ) -> [Reaction<Component, Signal>] {
    model.reactions(of: component, in: slot, to: signal)
  }

  func permuted(_ component: Component, in slot: Int, by permutation: Int) -> Component {
    if case .channel = component { return component }
    return model.permuted(component, in: slot, by: permutation)
  }
}

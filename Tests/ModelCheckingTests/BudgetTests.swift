import SimulationKernel
import Testing

@testable import ModelChecking

/// Counters in a row, each of which may be raised by itself: as many worlds as `range` to the power
/// of `count`.
private struct Counters: ComponentSystem {
  var count = 4
  var range = 8

  struct Component: Hashable, Fingerprintable, Sendable {
    var value: Int

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(value)
    }
  }

  var layout: SlotLayout { SlotLayout(names: (0..<count).map { "\($0)" }) }
  var initialWorlds: [[Component]] { [Array(repeating: Component(value: 0), count: count)] }

  func actions(of component: Component, in slot: Int) -> [Reaction<Component, Int>] {
    guard component.value + 1 < range else { return [] }
    let next = Component(value: component.value + 1)
    return [Reaction(becoming: component, [.signal(next.value, to: slot)])]
  }

  func reactions(
    of component: Component, in slot: Int, to signal: Int
  ) -> [Reaction<Component, Int>] {
    [Reaction(becoming: Component(value: signal))]
  }

  var invariants: [StatePredicate<Component>] {
    [StatePredicate("small", slots: [0, 1, count - 1]) { $0.allSatisfy { $0.value < 1000 } }]
  }
}

@Suite("Budgets of a search")
struct BudgetTests {
  private func options(threads: Int, _ storage: SearchOptions.Storage) -> SearchOptions {
    var options = SearchOptions()
    options.threads = threads
    options.storage = storage
    return options
  }

  @Test("a spent budget of states is undecided, and the levels before it are reported")
  func states() {
    let whole = ModelSearch(Counters()).run()
    #expect(whole.isExhausted && whole.states == 4_096)
    for storage in SearchOptions.Storage.allCases {
      for threads in 1...3 {
        var options = options(threads: threads, storage)
        for states in [1, 100, 2_000, 4_095] {
          options.budget.states = states
          let result = ModelSearch(Counters(), options: options).run()
          #expect(result.undecidedReason == .stateBudget)
          #expect(result.states <= states)
          #expect(result.levels[...] == whole.levels.prefix(result.levels.count))
        }
        options.budget.states = 4_096
        #expect(ModelSearch(Counters(), options: options).run().digest == whole.digest)
      }
    }
  }

  @Test("a spent budget of memory is undecided, and its account stays within it")
  func bytes() {
    let whole = ModelSearch(Counters()).run()
    var endings = Set<Bool>()
    for storage in SearchOptions.Storage.allCases {
      for threads in 1...3 {
        var options = options(threads: threads, storage)
        for kilobytes in [1, 64, 200, 400, 800, 1600, 3200, 6400, 50_000] {
          options.budget.bytes = kilobytes << 10
          let result = ModelSearch(Counters(), options: options).run()
          endings.insert(result.isExhausted)
          if result.isExhausted {
            #expect(result.digest == whole.digest)
            #expect(result.figures.bytes <= options.budget.bytes)
          } else {
            #expect(result.undecidedReason == .byteBudget)
            #expect(result.levels[...] == whole.levels.prefix(result.levels.count))
          }
        }
      }
    }
    #expect(endings.count == 2)
  }

  @Test("a number that would not fit its field ends the search undecided")
  func numbers() {
    for threads in 1...2 {
      for storage in SearchOptions.Storage.allCases {
        var search = ModelSearch(Counters(), options: options(threads: threads, storage))
        search.limits.components = 5
        #expect(search.run().undecidedReason == .tooMany("distinct components"))
        search.limits = NumberLimits()
        search.limits.signals = 5
        #expect(search.run().undecidedReason == .tooMany("distinct signals"))
        search.limits = NumberLimits()
        search.limits.combinations = 5
        #expect(search.run().undecidedReason == .tooMany("combinations of components"))
        search.limits = NumberLimits()
        #expect(search.run().isExhausted)
      }
    }
  }

  @Test("a search that is told to stop is undecided")
  func cancelled() {
    let result = ModelSearch(Counters()).run { $0.states < 1000 }
    #expect(result.undecidedReason == .cancelled)
  }

  @Test("a depth that is reached is undecided")
  func depth() {
    var options = SearchOptions()
    options.budget.depth = 3
    let result = ModelSearch(Counters(), options: options).run()
    #expect(result.undecidedReason == .depthBudget)
    #expect(result.levels == [1, 4, 10, 20])
  }

  @Test("any number of threads finds the same, whatever they do to each other")
  func threads() {
    let system = Counters(count: 5, range: 6)
    let whole = ModelSearch(system).run()
    #expect(whole.states == 7_776)
    for round in 0..<12 {
      for storage in SearchOptions.Storage.allCases {
        let result = ModelSearch(system, options: options(threads: 2 + round % 7, storage)).run()
        #expect(result.isExhausted && result.digest == whole.digest)
        #expect(result.levels == whole.levels && result.transitions == whole.transitions)
      }
    }
  }
}

import ModelChecking
import Testing

@Suite("Searches of drawn systems")
struct ModelSearchTests {
  /// Every way in which a search may be carried out.
  private static var ways: [SearchOptions] {
    var ways: [SearchOptions] = []
    for storage in SearchOptions.Storage.allCases {
      for order in SearchOptions.Order.allCases {
        for threads in [1, 3] {
          var options = SearchOptions()
          options.storage = storage
          options.order = order
          options.threads = threads
          options.usesSymmetry = false
          ways.append(options)
        }
      }
    }
    return ways
  }

  @Test("find what a search over whole worlds finds", arguments: 1...40 as ClosedRange<UInt64>)
  func agreesWithWorlds(seed: UInt64) {
    let system = DrawnSystem(seed: seed, breaks: false)
    let plain = WorldSearch(system)
    var digests = Set<UInt64>()
    for options in Self.ways {
      let result = ModelSearch(system, options: options).run()
      #expect(result.isExhausted)
      #expect(result.levels == plain.levels)
      #expect(result.transitions == plain.transitions)
      #expect(result.deadEnds == plain.deadEnds)
      digests.insert(result.digest)
    }
    #expect(digests.count == 1)
  }

  @Test("find the same shortest way to a violation", arguments: 1...40 as ClosedRange<UInt64>)
  func violations(seed: UInt64) {
    let system = DrawnSystem(seed: seed, breaks: true)
    let plain = WorldSearch(system)
    var traces = Set<[[DrawnSystem.Component]]>()
    for options in Self.ways {
      let result = ModelSearch(system, options: options).run()
      #expect(result.levels == plain.levels)
      switch result.verdict {
      case .exhausted: #expect(plain.length == nil)
      case .violation(let invariant, let trace):
        #expect(trace.steps.count == plain.length)
        #expect(plain.broken.contains(invariant))
        traces.insert([trace.start] + trace.steps.map(\.world))
      case .undecided(let reason): Issue.record("undecided: \(reason)")
      }
    }
    #expect(traces.count == (plain.length == nil ? 0 : 1))
  }

  @Test("some of the drawn systems are large, and some break")
  func drawnSystemsAreWorthIt() {
    let seeds = 1...40 as ClosedRange<UInt64>
    let sizes = seeds.map { WorldSearch(DrawnSystem(seed: $0, breaks: false)).states }
    #expect(sizes.max() ?? 0 > 500)
    #expect(sizes.count { $0 > 50 } > 5)
    let lengths = seeds.compactMap { WorldSearch(DrawnSystem(seed: $0, breaks: true)).length }
    #expect(lengths.count { $0 > 0 } > 8)
    #expect(lengths.count < 40)
  }

  @Test(
    "symmetry keeps one state of each orbit, and every verdict",
    arguments: 1...40 as ClosedRange<UInt64>)
  func symmetry(seed: UInt64) {
    for breaks in [false, true] {
      let system = DrawnSystem(seed: seed, breaks: breaks)
      let plain = WorldSearch(system)
      var options = SearchOptions()
      for threads in 1...2 {
        options.threads = threads
        let result = ModelSearch(system, options: options).run()
        if case .violation(_, let trace) = result.verdict {
          #expect(trace.steps.count == plain.length)
        } else {
          #expect(result.isExhausted && plain.length == nil)
          let orbits = Set(
            plain.worlds.map { world in
              Set([world, [world[1], world[0]] + world[2...]])
            })
          #expect(result.states == orbits.count)
          #expect(result.statesInOrbits == plain.worlds.count)
          #expect(result.transitionsInOrbits == plain.transitions)
        }
      }
    }
  }
}

extension SearchResult {
  var isExhausted: Bool {
    if case .exhausted = verdict { true } else { false }
  }

  var undecidedReason: UndecidedReason? {
    if case .undecided(let reason) = verdict { reason } else { nil }
  }
}

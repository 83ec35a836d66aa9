import ModelChecking
import SimulationKernel
import Testing

/// A walker on places 0 to 9 that pays for each step forward; at place 5 it may fall into a pit,
/// where it can only go round. The goal is place 9.
private struct Walk: ComponentSystem {
  enum Component: Hashable, Fingerprintable, Sendable {
    case place(Int)
    case steps(Int)

    func fingerprint(into hasher: inout StableHasher) {
      switch self {
      case .place(let place): hasher.combine(place)
      case .steps(let left): hasher.combine(100 + left)
      }
    }
  }

  static let pit = 20

  var steps: Int
  /// With how many steps the walk goes on beyond the bounds; 0: it does not.
  var furtherSteps = 0
  var hasPit = false

  let layout = SlotLayout(names: ["walker", "steps"], leftCount: 1)
  var initialWorlds: [[Component]] { [[.place(0), .steps(steps)]] }

  func actions(of component: Component, in slot: Int) -> [Reaction<Component, Int>] {
    guard case .place(let place) = component, place != 9 else { return [] }
    if place >= Self.pit {
      return [Reaction(becoming: .place(place == Self.pit ? Self.pit + 1 : Self.pit))]
    }
    let on = Reaction<Component, Int>(becoming: .place(place + 1), [.signal(1, to: 1)])
    return hasPit && place == 5 ? [on, Reaction(becoming: .place(Self.pit))] : [on]
  }

  func reactions(
    of component: Component, in slot: Int, to signal: Int
  ) -> [Reaction<Component, Int>] {
    guard case .steps(let left) = component, left >= signal else { return [] }
    return [Reaction(becoming: .steps(left - signal))]
  }

  var goals: [StatePredicate<Component>] {
    [StatePredicate("the walker arrives", slots: [0]) { $0 == [.place(9)] }]
  }

  var continuation: Walk? { furtherSteps == 0 ? nil : Walk(steps: 0, hasPit: hasPit) }

  func continued(_ component: Component, in slot: Int) -> Component {
    if case .steps = component { .steps(furtherSteps) } else { component }
  }
}

@Suite("Continuations beyond the bounds")
struct ContinuationsTests {
  private func search(_ walk: Walk, threads: Int = 1) -> SearchResult<Walk> {
    var options = SearchOptions()
    options.threads = threads
    options.progress = ProgressQuestion(excluding: [])
    return ModelSearch(walk, options: options).run()
  }

  @Test("within the bounds the walker ends where its steps do")
  func bounded() {
    let result = search(Walk(steps: 6))
    #expect(result.progress.map(\.stuckStates) == [7])
    #expect(result.continuation == nil)
  }

  @Test("with enough further steps it arrives from everywhere")
  func enough() {
    let result = search(Walk(steps: 6, furtherSteps: 9))
    #expect(result.progress.map(\.stuckStates) == [0])
    // Places 0 to 6 with nine steps each, and all that follows: 4 to 10 states each.
    #expect(result.continuation?.worlds == 7)
    #expect(result.continuation?.states == 49)
    #expect(result.states == 7)
  }

  @Test("with few further steps it is stuck where they do not reach, and the trace leads there")
  func few() throws {
    let result = search(Walk(steps: 6, furtherSteps: 4))
    // From places 0 to 4 four steps are too few.
    let goal = try #require(result.progress.first)
    #expect(goal.stuckStates == 5)
    #expect(goal.deadEnds == 0)
    #expect(goal.trace?.steps.count == 0)
  }

  @Test("a pit is found however many steps there are", arguments: [1, 2])
  func pit(threads: Int) throws {
    let result = search(Walk(steps: 6, furtherSteps: 50, hasPit: true), threads: threads)
    let goal = try #require(result.progress.first)
    #expect(goal.stuckStates == 2)
    #expect(goal.deadEnds == 0)
    #expect(goal.trace?.steps.count == 6)
  }
}

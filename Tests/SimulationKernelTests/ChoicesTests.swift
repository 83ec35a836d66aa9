import SimulationKernel
import Testing

@Suite("Choices")
struct ChoicesTests {
  static func drawing(seed: UInt64 = 1) -> Choices {
    Choices(stream: SeededStream(seed: seed, name: "choices"))
  }

  /// Takes one step that asks for outcomes of these counts.
  static func step(_ choices: inout Choices, _ counts: [Int]) -> [Int] {
    choices.begin()
    return counts.map { choices.choose($0) }
  }

  @Test("drawn outcomes are the stream's, and are written down")
  func drawn() {
    var stream = SeededStream(seed: 1, name: "choices")
    var choices = Self.drawing()
    let outcomes = Self.step(&choices, [5, 2, 100])
    #expect(outcomes == [5, 2, 100].map { stream.below($0) })
    #expect(choices.taken == outcomes.map { UInt32($0) })
    #expect(!choices.hasDiverged)
    #expect(!choices.hasLeftovers)
  }

  @Test(
    "where there is nothing to choose, nothing is drawn or written down", arguments: [1, 0, -4])
  func nothingToChoose(count: Int) {
    var choices = Self.drawing()
    var other = Self.drawing()
    #expect(Self.step(&choices, [count, 1_000]).first == 0)
    #expect(choices.taken.count == 1)
    #expect(Self.step(&other, [1_000]) == [Int(choices.taken[0])])
  }

  @Test("each step begins with a clean list")
  func steps() {
    var choices = Self.drawing()
    _ = Self.step(&choices, [10, 10])
    _ = Self.step(&choices, [10])
    #expect(choices.taken.count == 1)
    _ = Self.step(&choices, [])
    #expect(choices.taken.isEmpty)
  }

  @Test("an offered list is taken as it stands, for one step")
  func offered() {
    var choices = Self.drawing()
    choices.offer([3, 0, 7])
    #expect(Self.step(&choices, [4, 9, 8]) == [3, 0, 7])
    #expect(!choices.hasDiverged)
    #expect(!choices.hasLeftovers)
    choices.offer([])
    #expect(Self.step(&choices, []) == [])
    #expect(!choices.hasDiverged)
  }

  @Test("what was drawn replays to the same outcomes")
  func roundTrip() {
    var drawn = Self.drawing(seed: 4)
    var replayed = Self.drawing(seed: 5)
    for length in 0..<20 {
      let counts = (0..<length).map { 2 + $0 % 7 }
      let outcomes = Self.step(&drawn, counts)
      replayed.offer(drawn.taken)
      #expect(Self.step(&replayed, counts) == outcomes)
      #expect(!replayed.hasDiverged)
      #expect(!replayed.hasLeftovers)
    }
  }

  @Test("a list that is too short diverges and gives 0")
  func tooShort() {
    var choices = Self.drawing()
    choices.offer([1])
    #expect(Self.step(&choices, [2, 2]) == [1, 0])
    #expect(choices.hasDiverged)
  }

  @Test("an outcome that is not on offer diverges and gives 0")
  func outOfRange() {
    var choices = Self.drawing()
    choices.offer([2, 1])
    #expect(Self.step(&choices, [2, 2]) == [0, 1])
    #expect(choices.hasDiverged)
  }

  @Test("a list that is too long has leftovers, which is no divergence of an outcome")
  func tooLong() {
    var choices = Self.drawing()
    choices.offer([1, 1, 1])
    #expect(Self.step(&choices, [2, 2]) == [1, 1])
    #expect(!choices.hasDiverged)
    #expect(choices.hasLeftovers)
  }

  @Test("divergence belongs to its step: the next one starts clean")
  func divergenceIsForgotten() {
    var choices = Self.drawing()
    choices.offer([])
    _ = Self.step(&choices, [2])
    #expect(choices.hasDiverged)
    choices.offer([1])
    _ = Self.step(&choices, [2])
    #expect(!choices.hasDiverged)
  }

  @Test("a replay that was offered nothing for a step never falls back on the stream")
  func noFallback() {
    var choices = Self.drawing()
    choices.offer([1])
    _ = Self.step(&choices, [2])
    #expect(Self.step(&choices, [1_000_000]) == [0])
    #expect(choices.hasDiverged)
  }
}

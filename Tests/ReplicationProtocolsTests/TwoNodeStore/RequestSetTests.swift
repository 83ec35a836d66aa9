import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// Which writes were executed.
@Suite struct RequestSetTests {
  /// All sets of requests 1...4 in all orders of insertion: 64 sequences with repetitions.
  @Test func holdsWhatWasInserted() {
    for code in 0..<64 {
      let numbers = [code % 4 + 1, code / 4 % 4 + 1, code / 16 + 1]
      var set = TwoNodeStore.RequestSet()
      var known: Set<Int> = []
      for number in numbers {
        #expect(set.insert(Two.id("c1", number)) == known.insert(number).inserted, "\(numbers)")
      }
      for number in 0...5 {
        #expect(set.contains(Two.id("c1", number)) == known.contains(number), "\(numbers)")
      }
    }
  }

  @Test func neighboursBecomeOneRange() {
    var set = TwoNodeStore.RequestSet()
    for number in [1, 3, 2] { set.insert(Two.id("c1", number)) }
    #expect(set.members.map(\.ranges) == [[1...3]])
  }

  @Test func clientsAreKeptApart() {
    var set = TwoNodeStore.RequestSet()
    set.insert(Two.id("c2", 1))
    #expect(!set.contains(Two.id("c1", 1)))
  }

  @Test func aUnionHoldsBoth() {
    var left = TwoNodeStore.RequestSet()
    var right = TwoNodeStore.RequestSet()
    left.insert(Two.id("c1", 1))
    right.insert(Two.id("c1", 2))
    right.insert(Two.id("c2", 5))
    left.formUnion(right)
    #expect(left.members.map(\.ranges) == [[1...2], [5...5]])
  }
}

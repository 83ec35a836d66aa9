import DiskSimulation
import SimulationKernel
import Testing

/// Closed sets are visited once each, in no memory, and counted without being visited.
@Suite struct ClosedSetsTests {
  /// Random requirements, against all subsets.
  @Test func visitsAndCountsWhatAFilterFinds() {
    var stream = SeededStream(seed: 1, name: "requirements")
    for _ in 0..<200 {
      let count = stream.below(10)
      let requirements = (0..<count).map { place in
        (0..<place).filter { _ in stream.below(4) == 0 }
      }
      let sets = ClosedSets(requirements: requirements)
      var visited: [[Int]] = []
      #expect(
        sets.visit {
          visited.append($0)
          return true
        })
      let expected = subsets(of: count).filter { places in
        places.allSatisfy { requirements[$0].allSatisfy(places.contains) }
      }
      #expect(visited.count == expected.count)
      #expect(Set(visited) == Set(expected))
      #expect(sets.count() == expected.count)
    }
  }

  @Test func stopsWhenItIsTold() {
    var visited = 0
    let sets = ClosedSets(requirements: Array(repeating: [], count: 60))
    #expect(
      !sets.visit { _ in
        visited += 1
        return visited < 1000
      })
    #expect(visited == 1000)
    #expect(sets.count() == 1 << 60)
    #expect(ClosedSets(requirements: Array(repeating: [], count: 64)).count() == nil)
  }

  @Test func longChainsCrossTheWordsOfASet() {
    let chain = (0..<200).map { $0 == 0 ? [] : [$0 - 1] }
    #expect(ClosedSets(requirements: chain).count() == 201)
    let fan = [[]] + (0..<62).map { _ in [0] } + [[0, 64, -3, 99]]
    #expect(ClosedSets(requirements: fan).count() == nil)
    #expect(ClosedSets(requirements: Array(fan.prefix(50))).count() == (1 << 49) + 1)
    #expect(ClosedSets(requirements: fan).count(limit: 0) == nil)
    #expect(ClosedSets(requirements: []).count() == 1)
  }

  @Test func everyImageOfADiskIsFoundWithinTheLimit() throws {
    var disk = try SmallProgram.start()
    try disk.perform(.create("tmp"))
    try disk.perform(.write("tmp", offset: 0, bytes: SmallProgram.fill("n", blocks: 2)))
    let found = try #require(disk.crashImages(limit: 128))
    #expect(found.closedSets == 128)
    #expect(found.images.count == 14)
    #expect(disk.crashImages(limit: 127) == nil)
  }
}

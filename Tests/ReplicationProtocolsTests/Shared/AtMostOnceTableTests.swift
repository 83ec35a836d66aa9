import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite struct AtMostOnceTableTests {
  private func request(_ number: Int, client: Int = 4) -> RequestID {
    RequestID(client: NodeID(client), number: number)
  }

  @Test func anExecutedRequestKeepsItsAnswer() {
    var table = AtMostOnceTable()
    #expect(!table.contains(request(1)))
    table.record(request(1), .value("x"), lowestOpen: 1)
    #expect(table.contains(request(1)))
    #expect(table.answer(to: request(1)) == .value("x"))
    #expect(!table.contains(request(1, client: 5)))
    #expect(!table.contains(request(2)))
  }

  /// A high-water mark would call request 1 executed as soon as request 2 is.
  @Test func requestsOfOneClientMayBeExecutedInAnyOrder() {
    var table = AtMostOnceTable()
    table.record(request(2), .done, lowestOpen: 1)
    #expect(!table.contains(request(1)))
    table.record(request(1), .done, lowestOpen: 1)
    #expect(table.contains(request(1)))
  }

  @Test func answersGoWhenTheClientHasThem() {
    var table = AtMostOnceTable()
    for number in 1...4 { table.record(request(number), .value("\(number)"), lowestOpen: 1) }
    table.record(request(5), .value("5"), lowestOpen: 4)
    #expect(table.answer(to: request(3)) == nil)
    #expect(table.answer(to: request(4)) == .value("4"))
    #expect(table.contains(request(3)))
  }

  /// Against a plain set, for every order of insertion of a small window.
  @Test func rangesAgreeWithASet() {
    for seed in UInt64(1)...500 {
      var stream = SeededStream(seed: seed, name: "table")
      var table = AtMostOnceTable()
      var executed: Set<Int> = []
      for _ in 1...20 {
        let number = 1 + stream.below(16)
        table.record(request(number), .done, lowestOpen: 1)
        executed.insert(number)
        for candidate in 0...17 {
          #expect(
            table.contains(request(candidate)) == executed.contains(candidate),
            "seed \(seed), number \(candidate)")
        }
      }
    }
  }

  @Test func theOrderOfExecutionLeavesNoTrace() {
    var first = AtMostOnceTable()
    var second = AtMostOnceTable()
    for number in [1, 2, 3, 4] { first.record(request(number), .done, lowestOpen: 1) }
    for number in [3, 1, 4, 2] { second.record(request(number), .done, lowestOpen: 1) }
    #expect(first == second)
    #expect(first.fingerprint == second.fingerprint)
  }
}

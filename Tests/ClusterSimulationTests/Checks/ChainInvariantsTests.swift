import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite("Chain invariants")
struct ChainInvariantsTests {
  static func entry(_ number: Int) -> UpdateLog.Entry {
    UpdateLog.Entry(request: RequestID(client: NodeID(4), number: number), resultDigest: 0)
  }

  static func log(_ numbers: [Int]) -> UpdateLog {
    var log = UpdateLog()
    for number in numbers { log.append(entry(number)) }
    return log
  }

  /// Three servers with these histories and Sent lists; then the step of one node.
  static func message(
    _ histories: [[Int]], sent: [[Int]] = [[], [], []], chain: [Int] = [0, 1, 2],
    down: [Int] = [], checks: CheckSet, stepOf node: Int
  ) -> String? {
    var cluster = Cluster.puppets(checks: checks)
    for index in 0..<3 {
      cluster.servers[index].history = log(histories[index])
      cluster.servers[index].sent = sent[index].map { entry($0) }
    }
    cluster.coordinator.currentView = ObservedView(number: 1, members: chain.map { NodeID($0) })
    for server in down { cluster.processes[server].isUp = false }
    cluster.order(NodeID(node), [])
    return cluster.violation?.message
  }

  @Test("histories that grow shorter down the chain are accepted")
  func prefixes() {
    for node in 0...3 {
      #expect(
        Self.message(
          [[1, 2, 3], [1, 2], [1]], checks: [.updatePropagation], stepOf: node) == nil)
      #expect(Self.message([[], [], []], checks: [.updatePropagation], stepOf: node) == nil)
    }
  }

  @Test("a successor that is ahead is rejected, after a step of either or of the master")
  func successorAhead() {
    for node in [1, 2, 3] {
      #expect(
        Self.message([[1], [1], [1, 2]], checks: [.updatePropagation], stepOf: node)?
          .contains("is not a prefix of") == true, "\(node)")
    }
    #expect(
      Self.message([[1, 2], [1, 3], []], checks: [.updatePropagation], stepOf: 0)
        == "the history of s2 is not a prefix of s1's: at place 2 s2 has request 3 of c1, "
        + "s1 has request 2 of c1")
  }

  @Test("servers outside the chain, and dead ones, are not compared")
  func outsiders() {
    let histories = [[1], [7], [1]]
    #expect(
      Self.message(histories, chain: [0, 2], checks: [.updatePropagation], stepOf: 3) == nil)
    #expect(
      Self.message(histories, chain: [0, 2], checks: [.updatePropagation], stepOf: 1) == nil)
    #expect(Self.message(histories, down: [1], checks: [.updatePropagation], stepOf: 0) == nil)
    #expect(Self.message(histories, checks: [.updatePropagation], stepOf: 0) != nil)
  }

  @Test("Sent must account for what the successor lacks")
  func inProcessRequests() {
    let checks: CheckSet = [.inProcessRequests]
    let histories = [[1, 2, 3], [1, 2], [1]]
    #expect(
      Self.message(histories, sent: [[1, 2, 3], [2], []], checks: checks, stepOf: 3) == nil)
    #expect(
      Self.message(histories, sent: [[2], [2], []], checks: checks, stepOf: 0)
        == "s1 has applied 3 updates and s2 2, but Sent of s1 holds 1 and does not account for "
        + "the difference")
  }

  @Test("a check that was not asked for finds nothing")
  func unasked() {
    #expect(Self.message([[1], [2], []], checks: [], stepOf: 0) == nil)
    #expect(Self.message([[1], [2], [3]], checks: [.inProcessRequests], stepOf: 0) == nil)
  }

  @Test("the ordered union agrees with its definition on all small logs")
  func orderedUnion() {
    let longer = Array(1...4)
    var candidates: [[Int]] = [[]]
    for start in 0..<1_000 where start < candidates.count && candidates[start].count < 3 {
      for number in 1...5 where !candidates[start].contains(number) {
        candidates.append(candidates[start] + [number])
      }
    }
    for count in 0...4 {
      let shorter = Array(longer.prefix(count))
      for sent in candidates {
        let missing = longer.dropFirst(count)
        // The last of Sent are what is missing, in order; what stands before is known already.
        let expected =
          sent.count >= missing.count && Array(sent.suffix(missing.count)) == Array(missing)
          && sent.dropLast(missing.count).allSatisfy { shorter.contains($0) }
        #expect(
          isOrderedUnion(Self.log(longer), Self.log(shorter), sent.map { Self.entry($0) })
            == expected, "\(shorter) + \(sent)")
      }
    }
  }
}

import ClusterSimulation
import LinearizabilityChecking
import Testing

@testable import CommandLineTool

/// What protocols say that they have is what runs reach.
@Suite("Coverage of the protocols")
struct CoverageTests {
  @Test("every message and branch that runs reach has been declared", arguments: names)
  func declared(name: String) throws {
    let subject = try #require(ProtocolUnderTest.all.first { $0.name == name })
    let conversion = ScenarioConversion(try subject.worstScenario(), subject.entry)
    let runner = try #require(subject.entry.makeRunner(conversion.setting, conversion.plan))
    var coverage = Coverage()
    for seed in 1...UInt64(12) { coverage.formUnion(runner.coverage(seed)) }
    let summary = subject.entry.summary
    for message in coverage.messages {
      guard let range = message.firstRange(of: " receives ") else { continue }
      #expect(summary.messages.contains(String(message[range.upperBound...])), "\(message)")
    }
    #expect(coverage.notes.isSubset(of: summary.branches.map(\.text)))
    #expect(coverage.crashPoints.isSubset(of: summary.crashPoints))
    #expect(!coverage.crashPoints.isEmpty)
    let rows = coverage.rows(of: summary)
    #expect(rows.filter { $0.kind == .message }.map(\.name) == summary.messages)
    #expect(rows.count { $0.isReached && $0.kind == .message } > summary.messages.count / 2)
  }

  static let names = ProtocolUnderTest.all.map(\.name)

  @Test("what a run reaches does not depend on how often it is asked")
  func deterministic() throws {
    let subject = try #require(ProtocolUnderTest.all.first)
    let conversion = ScenarioConversion(try subject.worstScenario(), subject.entry)
    let runner = try #require(subject.entry.makeRunner(conversion.setting, conversion.plan))
    #expect(runner.coverage(7) == runner.coverage(7))
  }
}

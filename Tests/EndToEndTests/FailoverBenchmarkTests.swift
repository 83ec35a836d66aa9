import Foundation
import Testing

@Suite("benchmark failover")
struct FailoverBenchmarkTests {
  @Test("says how many message delays each failover costs, and which messages they are")
  func text() throws {
    let outcome = try Tool.run("benchmark", "failover", in: try TestFolder())
    #expect(outcome.code == 0)
    try expectSnapshot(outcome.out, "benchmark-failover.txt")
  }

  @Test("a JSON document a line for each case")
  func json() throws {
    let outcome = try Tool.run("benchmark", "failover", "--json", in: try TestFolder())
    let figures = try outcome.out.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(figures.count == 7 * 3)
    let middle = try #require(
      figures.first { $0["case"] as? String == "chain of 3, middle fails: updates" })
    #expect(middle["benchmark"] as? String == "failover")
    #expect(middle["messageDelays"] as? Int == 4)
    #expect(middle["unanswered"] as? Int == 0)
  }
}

import Foundation
import InputText
import Testing

@testable import Reporting

@Suite struct StatisticsTests {
  /// 1 - 0.05^(1/N) with 60 digits, rounded up to two.
  @Test(arguments: [
    (0, "100 %"), (1, "95 %"), (2, "78 %"), (3, "64 %"), (4, "53 %"), (10, "26 %"), (30, "9.6 %"),
    (31, "9.3 %"), (59, "5 %"), (200, "1.5 %"), (299, "1 %"), (300, "1 %"), (500, "0.6 %"),
    (7_000, "0.043 %"), (10_000, "0.03 %"), (100_000, "0.003 %"), (3_000_000, "0.0001 %"),
    (1_000_000_000_000, "0.0000000003 %"), (Int.max, "0.0000000000003 %"),
  ])
  func failureRateBound(runs: Int, bound: String) {
    #expect(Statistics.failureRateBound(runs: runs) == bound)
  }

  /// The bound holds, the next smaller fraction does not, and more runs never widen it.
  @Test func theBoundIsTheSmallest() {
    var last = 1.0
    for runs in Array(1...2_000) + [5_000, 12_345, 98_765, 1_000_003] {
      let bound = Statistics.bound(runs: runs)
      #expect((10...99).contains(bound.units))
      #expect(pow(1 - bound.value, Double(runs)) < 0.05 + 1e-9, "\(runs)")
      let smaller = Statistics.Fraction(units: bound.units - 1, places: bound.places)
      #expect(pow(1 - smaller.value, Double(runs)) > 0.05 - 1e-9, "\(runs)")
      #expect(bound.value <= last)
      last = bound.value
    }
  }

  @Test func resultsAndJUnitSayItToo() throws {
    let report = RunReport(
      version: "1", scenarios: [Samples.headDies, Samples.knownBug, Samples.undecided],
      wallSeconds: [])
    let text = ResultsJSON.text(of: report, wallTimes: .leftOut)
    let scenarios = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])["scenarios"]
    let bounds = try #require(scenarios as? [[String: Any]]).map { $0["failureRateBound95"] }
    #expect(bounds.map { $0 as? Double } == [0.015, nil, nil])
    let said = "at most 1.5 % of all seeds fail (95 % confidence)"
    #expect(JUnitXML.text(of: report).components(separatedBy: said).count == 2)
  }
}

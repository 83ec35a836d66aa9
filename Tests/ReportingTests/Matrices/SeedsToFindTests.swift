import ClusterSimulation
import Testing

@testable import Reporting

@Suite("how many seeds it takes to find a failure")
struct SeedsToFindTests {
  @Test("medians of the geometric distribution, by hand")
  func medians() {
    // 0.5: the first seed; 0.1: 1 - 0.9^7 = 0.52 and 1 - 0.9^6 = 0.47; 0.01: ln 2 / 0.01005 = 69.
    #expect(HitSample(seeds: 20, hits: 10).seedsToFind.median == 1)
    #expect(HitSample(seeds: 200, hits: 20).seedsToFind.median == 7)
    #expect(HitSample(seeds: 2000, hits: 20).seedsToFind.median == 69)
    #expect(HitSample(seeds: 20, hits: 20).seedsToFind == SeedsToFind(median: 1, interval: 1...1))
  }

  @Test("the exact binomial interval of Clopper and Pearson")
  func intervals() {
    // Published tables: 10 of 20 gives 0.272 to 0.728; 1 of 10 gives 0.0025 to 0.445.
    let half = BetaDistribution(10, 11).quantile(0.025)
    #expect(abs(half - 0.2720) < 5e-4)
    #expect(abs(BetaDistribution(11, 10).quantile(0.975) - 0.7280) < 5e-4)
    #expect(abs(BetaDistribution(1, 10).quantile(0.025) - 0.002529) < 1e-6)
    #expect(abs(BetaDistribution(2, 9).quantile(0.975) - 0.4450) < 5e-4)
    let rare = HitSample(seeds: 10, hits: 1).seedsToFind
    #expect(rare.interval == 2...274)
  }

  @Test("the interval holds the median for every small sample")
  func order() {
    for seeds in 1...40 {
      for hits in 1...seeds {
        let found = HitSample(seeds: seeds, hits: hits).seedsToFind
        #expect(found.interval.contains(found.median), "\(hits) of \(seeds)")
      }
    }
  }

  @Test("the distribution function of whole parameters is a sum of binomials")
  func cumulative() {
    // P(X <= x) of Beta(a, b) = P(at least a of a + b - 1 trials succeed with probability x).
    for (a, b) in [(1, 1), (2, 5), (7, 3), (12, 30)] {
      for x in [0.05, 0.3, 0.5, 0.9] {
        let n = a + b - 1
        var sum = 0.0
        for k in a...n {
          var term = 1.0
          for i in 0..<k { term *= Double(n - i) / Double(i + 1) * x }
          for _ in k..<n { term *= 1 - x }
          sum += term
        }
        #expect(abs(BetaDistribution(Double(a), Double(b)).cumulative(x) - sum) < 1e-10)
      }
    }
  }
}

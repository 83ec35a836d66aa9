import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite struct LatencyHistogramTests {
  @Test func `nothing was counted`() {
    let histogram = LatencyHistogram()
    #expect(histogram.quantile(0.5) == nil)
    #expect(histogram.meanNanoseconds == nil)
  }

  @Test(arguments: [0.0, 0.01, 0.5, 0.9, 0.99, 1])
  func `quantiles are those of a sorted list, within a two-thousandth`(part: Double) throws {
    var stream = SeededStream(seed: 7, name: "latencies")
    var histogram = LatencyHistogram()
    var all: [Int64] = []
    for _ in 0..<5_000 {
      // Of every order of magnitude up to a second.
      let value = Int64(stream.next() >> (34 + UInt64(stream.below(30))))
      all.append(value)
      histogram.add(VirtualDuration(nanoseconds: value))
    }
    all.sort()
    let rank = max(1, Int((part * Double(all.count)).rounded(.up)))
    let exact = Double(all[rank - 1])
    let found = Double(try #require(histogram.quantile(part)).nanoseconds)
    #expect(abs(found - exact) <= exact / 2048 + 1, "\(found) instead of \(exact)")
    #expect(histogram.shortest.nanoseconds == all.first)
    #expect(histogram.longest.nanoseconds == all.last)
  }

  @Test func `buckets follow each other without a gap`() {
    for value in [0, 1, 2047, 2048, 2049, 4095, 4096, 1 << 40] as [Int64] {
      let bucket = LatencyHistogram.bucket(of: value)
      let next = LatencyHistogram.bucket(of: value + 1)
      #expect(next == bucket || next == bucket + 1, "\(value)")
    }
  }
}

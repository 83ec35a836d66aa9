import Foundation
import SimulationKernel
import Testing

@testable import NetworkSimulation

@Suite("Latency models")
struct LatencyModelTests {
  static let shortest = VirtualDuration.microseconds(500)
  static let longest = VirtualDuration.microseconds(2_500)

  /// Ten thousand draws, in nanoseconds.
  static func draws(_ distribution: LatencyModel.Distribution) -> [Int64] {
    let model = LatencyModel(distribution, from: shortest, to: longest)
    var stream = SeededStream(seed: 3, name: "latency")
    return (0..<10_000).map { _ in model.draw(&stream).nanoseconds }
  }

  static func mean(_ draws: [Int64]) -> Double {
    draws.reduce(0) { $0 + Double($1) } / Double(draws.count)
  }

  @Test("fixed is always the shortest")
  func fixed() {
    #expect(Set(Self.draws(.fixed)) == [500_000])
  }

  @Test("uniform fills the range evenly")
  func uniform() throws {
    let draws = Self.draws(.uniform)
    let range = try #require(draws.min())...(try #require(draws.max()))
    #expect(range.lowerBound >= 500_000)
    #expect(range.upperBound <= 2_500_000)
    #expect(range.lowerBound < 505_000)
    #expect(range.upperBound > 2_495_000)
    #expect(abs(Self.mean(draws) - 1_500_000) < 30_000)
  }

  @Test("exponential starts at the shortest, has a quarter of the range as mean, and is cut off")
  func exponential() throws {
    let draws = Self.draws(.exponential)
    #expect(try #require(draws.min()) >= 500_000)
    #expect(try #require(draws.max()) <= 500_000 + 16 * 500_000)
    #expect(abs(Self.mean(draws) - 1_000_000) < 30_000)
    // A wait longer than one mean comes with probability 1/e.
    let long = draws.count { $0 > 1_000_000 }
    #expect(abs(Double(long) / 10_000 - 0.368) < 0.02)
  }

  @Test("the first draws of each distribution are pinned")
  func pinned() {
    #expect(Array(Self.draws(.uniform).prefix(3)) == [1_961_104, 1_919_605, 1_008_864])
    #expect(
      Array(Self.draws(.exponential).prefix(3)) == [656_977, 671_384, 1_184_360])
  }

  @Test("reversed bounds give the shortest", arguments: LatencyModel.Distribution.allCases)
  func reversed(_ distribution: LatencyModel.Distribution) {
    let model = LatencyModel(distribution, from: .seconds(2), to: .seconds(1))
    var stream = SeededStream(seed: 3, name: "latency")
    for _ in 0..<100 { #expect(model.draw(&stream) == .seconds(2)) }
  }

  @Test("the largest bounds do not overflow", arguments: LatencyModel.Distribution.allCases)
  func extremes(_ distribution: LatencyModel.Distribution) {
    let longest = VirtualDuration(nanoseconds: .max)
    var stream = SeededStream(seed: 3, name: "latency")
    for shortest in [VirtualDuration.zero, .seconds(1), longest] {
      let model = LatencyModel(distribution, from: shortest, to: longest)
      for _ in 0..<200 { #expect(model.draw(&stream) >= shortest) }
    }
  }

  @Test("our logarithm agrees with the library's")
  func logarithm() {
    var stream = SeededStream(seed: 4, name: "logarithm")
    let smallest = 1.0 / 9_007_199_254_740_992.0
    var inputs = [1.0, 0.5, 0.25, smallest, 3 * smallest, 1 - smallest, 0.75, 1e-9]
    for _ in 0..<20_000 { inputs.append(Double((stream.next() >> 11) | 1) * smallest) }
    for power in 1...52 {
      let scale = Double(sign: .plus, exponent: -power, significand: 1)
      inputs += [scale, scale * 1.5, scale.nextUp, scale.nextDown]
    }
    var largest = 0.0
    for input in inputs {
      let expected = log(input)
      let error = abs(naturalLogarithm(input) - expected) / max(1, abs(expected))
      largest = max(largest, error)
    }
    #expect(largest < 1e-12)
  }
}

import SimulationKernel
import Testing

/// The pinned numbers were computed by another program from the published generator; they may
/// never change, because every recorded seed depends on them.
@Suite("Seeded streams")
struct SeededStreamTests {
  @Test(
    "the first values of a stream are pinned",
    arguments: [
      (
        0, "network",
        [11_261_714_903_050_482_062, 2_482_683_114_528_441_139, 5_939_948_433_605_742_550]
      ),
      (
        1, "network",
        [11_871_277_417_691_496_539, 3_789_472_826_301_136_106, 9_669_051_421_899_989_439]
      ),
      (
        1, "faults",
        [11_280_129_195_009_080_686, 9_923_232_915_890_380_095, 4_300_925_643_866_034_185]
      ),
      (
        .max, "",
        [4_937_074_760_335_773_204, 8_658_642_274_098_199_572, 3_403_326_161_426_013_266]
      ),
    ] as [(UInt64, String, [UInt64])])
  func pinned(seed: UInt64, name: String, expected: [UInt64]) {
    var stream = SeededStream(seed: seed, name: name)
    #expect(expected.map { _ in stream.next() } == expected)
  }

  @Test("bounded draws are pinned")
  func pinnedBounded() {
    var stream = SeededStream(seed: 1, name: "network")
    #expect((0..<8).map { _ in stream.below(100) } == [64, 20, 52, 20, 66, 39, 43, 1])
  }

  @Test("draws from one stream do not shift another of the same seed")
  func independent() {
    var alone = SeededStream(seed: 9, name: "faults")
    let expected = (0..<100).map { _ in alone.next() }
    var other = SeededStream(seed: 9, name: "network")
    var beside = SeededStream(seed: 9, name: "faults")
    for value in expected {
      for _ in 0..<3 { _ = other.next() }
      #expect(beside.next() == value)
    }
  }

  @Test("streams of other names and other seeds share no values")
  func different() {
    var seen: Set<UInt64> = []
    for seed in 0..<20 as Range<UInt64> {
      for name in ["network", "faults", "workload", "choices", "swarm"] {
        var stream = SeededStream(seed: seed, name: name)
        for _ in 0..<50 { seen.insert(stream.next()) }
      }
    }
    #expect(seen.count == 20 * 5 * 50)
  }

  @Test("a bound of zero or less gives 0, a bound of one gives 0")
  func degenerateBounds() {
    var stream = SeededStream(seed: 3, name: "bounds")
    for bound in [Int.min, -1, 0, 1] { #expect(stream.below(bound) == 0) }
    for _ in 0..<100 { #expect((0..<Int.max).contains(stream.below(.max))) }
  }

  @Test("bounded draws are roughly uniform", arguments: [2, 3, 7, 10, 64])
  func uniform(bound: Int) {
    var stream = SeededStream(seed: 5, name: "uniform")
    var counts = Array(repeating: 0, count: bound)
    let draws = 4_000 * bound
    for _ in 0..<draws { counts[stream.below(bound)] += 1 }
    // Five standard deviations of about sqrt(4000).
    for (value, count) in counts.enumerated() {
      #expect(abs(count - 4_000) < 320, "\(value) was drawn \(count) times")
    }
  }

  @Test("a chance of 0 or less never comes, of 1 or more always")
  func certainChances() {
    var stream = SeededStream(seed: 5, name: "chance")
    for _ in 0..<1_000 {
      #expect(stream.chance(0) == false)
      #expect(stream.chance(-3) == false)
      #expect(stream.chance(1) == true)
      #expect(stream.chance(7.5) == true)
    }
  }

  @Test("a chance comes as often as it says", arguments: [0.01, 0.25, 0.5, 0.9])
  func chances(_ probability: Double) {
    var stream = SeededStream(seed: 6, name: "chance")
    let hits = (0..<20_000).count { _ in stream.chance(probability) }
    #expect(abs(Double(hits) / 20_000 - probability) < 0.015)
  }

  @Test("each draw takes one value of the generator, whatever its bounds")
  func oneValueADraw() {
    var plain = SeededStream(seed: 8, name: "advance")
    var mixed = plain
    for _ in 0..<3 { _ = plain.next() }
    _ = mixed.below(17)
    _ = mixed.chance(0.3)
    _ = mixed.duration(from: .zero, to: .seconds(1))
    #expect(plain.next() == mixed.next())
  }

  @Test("durations lie between the bounds, both included")
  func durations() {
    var stream = SeededStream(seed: 7, name: "durations")
    let shortest = VirtualDuration(nanoseconds: 10)
    let longest = VirtualDuration(nanoseconds: 13)
    var counts: [Int64: Int] = [:]
    for _ in 0..<8_000 {
      counts[stream.duration(from: shortest, to: longest).nanoseconds, default: 0] += 1
    }
    #expect(counts.keys.sorted() == [10, 11, 12, 13])
    for count in counts.values { #expect(abs(count - 2_000) < 250) }
  }

  @Test("reversed or equal bounds give the shortest duration")
  func degenerateDurations() {
    var stream = SeededStream(seed: 7, name: "durations")
    #expect(stream.duration(from: .seconds(2), to: .seconds(1)) == .seconds(2))
    #expect(stream.duration(from: .seconds(2), to: .seconds(2)) == .seconds(2))
    for _ in 0..<100 {
      let drawn = stream.duration(from: .zero, to: VirtualDuration(nanoseconds: .max))
      #expect(drawn >= .zero)
    }
  }
}

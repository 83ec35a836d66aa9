import SimulationKernel
import Testing

@Suite("Virtual time")
struct VirtualTimeTests {
  @Test("a sum that would overflow stays at the largest duration, or at never")
  func saturatingSums() {
    let longest = VirtualDuration(nanoseconds: .max)
    #expect(longest + .seconds(1) == longest)
    #expect(VirtualDuration.seconds(1) + longest == longest)
    #expect(VirtualTime.never + .seconds(1) == .never)
    #expect(VirtualTime(nanoseconds: .max - 5) + VirtualDuration(nanoseconds: 6) == .never)
    #expect(
      VirtualTime(nanoseconds: .max - 6) + VirtualDuration(nanoseconds: 5)
        == VirtualTime(nanoseconds: .max - 1))
  }

  @Test("a product that would overflow stays at the largest duration")
  func saturatingProducts() {
    let longest = VirtualDuration(nanoseconds: .max)
    #expect(VirtualDuration.seconds(10) * 1_000_000_000 == longest)
    #expect(longest * 2 == longest)
    #expect(longest * 1 == longest)
    #expect(longest * 0 == .zero)
    #expect(VirtualDuration.milliseconds(3) * 4 == .milliseconds(12))
  }

  @Test("units are what their names say")
  func units() {
    #expect(VirtualDuration.microseconds(7).nanoseconds == 7_000)
    #expect(VirtualDuration.milliseconds(7).nanoseconds == 7_000_000)
    #expect(VirtualDuration.seconds(7).nanoseconds == 7_000_000_000)
    #expect(VirtualTime.start + .seconds(2) - (.start + .milliseconds(500)) == .milliseconds(1500))
    #expect(VirtualTime.start < .never)
    #expect(VirtualDuration.zero < .microseconds(1))
  }

  @Test(
    "the description is the shortest exact form in one unit",
    arguments: [
      (0, "0s"), (1, "1ns"), (999, "999ns"), (1_000, "1us"), (1_001, "1.001us"),
      (10_500, "10.5us"), (1_000_000, "1ms"), (1_500_000_000, "1.5s"), (60_000_000_000, "60s"),
      (1_000_000_001, "1.000000001s"), (-1_500, "-1.5us"),
    ] as [(Int64, String)])
  func descriptions(nanoseconds: Int64, text: String) {
    #expect(VirtualDuration(nanoseconds: nanoseconds).description == text)
    #expect(VirtualTime(nanoseconds: nanoseconds).description == text)
  }

  @Test("never is called never as a time, and is a number of seconds as a duration")
  func never() {
    #expect(VirtualTime.never.description == "never")
    #expect(VirtualDuration(nanoseconds: .max).description == "9223372036.854775807s")
    #expect(VirtualDuration(nanoseconds: .min).description == "-9223372036.854775808s")
  }

  @Test("the description of any duration reads back as the same duration")
  func descriptionRoundTrip() throws {
    var stream = SeededStream(seed: 1, name: "durations")
    for _ in 0..<2_000 {
      let nanoseconds = Int64(stream.next() >> UInt64(1 + stream.below(62)))
      let duration = VirtualDuration(nanoseconds: nanoseconds)
      #expect(try #require(Self.read(duration.description)) == duration, "\(nanoseconds) ns")
    }
  }

  /// Reads a decimal number and a unit without going through floating point.
  static func read(_ text: String) -> VirtualDuration? {
    let units: [(String, Int)] = [("ns", 0), ("us", 3), ("ms", 6), ("s", 9)]
    guard let (unit, digits) = units.first(where: { text.hasSuffix($0.0) }) else { return nil }
    let parts = text.dropLast(unit.count).split(separator: ".")
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    guard fraction.count <= digits else { return nil }
    let padded = fraction + String(repeating: "0", count: digits - fraction.count)
    return Int64(parts[0] + padded).map { VirtualDuration(nanoseconds: $0) }
  }
}

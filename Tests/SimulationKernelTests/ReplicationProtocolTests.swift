import SimulationKernel
import Testing

private enum Bug: String, ProtocolDeviation {
  case first = "B-01"
  case second = "B-02"
  case third = "B-03"

  var change: String { "something" }
}

/// As many cases as a set has room for.
private struct Numbered: ProtocolDeviation {
  var number: Int

  static let allCases = (0..<64).map { Numbered(number: $0) }
  var change: String { "something" }
  var rawValue: String { "N-\(number)" }
  init(number: Int) { self.number = number }
  init?(rawValue: String) { return nil }
}

@Suite("What a protocol is given")
struct ReplicationProtocolTests {
  @Test("a set of deviations holds its members and no others")
  func deviationSets() {
    let subsets: [[Bug]] = [
      [], [.first], [.second], [.third], [.first, .second], [.first, .third], [.second, .third],
      [.first, .second, .third], [.third, .third, .first],
    ]
    for members in subsets {
      let set = DeviationSet(members)
      for bug in Bug.allCases { #expect(set.contains(bug) == members.contains(bug), "\(members)") }
      #expect(set.isEmpty == members.isEmpty)
    }
    #expect((["B-02"].compactMap { Bug(rawValue: $0) }) == [.second])
  }

  @Test("sixty-four deviations have a bit each")
  func manyDeviations() {
    for member in Numbered.allCases {
      let set = DeviationSet([member])
      #expect(Numbered.allCases.filter { set.contains($0) } == [member])
    }
  }

  @Test("an option that is absent, or of another kind, has its default")
  func options() {
    let options = ProtocolOptions([
      "flag": .flag(true), "count": .integer(3), "wait": .duration(.seconds(1)),
      "mode": .choice("fast"),
    ])
    #expect(options.flag("flag", default: false))
    #expect(options.integer("count", default: 1) == 3)
    #expect(options.duration("wait", default: .zero) == .seconds(1))
    #expect(options.choice("mode", default: "slow") == "fast")
    #expect(!options.flag("count", default: false))
    #expect(options.integer("none", default: 1) == 1)
    #expect(options.duration("flag", default: .zero) == .zero)
    #expect(options.choice("wait", default: "slow") == "slow")
  }
}

import DiskSimulation
import Testing

/// Rejected states come with the smallest crash that leaves them and a sync that prevents them.
@Suite struct ProgramReviewTests {
  private func review(
    _ name: String, _ expectation: String, _ profile: PersistenceProfile = .standard
  ) throws -> ProgramReview {
    let program = ProgramStatesTests.program(ProgramStatesTests.programs[name]!)
    return try #require(
      try ProgramReview(of: program, profile, expecting: StateExpectation(expectation)))
  }

  static let replacement = "f=oo|nn; printed -> f=nn"

  @Test(arguments: [("a", 38), ("b", 2), ("c", 0), ("d", 5), ("d_fs", 2)])
  func rejectsThePublishedNumberOfStates(_ name: String, _ count: Int) throws {
    #expect(try review(name, Self.replacement).rejections.count == count)
  }

  @Test func aRenameThatOvertakesItsData() throws {
    let found = try review("a", Self.replacement)
    let torn = try #require(found.rejections.first { $0.state.short == "f=n?" })
    #expect(torn.origin.completedCalls == 3)
    #expect(torn.origin.lost.map(\.text) == ["data tmp 4096..<8192"])
    #expect(torn.origin.reordered == StateOrigin.Reordering(lost: 1, kept: 2))
    #expect(torn.remedy == [ProgramReview.Insertion(path: "tmp", before: 2)])
  }

  @Test func anAnswerThatOvertakesTheRename() throws {
    let found = try review("b", Self.replacement)
    let lost = try #require(found.rejections.first { $0.state.short == "+f=oo,tmp=nn" })
    #expect(lost.origin.lost.map(\.text) == ["rename tmp to f"])
    #expect(lost.origin.reordered == StateOrigin.Reordering(lost: 3, kept: 4))
    #expect(lost.remedy == [ProgramReview.Insertion(path: ".", before: 4)])
  }

  @Test func aTornOverwriteHasNoRemedy() throws {
    let found = try review("d_fs", Self.replacement)
    #expect(found.rejections.allSatisfy { $0.remedy.isEmpty && $0.origin.reordered == nil })
    #expect(found.rejections.map(\.origin.lost.count) == [1, 1])
  }

  /// No closed set that leaves the state loses fewer micro-operations of the calls before the
  /// crash: against all subsets.
  @Test func theLossIsTheSmallest() throws {
    let found = try review("a", Self.replacement)
    for rejection in found.rejections {
      var disk = try SmallProgram.start()
      for step in SmallProgram.a.steps.prefix(rejection.origin.completedCalls) {
        if case .call(let operation) = step { try disk.perform(operation) }
      }
      var least = Int.max
      for places in subsets(of: disk.pendingCount) {
        var crashed = disk
        try crashed.losePower(keeping: places)
        let text = try image(of: crashed).replacing(" ", with: ",")
        let printed = rejection.origin.completedCalls == SmallProgram.a.steps.count ? "+" : ""
        if printed + text == rejection.state.short {
          least = min(least, disk.pendingCount - places.count)
        }
      }
      #expect(rejection.origin.lost.count == least, "\(rejection.state.short)")
    }
  }

  @Test func expectationsAreReadAndRefused() throws {
    let states = try #require(
      try ProgramStates(of: ProgramStatesTests.program([.unlink("f"), .print]), .standard)
    ).states
    func holding(_ text: String) throws -> [String] {
      let expectation = try StateExpectation(text)
      return states.filter(expectation.holds).map(\.short)
    }
    #expect(try holding("!f") == ["-", "+-"])
    #expect(try holding("f=|oo, !printed") == ["f=", "f=oo"])
    #expect(try holding("printed -> !f; !printed -> f=oo") == ["f=oo", "+-"])
    #expect(try holding("./f = o ;") == ["f=o", "+f=o"])
    for wrong in ["", ";", "=oo", "f g", "a -> b -> c", "printed ->", "f,"] {
      #expect(throws: StateExpectation.SyntaxError.self, "\(wrong)") {
        try StateExpectation(wrong)
      }
    }
  }
}

import Testing

@testable import ClusterSimulation

@Suite("Reasons of failures")
struct FailureReasonTests {
  private func reason(
    _ message: String, _ check: CheckName = .convergence, within: Bool = true
  ) -> FailureReason {
    FailureReason(Violation(check, message), withinAssumptions: within)
  }

  @Test("names, numbers and values do not count")
  func alike() {
    #expect(
      reason("key 4 is \"<c1.2>\" at s1 and \"\" at s2")
        == reason("key 0 is \"a b 7\" at s3 and \"x\" at s12"))
    #expect(reason("request 1 of c1", .progress) == reason("planned operations", .progress))
  }

  @Test("other words, checks and assumptions do")
  func different() {
    let contents = reason("key 4 is \"a\" at s1 and \"b\" at s2")
    #expect(contents != reason("s2 is still joining"))
    #expect(contents != reason("key 4 is \"a\" at s1 and \"b\" at s2", .durability))
    #expect(contents != reason("key 4 is \"a\" at s1 and \"b\" at s2", within: false))
  }
}

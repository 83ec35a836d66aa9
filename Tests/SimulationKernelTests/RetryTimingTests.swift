import SimulationKernel
import Testing

@Suite("Retry timing")
struct RetryTimingTests {
  @Test("each wait is as many times longer as the factor says, up to the limit")
  func doubling() {
    let waits = (0..<8).map { RetryTiming().wait(attempt: $0) }
    #expect(
      waits
        == [50, 100, 200, 400, 800, 800, 800, 800].map { VirtualDuration.milliseconds($0) })
  }

  @Test("a factor of one keeps the first wait")
  func constant() {
    let timing = RetryTiming(after: .milliseconds(3), factor: 1, limit: .seconds(1))
    for attempt in [0, 1, 5, 1_000] {
      #expect(timing.wait(attempt: attempt) == .milliseconds(3))
    }
  }

  @Test("a limit below the first wait holds from the start")
  func lowLimit() {
    let timing = RetryTiming(after: .milliseconds(30), factor: 2, limit: .milliseconds(10))
    #expect(timing.wait(attempt: 0) == .milliseconds(10))
    #expect(timing.wait(attempt: 3) == .milliseconds(10))
  }

  @Test("a wait that would overflow stays at the limit; a negative attempt counts as the first")
  func extremes() {
    let timing = RetryTiming(
      after: .seconds(1), factor: 1_000_000_000, limit: VirtualDuration(nanoseconds: .max))
    #expect(timing.wait(attempt: 50) == VirtualDuration(nanoseconds: .max))
    #expect(RetryTiming().wait(attempt: -1) == .milliseconds(50))
    #expect(RetryTiming().wait(attempt: .max) == .milliseconds(800))
  }
}

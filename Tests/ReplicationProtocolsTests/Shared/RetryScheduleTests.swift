import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite struct RetryScheduleTests {
  @Test func waitsGrowToTheLimitAndStartOver() {
    var schedule = RetrySchedule(
      RetryTiming(after: .milliseconds(20), factor: 2, limit: .milliseconds(100)))
    let waits = (1...5).map { _ in schedule.next() }
    #expect(waits == [20, 40, 80, 100, 100].map { VirtualDuration.milliseconds($0) })
    schedule.reset()
    let first = schedule.next()
    #expect(first == .milliseconds(20))
  }

  @Test func attemptsStopCountingAtTheLimit() {
    var schedule = RetrySchedule(RetryTiming(after: .milliseconds(1), limit: .milliseconds(4)))
    for _ in 1...100 { _ = schedule.next() }
    #expect(schedule.attempts == 2)
  }
}

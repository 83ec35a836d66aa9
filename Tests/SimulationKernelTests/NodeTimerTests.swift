import SimulationKernel
import Testing

@Suite("Timers")
struct NodeTimerTests {
  @Test("kind and tag together name a timer")
  func names() {
    let timers = TimerKind.allCases.flatMap { kind in [-1, 0, 1].map { TimerID(kind, tag: $0) } }
    #expect(Set(timers).count == 9)
    #expect(Set(timers.map(\.fingerprint)).count == 9)
    #expect(Set(timers.map(\.description)).count == 9)
    #expect(TimerID.suspicion(4).description == "suspicion/4")
    #expect(TimerID.retry() == TimerID(.retry, tag: 0))
  }
}

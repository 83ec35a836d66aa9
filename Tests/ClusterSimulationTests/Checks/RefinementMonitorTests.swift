import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite("Refinement of the chain paper's object")
struct RefinementMonitorTests {
  private static let layout = ClusterLayout(
    serverCount: 3, coordinatorName: "master", clientCount: 2)
  private static let (s1, s2, s3) = (NodeID(0), NodeID(1), NodeID(2))

  private static func request(_ number: Int) -> RequestID {
    RequestID(client: layout.client(0), number: number)
  }

  /// A history of these requests, in order.
  private static func log(_ numbers: Int...) -> UpdateLog {
    var log = UpdateLog()
    for number in numbers {
      log.append(UpdateLog.Entry(request: request(number), resultDigest: UInt64(number)))
    }
    return log
  }

  private func monitor() -> RefinementMonitor {
    RefinementMonitor(layout: Self.layout)
  }

  @Test("a chain that passes updates on and answers at its tail does T1 and T3")
  func ordinary() {
    var monitor = monitor()
    #expect(monitor.stepped(Self.s1, isTail: false, Self.log(1)) == nil)
    #expect(monitor.stepped(Self.s2, isTail: false, Self.log(1)) == nil)
    monitor.answered(Self.request(1))
    #expect(monitor.stepped(Self.s3, isTail: true, Self.log(1)) == nil)
    #expect(monitor.stepped(Self.s3, isTail: true, Self.log(1, 2)) == nil)
  }

  @Test("the tail dies: what its predecessor has more is processed at once")
  func newTail() {
    var monitor = monitor()
    _ = monitor.stepped(Self.s3, isTail: true, Self.log(1))
    _ = monitor.stepped(Self.s2, isTail: false, Self.log(1, 2, 3))
    monitor.died()
    #expect(monitor.stepped(Self.s2, isTail: true, Self.log(1, 2, 3)) == nil)
    #expect(monitor.stepped(Self.s2, isTail: true, Self.log(1, 2, 3, 4)) == nil)
  }

  @Test("an update that the tail had is missing from the next one")
  func lost() {
    var monitor = monitor()
    _ = monitor.stepped(Self.s3, isTail: true, Self.log(1, 2))
    _ = monitor.stepped(Self.s2, isTail: false, Self.log(1))
    monitor.died()
    let found = monitor.stepped(Self.s2, isTail: true, Self.log(1))
    #expect(found?.check == .refinement)
    let words = "the object had 2 updates and now has what s2 applied, 1"
    #expect(found?.message.hasPrefix(words) == true)
  }

  @Test("who answers an update acts as tail through it, so a tail without it is found out")
  func answeredByTheHead() {
    var monitor = monitor()
    monitor.answered(Self.request(1))
    #expect(monitor.stepped(Self.s1, isTail: false, Self.log(1)) == nil)
    #expect(monitor.stepped(Self.s3, isTail: true, Self.log(2))?.check == .refinement)
  }

  @Test("a request that has been processed is not pending any more")
  func twice() {
    var monitor = monitor()
    _ = monitor.stepped(Self.s3, isTail: true, Self.log(1))
    let found = monitor.stepped(Self.s3, isTail: true, Self.log(1, 1))
    #expect(found?.message.hasPrefix("s3 processes request 1 of c1 a second time") == true)
  }

  @Test("a tail that nobody has confirmed may have less, and may answer what the next tail has too")
  func unconfirmed() {
    var monitor = monitor()
    _ = monitor.stepped(Self.s2, isTail: true, Self.log(1))
    #expect(monitor.stepped(Self.s3, isTail: false, Self.log(1)) == nil)
    _ = monitor.stepped(Self.s1, isTail: true, Self.log(1, 2, 3))
    monitor.answered(Self.request(2))
    #expect(monitor.stepped(Self.s3, isTail: false, Self.log(1, 2)) == nil)
    #expect(monitor.stepped(Self.s3, isTail: true, Self.log(1, 2))?.check == .refinement)
  }

  @Test("who answers a request in another place than the tail processed it contradicts the tail")
  func answeredInAnotherPlace() {
    var monitor = monitor()
    _ = monitor.stepped(Self.s1, isTail: true, Self.log(1, 2))
    monitor.answered(Self.request(2))
    #expect(monitor.stepped(Self.s2, isTail: false, Self.log(2))?.check == .refinement)
  }
}

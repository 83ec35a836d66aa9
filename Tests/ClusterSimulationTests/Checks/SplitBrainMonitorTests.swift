import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite("Split brain")
struct SplitBrainMonitorTests {
  private enum Event {
    case accepted(Int, epoch: Int)
    case answered(Int, epoch: Int, by: Int)
  }

  static let layout = ClusterLayout(serverCount: 3, coordinatorName: "vs", clientCount: 2)

  /// Requests 1, 2, ... of the first client.
  private static func message(_ events: [Event]) -> String? {
    var monitor = SplitBrainMonitor(layout: layout)
    for event in events {
      switch event {
      case .accepted(let number, let epoch):
        monitor.accepted(RequestID(client: layout.client(0), number: number), epoch: epoch)
      case .answered(let number, let epoch, let server):
        let request = RequestID(client: layout.client(0), number: number)
        if let found = monitor.answered(request, epoch: epoch, by: NodeID(server - 1)) {
          return found.message
        }
      }
    }
    return nil
  }

  @Test("one primary a view, each answering in its own, is accepted")
  func succession() {
    #expect(
      Self.message([
        .accepted(1, epoch: 1), .answered(1, epoch: 1, by: 1), .accepted(2, epoch: 2),
        .answered(2, epoch: 2, by: 2), .accepted(3, epoch: 2), .answered(3, epoch: 2, by: 2),
      ]) == nil)
  }

  @Test("an old primary that accepts and answers after its successor has answered is rejected")
  func oldPrimary() {
    #expect(
      Self.message([
        .accepted(1, epoch: 2), .answered(1, epoch: 2, by: 2), .accepted(2, epoch: 1),
        .answered(2, epoch: 1, by: 1),
      ])
        == "s1 answered request 2 of c1 in view 1, accepted after answers had been given in view 2")
  }

  @Test("a late answer to what was accepted before is accepted")
  func lateAnswer() {
    #expect(
      Self.message([
        .accepted(1, epoch: 1), .accepted(2, epoch: 2), .answered(2, epoch: 2, by: 2),
        .answered(1, epoch: 1, by: 1),
      ]) == nil)
  }

  @Test("accepting late without answering is accepted")
  func unanswered() {
    #expect(
      Self.message([
        .accepted(1, epoch: 2), .answered(1, epoch: 2, by: 2), .accepted(2, epoch: 1),
      ]) == nil)
  }

  @Test("a retry does not make an early acceptance late")
  func retry() {
    #expect(
      Self.message([
        .accepted(1, epoch: 1), .accepted(2, epoch: 2), .answered(2, epoch: 2, by: 2),
        .accepted(1, epoch: 1), .answered(1, epoch: 1, by: 1),
      ]) == nil)
  }

  @Test("two servers that answer in one view are rejected")
  func twoAnswerers() {
    #expect(
      Self.message([
        .accepted(1, epoch: 1), .answered(1, epoch: 1, by: 1), .accepted(2, epoch: 1),
        .answered(2, epoch: 1, by: 3),
      ]) == "both s1 and s3 answered in view 1")
  }

  @Test("after a thousand requests the monitor still sees a split")
  func longRun() {
    var events: [Event] = []
    for number in 1...1_000 {
      events += [.accepted(number, epoch: number), .answered(number, epoch: number, by: 1)]
    }
    #expect(Self.message(events) == nil)
    events += [.accepted(1_001, epoch: 999), .answered(1_001, epoch: 999, by: 2)]
    #expect(Self.message(events) != nil)
  }
}

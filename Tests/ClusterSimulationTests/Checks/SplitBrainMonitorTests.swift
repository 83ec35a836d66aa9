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

  /// Draws an event, and tells a monitor of it.
  /// - Returns: whether the monitor objects.
  private static func tell(
    _ monitor: inout SplitBrainMonitor, _ stream: inout SeededStream
  ) -> Bool {
    let request = RequestID(
      client: layout.client(Int(stream.next() % 2)), number: 1 + Int(stream.next() % 2))
    let epoch = 1 + Int(stream.next() % 3)
    let (isAnswer, server) = (stream.next() % 2 == 0, NodeID(Int(stream.next() % 2)))
    guard isAnswer else {
      monitor.accepted(request, epoch: epoch)
      return false
    }
    return monitor.answered(request, epoch: epoch, by: server) != nil
  }

  @Test("monitors with one future find the same, however they came to it")
  func futures() {
    var known: [UInt64: [SplitBrainMonitor]] = [:]
    for seed in 1...600 as ClosedRange<UInt64> {
      var stream = SeededStream(seed: seed, name: "past")
      var monitor = SplitBrainMonitor(layout: Self.layout)
      var isBroken = false
      for _ in 0..<(2 + stream.next() % 5) where !isBroken {
        isBroken = Self.tell(&monitor, &stream)
      }
      if isBroken { continue }
      var hasher = StableHasher()
      monitor.fingerprintOfFuture(into: &hasher)
      known[hasher.finalize(), default: []].append(monitor)
    }
    let classes = known.values.filter { Set($0.map(\.fingerprint)).count > 1 }
    #expect(classes.count > 3)
    for monitors in classes {
      for seed in 1...20 as ClosedRange<UInt64> {
        let answers = monitors.map { monitor in
          var (monitor, stream) = (monitor, SeededStream(seed: seed, name: "future"))
          return (0..<8).map { _ in Self.tell(&monitor, &stream) }
        }
        #expect(Set(answers).count == 1)
      }
    }
  }
}

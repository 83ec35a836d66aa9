import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite("View validity")
struct ViewValidityMonitorTests {
  static let layout = ClusterLayout(serverCount: 5, coordinatorName: "vs", clientCount: 1)

  /// Decides these views one after the other, each acknowledged before the next unless its number
  /// is in `unacknowledged`; members are server numbers from 1.
  static func objection(
    _ views: [(Int, [Int])], unacknowledged: Set<Int> = []
  ) -> String? {
    var monitor = ViewValidityMonitor()
    for (number, members) in views {
      let view = ObservedView(number: number, members: members.map { NodeID($0 - 1) })
      if let found = monitor.decided(view, layout) { return found.message }
      if !unacknowledged.contains(number) { monitor.acknowledged(number) }
    }
    return nil
  }

  @Test("the valid sequence of the lecture is accepted")
  func lecture() {
    #expect(Self.objection([(1, [1]), (2, [1, 2]), (3, [1, 3]), (4, [3, 4]), (5, [4])]) == nil)
  }

  @Test("a new backup, a lost backup and a promoted backup are accepted")
  func ordinaryChanges() {
    #expect(Self.objection([(1, [1]), (2, [1, 2]), (3, [1])]) == nil)
    #expect(Self.objection([(1, [1]), (2, [1, 2]), (3, [2])]) == nil)
    #expect(Self.objection([(1, [1]), (2, [1, 2]), (3, [2, 1])]) == nil)
  }

  @Test("a primary that was in no role is rejected")
  func stranger() {
    #expect(
      Self.objection([(1, [1]), (2, [1, 2]), (3, [3, 4])])
        == "view (2: s1, s2) was followed by (3: s3, s4): "
        + "the new primary was neither primary nor backup")
    #expect(
      Self.objection([(1, [1]), (2, [2, 1])])
        == "view (1: s1) was followed by (2: s2, s1): "
        + "the new primary was neither primary nor backup")
  }

  @Test("a view without a primary is rejected")
  func noPrimary() {
    #expect(
      Self.objection([(1, [1]), (2, [1, 2]), (3, [])])
        == "view (2: s1, s2) was followed by (3: ): it has no primary")
  }

  @Test("a number that stays, falls or leaps is rejected", arguments: [0, 1, 2, 4, 9])
  func numbers(_ number: Int) {
    let message = Self.objection([(1, [1]), (2, [1, 2]), (number, [2])])
    #expect(message?.hasSuffix("the number does not grow by one") == true)
  }

  @Test("a first view of another number, or with a backup, is rejected")
  func firstView() {
    let reason = "the first view is number 1 with a primary alone"
    for views in [(2, [1]), (1, [1, 2]), (1, []), (0, [1])] {
      #expect(Self.objection([views])?.hasSuffix(reason) == true, "\(views)")
    }
  }

  @Test("one server in both roles, or a view that only changes its number, is rejected")
  func degenerate() {
    #expect(
      Self.objection([(1, [1]), (2, [1, 1])])?.hasSuffix("a server has both roles") == true)
    #expect(
      Self.objection([(1, [1]), (2, [1])])?.hasSuffix("nothing but the number changed") == true)
  }

  @Test("a change before the primary has acknowledged is rejected")
  func unacknowledged() {
    let views = [(1, [1]), (2, [1, 2]), (3, [2])]
    #expect(
      Self.objection(views, unacknowledged: [2])?
        .hasSuffix("the primary had not acknowledged the view before") == true)
  }

  @Test("an acknowledgement of another view counts for nothing")
  func lateAcknowledgement() {
    var monitor = ViewValidityMonitor()
    _ = monitor.decided(ObservedView(number: 1, members: [NodeID(0)]), Self.layout)
    monitor.acknowledged(0)
    monitor.acknowledged(2)
    let next = ObservedView(number: 2, members: [NodeID(0), NodeID(1)])
    #expect(monitor.decided(next, Self.layout) != nil)
  }
}

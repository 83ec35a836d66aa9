import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// Which sequences of views are possible: the examples of the primary/backup lecture, and many
/// drawn runs against the predicate that they follow from.
@Suite struct ViewSequenceTests {
  /// Members by server number from 1; 0 for nobody.
  private struct Triple: Equatable {
    var number: Int
    var primary: Int
    var backup: Int

    init(_ number: Int, _ primary: Int, _ backup: Int) {
      self.number = number
      self.primary = primary
      self.backup = backup
    }

    init(_ view: PrimaryBackup.View) {
      self.init(
        view.number, view.primary.map { $0.server + 1 } ?? 0,
        view.backup.map { $0.server + 1 } ?? 0)
    }

    func mayBeFollowed(by next: Triple) -> Bool {
      if number == 0 { return next.number == 1 && next.primary != 0 && next.backup == 0 }
      return next.number == number + 1 && next.primary != 0
        && (next.primary == primary || next.primary == backup)
        && next.backup != next.primary
        && (next.primary, next.backup) != (primary, backup)
    }
  }

  @Test func theLecturesInvalidExamplesAreInvalid() {
    #expect(!Triple(1, 1, 2).mayBeFollowed(by: Triple(2, 3, 4)))
    #expect(!Triple(1, 1, 2).mayBeFollowed(by: Triple(2, 0, 2)))
    #expect(!Triple(1, 1, 0).mayBeFollowed(by: Triple(2, 2, 1)))
    #expect(!Triple(2, 1, 0).mayBeFollowed(by: Triple(1, 1, 2)))
  }

  @Test func theServiceProducesTheLecturesValidSequence() {
    let views = [
      Triple(1, 1, 0), Triple(2, 1, 2), Triple(3, 1, 3), Triple(4, 3, 4), Triple(5, 4, 0),
    ]
    for (view, next) in zip(views, views.dropFirst()) { #expect(view.mayBeFollowed(by: next)) }
    var script = ViewServiceScript(.lecture, servers: 4)
    script.play("s1.0 s1.1 s2.0")
    #expect(script.view == "2: s1 s2")
    for _ in 1...5 { script.play("s1.2 s3.0 tick") }
    #expect(script.view == "3: s1 s3")
    script.play("s1.3")
    for _ in 1...5 { script.play("s3.3 s4.0 tick") }
    #expect(script.view == "4: s3 s4")
    script.play("s3.4")
    for _ in 1...5 { script.play("s4.4 tick") }
    #expect(script.view == "5: s4 -")
  }

  /// Pings of any number from any incarnation, in any order.
  @Test(arguments: [false, true]) func drawnRunsStayValid(survivorConfirms: Bool) {
    var rules = PrimaryBackup.ViewServiceRules(deadTicks: 2)
    rules.survivorConfirms = survivorConfirms
    var changes = 0
    for seed in UInt64(1)...200 {
      var stream = SeededStream(seed: seed, name: "views")
      var script = ViewServiceScript(rules, servers: 3)
      var before = script.service.view
      var wasAcknowledged = false
      for _ in 1...300 {
        wasAcknowledged = drawStep(&script, &stream)
        let after = script.service.view
        if after == before { continue }
        changes += 1
        #expect(Triple(before).mayBeFollowed(by: Triple(after)), "seed \(seed)")
        #expect(before.number == 0 || wasAcknowledged, "seed \(seed)")
        #expect(script.service.acknowledged == before.number, "seed \(seed)")
        before = after
      }
    }
    #expect(changes > 500)
  }

  /// - Returns: whether the primary of the view before the step had acknowledged it, or did so in
  ///   this very step.
  private func drawStep(
    _ script: inout ViewServiceScript, _ stream: inout SeededStream
  ) -> Bool {
    let view = script.service.view
    let wasAcknowledged = script.service.isAcknowledged
    if stream.chance(0.3) {
      script.service.tick()
      return wasAcknowledged
    }
    let server = stream.below(3)
    let number = max(0, view.number - stream.below(2))
    let incarnation = 1 + stream.below(view.number / 4 + 1)
    script.ping(
      server, number, incarnation: incarnation,
      carriesOnFrom: stream.chance(0.5) ? view.number : 0)
    let member = PrimaryBackup.Member(server: server, incarnation: incarnation)
    return wasAcknowledged || (member == view.primary && number == view.number)
  }
}

import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// What the rules imply beyond the public cases.
@Suite struct ViewServiceRuleTests {
  /// (2: s1 s2), acknowledged; s3 idle and alive.
  private func three(
    _ rules: PrimaryBackup.ViewServiceRules = .lecture
  ) -> ViewServiceScript {
    var script = ViewServiceScript(rules)
    script.play("s1.0 s1.1 s2.0 s3.0 s1.2 s2.2", "2: s1 s2", from: 4)
    return script
  }

  // MARK: Acknowledgement

  @Test func anAcknowledgementByTheBackupDoesNotCount() {
    var script = ViewServiceScript(.lecture)
    script.play("s1.0 s1.1 s2.0")
    script.play("s2.2 tick", times: 10, "2: s1 s2")
  }

  @Test func anOldPingThatComesLateTakesNothingBack() {
    var script = three()
    script.play("s1.1", "2: s1 s2")
    #expect(script.service.isAcknowledged)
    script.play("s2.2 s3.0 tick", times: 4, "2: s1 s2")
    script.play("s2.2 s3.0 tick", "3: s2 s3", from: 3)
  }

  @Test func aNumberThatDoesNotExistYetAcknowledgesNothing() {
    var script = ViewServiceScript(.lecture)
    script.play("s1.0 s1.5 s2.0", "1: s1 -")
    #expect(!script.service.isAcknowledged)
  }

  @Test func withoutRuleFiveAnUnacknowledgedViewIsFollowed() {
    var rules = PrimaryBackup.ViewServiceRules.lecture
    rules.waitsForAcknowledgement = false
    var script = ViewServiceScript(rules)
    script.play("s1.0", "1: s1 -")
    script.play("s2.0", "2: s1 s2")
    script.play("s2.0 tick", times: 4, "2: s1 s2")
    script.play("s2.0 tick", "3: s2 -", from: 2)
  }

  // MARK: Choice of the idle server

  @Test func theLowestLiveIdleServerIsChosen() {
    var script = ViewServiceScript(.lecture, servers: 4)
    script.play("s4.0 s4.1 s3.0", "2: s4 s3", from: 3)
    script.play("s1.0 s2.0")
    script.play("s4.2 s1.0 s2.0 tick", times: 4)
    script.play("s4.2 s1.0 s2.0 tick", "3: s4 s1", from: 4)
  }

  @Test func adeadIdleServerIsPassedOver() {
    var script = three()
    script.play("s1.2 tick", times: 4)
    script.play("s1.2 tick", "3: s1 -", from: 2)
  }

  @Test func withoutTheLivenessRuleADeadIdleServerIsChosen() {
    var rules = PrimaryBackup.ViewServiceRules.lecture
    rules.choosesLiveServersOnly = false
    var script = three(rules)
    script.play("s1.2 tick", times: 4)
    script.play("s1.2 tick", "3: s1 s3", from: 2)
  }

  @Test func ifBothMembersAreDeadTheServiceWaitsForEither() {
    var script = three()
    script.play("s3.0 tick", times: 8, "2: s1 s2")
    script.play("s2.2", "3: s2 s3")
  }

  @Test func withVS04AnIdleServerIsPromoted() {
    var rules = PrimaryBackup.ViewServiceRules.lecture
    rules.promotesIdleServer = true
    var script = three(rules)
    script.play("s3.0 tick", times: 4, "2: s1 s2")
    script.play("s3.0 tick", "3: s3 -", from: 2)
  }

  // MARK: Incarnations

  @Test func pingsOfAnOlderIncarnationAreIgnored() {
    var script = three()
    let isHeard = script.ping(1, 0, incarnation: 2)
    #expect(isHeard)
    #expect(script.view == "3: s1 s3")
    let isIgnored = !script.ping(1, 2, incarnation: 1)
    #expect(isIgnored)
    script.play("s1.3", "3: s1 s3")
  }

  /// A primary that acknowledged view 1, restarts and pings must not be taken for the primary that
  /// it was, although nobody else can lead.
  @Test func aRestartedFirstPrimaryHasNoRole() {
    var script = ViewServiceScript(.lecture)
    script.play("s1.0 s1.1", "1: s1 -")
    let isHeard = script.ping(0, 0, incarnation: 2)
    #expect(isHeard)
    #expect(script.service.view.primary == PrimaryBackup.Member(server: 0, incarnation: 1))
    let restarted = PrimaryBackup.Member(server: 0, incarnation: 2)
    #expect(script.service.view.role(of: restarted) == .idle)
  }

  /// A promoted server that restarts before it acknowledges does not acknowledge as its successor.
  @Test func aRestartedServerDoesNotAcknowledgeForItsPredecessor() {
    var script = three()
    script.play("s2.2 s3.0 tick", times: 4)
    script.play("s2.2 s3.0 tick", "3: s2 s3", from: 3)
    script.ping(1, 3, incarnation: 2)
    #expect(!script.service.isAcknowledged)
    #expect(script.view == "3: s2 s3")
  }

  @Test func aRestartedBackupIsReplacedAndComesBackInALaterView() {
    var script = three()
    script.ping(1, 0, incarnation: 2)
    #expect(script.view == "3: s1 s3")
    var alone = ViewServiceScript(.lecture, servers: 2)
    alone.play("s1.0 s1.1 s2.0 s1.2", "2: s1 s2", from: 3)
    alone.ping(1, 0, incarnation: 2)
    #expect(alone.view == "3: s1 -")
    alone.play("s1.3", "4: s1 s2")
    #expect(alone.service.view.backup?.incarnation == 2)
  }

  @Test func withVS05ARestartedPrimaryStaysPrimary() {
    var rules = PrimaryBackup.ViewServiceRules.lecture
    rules.restartedPrimaryIsDead = false
    var script = three(rules)
    script.ping(0, 0, incarnation: 2)
    #expect(script.view == "2: s1 s2")
    #expect(script.service.view.primary?.incarnation == 2)
  }

  // MARK: A backup that dies during the transfer

  @Test func aPrimaryInTransferGetsAnotherBackup() {
    var script = ViewServiceScript(.lecture)
    script.play("s1.0 s1.1 s2.0", "2: s1 s2", from: 3)
    for _ in 1...4 {
      script.ping(0, 1, adopted: 2)
      script.play("s3.0 tick", "2: s1 s2")
    }
    script.ping(0, 1, adopted: 2)
    script.play("tick", "3: s1 s3")
    #expect(script.service.acknowledged == 2)
  }

  @Test func aPrimaryInTransferIsNotReplaced() {
    var script = ViewServiceScript(.lecture)
    script.play("s1.0 s1.1 s2.0")
    script.ping(0, 1, adopted: 2)
    script.play("s2.2 s3.0 tick", times: 10, "2: s1 s2")
  }

  /// The backup may be replaced only when the primary knows of the view that it belongs to.
  @Test func aViewThatItsPrimaryHasNotAdoptedIsNotLeft() {
    var script = three()
    script.play("s1.2 s3.0 tick", times: 4)
    script.play("s1.2 s3.0 tick", "3: s1 s3", from: 3)
    script.play("s1.2 s2.2 tick", times: 8, "3: s1 s3")
    script.ping(0, 2, adopted: 3)
    #expect(script.view == "4: s1 s2")
  }

  /// A view without a backup must be acknowledged before it gets one; adopting it is not enough.
  @Test func aViewWithoutBackupMustBeAcknowledged() {
    var script = ViewServiceScript(.lecture)
    script.play("s1.0")
    script.ping(0, 0, adopted: 1)
    script.play("s2.0", "1: s1 -")
  }

  // MARK: The survivor confirms

  private var confirming: PrimaryBackup.ViewServiceRules {
    var rules = PrimaryBackup.ViewServiceRules.lecture
    rules.survivorConfirms = true
    return rules
  }

  @Test func theBackupIsAskedBeforeItIsPromoted() {
    var script = three(confirming)
    let backup = PrimaryBackup.Member(server: 1, incarnation: 1)
    script.play("s2.2 s3.0 tick", times: 4, "2: s1 s2")
    #expect(!script.service.asksToCarryOn(backup))
    script.play("s2.2 s3.0 tick", times: 3, "2: s1 s2")
    #expect(script.service.asksToCarryOn(backup))
    #expect(!script.service.asksToCarryOn(PrimaryBackup.Member(server: 1, incarnation: 2)))
    script.ping(1, 2, carriesOnFrom: 2)
    #expect(script.view == "3: s2 s3")
  }

  @Test func thePrimaryIsAskedBeforeItsBackupIsDropped() {
    var script = three(confirming)
    let primary = PrimaryBackup.Member(server: 0, incarnation: 1)
    script.play("s1.2 tick", times: 8, "2: s1 s2")
    #expect(script.service.asksToCarryOn(primary))
    script.ping(0, 2, carriesOnFrom: 2)
    #expect(script.view == "3: s1 -")
  }

  @Test func aConfirmationStaysAndBelongsToOneView() {
    var script = three(confirming)
    script.ping(1, 2, carriesOnFrom: 2)
    script.ping(1, 2)
    script.play("s2.2 s3.0 tick", times: 4, "2: s1 s2")
    script.play("s2.2 s3.0 tick", "3: s2 s3", from: 3)
    script.play("s2.3 s3.3")
    script.ping(2, 3, carriesOnFrom: 2)
    script.play("s3.3 tick", times: 8, "3: s2 s3")
  }

  @Test func aConfirmationOfAnOutsiderCountsForNothing() {
    var script = three(confirming)
    script.ping(2, 2, carriesOnFrom: 2)
    script.play("s2.2 s3.0 tick", times: 8, "2: s1 s2")
  }

  // MARK: A perfect detector

  @Test func aReportedFailureCountsAtOnceAndSilenceNever() {
    var rules = PrimaryBackup.ViewServiceRules.lecture
    rules.suspectsSilence = false
    var script = three(rules)
    script.play("tick", times: 20, "2: s1 s2")
    script.service.serverFailed(0)
    #expect(script.view == "3: s2 s3")
    // A ping of the dead process that was still under way.
    let isIgnored = !script.ping(0, 2, incarnation: 1)
    #expect(isIgnored)
    script.service.serverFailed(2)
    script.play("s2.3", "4: s2 -")
    let isHeard = script.ping(0, 0, incarnation: 2)
    #expect(isHeard)
    script.play("s2.4", "5: s2 s1")
  }
}

extension ViewServiceScript {
  /// Plays the steps and expects the view from the `first`-th step (from 1) on.
  fileprivate mutating func play(
    _ steps: String, _ expected: String, from first: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let words = steps.split(separator: " ").map(String.init)
    play(words.prefix(first - 1).joined(separator: " "))
    play(
      words.dropFirst(first - 1).joined(separator: " "), expected,
      sourceLocation: sourceLocation)
  }

  fileprivate mutating func play(_ steps: String, times: Int) {
    for _ in 1...times { play(steps) }
  }
}

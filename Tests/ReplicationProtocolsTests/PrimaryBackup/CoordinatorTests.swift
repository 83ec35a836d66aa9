import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// The node that hosts the view service.
@Suite struct CoordinatorTests {
  private func coordinator(
    _ options: [String: ProtocolOptions.Value] = [:], detector: DetectorWord = .timeouts
  ) -> NodeScript<PrimaryBackup.Coordinator> {
    var setting = Names.setting([], options)
    setting.detector = detector
    var script = NodeScript(PrimaryBackup.makeCoordinator(setting), Names.node("vs"))
    script.start()
    return script
  }

  private func ping(
    _ number: Int, incarnation: Int = 1, carriesOnFrom: Int = 0
  ) -> PrimaryBackup.Message {
    .ping(
      PrimaryBackup.Ping(
        incarnation: incarnation, acknowledged: number, adopted: number,
        carriesOnFrom: carriesOnFrom))
  }

  @Test func aPingIsAnsweredByTheView() {
    var service = coordinator()
    #expect(service.receive(ping(0), from: "s1") == ["s1 <- View(1: s1 -)"])
    #expect(
      service.observations == [
        .decided(ObservedView(number: 1, members: [Names.node("s1")]))
      ])
    #expect(service.receive(ping(1), from: "s1") == ["s1 <- View(1: s1 -)"])
    #expect(service.observations == [.acknowledged(epoch: 1)])
    #expect(service.receive(ping(0), from: "s2") == ["s2 <- View(2: s1 s2)"])
    #expect(
      service.node.currentView
        == ObservedView(number: 2, members: [Names.node("s1"), Names.node("s2")]))
  }

  @Test func aPingOfADeadProcessIsNotAnswered() {
    var service = coordinator()
    service.receive(ping(0, incarnation: 2), from: "s1")
    #expect(service.receive(ping(0, incarnation: 1), from: "s1") == [])
  }

  @Test func clientsGetTheViewWithoutAPart() {
    var service = coordinator()
    #expect(service.receive(.viewRequest, from: "c1") == ["c1 <- View(0: - -)"])
    #expect(service.observations == [])
  }

  @Test func aNewViewIsPushedIfAskedFor() {
    var service = coordinator(["views": .choice("push")])
    #expect(
      service.receive(ping(0), from: "s2") == [
        "s1 <- View(1: s2 -)", "s2 <- View(1: s2 -)", "s3 <- View(1: s2 -)", "s2 <- View(1: s2 -)",
      ])
    #expect(service.receive(ping(0), from: "s2") == ["s2 <- View(1: s2 -)"])
  }

  /// By its own ticks, as many as the option says.
  @Test func aSilentPrimaryIsReplacedWhenItsBackupConfirms() {
    var service = coordinator(["deadPings": .integer(3)])
    for (number, server) in [(0, "s1"), (1, "s1"), (0, "s2"), (2, "s1"), (2, "s2")] {
      service.receive(ping(number), from: server)
    }
    for _ in 1...3 {
      #expect(service.receive(ping(2), from: "s2") == ["s2 <- View(2: s1 s2)"])
      #expect(service.fire(.pace()) == [])
      #expect(service.armed == [.pace()])
    }
    #expect(service.receive(ping(2), from: "s2") == ["s2 <- View(2: s1 s2, carry on?)"])
    #expect(service.receive(ping(2, carriesOnFrom: 2), from: "s2") == ["s2 <- View(3: s2 -)"])
  }

  @Test func theLecturesServiceAsksNobody() {
    var service = coordinator(["confirmSurvivor": .flag(false)])
    for (number, server) in [(0, "s1"), (1, "s1"), (0, "s2"), (2, "s1"), (2, "s2")] {
      service.receive(ping(number), from: server)
    }
    for _ in 1...5 {
      service.receive(ping(2), from: "s2")
      service.fire(.pace())
    }
    #expect(service.node.currentView.number == 3)
  }

  @Test func aPerfectDetectorIsBelievedAndTimeOutsAreNot() {
    var service = coordinator(detector: .perfect)
    for (number, server) in [(0, "s1"), (1, "s1"), (0, "s2"), (2, "s1"), (2, "s2")] {
      service.receive(ping(number), from: server)
    }
    for _ in 1...20 { service.fire(.pace()) }
    #expect(service.receive(ping(2), from: "s2") == ["s2 <- View(2: s1 s2)"])
    service.step { $0.serverFailed(Names.node("s1"), &$1) }
    #expect(service.receive(ping(2), from: "s2") == ["s2 <- View(2: s1 s2, carry on?)"])
  }
}

import LinearizabilityChecking
import ModelChecking
import ReplicationProtocols
import SimulationKernel
import Testing

@testable import ClusterSimulation

/// States that differ by the names of like clients are one: the renaming that a protocol declares
/// commutes with every step, and what is kept stands for exactly what a search without it finds.
@Suite("Symmetry between like clients")
struct SymmetryTests {
  private static let writers: [[Operation]] = [
    [.put(key: 0, value: "a")], [.put(key: 0, value: "b")],
  ]
  private static let appenders: [[Operation]] = [
    [.append(key: 0, value: "<x>")], [.append(key: 0, value: "<y>")],
  ]

  private func chain(
    _ fault: SmallFault, _ operations: [[Operation]] = writers, bugs: [Chain.Deviation] = []
  ) -> SmallBounds<Chain> {
    SmallBounds(
      servers: 2, detector: .perfect, operations: operations, fault: fault, bugs: bugs)
  }

  private func primaryBackup(
    _ fault: SmallFault, bugs: [PrimaryBackup.Deviation] = []
  ) -> SmallBounds<PrimaryBackup> {
    SmallBounds(
      servers: 2, detector: fault == .falseSuspicion ? .timeouts : .perfect,
      operations: Self.appenders, fault: fault, ticks: 2, bugs: bugs)
  }

  private func masterBackup(_ fault: SmallFault) -> SmallBounds<MasterBackup> {
    SmallBounds(servers: 2, detector: .perfect, operations: Self.appenders, fault: fault)
  }

  // MARK: Renaming commutes with steps

  /// At every world of the first levels, and on walks to deeper ones.
  private func expectSymmetry<P: ReplicationProtocol>(
    _ bounds: SmallBounds<P>, _ comment: Comment, walks: UInt64 = 1
  ) where P.Message.Operation == Operation, P.Message.Response == Response {
    for (seed, reductions) in [[], ExploreReductions.sound].enumerated() {
      var bounds = bounds
      bounds.plan.reductions = reductions
      bounds.plan.usesSymmetry = true
      let system = bounds.system
      #expect(system.permutations.count == 1, comment)
      let check = SymmetryCheck(system)
      for world in system.initialWorlds {
        let isFixed = check.image(of: world, by: 0) == world
        #expect(isFixed, comment)
      }
      for walk in 0..<walks {
        let found = check.walk(seed: walk * 2 + UInt64(seed), limit: 25)
        #expect(found.objection == nil, comment)
        #expect(found.worlds > 4, comment)
      }
    }
  }

  @Test("renaming commutes with every step of chain", arguments: SmallFault.allCases)
  func chainCommutes(fault: SmallFault) {
    expectSymmetry(chain(fault, Self.appenders), "appenders")
  }

  @Test("and while a server joins")
  func joiningCommutes() {
    var bounds = SmallBounds<Chain>(
      servers: 2, detector: .perfect, operations: Self.appenders, fault: .retry,
      options: ProtocolOptions(["initialChain": .integer(1)]))
    bounds.plan.budget[.retry] = 2
    expectSymmetry(bounds, "joining", walks: 6)
  }

  @Test("renaming commutes with every step of primary-backup", arguments: SmallFault.allCases)
  func primaryBackupCommutes(fault: SmallFault) {
    expectSymmetry(primaryBackup(fault), "appenders")
  }

  @Test("renaming commutes with every step of master-backup", arguments: SmallFault.allCases)
  func masterBackupCommutes(fault: SmallFault) {
    expectSymmetry(masterBackup(fault), "appenders")
  }

  @Test("with three clients the group has six elements")
  func threeClients() {
    var bounds = chain(.crash, ["a", "b", "c"].map { [.put(key: 0, value: $0)] })
    bounds.plan.usesSymmetry = true
    let system = bounds.system
    #expect(system.symmetry.standing == .clients(["c1", "c2", "c3"], groupSize: 6))
    #expect(SymmetryCheck(system).walk(seed: 1, limit: 12).objection == nil)
  }

  // MARK: What is kept stands for what a search without it finds

  private func report<P: ReplicationProtocol>(
    _ bounds: SmallBounds<P>, usesSymmetry: Bool, storage: SearchOptions.Storage = .exact
  ) -> ExploreReport
  where P.Message.Operation == Operation, P.Message.Response == Response {
    var request = ExploreRequest(plan: bounds.plan)
    request.plan.reductions = .sound
    request.options.usesSymmetry = usesSymmetry
    request.options.storage = storage
    request.options.threads = 2
    return exploreCluster(bounds.setting, request)
  }

  private func expectOrbits<P: ReplicationProtocol>(_ bounds: SmallBounds<P>, _ comment: Comment)
  where P.Message.Operation == Operation, P.Message.Response == Response {
    let whole = report(bounds, usesSymmetry: false)
    for storage in SearchOptions.Storage.allCases {
      let reduced = report(bounds, usesSymmetry: true, storage: storage)
      guard case .exhausted = whole.verdict, case .exhausted = reduced.verdict else {
        Issue.record("\(comment): \(whole.verdict), \(reduced.verdict)")
        return
      }
      #expect(reduced.statesInOrbits == whole.states, comment)
      #expect(reduced.transitionsInOrbits == whole.transitions, comment)
      #expect(reduced.depth == whole.depth, comment)
      #expect(reduced.states < whole.states * 6 / 10, comment)
    }
  }

  @Test("the orbits of the states kept are all states")
  func orbits() {
    expectOrbits(chain(.nothing), "chain")
    expectOrbits(chain(.crash), "chain and a crash")
    expectOrbits(masterBackup(.nothing), "master-backup")
  }

  @Test(
    "a known bug is found by an equally short way, which every driver can repeat",
    arguments: [Chain.Deviation.headAnswersUpdates, .sentForgottenWhenForwarded])
  func knownBugs(bug: Chain.Deviation) {
    let bounds = chain(
      .crash, ["a", "b"].map { [.put(key: 0, value: $0), .get(key: 0)] }, bugs: [bug])
    let lengths = [false, true].map { usesSymmetry -> Int? in
      let report = report(bounds, usesSymmetry: usesSymmetry)
      guard case .violation(let found) = report.verdict else { return nil }
      return found.length
    }
    #expect(lengths[0] != nil && lengths[0] == lengths[1])
  }

  // MARK: Who has no symmetry

  @Test("a certificate can say why there is none")
  func standings() {
    func standing<P: ReplicationProtocol>(_ bounds: SmallBounds<P>) -> SymmetryStanding
    where P.Message.Operation == Operation, P.Message.Response == Response {
      report(bounds, usesSymmetry: true).symmetry
    }
    #expect(standing(SmallBounds<Chain>.chain(.nothing)) == .noLikeClients)
    #expect(report(chain(.nothing), usesSymmetry: false).symmetry == .notAsked)
    #expect(
      standing(SmallBounds<TwoNodeStore>.store(.nothing))
        == .undeclared(protocolName: "two-node-store", usesDisk: true))
    var request = ExploreRequest(plan: chain(.nothing).plan)
    request.options.progress = ProgressQuestion(excluding: ExplorePlan.faultTag)
    #expect(exploreCluster(chain(.nothing).setting, request).symmetry == .progressAsked)
  }
}

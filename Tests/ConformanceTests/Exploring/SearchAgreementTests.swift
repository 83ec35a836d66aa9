import LinearizabilityChecking
import ModelChecking
import ReplicationProtocols
import SimulationKernel
import Testing

@testable import ClusterSimulation

/// The engine with its numbers, memos and halves finds what a search over whole worlds in a `Set`
/// finds, on the same actions and the same symbolic disk: level by level, for every kind of fault.
@Suite("Search and naive search agree")
struct SearchAgreementTests {
  /// Worlds after which the naive search expands no further level.
  private static let limit = 600

  private static var ways: [SearchOptions] {
    [(1, SearchOptions.Storage.exact), (2, .exact), (1, .fingerprints), (2, .fingerprints)].map {
      var options = SearchOptions()
      options.threads = $0.0
      options.storage = $0.1
      options.order = $0.0 == 1 ? .forward : .backward
      options.usesSymmetry = false
      return options
    }
  }

  /// - Returns: how many worlds there were.
  @discardableResult
  private func compare<P: ReplicationProtocol>(
    _ bounds: SmallBounds<P>, limit: Int = Self.limit
  ) -> NaiveSearch<RememberedSystem<ClusterSystem<P>>>
  where P.Message.Operation == Operation, P.Message.Response == Response {
    let system = RememberedSystem(bounds.system)
    let naive = NaiveSearch(system, limit: limit)
    for var options in Self.ways {
      options.budget.depth = naive.broken.isEmpty ? naive.expandedLevels : .max
      let result = ModelSearch(system, options: options).run()
      #expect(result.levels == naive.levels)
      switch result.verdict {
      case .exhausted: #expect(naive.isExhausted)
      case .violation(let invariant, let trace):
        #expect(naive.broken.contains(invariant))
        #expect(trace.steps.count == naive.levels.count - 1)
      case .undecided(let reason):
        #expect(reason == .depthBudget && !naive.isExhausted && naive.broken.isEmpty)
      }
      if naive.broken.isEmpty { #expect(result.transitions == naive.transitions) }
    }
    return naive
  }

  @Test("chain", arguments: SmallFault.allCases)
  func chain(fault: SmallFault) {
    #expect(compare(.chain(fault)).states > 30)
  }

  @Test("a chain of three")
  func longerChain() {
    #expect(compare(SmallBounds<Chain>.chain(servers: 3, .nothing)).isExhausted)
  }

  @Test("primary-backup", arguments: SmallFault.allCases)
  func primaryBackup(fault: SmallFault) {
    #expect(compare(.primaryBackup(fault)).states > 50)
  }

  @Test("two-node-store", arguments: SmallFault.allCases)
  func store(fault: SmallFault) {
    #expect(compare(.store(fault)).states > 50)
  }

  @Test("master-backup, several faults at once", arguments: SmallFault.combinations)
  func masterBackup(fault: SmallFault) {
    #expect(compare(.masterBackup(fault)).states > 50)
  }

  @Test("ranked-kv, several faults at once", arguments: SmallFault.combinations)
  func rankedKv(fault: SmallFault) {
    #expect(compare(.rankedKv(fault)).states > 50)
  }

  @Test("chain-store, several faults at once", arguments: SmallFault.combinations)
  func chainStore(fault: SmallFault) {
    #expect(compare(.chainStore(fault)).states > 50)
  }

  @Test("without words that nobody heeds the verdict is the same, in no more states")
  func unheededWords() {
    var bounds = SmallBounds<Chain>.chain(.crash)
    var options = SearchOptions()
    options.threads = 2
    let whole = ModelSearch(bounds.system, options: options).run()
    bounds.plan.reductions = .sound
    let reduced = ModelSearch(bounds.system, options: options).run()
    for result in [whole, reduced] {
      guard case .exhausted = result.verdict else {
        Issue.record("not exhausted: \(result.verdict)")
        return
      }
    }
    #expect(reduced.states < whole.states)
    #expect(reduced.depth <= whole.depth)
  }

  @Test(
    "known bugs of chain are found, by the same shortest way with and without reductions",
    arguments: [Chain.Deviation.headAnswersUpdates, .sentForgottenWhenForwarded])
  func chainBugs(bug: Chain.Deviation) {
    expectFound(SmallBounds<Chain>.chain(.nothing, bugs: [bug]))
    expectFound(SmallBounds<Chain>.chain(.crash, bugs: [bug]))
  }

  @Test("a known bug of primary-backup is found by the same shortest way")
  func primaryBackupBug() {
    expectFound(
      SmallBounds<PrimaryBackup>.primaryBackup(.nothing, bugs: [.movesWithoutAcknowledgement]))
    expectFound(SmallBounds<PrimaryBackup>.primaryBackup(.crash, bugs: [.promotesIdleServer]))
  }

  @Test("known bugs of the two-node store are found by the same shortest way")
  func storeBugs() {
    let read = Operation.readBlocks(first: 0, count: 1)
    func find(_ bug: TwoNodeStore.Deviation, blocks: Int) {
      let write = Operation.writeBlocks(first: 0, count: blocks, value: "a")
      let operations = [[write], [read, read]]
      expectFound(SmallBounds<TwoNodeStore>.store(.nothing, operations: operations, bugs: [bug]))
    }
    find(.primaryCommitsFirst, blocks: 1)
    find(.locksLastBlockOnly, blocks: 2)
  }

  @Test("known bugs of the other protocols are found by the same shortest way")
  func otherBugs() {
    var retried = SmallBounds<MasterBackup>.masterBackup(.crash, bugs: [.retriesExecuteTwice])
    retried.plan.budget[.retry] = 1
    expectFound(retried)
    expectFound(
      SmallBounds<RankedKv>.rankedKv(
        .nothing, operations: [[.put(key: 0, value: "a")], [.get(key: 0), .get(key: 0)]],
        bugs: [.readsLocally]))
    expectFound(SmallBounds<ChainStore>.chainStore(.nothing, bugs: [.forwardsBeforeWriting]))
  }

  /// That engine and naive search find the same, and that every other driver can repeat it.
  private func expectFound<P: ReplicationProtocol>(_ bounds: SmallBounds<P>)
  where P.Message.Operation == Operation, P.Message.Response == Response {
    let naive = compare(bounds, limit: 20_000)
    #expect(!naive.broken.isEmpty)
    for reductions in [[], ExploreReductions.sound] {
      var request = ExploreRequest(plan: bounds.plan)
      request.plan.reductions = reductions
      let report = exploreCluster(bounds.setting, request)
      guard case .violation(let found) = report.verdict else {
        Issue.record("not found: \(report.verdict)")
        continue
      }
      #expect(found.length == naive.levels.count - 1)
    }
  }

  @Test("who does not heed that a peer is dead does nothing when told")
  func nobodyHeeds() {
    expectNoHeed(SmallBounds<Chain>.chain(.crash))
    expectNoHeed(SmallBounds<PrimaryBackup>.primaryBackup(.crash))
    expectNoHeed(SmallBounds<TwoNodeStore>.store(.crash))
  }

  private func expectNoHeed<P: ReplicationProtocol>(_ bounds: SmallBounds<P>)
  where P.Message.Operation == Operation, P.Message.Response == Response {
    var bounds = bounds
    let worlds = NaiveSearch(RememberedSystem(bounds.system), limit: Self.limit).worlds
    bounds.plan.reductions = .unheededWords
    bounds.plan.budget[.crash] = 0
    let system = bounds.system
    var asked = 0
    for node in 0..<system.nodes.nodeCount {
      let slot = system.slots.slot(of: NodeID(node))
      let memories = Set(worlds.map { $0[slot] }).filter { $0.process?.isUp == true }
      for peer in system.nodes.servers where !system.hears(NodeID(node), of: peer) {
        for memory in memories {
          let told = system.reactions(of: memory, in: slot, to: .input(.unavailable(peer)))
          #expect(told.map(\.becoming) == [memory])
          #expect(told.allSatisfy { $0.consequences.isEmpty })
          asked += 1
        }
      }
    }
    #expect(asked > 20)
  }
}

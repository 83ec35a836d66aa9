import LinearizabilityChecking
import ModelChecking
import ReplicationProtocols
import SimulationKernel
import Testing

@testable import ClusterSimulation

/// The engine with its numbers, memos and halves finds what a search over whole worlds in a `Set`
/// finds, on the same actions and the same symbolic disk.
@Suite("Search and naive search agree")
struct SearchAgreementTests {
  private func compare<P: ReplicationProtocol>(
    _ bounds: SmallBounds<P>, storage: SearchOptions.Storage, threads: Int
  ) where P.Message.Operation == Operation, P.Message.Response == Response {
    let system = bounds.system
    let naive = NaiveSearch(system)
    var options = SearchOptions()
    options.storage = storage
    options.threads = threads
    options.usesSymmetry = false
    let result = ModelSearch(system, options: options).run()
    #expect(result.states == naive.states)
    #expect(result.depth == naive.depth + 1)
    switch result.verdict {
    case .exhausted:
      #expect(naive.isExhausted)
      #expect(result.transitions == naive.transitions)
    case .violation(let invariant, let trace):
      #expect(naive.violation?.invariant == invariant)
      #expect(naive.violation?.depth == trace.steps.count)
    case .undecided(let reason): Issue.record("undecided: \(reason)")
    }
  }

  private func compare<P: ReplicationProtocol>(_ bounds: SmallBounds<P>)
  where P.Message.Operation == Operation, P.Message.Response == Response {
    for storage in SearchOptions.Storage.allCases {
      for threads in [1, 2] { compare(bounds, storage: storage, threads: threads) }
    }
  }

  @Test("a chain of three, a write and a read, without a crash")
  func chain() {
    compare(SmallBounds<Chain>.chain(crashes: 0))
  }

  @Test("a chain of two, a write and a read, with a crash")
  func chainWithCrash() {
    compare(SmallBounds<Chain>.chain(servers: 2, crashes: 1))
  }

  @Test("the two-node store, one write")
  func store() {
    compare(SmallBounds<TwoNodeStore>.store(crashes: 0))
  }
}

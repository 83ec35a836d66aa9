import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// One schedule per known bug, run by the correct chain and by the one with the bug: what differs
/// is the decision that the bug changes.
@Suite struct ChainDeviationTests {
  private static let spare: [String: ProtocolOptions.Value] = [
    "initialChain": .integer(2), "transferChunk": .integer(1),
  ]

  @Test func `public ids are those of the catalogue of bugs`() {
    #expect(
      Chain.Deviation.allCases.map(\.rawValue) == [
        "CR-01", "CR-05", "CR-06", "CR-07", "CR-08", "CR-09", "CR-11", "CR-12", "CR-14",
        "CR-16", "CR-22",
      ])
    for deviation in Chain.Deviation.allCases { #expect(!deviation.change.isEmpty) }
  }

  @Test func `CR-01: what a dead middle server had is forgotten`() {
    func run(_ bug: Chain.Deviation?) -> ChainWorld {
      var world = ChainWorld(clients: 1, bug: bug)
      world.invoke(1, .put(key: 0, value: "a"))
      world.deliver(world.client(1), world.server(1))
      world.crash(world.server(2), keeping: { _ in 0 })
      world.report()
      world.settleWithTimers(rounds: 5)
      return world
    }
    let correct = run(nil)
    #expect(correct.openOperations.isEmpty)
    let broken = run(.sentForgottenWhenForwarded)
    #expect(!broken.openOperations.isEmpty)
    #expect(broken.servers[0].sent.isEmpty && broken.servers[2].replica.count == 0)
  }

  @Test func `CR-05: an answered update dies with the head`() {
    func run(_ bug: Chain.Deviation?) -> (write: Response?, read: Response?) {
      var world = ChainWorld(servers: 2, bug: bug)
      let write = world.invoke(1, .put(key: 0, value: "a"))
      world.deliver(world.client(1), world.server(1))
      if world.canDeliver(world.server(1), world.client(1)) {
        world.deliver(world.server(1), world.client(1))
      }
      let answer = world.response(write)
      world.crash(world.server(1), keeping: { _ in 0 })
      world.links[world.client(1).index][1].removeAll()
      world.report()
      let read = world.invoke(2, .get(key: 0))
      world.settle(except: [world.client(1)])
      return (answer, world.response(read))
    }
    #expect(run(nil) == (nil, .value("")))
    #expect(run(.headAnswersUpdates) == (.done, .value("")))
  }

  @Test func `CR-06: a query that asks the head sees what a later one at the tail does not`() {
    var world = ChainWorld(servers: 2, bug: .anyServerAnswersQueries)
    world.invoke(1, .put(key: 0, value: "a"))
    world.deliver(world.client(1), world.server(1))
    var targets: Set<NodeID> = []
    for _ in 0..<20 {
      world.invoke(2, .get(key: 0))
      targets.insert(world.sent.last!.to)
      world.settle(except: [world.server(2)])
      if world.canDeliver(world.client(2), world.server(2)) {
        world.deliver(world.client(2), world.server(2))
        world.settle(except: [world.server(2)])
      }
    }
    #expect(targets == [world.server(1), world.server(2)])
    #expect(!world.verdict.isLinearizable)
  }

  @Test func `CR-07: a new tail keeps what it holds to itself`() {
    func run(_ bug: Chain.Deviation?) -> ChainWorld {
      var world = ChainWorld(servers: 2, clients: 1, bug: bug)
      world.invoke(1, .put(key: 0, value: "a"))
      world.deliver(world.client(1), world.server(1))
      world.crash(world.server(2))
      world.report()
      world.settleWithTimers(rounds: 5)
      return world
    }
    #expect(run(nil).openOperations.isEmpty)
    let broken = run(.newTailKeepsSilent)
    #expect(broken.openOperations.count == 1)
    #expect(broken.servers[0].sent.count == 1)
  }

  @Test func `CR-08: a joining server answers from an incomplete history`() {
    func run(_ bug: Chain.Deviation?) -> (response: Response?, isLinearizable: Bool) {
      var world = ChainWorld(bug: bug, options: Self.spare)
      for key in 0..<3 {
        world.invoke(1, .put(key: key, value: "a"))
        world.settle()
      }
      world.fire(world.server(3), Chain.Server.joinTimer)
      world.deliver(world.server(3), world.masterNode)
      if world.canDeliver(world.masterNode, world.client(2)) {
        world.deliver(world.masterNode, world.client(2))
      }
      let read = world.invoke(2, .get(key: 2))
      world.settle(except: [world.client(1)])
      return (world.response(read), world.verdict.isLinearizable)
    }
    #expect(run(nil) == (.value("a"), true))
    #expect(run(.joinerAnswersTooEarly) == (.value(""), false))
  }

  /// s2 has handed its role over to s3, which is in the chain; s1 has sent s2 an update that s3
  /// does not have yet.
  private func replaced(_ bug: Chain.Deviation?) -> ChainWorld {
    var world = ChainWorld(bug: bug, options: Self.spare)
    world.invoke(1, .put(key: 0, value: "a"))
    world.settle()
    world.fire(world.server(3), Chain.Server.joinTimer)
    // The second client does not hear of the new tail.
    world.settle(except: [world.client(2)])
    world.invoke(1, .put(key: 0, value: "b"))
    world.deliver(world.client(1), world.server(1))
    world.deliver(world.server(1), world.server(2))
    return world
  }

  @Test func `CR-09: a replaced tail answers an update that the new tail does not have`() {
    func run(_ bug: Chain.Deviation?) -> Bool {
      var world = replaced(bug)
      if world.canDeliver(world.server(2), world.client(1)) {
        world.deliver(world.server(2), world.client(1))
        world.invoke(1, .get(key: 0))
        world.deliver(world.client(1), world.server(3))
        world.deliver(world.server(3), world.client(1))
      }
      world.settle()
      return world.verdict.isLinearizable
    }
    #expect(run(nil))
    #expect(!run(.oldTailAnswersUpdates))
  }

  @Test func `CR-11: a replaced tail answers a client that has not heard of the new one`() {
    func run(_ bug: Chain.Deviation?) -> Bool {
      var world = replaced(bug)
      world.invoke(2, .get(key: 0))
      world.deliver(world.client(2), world.server(2))
      while world.canDeliver(world.masterNode, world.client(2)) {
        world.deliver(world.masterNode, world.client(2))
      }
      if world.canDeliver(world.server(2), world.client(2)) {
        world.deliver(world.server(2), world.client(2))
      }
      world.invoke(2, .get(key: 0))
      while world.canDeliver(world.client(2), world.server(3)) {
        world.deliver(world.client(2), world.server(3))
      }
      world.settle()
      return world.verdict.isLinearizable && world.openOperations.isEmpty
    }
    #expect(run(nil))
    #expect(!run(.oldTailAnswersQueries))
  }

  @Test func `CR-12: updates that overtake each other are applied as they arrive`() {
    func run(_ bug: Chain.Deviation?) -> [String] {
      var world = ChainWorld(servers: 2, bug: bug)
      for number in 1...2 {
        world.invoke(number, .put(key: 0, value: "\(number)"))
        world.deliver(world.client(number), world.server(1))
      }
      world.deliver(world.server(1), world.server(2), index: 1)
      world.settle()
      return [world.value(0, at: 1), world.value(0, at: 2)]
    }
    #expect(run(nil) == ["2", "2"])
    #expect(run(.updatesAppliedAsTheyArrive) == ["2", "1"])
  }

  @Test func `CR-14: a forward that arrives twice is applied twice`() {
    func run(_ bug: Chain.Deviation?) -> [Int] {
      var world = ChainWorld(servers: 2, bug: bug)
      world.invoke(1, .append(key: 0, value: "a"))
      world.deliver(world.client(1), world.server(1))
      world.links[0][1].append(world.links[0][1][0])
      world.settle()
      return world.servers.map(\.replica.count)
    }
    #expect(run(nil) == [1, 1])
    #expect(run(.duplicatesApplied) == [1, 2])
  }

  @Test func `CR-16: a retry after the answer was lost is executed as a new request`() {
    func run(_ bug: Chain.Deviation?) -> (response: Response?, isLinearizable: Bool) {
      var world = ChainWorld(servers: 2, bug: bug)
      let request = world.invoke(1, .append(key: 0, value: "a"))
      world.settle(except: [world.client(1)])
      world.links[1][world.client(1).index].removeAll()
      world.fire(world.client(1), .retry(1))
      world.settle()
      return (world.response(request), world.verdict.isLinearizable)
    }
    #expect(run(nil) == (.value("a"), true))
    #expect(run(.retriesUnderNewIdentity) == (.value("aa"), false))
  }

  @Test func `CR-22: a new head numbers from one again, and its successor takes no notice`() {
    func run(_ bug: Chain.Deviation?) -> ChainWorld {
      var world = ChainWorld(servers: 3, clients: 1, bug: bug)
      world.invoke(1, .put(key: 0, value: "a"))
      world.settle()
      world.crash(world.server(1))
      world.report()
      world.settle()
      world.invoke(1, .put(key: 0, value: "b"))
      world.settleWithTimers(rounds: 5)
      return world
    }
    #expect(run(nil).openOperations.isEmpty)
    let broken = run(.newHeadCountsAnew)
    #expect(broken.openOperations.count == 1)
    #expect(broken.value(0, at: 3) == "a")
  }
}

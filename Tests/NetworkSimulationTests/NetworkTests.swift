import NetworkSimulation
import SimulationKernel
import Testing

@Suite("The network")
struct NetworkTests {
  @Test("every ordered pair of nodes has a channel of its own")
  func channelsAreSeparate() {
    var network = Network<Note>(nodeCount: 3)
    for sender in 0..<3 {
      for receiver in 0..<3 { _ = network.send([10 * sender + receiver], sender, receiver) }
    }
    for sender in 0..<3 {
      for receiver in 0..<3 {
        #expect(network.contents(sender, receiver) == [10 * sender + receiver])
      }
    }
  }

  @Test("a duplicate is a second copy at the end, under a number of its own")
  func duplicate() throws {
    var network = Network<Note>(nodeCount: 2)
    let numbers = network.send([1, 2, 3], 0, 1)
    let duplicated = network.duplicate(numbers[1], from: NodeID(0), to: NodeID(1))
    let copy = try #require(duplicated)
    #expect(network.contents(0, 1) == [1, 2, 3, 2])
    #expect(!numbers.contains(copy))
    _ = network.take(numbers[1], from: NodeID(0), to: NodeID(1))
    #expect(network.isUnderWay(copy, from: NodeID(0), to: NodeID(1)))
    #expect(network.contents(0, 1) == [1, 3, 2])
  }

  @Test("what is not under way cannot be duplicated")
  func duplicateOfNothing() {
    var network = Network<Note>(nodeCount: 2)
    let number = network.send([1], 0, 1)[0]
    _ = network.take(number, from: NodeID(0), to: NodeID(1))
    #expect(network.duplicate(number, from: NodeID(0), to: NodeID(1)) == nil)
    #expect(network.duplicate(0, from: NodeID(1), to: NodeID(0)) == nil)
  }

  @Test("a dead node loses what was on its way to it; its callers are named in order")
  func loseEverything() {
    var network = Network<Note>(nodeCount: 4)
    _ = network.send([1, 2], 3, 1)
    _ = network.send([3], 0, 1)
    _ = network.send([4], 1, 2)
    _ = network.send([5], 0, 2)
    #expect(network.loseEverything(to: NodeID(1)) == [NodeID(0), NodeID(3)])
    #expect(network.contents(3, 1) == [])
    #expect(network.contents(0, 1) == [])
    #expect(network.contents(1, 2) == [4])
    #expect(network.contents(0, 2) == [5])
    #expect(network.loseEverything(to: NodeID(1)) == [])
  }

  @Test("a cut is one-way, and cutting or healing twice counts once")
  func cuts() {
    var network = Network<Note>(nodeCount: 3)
    let (first, second, third) = (NodeID(0), NodeID(1), NodeID(2))
    network.setCut(true, from: first, to: second)
    network.setCut(true, from: first, to: second)
    #expect(network.isCut(from: first, to: second))
    #expect(!network.isCut(from: second, to: first))
    network.setCut(true, from: second, to: third)
    network.setCut(false, from: first, to: second)
    network.setCut(false, from: first, to: second)
    #expect(!network.isCut(from: first, to: second))
    #expect(network.isCut(from: second, to: third))
    network.setCut(false, from: first, to: third)
    #expect(network.isCut(from: second, to: third))
    network.setCut(false, from: second, to: third)
    #expect(!network.isCut(from: second, to: third))
  }

  @Test("a cut link keeps what is under way: losing it is the driver's affair")
  func cutKeepsParcels() {
    var network = Network<Note>(nodeCount: 2)
    _ = network.send([1], 0, 1)
    network.setCut(true, from: NodeID(0), to: NodeID(1))
    #expect(network.contents(0, 1) == [1])
  }

  @Test("random cuts and heals agree with a set of links")
  func agreesWithSet() {
    var stream = SeededStream(seed: 1, name: "cuts")
    var network = Network<Note>(nodeCount: 4)
    var reference: Set<[Int]> = []
    for _ in 0..<500 {
      let link = [stream.below(4), stream.below(4)]
      let isCut = stream.chance(0.5)
      network.setCut(isCut, from: NodeID(link[0]), to: NodeID(link[1]))
      if isCut { reference.insert(link) } else { reference.remove(link) }
      for sender in 0..<4 {
        for receiver in 0..<4 {
          #expect(
            network.isCut(from: NodeID(sender), to: NodeID(receiver))
              == reference.contains([sender, receiver]))
        }
      }
    }
  }

  @Test("fingerprints see contents, order, channel and cuts")
  func fingerprintsDiffer() {
    var networks: [Network<Note>] = []
    func add(_ change: (inout Network<Note>) -> Void) {
      var network = Network<Note>(nodeCount: 2)
      change(&network)
      networks.append(network)
    }
    add { _ in }
    add { _ = $0.send([1], 0, 1) }
    add { _ = $0.send([1], 1, 0) }
    add { _ = $0.send([1, 2], 0, 1) }
    add { _ = $0.send([2, 1], 0, 1) }
    add { _ = $0.send([1, 1], 0, 1) }
    add { _ = $0.send(.unavailable, from: NodeID(0), to: NodeID(1)) }
    add { $0.setCut(true, from: NodeID(0), to: NodeID(1)) }
    add { $0.setCut(true, from: NodeID(1), to: NodeID(0)) }
    #expect(Set(networks.map(\.fingerprint)).count == networks.count)
  }

  @Test("fingerprints do not see envelope numbers, nor how a state came about")
  func fingerprintsAgree() {
    var direct = Network<Note>(nodeCount: 2)
    _ = direct.send([7], 0, 1)
    var roundabout = Network<Note>(nodeCount: 2)
    let numbers = roundabout.send([5, 6, 7, 8], 0, 1)
    for index in [3, 0, 1] { _ = roundabout.take(numbers[index], from: NodeID(0), to: NodeID(1)) }
    roundabout.setCut(true, from: NodeID(0), to: NodeID(1))
    roundabout.setCut(false, from: NodeID(0), to: NodeID(1))
    #expect(direct.fingerprint == roundabout.fingerprint)
  }
}

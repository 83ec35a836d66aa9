import NetworkSimulation
import SimulationKernel
import Testing

@Suite("Channels")
struct ChannelTests {
  static let sender = NodeID(0)
  static let receiver = NodeID(1)

  @Test("taking the first again and again gives what was sent, in order")
  func firstInFirstOut() throws {
    var network = Network<Note>(nodeCount: 2)
    _ = network.send(Array(0..<200), 0, 1)
    for expected in 0..<200 {
      let first = try #require(network.firstNumber(from: Self.sender, to: Self.receiver))
      #expect(network.take(first, from: Self.sender, to: Self.receiver)?.number == expected)
    }
    #expect(network.firstNumber(from: Self.sender, to: Self.receiver) == nil)
    #expect(network.contents(0, 1) == [])
  }

  @Test("any parcel can be taken by its number, once; the others keep their order")
  func takeAny() {
    for victim in 0..<5 {
      var network = Network<Note>(nodeCount: 2)
      let numbers = network.send([10, 11, 12, 13, 14], 0, 1)
      let taken = network.take(numbers[victim], from: Self.sender, to: Self.receiver)
      #expect(taken?.number == 10 + victim)
      #expect(network.contents(0, 1) == (10..<15).filter { $0 != 10 + victim })
      #expect(network.take(numbers[victim], from: Self.sender, to: Self.receiver) == nil)
      #expect(!network.isUnderWay(numbers[victim], from: Self.sender, to: Self.receiver))
    }
  }

  @Test("a number that was never sent is not under way")
  func unknownNumber() {
    var network = Network<Note>(nodeCount: 2)
    #expect(network.take(0, from: Self.sender, to: Self.receiver) == nil)
    _ = network.send([1], 0, 1)
    #expect(network.take(7, from: Self.sender, to: Self.receiver) == nil)
    #expect(!network.isUnderWay(7, from: Self.sender, to: Self.receiver))
    #expect(network.contents(0, 1) == [1])
  }

  @Test("random sends, takes and cuts agree with a list", arguments: 0..<10 as Range<Int>)
  func agreesWithList(seed: Int) {
    var stream = SeededStream(seed: UInt64(seed), name: "channels")
    var network = Network<Note>(nodeCount: 2)
    var reference: [(number: UInt32, value: Int)] = []
    for value in 0..<800 {
      switch stream.below(20) {
      case 0..<11:
        let number = network.send(.message(Note(value)), from: Self.sender, to: Self.receiver)
        #expect(!reference.contains { $0.number == number })
        reference.append((number, value))
      case 11..<17 where !reference.isEmpty:
        let first = reference.removeFirst()
        let taken = network.take(first.number, from: Self.sender, to: Self.receiver)
        #expect(taken?.number == first.value)
      case 17, 18:
        guard !reference.isEmpty else { continue }
        let other = reference.remove(at: stream.below(reference.count))
        let taken = network.take(other.number, from: Self.sender, to: Self.receiver)
        #expect(taken?.number == other.value)
      case 19 where stream.chance(0.3):
        let kept = stream.below(reference.count + 2)
        network.cut(from: Self.sender, to: Self.receiver, keepingFirst: kept)
        reference = Array(reference.prefix(kept))
      default: break
      }
      #expect(
        network.firstNumber(from: Self.sender, to: Self.receiver) == reference.first?.number)
      #expect(network.contents(0, 1) == reference.map(\.value))
    }
  }

  @Test("a cut keeps the oldest parcels, and never more than there are")
  func keepFirst() {
    for count in 0..<6 {
      var network = Network<Note>(nodeCount: 2)
      let numbers = network.send([1, 2, 3, 4], 0, 1)
      _ = network.take(numbers[0], from: Self.sender, to: Self.receiver)
      network.cut(from: Self.sender, to: Self.receiver, keepingFirst: count)
      #expect(network.contents(0, 1) == Array([2, 3, 4].prefix(count)))
      #expect(network.messageCount(from: Self.sender, to: Self.receiver) == min(count, 3))
    }
  }

  @Test("a cut takes messages alone: an unavailable stays where it stood")
  func keepUnavailable() {
    for count in 0..<4 {
      var network = Network<Note>(nodeCount: 2)
      _ = network.send([1], 0, 1)
      _ = network.send(.unavailable, from: Self.sender, to: Self.receiver)
      _ = network.send([2, 3], 0, 1)
      #expect(network.messageCount(from: Self.sender, to: Self.receiver) == 3)
      network.cut(from: Self.sender, to: Self.receiver, keepingFirst: count)
      let expected = [[-1], [1, -1], [1, -1, 2], [1, -1, 2, 3]]
      #expect(network.contents(0, 1) == expected[count])
    }
  }

  @Test("numbers go on after a cut, so that an old number never names a new parcel")
  func numbersAreNotReused() {
    var network = Network<Note>(nodeCount: 2)
    let old = network.send([1, 2], 0, 1)
    network.cut(from: Self.sender, to: Self.receiver, keepingFirst: 0)
    let new = network.send([3], 0, 1)
    #expect(!old.contains(new[0]))
    #expect(network.take(old[1], from: Self.sender, to: Self.receiver) == nil)
  }
}

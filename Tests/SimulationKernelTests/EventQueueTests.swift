import SimulationKernel
import Testing

@Suite("The event queue")
struct EventQueueTests {
  @Test("an empty queue has no next time and nothing to pop")
  func empty() {
    var queue = EventQueue<Int>()
    #expect(queue.isEmpty)
    #expect(queue.nextTime == nil)
    #expect(queue.popFirst() == nil)
  }

  @Test("events of one time come out in the order in which they were put in")
  func ties() {
    var queue = EventQueue<Int>()
    for number in 0..<100 { queue.insert(number, at: VirtualTime(nanoseconds: 5)) }
    #expect((0..<100).map { _ in queue.popFirst()?.payload } == (0..<100).map { $0 })
  }

  @Test("an event that is put off to a taken time comes behind what stands there")
  func putOff() {
    var queue = EventQueue<String>()
    queue.insert("early", at: VirtualTime(nanoseconds: 1))
    queue.insert("late", at: VirtualTime(nanoseconds: 2))
    let early = queue.popFirst()
    queue.insert(early?.payload ?? "", at: VirtualTime(nanoseconds: 2))
    #expect(queue.popFirst()?.payload == "late")
    #expect(queue.popFirst()?.payload == "early")
  }

  @Test("random insertions and removals agree with a sorted list", arguments: 0..<20 as Range<Int>)
  func agreesWithSortedList(seed: Int) throws {
    var stream = SeededStream(seed: UInt64(seed), name: "events")
    var queue = EventQueue<Int>()
    var reference: [(time: Int64, number: Int)] = []
    // Few distinct times make many ties, many distinct ones a deep heap.
    let times = [3, 20, 1_000_000][seed % 3]
    for number in 0..<600 {
      if stream.chance(0.6) {
        let time = Int64(stream.below(times))
        queue.insert(number, at: VirtualTime(nanoseconds: time))
        let place = reference.firstIndex { $0.time > time } ?? reference.endIndex
        reference.insert((time, number), at: place)
      } else if !reference.isEmpty {
        let expected = reference.removeFirst()
        let first = queue.popFirst()
        let popped = try #require(first)
        #expect(popped.time.nanoseconds == expected.time)
        #expect(popped.payload == expected.number)
      }
      #expect(queue.count == reference.count)
      #expect(queue.nextTime?.nanoseconds == reference.first?.time)
    }
    #expect(reference.map(\.number) == reference.map { _ in queue.popFirst()?.payload })
    #expect(queue.isEmpty)
  }

  @Test("a queue that was emptied starts counting anew")
  func removeAll() {
    var queue = EventQueue<Int>()
    for number in 0..<10 { queue.insert(number, at: VirtualTime(nanoseconds: Int64(-number))) }
    queue.removeAll()
    #expect(queue.isEmpty)
    queue.insert(1, at: .start)
    queue.insert(2, at: .start)
    #expect(queue.popFirst()?.payload == 1)
    #expect(queue.popFirst()?.payload == 2)
    #expect(queue.popFirst() == nil)
  }
}

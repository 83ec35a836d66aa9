import SimulationKernel
import Testing

@Suite("Scratch lists")
struct ScratchListTests {
  @Test("what an emptied list held is not seen again")
  func refill() {
    var list = ScratchList<Int>()
    for value in 0..<10 { list.append(value) }
    list.removeAll()
    #expect(list.isEmpty)
    #expect(list.elements.isEmpty)
    list.append(42)
    #expect(list.elements == [42])
    #expect(list.count == 1)
  }

  @Test("random fills and emptyings agree with an array")
  func agreesWithArray() {
    var stream = SeededStream(seed: 2, name: "lists")
    var list = ScratchList<Int>()
    var reference: [Int] = []
    for value in 0..<2_000 {
      if stream.chance(0.05) {
        list.removeAll()
        reference.removeAll()
      } else if stream.chance(0.2), !reference.isEmpty {
        let index = stream.below(reference.count)
        list[index] = value
        reference[index] = value
      } else {
        list.append(value)
        reference.append(value)
      }
      #expect(list.count == reference.count)
    }
    #expect(list.elements == reference)
    #expect(reference.indices.allSatisfy { list[$0] == reference[$0] })
  }

  @Test("a copy does not see later changes")
  func copies() {
    var list = ScratchList<String>()
    list.append("a")
    let copy = list
    list[0] = "b"
    list.removeAll()
    #expect(copy.elements == ["a"])
  }
}

import LinearizabilityChecking
import Testing

/// Single steps of the specifications.
@Suite struct SpecificationTests {
  private func step(
    _ value: String, _ operation: Operation, _ response: Response?
  ) -> Successors<String> {
    KeyValueSpecification().next(value, operation, response)
  }

  @Test func `a get answers the value or nothing known`() {
    #expect(step("x", .get(key: 0), .value("x")) == .one("x"))
    #expect(step("x", .get(key: 0), .value("y")) == .none)
    #expect(step("x", .get(key: 0), nil) == .one("x"))
  }

  @Test func `an append answers the longer value, or is silent about it`() {
    let append = Operation.append(key: 0, value: "b")
    #expect(step("a", append, .value("ab")) == .one("ab"))
    #expect(step("a", append, .value("b")) == .none)
    #expect(step("a", append, .value("abc")) == .none)
    #expect(step("a", append, .done) == .one("ab"))
    #expect(step("a", append, nil) == .one("ab"))
  }

  @Test func `a drawn put leaves one of its outcomes`() {
    let put = Operation.putDrawn(key: 0, value: "d", outcomes: 12)
    for draw in [0, 9, 11] {
      #expect(step("a", put, .value("d#\(draw)")) == .one("d#\(draw)"))
      #expect(KeyValueSpecification().successor(draw, of: "a", put, nil) == "d#\(draw)")
    }
    for answer in [
      "d#12", "d#-1", "d#+1", "d#01", "d#", "d", "e#1", "d#1x", "d#99999999999999999999",
    ] {
      #expect(step("a", put, .value(answer)) == .none, "\(answer)")
    }
    #expect(step("a", put, nil) == .drawn(count: 12))
    #expect(step("a", .putDrawn(key: 0, value: "d", outcomes: 0), nil) == .none)
  }

  @Test func `a compare-and-set replaces only what it expects`() {
    let swap = Operation.compareAndSet(key: 0, expected: "a", new: "b")
    #expect(step("a", swap, .swapped(true)) == .one("b"))
    #expect(step("a", swap, .swapped(false)) == .none)
    #expect(step("c", swap, .swapped(false)) == .one("c"))
    #expect(step("c", swap, .swapped(true)) == .none)
    #expect(step("a", swap, nil) == .one("b"))
    #expect(step("c", swap, nil) == .one("c"))
  }

  @Test func `two blocks change and read together within their component`() {
    let device = BlockDeviceSpecification()
    let start = device.initialState(of: 5..<8)
    let write = Operation.writeBlocks(first: 6, count: 2, value: "x")
    let written = CellValues.several(first: 5, values: ["", "x", "x"])
    #expect(device.next(start, write, .done) == .one(written))
    let read = Operation.readBlocks(first: 5, count: 2)
    #expect(device.next(written, read, .blocks(["", "x"])) == .one(written))
    #expect(device.next(written, read, .blocks(["x", "x"])) == .none)
    let single = Operation.writeBlocks(first: 5, count: 1, value: "y")
    #expect(
      device.next(written, single, .done) == .one(.several(first: 5, values: ["y", "x", "x"])))
  }

  @Test func `a store runs key operations on the cells of a component`() {
    let store = StoreSpecification(initialValue: "0")
    let start = store.initialState(of: 2..<4)
    let put = Operation.putDrawn(key: 3, value: "d", outcomes: 2)
    #expect(store.next(start, put, nil) == .drawn(count: 2))
    #expect(
      store.successor(1, of: start, put, nil) == .several(first: 2, values: ["0", "d#1"]))
    #expect(store.next(start, .get(key: 2), .value("0")) == .one(start))
  }

  @Test func `reads and failed compare-and-sets change nothing`() {
    let store = StoreSpecification()
    let swap = Operation.compareAndSet(key: 0, expected: "a", new: "b")
    #expect(store.isReadOnly(.get(key: 0), nil))
    #expect(store.isReadOnly(.readBlocks(first: 0, count: 2), nil))
    #expect(store.isReadOnly(swap, .swapped(false)))
    #expect(!store.isReadOnly(swap, .swapped(true)))
    #expect(!store.isReadOnly(swap, nil))
    #expect(!store.isReadOnly(.put(key: 0, value: ""), .done))
  }

  @Test func `keys split; a register does not`() {
    #expect(KeyValueSpecification().partitionKeys(.get(key: 7)) == 7..<8)
    #expect(RegisterSpecification().partitionKeys(.get(key: 7)) == 0..<1)
    #expect(
      BlockDeviceSpecification().partitionKeys(.readBlocks(first: 3, count: 2)) == 3..<5)
  }

  @Test func `operations that a specification does not know end the process`() async {
    await #expect(processExitsWith: .failure) {
      _ = KeyValueSpecification().partitionKeys(.readBlocks(first: 0, count: 1))
    }
    await #expect(processExitsWith: .failure) {
      _ = BlockDeviceSpecification().partitionKeys(.get(key: 0))
    }
  }
}

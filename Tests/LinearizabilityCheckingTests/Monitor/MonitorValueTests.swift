import LinearizabilityChecking
import Testing

/// What equal values of a monitor mean, and what they look like in other words.
@Suite struct MonitorValueTests {
  /// All monitors that two clients can reach, as an automaton over events.
  private struct Automaton {
    struct Node: Hashable {
      var monitor: StoreMonitor
      var open: [Operation?]
      var abandonmentsLeft: Int
    }

    var nodes: [Node] = []
    /// By node, by event: the next node; -1 if the event cannot be.
    var steps: [[Int]] = []

    init(_ deeds: [(Operation, [Response])], keys: Range<Int>, clients: Int, abandonments: Int) {
      var numbers: [Node: Int] = [:]
      func number(_ node: Node) -> Int {
        if let known = numbers[node] { return known }
        numbers[node] = nodes.count
        nodes.append(node)
        return nodes.count - 1
      }
      let open = [Operation?](repeating: nil, count: clients)
      _ = number(
        Node(monitor: StoreMonitor(keys: keys), open: open, abandonmentsLeft: abandonments))
      while steps.count < nodes.count {
        let node = nodes[steps.count]
        var row: [Int] = []
        for client in 0..<clients {
          for (operation, responses) in deeds {
            var called = node
            if node.open[client] == nil {
              called.monitor.invoke(client: client, operation: operation)
              called.open[client] = operation
            }
            row.append(node.open[client] == nil ? number(called) : -1)
            let isOpen = node.open[client] == operation
            for response in responses {
              var returned = node
              returned.open[client] = nil
              if isOpen {
                returned.monitor.complete(
                  client: client, operation: operation, response: response)
              }
              row.append(isOpen ? number(returned) : -1)
            }
            var lost = node
            lost.open[client] = nil
            lost.abandonmentsLeft -= 1
            if isOpen { lost.monitor.abandon(client: client, operation: operation) }
            row.append(isOpen && node.abandonmentsLeft > 0 ? number(lost) : -1)
          }
        }
        steps.append(row)
      }
    }

    /// Equal numbers for nodes that no sequence of events tells apart (Moore's algorithm).
    var classes: [Int] {
      var classes = nodes.map { $0.monitor.verdict == .linearizable ? 1 : 0 }
      while true {
        var seen: [[Int]: Int] = [:]
        var finer: [Int] = []
        for node in nodes.indices {
          let key = [classes[node]] + steps[node].map { $0 < 0 ? -1 : classes[$0] }
          finer.append(seen[key] ?? seen.count)
          if seen[key] == nil { seen[key] = seen.count }
        }
        if Set(finer).count == Set(classes).count { return finer }
        classes = finer
      }
    }

    /// Nodes that explain their history: different values, and different futures.
    var counts: [Int] {
      let classes = self.classes
      let alive = nodes.indices.filter { nodes[$0].monitor.verdict == .linearizable }
      return [alive.count, Set(alive.map { classes[$0] }).count]
    }
  }

  private let get = (Operation.get(key: 0), ["", "a", "b"].map { Response.value($0) })
  private let puts = ["a", "b"].map { (Operation.put(key: 0, value: $0), [Response.done]) }

  @Test func `different values have different futures: register, two and three clients`() {
    var automaton = Automaton([get] + puts, keys: 0..<1, clients: 2, abandonments: 1)
    #expect(automaton.counts == [1, 1])
    automaton = Automaton([get] + puts, keys: 0..<1, clients: 3, abandonments: 0)
    #expect(automaton.counts == [1, 1])
  }

  @Test func `different values have different futures: compare-and-set`() {
    let swap = (
      Operation.compareAndSet(key: 0, expected: "a", new: "b"),
      [Response.swapped(true), .swapped(false)]
    )
    let automaton = Automaton([get, puts[0], swap], keys: 0..<1, clients: 2, abandonments: 2)
    #expect(automaton.counts == [1, 1])
  }

  @Test func `different values have different futures: two blocks`() {
    let deeds: [(Operation, [Response])] = [
      (.writeBlocks(first: 0, count: 2, value: "a"), [.done]),
      (.writeBlocks(first: 1, count: 1, value: "b"), [.done]),
      (.readBlocks(first: 0, count: 1), [.blocks([""]), .blocks(["a"])]),
      (
        .readBlocks(first: 0, count: 2),
        [.blocks(["", ""]), .blocks(["", "b"]), .blocks(["a", "a"]), .blocks(["a", "b"])]
      ),
    ]
    let automaton = Automaton(deeds, keys: 0..<2, clients: 2, abandonments: 1)
    #expect(automaton.counts == [1, 1])
  }

  @Test func `what is over is forgotten`() {
    var monitor = StoreMonitor(keys: 0..<1)
    for round in 0..<20 {
      monitor.invoke(client: 0, operation: .put(key: 0, value: "\(round)"))
      monitor.invoke(client: 1, operation: .get(key: 0))
      monitor.complete(client: 0, operation: .put(key: 0, value: "\(round)"), response: .done)
      monitor.complete(client: 1, operation: .get(key: 0), response: .value("\(round)"))
      #expect(monitor == StoreMonitor(keys: 0..<1, initialValue: "\(round)"))
    }
    monitor.invoke(client: 1, operation: .get(key: 0))
    monitor.abandon(client: 1, operation: .get(key: 0))
    #expect(monitor == StoreMonitor(keys: 0..<1, initialValue: "19"))
    monitor.invoke(client: 1, operation: .put(key: 0, value: "x"))
    monitor.fail(client: 1, operation: .put(key: 0, value: "x"))
    #expect(monitor == StoreMonitor(keys: 0..<1, initialValue: "19"))
  }

  @Test func `who abandoned an operation does not matter, nor in which order`() {
    var values: Set<StoreMonitor> = []
    for order in [[0, 1, 2], [2, 0, 1]] {
      var monitor = StoreMonitor(keys: 0..<1)
      for (place, client) in order.enumerated() {
        monitor.invoke(client: client, operation: .put(key: 0, value: "v\(place % 2)"))
      }
      for (place, client) in order.enumerated().reversed() {
        monitor.abandon(client: client, operation: .put(key: 0, value: "v\(place % 2)"))
      }
      values.insert(monitor)
    }
    #expect(values.count == 1)
  }

  @Test func `twenty abandoned writes cost twenty looks a step, not a million`() {
    var monitor = StoreMonitor(keys: 0..<1)
    for number in 0..<20 {
      monitor.invoke(client: number, operation: .put(key: 0, value: "maybe \(number)"))
      monitor.abandon(client: number, operation: .put(key: 0, value: "maybe \(number)"))
    }
    for number in 0..<10 {
      monitor.invoke(client: 20, operation: .put(key: 0, value: "\(number)"))
      monitor.complete(
        client: 20, operation: .put(key: 0, value: "\(number)"), response: .done, limit: 30)
      #expect(monitor.configurationCount == 1)
    }
    monitor.invoke(client: 20, operation: .get(key: 0))
    monitor.complete(
      client: 20, operation: .get(key: 0), response: .value("maybe 7"), limit: 2_000)
    #expect(monitor.verdict == .linearizable)
    monitor.invoke(client: 20, operation: .get(key: 0))
    monitor.complete(client: 20, operation: .get(key: 0), response: .value("0"), limit: 2_000)
    #expect(monitor.verdict == .violation)
  }

  @Test func `a limit that is reached is undecided for ever`() {
    var monitor = StoreMonitor(keys: 0..<1)
    let draw = Operation.putDrawn(key: 0, value: "d", outcomes: 1_000_000_000)
    monitor.invoke(client: 0, operation: draw)
    monitor.invoke(client: 1, operation: .get(key: 0))
    monitor.complete(client: 1, operation: .get(key: 0), response: .value("d#5"), limit: 1_000)
    #expect(monitor.verdict == .undecided)
    monitor.complete(client: 0, operation: draw, response: .value("d#5"))
    #expect(monitor.verdict == .undecided)
  }
}

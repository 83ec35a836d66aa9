import LinearizabilityChecking
import Testing

/// What equal values of a monitor mean, and what they look like in other words.
@Suite struct MonitorValueTests {
  /// An operation and what it may be answered.
  private typealias Deed = (operation: Operation, responses: [Response])

  /// All monitors that some clients can reach, as an automaton over events. An operation that was
  /// abandoned is not called again: workloads write unique values.
  private struct Automaton {
    struct Node: Hashable {
      var monitor: StoreMonitor
      var open: [Operation?]
      var abandoned: [Operation] = []
    }

    var nodes: [Node] = []
    /// By node, by event: the next node; -1 if the event cannot be.
    var steps: [[Int]] = []
    private var numbers: [Node: Int] = [:]

    /// - Parameter deeds: what each client may do.
    init(_ deeds: [[Deed]], keys: Range<Int>, abandonments: Int) {
      let open = [Operation?](repeating: nil, count: deeds.count)
      _ = number(Node(monitor: StoreMonitor(keys: keys), open: open))
      while steps.count < nodes.count {
        let node = nodes[steps.count]
        var row: [Int] = []
        for client in deeds.indices {
          for deed in deeds[client] {
            row += moves(node, client, deed, abandonments)
          }
        }
        steps.append(row)
      }
    }

    private mutating func moves(
      _ node: Node, _ client: Int, _ deed: Deed, _ abandonments: Int
    ) -> [Int] {
      let operation = deed.operation
      var called = node
      let mayCall = node.open[client] == nil && !node.abandoned.contains(operation)
      if mayCall {
        called.monitor.invoke(client: client, operation: operation)
        called.open[client] = operation
      }
      var row = [mayCall ? number(called) : -1]
      guard node.open[client] == operation else {
        return row + deed.responses.map { _ in -1 } + [-1]
      }
      for response in deed.responses {
        var returned = node
        returned.open[client] = nil
        returned.monitor.complete(client: client, operation: operation, response: response)
        row.append(number(returned))
      }
      let isBystander = client == node.open.count - 1
      let mayAbandon = node.abandoned.count < abandonments && !isBystander
      guard mayAbandon, !operation.isReadOnly else { return row + [-1] }
      var lost = node
      lost.open[client] = nil
      lost.abandoned.append(operation)
      lost.monitor.abandon(client: client, operation: operation)
      return row + [number(lost)]
    }

    private mutating func number(_ node: Node) -> Int {
      if let known = numbers[node] { return known }
      numbers[node] = nodes.count
      nodes.append(node)
      return nodes.count - 1
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

    /// Of the nodes that explain their history: how many there are, and how many different
    /// futures. The last client is a bystander who can look and write at any time; without one,
    /// nobody may be left who could ever tell two states apart.
    var counts: [Int] {
      let classes = self.classes
      let alive = nodes.indices.filter {
        nodes[$0].monitor.verdict == .linearizable && nodes[$0].open.last == .some(nil)
      }
      return [alive.count, Set(alive.map { classes[$0] }).count]
    }
  }

  private let get: Deed = (.get(key: 0), ["", "a", "b", "c"].map { .value($0) })

  private func put(_ value: String) -> Deed { (.put(key: 0, value: value), [.done]) }

  @Test func `different values have different futures: register`() {
    let automaton = Automaton(
      [[get, put("a")], [put("b")], [get, put("c")]], keys: 0..<1, abandonments: 1)
    #expect(automaton.counts == [1_284, 1_284])
  }

  @Test func `different values have different futures: compare-and-set`() {
    func swap(_ old: String, _ new: String) -> Deed {
      (.compareAndSet(key: 0, expected: old, new: new), [.swapped(true), .swapped(false)])
    }
    let automaton = Automaton(
      [[put("a")], [swap("a", "b")], [get, put("c")]], keys: 0..<1, abandonments: 1)
    #expect(automaton.counts == [250, 250])
  }

  @Test func `different values have different futures: two blocks`() {
    let write: Deed = (.writeBlocks(first: 0, count: 2, value: "a"), [.done])
    let other: Deed = (.writeBlocks(first: 0, count: 2, value: ""), [.done])
    let half: Deed = (.writeBlocks(first: 1, count: 1, value: "b"), [.done])
    let read: Deed = (
      .readBlocks(first: 0, count: 2),
      [["", ""], ["", "b"], ["a", "a"], ["a", "b"]].map { .blocks($0) }
    )
    let automaton = Automaton(
      [[write], [half, read], [read, other]], keys: 0..<2, abandonments: 0)
    #expect(automaton.counts == [680, 680])
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

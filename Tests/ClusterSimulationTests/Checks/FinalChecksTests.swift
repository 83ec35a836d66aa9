import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite("Checks at the end")
struct FinalChecksTests {
  /// Two servers in view 1 that hold these values under key 0, and a history.
  static func verdict(
    _ checks: CheckSet, _ values: [String], replicas: [Bool] = [true, true],
    hasSettled: Bool = true, _ operations: [(Operation, Response?)] = []
  ) -> RunVerdict {
    var cluster = Cluster.puppets(servers: 2, checks: checks)
    cluster.coordinator.currentView = ObservedView(number: 1, members: [NodeID(0), NodeID(1)])
    for index in 0..<2 {
      if values[index] != "" {
        cluster.servers[index].contents = [KeyedValue(key: 0, value: values[index])]
      }
      cluster.servers[index].isReplica = replicas[index]
    }
    for (operation, response) in operations {
      let index = cluster.history.invoke(client: 0, operation: operation)
      if let response { cluster.history.complete(index, response: response) }
    }
    var checker = StoreChecker(limit: 1_000)
    return cluster.finalVerdict(hasSettled: hasSettled, &checker)
  }

  static func message(_ verdict: RunVerdict) -> String? {
    if case .violation(let violation) = verdict { violation.message } else { nil }
  }

  @Test("replicas that hold the same are accepted, others rejected once the cluster is at rest")
  func convergence() {
    #expect(Self.verdict([.convergence], ["a", "a"]) == .pass)
    #expect(
      Self.message(Self.verdict([.convergence], ["a", "b"]))
        == "key 0 is \"a\" at s1 and \"b\" at s2")
    #expect(
      Self.message(Self.verdict([.convergence], ["", "b"]))
        == "key 0 is \"\" at s1 and \"b\" at s2")
    #expect(Self.verdict([.convergence], ["a", "b"], hasSettled: false) == .pass)
    #expect(Self.verdict([.convergence], ["a", "b"], replicas: [true, false]) == .pass)
  }

  @Test("a live server that is still joining when the cluster is at rest has not converged")
  func latecomer() {
    var cluster = Cluster.puppets(servers: 2, checks: [.convergence])
    cluster.servers[1].role = .joining
    var checker = StoreChecker(limit: 1_000)
    let late = cluster.finalVerdict(hasSettled: true, &checker)
    #expect(Self.message(late) == "s2 has not caught up with the others")
    let unsettled = cluster.finalVerdict(hasSettled: false, &checker)
    #expect(unsettled == .pass)
    cluster.act(.crash(NodeID(1), .process))
    let down = cluster.finalVerdict(hasSettled: true, &checker)
    #expect(down == .pass)
  }

  @Test("every replica must hold an acknowledged update")
  func durability() {
    let put: [(Operation, Response?)] = [(.put(key: 0, value: "a"), .done)]
    #expect(Self.verdict([.durability], ["a", "a"], put) == .pass)
    #expect(
      Self.message(Self.verdict([.durability], ["a", ""], put))?.hasPrefix("s2 holds \"\"")
        == true)
    #expect(Self.verdict([.durability], ["a", ""], hasSettled: false, put) == .pass)
    #expect(Self.verdict([.durability], ["a", ""], replicas: [true, false], put) == .pass)
  }

  @Test("where no complete copy is left, everything acknowledged is lost")
  func noReplica() {
    let put: [(Operation, Response?)] = [(.put(key: 0, value: "a"), .done)]
    #expect(
      Self.message(Self.verdict([.durability], ["", ""], replicas: [false, false], put))
        == "no live server holds a complete copy any more")
    #expect(Self.verdict([.durability], ["", ""], replicas: [false, false]) == .pass)
  }

  @Test("an append that stands twice in an answer or in a replica is rejected")
  func duplicates() {
    let append: (Operation, Response?) = (.append(key: 0, value: "<x>"), .value("<x>"))
    #expect(Self.verdict([.atMostOnce], ["<x>", "<x>"], [append]) == .pass)
    #expect(
      Self.message(Self.verdict([.atMostOnce], ["<x>", "<x><x>"], [append]))
        == "s2 holds \"<x><x>\", in which \"<x>\" stands twice")
    #expect(
      Self.message(
        Self.verdict(
          [.atMostOnce], ["<x>", "<x>"], [append, (.get(key: 0), .value("<x><x>"))]))
        == "c1 was given \"<x><x>\", in which \"<x>\" stands twice")
  }

  @Test("an answer that no order explains is rejected, and a budget that runs out undecided")
  func linearizability() {
    let operations: [(Operation, Response?)] = [
      (.put(key: 0, value: "a"), .done), (.get(key: 0), .value("b")),
    ]
    #expect(
      Self.message(Self.verdict([.linearizability], ["", ""], operations))?
        .hasPrefix("no order explains that get(0) of c1 was answered \"b\"") == true)
    var cluster = Cluster.puppets(checks: [.linearizability])
    for number in 0..<20 {
      let index = cluster.history.invoke(client: 0, operation: .put(key: 0, value: "\(number)"))
      cluster.history.complete(index, response: .done)
    }
    var checker = StoreChecker(limit: 3)
    guard case .undecided = cluster.finalVerdict(hasSettled: true, &checker) else {
      Issue.record("a checker that gave up must not pass")
      return
    }
  }

  @Test("what a monitor saw first is the verdict, whatever the end looks like")
  func monitorsFirst() {
    var cluster = Cluster.puppets(checks: [.viewValidity])
    let view = ObservedView(number: 5, members: [])
    cluster.order(cluster.boss, [.observe(.decided(view)), .observe(.decided(view))])
    var checker = StoreChecker(limit: 10)
    let message = Self.message(cluster.finalVerdict(hasSettled: true, &checker))
    #expect(message?.hasPrefix("view (0) was followed by (5: )") == true)
    #expect(cluster.violation?.step == cluster.stepCount)
  }

  @Test("a set of checks holds its members and no others, in the order of the names")
  func checkSets() {
    for name in CheckName.allCases {
      let set = CheckSet([name])
      #expect(set.names == [name])
      var rest = CheckSet.all
      rest.remove(name)
      #expect(!rest.contains(name))
      #expect(rest.names == CheckName.allCases.filter { $0 != name })
    }
  }
}

import ClusterSimulation
import CommandLineTool
import LinearizabilityChecking
import ReplicationProtocols
import SimulationKernel
import Testing

/// Runs under load against queueing laws: the numbers are those of the chain replication paper
/// (van Renesse and Schneider, OSDI 2004, section 5.1), or follow from its costs.
@Suite struct MeasuredRunTests {
  private func measured<Subject: ReplicationProtocol>(
    _ subject: Subject.Type, servers: Int, clients: Int, updates: Double,
    _ change: (inout MeasurePlan) -> Void = { _ in }
  ) -> Measurement
  where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
    var costs = CostTable()
    for kind in WorkKind.allCases { costs[kind] = .zero }
    costs[.query] = .milliseconds(5)
    costs[.update] = .milliseconds(50)
    costs[.apply] = .milliseconds(20)
    let setting = RunnerSetting(
      servers: servers, clients: clients,
      retry: RetryTiming(after: .seconds(60), factor: 1, limit: .seconds(60)), costs: costs,
      detector: .perfect, checks: CheckSet([.linearizability]))
    var plan = MeasurePlan()
    plan.workload.clientCount = clients
    plan.workload.mix.write = updates
    plan.workload.mix.read = 1 - updates
    plan.workload.object = .keys(4)
    plan.warmUp = .seconds(2)
    plan.duration = .seconds(25)
    change(&plan)
    guard let runner = ClusterRunner(subject, setting, RunPlan()) else {
      Issue.record("the setting names an unknown deviation")
      fatalError()
    }
    var checker = StoreChecker(limit: plan.configurations)
    return runner.measure(plan, 1, &checker) { false }
  }

  @Test func `a chain of three answers an update in 94 ms and a query in 7 ms`() {
    let updates = measured(Chain.self, servers: 3, clients: 1, updates: 1)
    #expect(updates.value("latency.updates.min") == 94)
    #expect(updates.value("latency.updates.max") == 94)
    #expect(updates.value("latency.reads.mean") == nil)
    let queries = measured(Chain.self, servers: 3, clients: 1, updates: 0)
    #expect(queries.value("latency.reads.mean") == 7)
    #expect(queries.verdict == .pass)
    // Request and answer.
    #expect(abs((queries.value("messages.perOperation") ?? 0) - 2) < 0.01)
  }

  @Test func `a chain is as fast as its slowest server`() throws {
    for updates in [0.0, 0.1, 0.3, 0.5] {
      let result = measured(Chain.self, servers: 3, clients: 25, updates: updates) { plan in
        plan.duration = .seconds(60)
      }
      let head = updates > 0 ? 1000 / (50 * updates) : .infinity
      let law = min(head, 1000 / (5 * (1 - updates) + 20 * updates))
      let found = try #require(result.value("throughput.total"))
      #expect(abs(found / law - 1) < 0.1, "\(updates): \(found) instead of \(law)")
      #expect(result.verdict == .pass)
    }
  }

  @Test func `a primary does all the queries and all the updates`() throws {
    let result = measured(MasterBackup.self, servers: 3, clients: 25, updates: 0.2) { plan in
      plan.duration = .seconds(60)
    }
    let law = 1000 / (5 * 0.8 + 50 * 0.2)
    let found = try #require(result.value("throughput.total"))
    #expect(abs(found / law - 1) < 0.05)
    let busiest = try #require(result.value("utilisation.cpu.s1"))
    #expect(busiest > 0.98)
  }

  @Test func `servers on one host share its processor`() throws {
    let apart = measured(Chain.self, servers: 3, clients: 5, updates: 1)
    let together = measured(Chain.self, servers: 3, clients: 5, updates: 1) { plan in
      plan.hosts.count = 1
    }
    let first = try #require(apart.value("throughput.total"))
    let second = try #require(together.value("throughput.total"))
    #expect(abs(first - 20) < 0.3, "the head needs 50 ms")
    #expect(abs(second - 1000 / 90) < 0.3, "50 and 20 and 20 ms on one processor")
    #expect((together.value("utilisation.cpu.h1") ?? 0) > 0.99)
  }

  @Test func `two processors let two servers of a host take steps at once`() throws {
    let result = measured(Chain.self, servers: 2, clients: 5, updates: 1) { plan in
      plan.hosts.count = 1
      plan.hosts.cores = 2
    }
    let found = try #require(result.value("throughput.total"))
    #expect(abs(found - 20) < 0.3)
  }

  @Test func `volumes share hosts and clients`() throws {
    let result = measured(Chain.self, servers: 3, clients: 20, updates: 0) { plan in
      plan.volumeCount = 200
      plan.hosts.count = 3
      plan.hosts.placement = .random
      plan.dispatch = .milliseconds(1)
      plan.duration = .seconds(20)
    }
    // Three tails of 200 queries per second each; random imbalance leaves some of it.
    let found = try #require(result.value("throughput.total"))
    #expect(found > 480 && found < 600)
    #expect(result.verdict == .pass)
  }

  @Test func `a failed host's replicas are made anew on others`() throws {
    let result = measured(Chain.self, servers: 3, clients: 5, updates: 0.1) { plan in
      plan.volumeCount = 24
      plan.hosts.count = 6
      plan.hosts.placement = .random
      plan.hosts.rebootAfter = .seconds(30)
      plan.faults = [.hostFailure(0, at: VirtualTime(nanoseconds: 10_000_000_000))]
      plan.detectAfter = DurationRange(.seconds(1), .seconds(1))
      plan.giveUpAfter = .milliseconds(500)
      plan.copiesFrom = .tail
      plan.messages.sizes = ["Copy": 1_000_000]
      plan.messages.bandwidth = 1_000_000
    }
    #expect(result.verdict == .pass)
    let copies = try #require(result.value("transfers.count"))
    #expect(copies >= 6, "\(copies)")
    #expect((result.value("operations.abandoned") ?? 0) > 0)
    #expect((result.value("transfers.last") ?? 0) > 12)
  }

  @Test func `a crash makes answers wait for the report of it`() throws {
    let result = measured(Chain.self, servers: 3, clients: 3, updates: 0.5) { plan in
      plan.faults = [
        .crash(.role(.tail), .process, at: VirtualTime(nanoseconds: 10_000_000_000))
      ]
      plan.detectAfter = DurationRange(.seconds(3), .seconds(3))
    }
    #expect(result.verdict == .pass)
    let reads = try #require(result.value("unavailable.reads.1"))
    #expect(reads > 3000 && reads < 3500, "\(reads) ms")
  }

  @Test func `equal seeds give equal measurements, others do not`() {
    let first = measured(Chain.self, servers: 3, clients: 7, updates: 0.3)
    let again = measured(Chain.self, servers: 3, clients: 7, updates: 0.3)
    #expect(first.values == again.values)
  }

  @Test func `readers and updaters can be apart`() throws {
    let result = measured(Chain.self, servers: 3, clients: 11, updates: 0.5) { plan in
      plan.updaterCount = 1
    }
    let updates = try #require(result.value("throughput.updates"))
    let reads = try #require(result.value("throughput.reads"))
    #expect(updates < 11 && reads > 100)
  }
}

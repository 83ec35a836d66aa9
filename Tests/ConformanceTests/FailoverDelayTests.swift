import ClusterSimulation
import SimulationKernel
import Testing

@testable import CommandLineTool

/// Section 4 of the chain replication paper counts how many message delays pass from the detection
/// of a failure until requests are processed again. Here they are measured, on the messages of the
/// protocols that the scenarios run.
@Suite("Message delays of failovers")
struct FailoverDelayTests {
  /// What the paper says, and how many delays pass until clients know, if they must.
  struct Paper: Sendable {
    var role: String
    var queries: Int
    var updates: Int
    var clientsKnow: Int?
  }

  static let paper = [
    Paper(role: "head", queries: 0, updates: 2, clientsKnow: 2),
    Paper(role: "middle", queries: 0, updates: 4),
    Paper(role: "tail", queries: 2, updates: 2, clientsKnow: 2),
    Paper(role: "primary", queries: 5, updates: 5, clientsKnow: 5),
    Paper(role: "backup", queries: 0, updates: 1),
  ]

  private func measure(
    _ role: String, _ requests: FailoverPlan.Requests, servers: Int = 3, atOnce: Bool = false
  ) throws -> FailoverMeasurement {
    let subject = try #require(
      FailoverBenchmark.subjects(servers: servers).first {
        $0.role == role && $0.remark.isEmpty != atOnce
      })
    return try FailoverBenchmark.measure(subject, requests).measurement
  }

  /// One deviation from the paper: at the failure of a tail, updates wait for one message instead
  /// of two. The new tail answers what it holds as soon as it knows, and a client takes an answer
  /// whoever gives it; the paper counts until the clients know the new tail, which are two here,
  /// too.
  @Test("they are the paper's, for chains and backups of any number", arguments: paper, [3, 4, 5])
  func delays(paper: Paper, servers: Int) throws {
    let queries = try measure(paper.role, .queries, servers: servers)
    let updates = try measure(paper.role, .updates, servers: servers)
    #expect(queries.delays == paper.queries)
    #expect(updates.delays == (paper.role == "tail" ? 1 : paper.updates))
    #expect(updates.clientsKnowAfter == paper.clientsKnow)
    for measured in [queries, updates] {
      #expect(measured.unansweredCount == 0)
      #expect((measured.delayedCount > 0) == (measured.delays > 0))
      #expect(measured.hops.count == measured.delays)
    }
  }

  @Test("a failure of the head does not block queries, against the lecture's slide")
  func slide() throws {
    for requests in [FailoverPlan.Requests.queries, .queriesAmongUpdates] {
      let measured = try measure("head", requests)
      #expect(measured.delays == 0 && measured.delayedCount == 0)
      #expect(measured.undisturbedDelays == measured.normalDelays)
      #expect(try measure("tail", requests).delays == 2)
    }
  }

  @Test("the messages of a middle failure are the paper's figure 3")
  func middle() throws {
    let hops = try measure("middle", .updates).hops
    #expect(hops.map(\.kind) == ["Configure", "Received", "Link", "Resend"])
  }

  @Test("a backup's failure holds up queries only if an update is under way")
  func backup() throws {
    #expect(try measure("backup", .queries).delays == 0)
    #expect(try measure("backup", .queriesAmongUpdates).delays == 1)
  }

  @Test("one message is saved if clients hear of a new end with the servers")
  func atOnce() throws {
    #expect(try measure("head", .queries, atOnce: true).delays == 0)
    #expect(try measure("head", .updates, atOnce: true).delays == 1)
    #expect(try measure("tail", .queries, atOnce: true).delays == 1)
    #expect(try measure("tail", .updates, atOnce: true).delays == 1)
  }

  /// An update passes through the servers of a chain one after the other, and reaches all backups
  /// at once; the tail answers queries whatever is under way, a primary does not.
  @Test("message delays without failures", arguments: [2, 3, 4, 5])
  func normal(servers: Int) throws {
    func delays(_ name: String, _ requests: FailoverPlan.Requests) throws -> Int {
      let subject = FailoverBenchmark.Subject(
        protocolName: name, servers: servers, victim: servers - 1, role: "last server")
      return try FailoverBenchmark.measure(subject, requests).measurement.normalDelays
    }
    #expect(try delays("chain", .updates) == servers + 1)
    #expect(try delays("master-backup", .updates) == 4)
    for name in ["chain", "master-backup"] { #expect(try delays(name, .queries) == 2) }
    #expect(try delays("chain", .queriesAmongUpdates) == 2)
    #expect(try delays("master-backup", .queriesAmongUpdates) == 4)
  }

  /// The measurement sees what the known bugs change.
  @Test("a new tail that keeps silent leaves updates without an answer, a hasty primary waits less")
  func bugs() throws {
    func measure(
      _ name: String, _ bug: String, _ requests: FailoverPlan.Requests
    ) throws -> FailoverMeasurement {
      let entry = try #require(ProtocolCatalog.entry(named: name))
      let setting = RunnerSetting(
        servers: 3, clients: 2, deviations: [bug], detector: .perfect, checks: [])
      let runner = try #require(entry.makeRunner(setting, RunPlan()))
      return runner.failover(FailoverPlan(victim: 2, requests: requests))
    }
    #expect(try measure("chain", "CR-07", .updates).unansweredCount > 0)
    #expect(try measure("master-backup", "MB-02", .queriesAmongUpdates).delays == 0)
    #expect(try measure("master-backup", "MB-01", .updates).delays == 0)
  }
}

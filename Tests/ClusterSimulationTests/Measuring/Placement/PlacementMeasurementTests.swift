import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite("Mean time between unavailability") struct PlacementMeasurementTests {
  private func plan(
    _ placement: VolumePlacement, servers: Int, replicas: Int
  ) throws -> PlacementPlan {
    var plan = try #require(PlacementPlan(placement, servers: servers, replicas: replicas))
    plan.replicasPerServer = 20
    plan.eventLimit = 15_000
    return plan
  }

  @Test func `a plan needs at least as many servers as replicas, and one of each`() {
    #expect(PlacementPlan(.ring, servers: 2, replicas: 3) == nil)
    #expect(PlacementPlan(.ring, servers: 2, replicas: 0) == nil)
    #expect(PlacementPlan(.ring, servers: 10_001, replicas: 1) == nil)
    #expect(PlacementPlan(.ring, servers: 3, replicas: 3) != nil)
  }

  @Test(arguments: VolumePlacement.allCases)
  func `with one replica, N servers last for a day / N`(_ placement: VolumePlacement) throws {
    for servers in [1, 2, 8] {
      let result = try plan(placement, servers: servers, replicas: 1).measure()
      let law = 1 / Double(servers)
      let mean = try #require(result.mean)
      #expect(abs(mean.days - law) < 1e-6)
      let seen = try #require(result.seen)
      #expect(abs(seen.days - law) < 4 * seen.standardError, "\(servers) servers")
      #expect(seen.standardError < 0.1 * law)
    }
  }

  /// Two servers, one copy at a time: the first failure comes after 12 hours; within the copy of 4
  /// hours the other server fails first with probability p = q (1 + p), where q = (1 - e^(-8/24)) /
  /// 2, as a failure of the empty server begins the copy anew.
  @Test func `two servers with two replicas last as long as the sum by hand says`() throws {
    var plan = try plan(.ring, servers: 2, replicas: 2)
    plan.eventLimit = 120_000
    plan.relativeError = 0.01
    let mean = try #require(plan.measure().mean)
    let fails = 1 - 0.716_531_310_6
    let lost = fails / 2 / (1 - fails / 2)
    // Of both servers: 12 hours for a failure; time in copies is that share of it that fails.
    let days = (12 + 12 * (fails / (1 - fails / 2))) / lost / 24
    #expect(abs(mean.days - days) < 4 * mean.standardError + 0.02 * days, "\(mean), \(days)")
  }

  @Test func `what was seen agrees with what was expected`() throws {
    for placement in VolumePlacement.allCases {
      var plan = try plan(placement, servers: 8, replicas: 2)
      plan.relativeError = 0.02
      let result = plan.measure()
      let mean = try #require(result.mean)
      let seen = try #require(result.seen)
      let error = mean.standardError + seen.standardError
      #expect(abs(mean.days - seen.days) < 4 * error, "\(placement)")
    }
  }

  @Test func `a random placement that copies one by one lasts less long than a ring`() throws {
    let ring = try #require(try plan(.ring, servers: 16, replicas: 2).measure().mean)
    let random = try #require(try plan(.rndseq, servers: 16, replicas: 2).measure().mean)
    #expect(random.days + 4 * random.standardError < ring.days)
  }

  @Test func `an exhausted limit of events is not a decision`() throws {
    var plan = try plan(.ring, servers: 16, replicas: 4)
    plan.eventLimit = 500
    let result = plan.measure()
    #expect(!result.isDecided)
    #expect(result.events == 500)
    #expect(result.mean == nil && result.seen == nil)
  }

  @Test func `the same plan gives the same figures, another seed gives others`() throws {
    var plan = try plan(.rndpar, servers: 12, replicas: 3)
    let result = plan.measure()
    #expect(plan.measure() == result)
    plan.seed = 2
    #expect(plan.measure() != result)
  }

  @Test func `all replicas stand on different servers, and a loss is noticed`() throws {
    let plan = try plan(.rndpar, servers: 5, replicas: 3)
    var stream = SeededStream(seed: 7, name: "test")
    var volumes = PlacedVolumes(plan, &stream)
    #expect(volumes.criticalServers == 0)
    for volume in 0..<plan.volumes {
      let servers = Set((0..<3).map { volumes.server(of: volume * 3 + $0) })
      #expect(servers.count == 3 && !servers.contains(nil))
    }
    // Of three replicas one is left.
    for server in [0, 1] {
      let lost = volumes.fail(server)
      #expect(lost?.isEmpty == false)
    }
    #expect(volumes.criticalServers > 0)
    // Five servers, 33 volumes: every three of them hold some volume.
    #expect(
      (2..<5).contains { server in
        var next = volumes
        return next.fail(server) == nil
      })
  }
}

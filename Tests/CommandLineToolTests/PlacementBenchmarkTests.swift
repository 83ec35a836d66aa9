import Testing

@testable import ClusterSimulation
@testable import CommandLineTool

@Suite("benchmark placement") struct PlacementBenchmarkTests {
  /// The figure's own points, as if they had been measured with an error of a hundredth.
  private static func rows(of figure: (String, Int) -> [PlacementFigure.Point]) throws
    -> [PlacementBenchmark.Row]
  {
    try [1, 2, 3, 4].flatMap { replicas in
      try VolumePlacement.allCases.flatMap { placement in
        try figure(placement.rawValue, replicas).map { point in
          let plan = PlacementPlan(placement, servers: point.servers, replicas: replicas)
          var measured = PlacementMeasurement()
          measured.mean = .init(days: point.days, standardError: point.days / 100)
          return PlacementBenchmark.Row(
            plan: try #require(plan), measured: measured, document: point.days)
        }
      }
    }
  }

  @Test func `the paper's own figure is as the paper says`() throws {
    let claims = PlacementClaims(try Self.rows(of: PlacementFigure.points)).all
    #expect(claims.filter { $0.verdict != .holds }.map(\.sentence) == [])
  }

  @Test func `a figure in which ring and random are exchanged fails`() throws {
    let rows = try Self.rows { placement, replicas in
      let other = ["ring": "rndseq", "rndseq": "ring"][placement] ?? "ring"
      return PlacementFigure.points(other, replicas: replicas)
    }
    let failing = PlacementClaims(rows).all.filter { $0.verdict == .fails }
    #expect(failing.count >= 5)
  }

  @Test func `points that nobody measured decide nothing`() {
    #expect(PlacementClaims([]).all.allSatisfy { $0.verdict == .undecided })
  }

  @Test func `a row tells its ratio, and says when the events ran out`() throws {
    var benchmark = PlacementBenchmark()
    benchmark.servers = 8
    benchmark.replicas = 2
    benchmark.eventLimit = 50_000
    let rows = benchmark.rows(jobs: 2)
    #expect(rows.map(\.plan.placement) == VolumePlacement.allCases)
    let ring = try #require(rows.first)
    #expect(ring.json.hasPrefix(#"{ "benchmark": "placement", "case": "ring, "#))
    #expect(ring.document == 1.09)
    #expect(ring.text.contains("document 1.09, ratio "))
    benchmark.eventLimit = 100
    #expect(benchmark.rows(jobs: 1).allSatisfy { $0.verdict == "undecided" })
  }

  @Test func `a report of some seeds tells of all of them, and of failures`() throws {
    var benchmark = ReportBenchmark()
    benchmark.seeds = 300
    benchmark.seedsOfScenario = 2
    let (report, files) = try benchmark.made()
    #expect(report.scenarios.reduce(0) { $0 + $1.runs } >= 300)
    #expect(report.scenarios.contains { $0.failureFile != nil })
    #expect(!files.isEmpty)
  }
}

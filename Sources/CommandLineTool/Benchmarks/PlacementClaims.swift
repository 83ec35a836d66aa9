import ClusterSimulation
import SimulationKernel

/// What section 5.4 of the chain replication paper says about its Figure 7, asked of simulated
/// points.
struct PlacementClaims {
  enum Verdict: String {
    case holds
    case fails
    /// A point is missing or not exact enough.
    case undecided
  }

  struct Claim {
    var sentence: String
    var verdict: Verdict
  }

  private struct Key: Hashable {
    var placement: VolumePlacement
    var replicas: Int
    var servers: Int
  }

  private let means: [Key: PlacementMeasurement.Estimate]

  init(_ rows: [PlacementBenchmark.Row]) {
    var means: [Key: PlacementMeasurement.Estimate] = [:]
    for row in rows {
      let key = Key(
        placement: row.plan.placement, replicas: row.plan.replicas, servers: row.plan.servers)
      means[key] = row.measured.mean
    }
    self.means = means
  }

  var all: [Claim] {
    var claims = VolumePlacement.allCases.map { placement in
      Claim(
        sentence: "\(placement.rawValue), 1 replica: 1/N days",
        verdict: every([1, 2, 4, 8]) { inverse(placement, $0) })
    }
    for (replicas, servers) in [
      (2, [16, 32, 64]), (3, [24, 48, 96, 192]), (4, [32, 64, 128, 256]),
    ] {
      let pairs = zip(servers, servers.dropFirst()).map { ($0, $1) }
      claims.append(
        Claim(
          sentence: "ring, \(replicas) replicas: about half with twice the servers",
          verdict: every(pairs) { halves(replicas, $0.0, $0.1) }))
    }
    for (replicas, servers) in [(2, [8, 32, 128, 512]), (3, [12, 48, 192]), (4, [8, 32, 128])] {
      claims.append(
        Claim(
          sentence: "rndseq, \(replicas) replicas: below ring",
          verdict: every(servers) { below(.rndseq, .ring, replicas, $0) }))
    }
    claims += [
      valley(3, first: 3, lowest: [12, 24, 48], last: 192),
      valley(4, first: 4, lowest: [8, 16], last: 64),
      Claim(
        sentence: "rndpar, 3 replicas: below ring at 24 servers, above from 96 on",
        verdict: Self.both(
          below(.rndpar, .ring, 3, 24), every([96, 192]) { below(.ring, .rndpar, 3, $0) })),
      Claim(
        sentence: "rndpar, 4 replicas: below ring at 16 servers, above from 64 on",
        verdict: Self.both(
          below(.rndpar, .ring, 4, 16), every([64, 128]) { below(.ring, .rndpar, 4, $0) })),
      Claim(
        sentence: "rndpar, 2 replicas: below ring up to 512 servers",
        verdict: every([8, 32, 128, 512]) { below(.rndpar, .ring, 2, $0) }),
    ]
    return claims
  }

  // MARK: Comparisons

  private func mean(
    _ placement: VolumePlacement, _ replicas: Int, _ servers: Int
  ) -> PlacementMeasurement.Estimate? {
    means[Key(placement: placement, replicas: replicas, servers: servers)]
  }

  private func inverse(_ placement: VolumePlacement, _ servers: Int) -> Verdict {
    guard let mean = mean(placement, 1, servers) else { return .undecided }
    let law = 1 / Double(servers)
    return abs(mean.days - law) <= 4 * mean.standardError + 1e-6 * law ? .holds : .fails
  }

  /// Between 1.5 and 3 times less: the paper's own points are.
  private func halves(_ replicas: Int, _ few: Int, _ many: Int) -> Verdict {
    guard let one = mean(.ring, replicas, few), let other = mean(.ring, replicas, many) else {
      return .undecided
    }
    let ratio = one.days / other.days
    let error = (one.relativeError + other.relativeError) * ratio
    if ratio > 1.5, ratio < 3 { return .holds }
    return ratio + 2 * error > 1.5 && ratio - 2 * error < 3 ? .undecided : .fails
  }

  private func below(
    _ lower: VolumePlacement, _ upper: VolumePlacement, _ replicas: Int, _ servers: Int
  ) -> Verdict {
    Self.less(mean(lower, replicas, servers), mean(upper, replicas, servers))
  }

  /// Two standard errors of the difference decide.
  private static func less(
    _ one: PlacementMeasurement.Estimate?, _ other: PlacementMeasurement.Estimate?
  ) -> Verdict {
    guard let one, let other else { return .undecided }
    let squares = one.standardError * one.standardError + other.standardError * other.standardError
    let error = 2 * squares.squareRoot()
    if one.days + error < other.days { return .holds }
    return one.days - error > other.days ? .fails : .undecided
  }

  /// Falls, and rises again: one of `lowest` is below both ends.
  private func valley(_ replicas: Int, first: Int, lowest: [Int], last: Int) -> Claim {
    let deepest = lowest.compactMap { mean(.rndpar, replicas, $0) }.min { $0.days < $1.days }
    let names = lowest.map { "\($0)" }.joined(separator: ", ")
    return Claim(
      sentence: "rndpar, \(replicas) replicas: lowest about \(names) servers, and rises again",
      verdict: Self.both(
        Self.less(deepest, mean(.rndpar, replicas, first)),
        Self.less(deepest, mean(.rndpar, replicas, last))))
  }

  private func every<Element>(_ elements: [Element], _ verdict: (Element) -> Verdict) -> Verdict {
    elements.reduce(.holds) { Self.both($0, verdict($1)) }
  }

  private static func both(_ one: Verdict, _ other: Verdict) -> Verdict {
    if one == .fails || other == .fails { return .fails }
    return one == .undecided || other == .undecided ? .undecided : .holds
  }
}

import ClusterSimulation
import Dispatch
import InputText
import SimulationKernel
import Synchronization

/// The mean time between unavailability of three placements of volumes, beside Figure 7 of the
/// chain replication paper.
struct PlacementBenchmark: Sendable {
  struct Row: Sendable {
    var plan: PlacementPlan
    var measured: PlacementMeasurement
    /// In days; `nil` if the figure has no such point.
    var document: Double?

    var days: Double? { measured.mean?.days }

    var ratio: Double? {
      guard let days, let document else { return nil }
      return days / document
    }
  }

  /// `nil`: those of the figure.
  var servers: Int?
  /// `nil`: 1 to 4.
  var replicas: Int?
  var eventLimit = 4_000_000
  var seed: UInt64 = 1
  var relativeError = 0.05

  /// All points, or those asked for.
  /// - Parameter jobs: threads; figures do not depend on them.
  func rows(jobs: Int) -> [Row] {
    let wanted = (replicas.map { [$0] } ?? [1, 2, 3, 4]).flatMap { replicas in
      VolumePlacement.allCases.flatMap { plans($0, replicas) }
    }
    // The largest first: they take longest.
    let order = wanted.indices.sorted { wanted[$0].servers > wanted[$1].servers }
    let rows = Mutex<[Int: Row]>([:])
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: max(1, jobs)) { _ in
      while !Interruption.hasHappened {
        let turn = next.add(1, ordering: .relaxed).oldValue
        guard turn < order.count else { break }
        let plan = wanted[order[turn]]
        let row = Row(plan: plan, measured: plan.measure(), document: Self.document(plan))
        rows.withLock { $0[order[turn]] = row }
      }
    }
    let found = rows.withLock { $0 }
    return wanted.indices.compactMap { found[$0] }
  }

  private func plans(_ placement: VolumePlacement, _ replicas: Int) -> [PlacementPlan] {
    let points = PlacementFigure.points(placement.rawValue, replicas: replicas)
    return (servers.map { [$0] } ?? points.map(\.servers)).compactMap { servers in
      var plan = PlacementPlan(placement, servers: servers, replicas: replicas)
      plan?.eventLimit = eventLimit
      plan?.seed = seed
      plan?.relativeError = relativeError
      return plan
    }
  }

  private static func document(_ plan: PlacementPlan) -> Double? {
    PlacementFigure.points(plan.placement.rawValue, replicas: plan.replicas)
      .first { $0.servers == plan.servers }?.days
  }
}

extension PlacementBenchmark.Row {
  /// What is known: a mean, a mean with a larger error than wanted, or nothing.
  var verdict: String { measured.isDecided ? "decided" : "undecided" }

  var name: String {
    "\(plan.placement.rawValue), replicas \(plan.replicas), servers \(plan.servers)"
  }

  var json: String {
    var members: [JSONTree.Member] = [
      .init("benchmark", .string("placement")), .init("case", .string(name)),
      .init("placement", .string(plan.placement.rawValue)),
      .init("replicas", .integer(plan.replicas)), .init("servers", .integer(plan.servers)),
      .init("verdict", .string(verdict)),
    ]
    func add(_ name: String, _ value: Double?) {
      if let value { members.append(.init(name, .number(Self.rounded(value)))) }
    }
    add("mtbuDays", days)
    add("standardErrorDays", measured.mean?.standardError)
    add("documentDays", document)
    add("ratio", ratio)
    add("seenDays", measured.seen?.days)
    add("seenStandardErrorDays", measured.seen?.standardError)
    members.append(.init("unavailabilities", .integer(measured.unavailabilities)))
    members.append(.init("failures", .integer(measured.failures)))
    members.append(.init("events", .integer(measured.events)))
    return JSONWriter(style: .json, width: .max).text(of: .object(members))
  }

  var text: String {
    guard let mean = measured.mean else {
      return "\(name): undecided, never down to one replica in \(measured.failures) failures"
    }
    var line = "\(name): \(Self.rounded(mean.days)) days"
    line += " (standard error \(Self.rounded(mean.standardError)))"
    if !measured.isDecided { line += ", undecided: the events ran out" }
    if let document, let ratio {
      line += ", document \(document), ratio \(Self.rounded(ratio))"
    }
    return line
  }

  /// To four digits, as numbers from 0.001 to 10,000 stand in one column.
  static func rounded(_ value: Double) -> Double {
    guard value > 0 else { return 0 }
    var scale = 1.0
    while value * scale < 1_000, scale < 1e9 { scale *= 10 }
    return (value * scale).rounded() / scale
  }
}

import ClusterSimulation
import InputText
import SimulationKernel

/// How long failovers keep requests waiting, in message delays: the comparison of section 4 of the
/// chain replication paper, measured.
struct FailoverBenchmark: Sendable {
  /// One server of one system that fails.
  struct Subject: Sendable {
    var protocolName: String
    var servers: Int
    /// From 0.
    var victim: Int
    /// The part of the server that fails.
    var role: String
    var options: [String: ProtocolOptions.Value] = [:]
    /// How the case differs from others of its name.
    var remark = ""

    var name: String {
      "\(protocolName) of \(servers), \(role) fails" + (remark.isEmpty ? "" : ", \(remark)")
    }
  }

  /// The paper's cases for `servers` servers, at least 3. A chain's clients hear of a new head or
  /// tail in a broadcast after the servers' own, as in the paper, or at the same time.
  static func subjects(servers: Int) -> [Subject] {
    let places = [(0, "head"), (servers / 2, "middle"), (servers - 1, "tail")]
    let inTurn: [String: ProtocolOptions.Value] = ["clientsHear": .choice("in-turn")]
    let chains = places.map { place, role in
      Subject(
        protocolName: "chain", servers: servers, victim: place, role: role, options: inTurn)
    }
    let prompt = [places[0], places[2]].map { place, role in
      Subject(
        protocolName: "chain", servers: servers, victim: place, role: role,
        remark: "clients hear at once")
    }
    let others = [(0, "primary"), (servers - 1, "backup")].map { place, role in
      Subject(protocolName: "master-backup", servers: servers, victim: place, role: role)
    }
    return chains + prompt + others
  }

  /// - Throws: a ``UsageError`` if this build has no such protocol.
  static func measure(
    _ subject: Subject, _ requests: FailoverPlan.Requests
  ) throws -> (measurement: FailoverMeasurement, layout: ClusterLayout) {
    guard let entry = ProtocolCatalog.entry(named: subject.protocolName) else {
      throw UsageError(
        "this build has no protocol called \(subject.protocolName)", command: "benchmark")
    }
    let setting = RunnerSetting(
      servers: subject.servers, clients: 2, options: ProtocolOptions(subject.options),
      detector: .perfect, checks: [])
    guard let runner = entry.makeRunner(setting, RunPlan()) else {
      programmingError("the correct variant is unknown")
    }
    let plan = FailoverPlan(victim: subject.victim, requests: requests)
    return (runner.failover(plan), runner.layout)
  }

  static func figures() throws -> [BenchmarkFigure] {
    var figures: [BenchmarkFigure] = []
    for subject in subjects(servers: 3) {
      for requests in FailoverPlan.Requests.allCases {
        let meter = ResourceMeter()
        let (measured, layout) = try measure(subject, requests)
        var figure = BenchmarkFigure(
          benchmark: "failover", name: "\(subject.name): \(requests.rawValue)")
        figure.counts = [
          .init(name: "messageDelays", value: measured.delays),
          .init(name: "requests", value: measured.requestCount),
          .init(name: "delayed", value: measured.delayedCount),
          .init(name: "unanswered", value: measured.unansweredCount),
          .init(name: "normalDelays", value: measured.normalDelays),
        ]
        if let known = measured.clientsKnowAfter {
          figure.counts.append(.init(name: "clientsKnowAfter", value: known))
        }
        meter.fill(&figure)
        figure.remark = words(measured.hops, layout)
        figures.append(figure)
      }
    }
    return figures
  }

  /// A line for people.
  static func text(_ figure: BenchmarkFigure) -> String {
    func count(_ name: String) -> Int? { figure.counts.first { $0.name == name }?.value }
    let delays = count("messageDelays") ?? 0
    var line = "\(figure.name): "
    line += delays == 0 ? "uninterrupted" : "\(delays) message delay\(delays == 1 ? "" : "s")"
    line += " (\(count("delayed") ?? 0) of \(count("requests") ?? 0) requests waited"
    if let known = count("clientsKnowAfter") { line += "; clients know after \(known)" }
    line += ")"
    if let left = count("unanswered"), left > 0 { line += ", \(left) never answered" }
    return line + (figure.remark.map { "\n    \($0)" } ?? "")
  }

  /// `Configure master->s2, Configure s2->c1`; `nil` if there is none.
  static func words(_ hops: [MessageHop], _ layout: ClusterLayout) -> String? {
    guard !hops.isEmpty else { return nil }
    return hops.map { hop in
      "\(hop.kind) \(layout.name(of: hop.sender))->\(layout.name(of: hop.receiver))"
    }.joined(separator: ", ")
  }
}

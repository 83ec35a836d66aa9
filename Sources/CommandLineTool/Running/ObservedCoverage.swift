import ClusterSimulation
import Reporting
import ScenarioFiles

/// What a scenario adds to the coverage of its protocol in the whole run.
extension ScenarioRun {
  /// - Parameters:
  ///   - report: of this scenario, with its coverage if that was collected.
  /// - Returns: `nil` for a deviation, and where nothing could be observed.
  func observedCoverage(_ report: ScenarioReport) -> ProtocolCoverage? {
    guard loaded.scenario.variant == "correct", loaded.schedule == nil else { return nil }
    var rows = report.coverage
    if rows.isEmpty {
      switch loaded.scenario.run.mode {
      case .simulate:
        rows = coverage(runner(), of: observedSeeds).rows(of: entry.summary)
      case .crashpoints: rows = enumeratedRows(report)
      case .explore, .measure: return nil
      }
    }
    return ProtocolCoverage(protocolName: loaded.scenario.protocolName, rows: rows)
  }

  /// An enumeration is not watched; it crashes at named points, and to do so it has to come there.
  private func enumeratedRows(_ report: ScenarioReport) -> [Coverage.Row] {
    let labels = Set((report.crashPoints?.rows ?? []).flatMap(\.labels))
    return Coverage().rows(of: entry.summary).map { row in
      var row = row
      switch row.kind {
      case .crashPoint, .crash: row.isReached = labels.contains { row.isAbout($0) }
      case .message, .branch, .handler: break
      }
      return row
    }
  }

  /// The first seeds of the scenario, as far as they are this shard's, so that all shards together
  /// observe what the whole run does.
  private var observedSeeds: [UInt64] {
    let run = loaded.scenario.run
    let count = min(options.seeds ?? run.seedCount, ProtocolCoverage.seedsObserved)
    return Array(
      part(of: SeedSequence(first: options.seed ?? run.firstSeed, count: count)).all)
  }

  /// What some seeds reach together.
  func coverage(_ runner: ClusterRunner, of seeds: [UInt64]) -> Coverage {
    var all = Coverage()
    for one in ConcurrentMap.map(seeds.count, jobs: options.jobs, { runner.coverage(seeds[$0]) }) {
      all.formUnion(one)
    }
    return all
  }
}

extension Coverage.Row {
  /// Whether this is the crash point of that name, or the crash at it.
  fileprivate func isAbout(_ label: String) -> Bool { name == label || name == "crash at \(label)" }
}

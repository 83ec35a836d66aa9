import ClusterSimulation
import Reporting
import ScenarioFiles
import SimulationKernel

/// The crash table of a document: what it promises at each named crash point, beside what happens
/// to the writes of a scenario that are under way when a variant of the protocol crashes there.
extension ScenarioRun {
  /// - Parameter table: of the scenario's protocol.
  func crashTable(_ table: CrashTable) -> CrashTableReport {
    var report = CrashTableReport(
      source: table.source, variants: table.variants,
      rows: table.rows.map { row in
        CrashTableReport.Row(label: row.label, place: row.place, promises: row.promises)
      })
    for variant in table.variants where !Interruption.hasHappened {
      var compared = self
      compared.loaded.scenario.variant = variant
      var request = compared.crashPointRequest
      request.plan.depth = 1
      request.plan.labels = table.rows.map(\.label)
      request.plan.thoroughness = .everyFate
      let results = compared.runner().crashPoints(request).results
      for index in report.rows.indices {
        report.rows[index].cells += request.plan.kinds.map { kind in
          let label = report.rows[index].label
          return cell(
            variant, kind, results.filter { $0.kind == kind && $0.point.labels.contains(label) })
        }
      }
    }
    return report
  }

  /// What all passings of one crash point came to.
  private func cell(
    _ variant: String, _ kind: CrashKind, _ results: [CrashPointResult]
  ) -> CrashTableReport.Cell {
    var cell = CrashTableReport.Cell(variant: variant, kind: kind)
    var fates: Set<WriteFate> = []
    var checks: CheckSet = []
    for tally in results.map(\.tally) {
      cell.outcomes += tally.outcomes
      fates.formUnion(tally.fates)
      switch tally.verdict {
      case .pass: break
      case .violation(let failed): for check in failed.names { checks.insert(check) }
      case .undecided: cell.verdict = .undecided
      }
    }
    if checks != [] { cell.verdict = .violation }
    cell.checks = checks.names.map(\.rawValue)
    cell.fates = fates.sorted().map(\.words)
    return cell
  }
}

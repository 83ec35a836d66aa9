import ClusterSimulation
import LinearizabilityChecking
import ScenarioFiles
import SimulationKernel

/// What is written down about a violation under load.
extension ScenarioRun {
  /// The failing volume of a measured run, as a run of a cluster of its own: its steps stand at the
  /// times that queues and other volumes gave them, so that a replay needs neither.
  /// - Parameters:
  ///   - point: the scenario of the sweep's point.
  ///   - record: does the run again and notes the steps of a volume.
  /// - Returns: `nil` if the run was no violation.
  func failureFiles(
    _ result: Measurement, of point: Scenario, seed: UInt64,
    record: (_ volume: Int) -> VolumeRecording
  ) -> FailureFiles? {
    guard case .violation(let violation) = result.verdict, let volume = result.volume,
      let entry = ProtocolCatalog.entry(named: point.protocolName)
    else { return nil }
    let recording = record(volume)
    require(
      recording.measurement.verdict == result.verdict,
      "recording seed \(seed) again gave another run")
    var loaded = loaded
    loaded.scenario = point.unmeasured
    // A measurement judges what it sees while it goes on; a replay, when it is over. With other
    // checks it might find something else first.
    loaded.scenario.checks = [violation.check.rawValue]
    let single = ScenarioRun(
      loaded: loaded, entry: entry, options: options, names: names, enumeration: enumeration)
    return single.failureFiles(
      FailedRun(
        violation: violation, seed: seed, steps: recording.steps, digest: recording.digest,
        history: recording.notes.recorded(recording.history)),
      single.runner())
  }
}

extension Scenario {
  /// The cluster of one volume, without what only a measurement has: hosts, sweeps, the load.
  fileprivate var unmeasured: Scenario {
    var scenario = self
    scenario.run.mode = .simulate
    if measure.volumes > 1 { scenario.clients.count = 1 }
    scenario.measure = MeasureSettings()
    // Whatever failed is among the steps, and a host is nothing that a single cluster has.
    scenario.faults = .scripted([])
    return scenario
  }
}

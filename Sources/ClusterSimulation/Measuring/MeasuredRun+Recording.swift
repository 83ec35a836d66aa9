import LinearizabilityChecking
import SimulationKernel

/// Notes the steps of one volume of a measured run.
@usableFromInline
struct VolumeRecorder: Sendable {
  let volume: Int
  var steps = StepRecorder(writesLines: false)
  /// Of the volume's trace when a monitor saw its first violation: a replay ends there, while other
  /// consequences of the same event may still happen here.
  var digestAtViolation: UInt64?
}

/// One volume of a measured run, as a run of its own: enough to do it again.
public struct VolumeRecording: Sendable {
  /// Of the whole run: what it came to the first time.
  public var measurement: Measurement
  /// Of the volume, to its first violation or to the end.
  public var steps: [RecordedStep]
  /// Of the volume's trace behind the last of the steps.
  public var digest: UInt64
  /// Of the volume's clients.
  public var history: StoreHistory
  /// What happened beside the history.
  public var notes: HistoryNotes
}

extension MeasuredRun {
  @usableFromInline
  mutating func record(_ action: ClusterAction, _ volume: Int) {
    guard recorder?.volume == volume, recorder?.digestAtViolation == nil else { return }
    recorder?.steps.after(action, in: volumes[volume])
    if volumes[volume].violation != nil {
      recorder?.digestAtViolation = volumes[volume].traceDigest
    }
  }

  /// Runs to the end and notes what happened in one volume. A step that others delay is noted for
  /// when it happened; so a volume does the same again without the others.
  /// - Parameter volume: from 0; less than the number of volumes.
  mutating func recording(
    of volume: Int, _ checker: inout StoreChecker
  ) -> VolumeRecording {
    recorder = VolumeRecorder(volume: volume)
    volumes[volume].keepsDigest = true
    volumes[volume].keepsHistory = true
    let measurement = run(&checker) { false }
    let noted = recorder?.steps ?? StepRecorder(writesLines: false)
    return VolumeRecording(
      measurement: measurement, steps: noted.steps,
      digest: recorder?.digestAtViolation ?? volumes[volume].traceDigest,
      history: volumes[volume].history, notes: noted.notes)
  }
}

/// Does a run again and notes what happens in one of its volumes.
@usableFromInline
func recordVolume<Subject: ReplicationProtocol>(
  _ volume: Int, of setting: ClusterSetting<Subject>, _ plan: MeasurePlan, seed: UInt64
) -> VolumeRecording
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  var run = MeasuredRun<Subject>(setting, plan, seed: seed)
  var checker = StoreChecker(limit: plan.configurations)
  return run.recording(of: volume, &checker)
}

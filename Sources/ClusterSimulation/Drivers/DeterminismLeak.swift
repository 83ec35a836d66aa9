import LinearizabilityChecking
import SimulationKernel

/// Two runs of one seed that differ: a bug of ours, or of a protocol's handler.
public struct DeterminismLeak: Hashable, Sendable {
  public var seed: UInt64
  /// The first step that differs (from 1), as both runs tell it.
  public var step: Int
  public var first: String
  public var second: String

  private init(seed: UInt64, step: Int, first: String, second: String) {
    self.seed = seed
    self.step = step
    self.first = first
    self.second = second
  }

  /// Runs the seed twice more, with every decision noted, and compares with the first result and
  /// with each other; `nil` if nothing differs.
  init?(of runner: ClusterRunner, _ result: RunResult) {
    let first = runner.record(result.seed, true)
    let second = withExtendedLifetime(Self.ballast()) { runner.record(result.seed, true) }
    if first.result == result, second.result == result, first.lines == second.lines,
      first.steps == second.steps
    {
      return nil
    }
    seed = result.seed
    let common = zip(first.lines, second.lines).prefix { $0 == $1 }.count
    step = common + 1
    func line(_ recording: Recording) -> String {
      recording.lines.indices.contains(common) ? recording.lines[common] : "the end of the run"
    }
    self.first = line(first)
    self.second = line(second)
  }

  /// Replays a run of an enumeration from its steps and compares the traces; `nil` if they are the
  /// same.
  init?<Subject>(replaying run: SeededRun<Subject>, _ result: RunResult) {
    let steps = run.recorder?.steps ?? []
    var replay = ReplayRun<Subject>(run.cluster.setting, steps: steps, detail: .steps)
    var checker = StoreChecker(limit: run.plan.limits.configurations)
    let again = withExtendedLifetime(Self.ballast()) { replay.run(&checker) }
    if again.divergedAt == nil, again.digest == result.digest { return nil }
    let step = again.divergedAt ?? steps.count
    let text = StepText(run.cluster.layout)
    self.init(
      seed: run.seed, step: step,
      first: steps.indices.contains(step - 1) ? text.encode(steps[step - 1]) : "the end of the run",
      second: again.divergence ?? "\(replay.recorder.lines.last ?? ""), another trace by then")
  }

  /// The order of an unordered collection depends on the address of its storage. Ballast of every
  /// small size takes the addresses that the first run has just given back.
  private static func ballast() -> [[UInt8]] {
    (0..<2048).map { [UInt8](repeating: 0, count: 16 * (1 + $0 % 128)) }
  }
}

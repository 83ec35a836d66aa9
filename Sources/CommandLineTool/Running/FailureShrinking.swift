import ClusterSimulation
import InputText
import LinearizabilityChecking
import ScenarioFiles
import SimulationKernel

/// Makes the failure of a scenario smaller and says what became of it.
struct FailureShrinking {
  let scenario: Scenario
  let entry: CatalogEntry
  var replays = FailureShrinking.defaultReplays
  /// Whether the failure is to be recorded anew only.
  var isAsShortAsCanBe = false

  /// Versions that are tried unless somebody says otherwise.
  static let defaultReplays = 500

  /// A smaller failure.
  struct Result {
    /// The scenario for the cluster of the smaller failure.
    var scenario: Scenario
    var shrunk: ShrunkFailure
    /// How many steps the failure had.
    var originalStepCount: Int
    var layout: ClusterLayout
    var recorded: RecordedHistory
  }

  enum Outcome {
    case shrunk(Result)
    case notReproduced(String)
  }

  func shrink(
    _ steps: [RecordedStep], settles: Bool, check: CheckName
  ) -> Outcome {
    var request = ShrinkRequest(steps: steps, check: check)
    request.settles = settles
    request.replays = replays
    request.isAsShortAsCanBe = isAsShortAsCanBe
    let runner = entry.runner(of: scenario)
    switch runner.shrink(request) {
    case .notReproduced(let reason): return .notReproduced(reason)
    case .shrunk(let shrunk):
      if let result = result(shrunk, steps.count) { return .shrunk(result) }
      // The rules of scenario files may forbid so small a cluster.
      request.mayLeaveOutNodes = false
      guard case .shrunk(let larger) = runner.shrink(request),
        let result = result(larger, steps.count)
      else { programmingError("a failure cannot be shrunk a second time") }
      return .shrunk(result)
    }
  }

  /// - Returns: `nil` if there can be no scenario for a cluster of this size.
  private func result(_ shrunk: ShrunkFailure, _ stepCount: Int) -> Result? {
    let smaller = scenario.sized(servers: shrunk.servers, clients: shrunk.clients)
    let file = SourceFile(path: "smaller.json5", bytes: Array(smaller.text().utf8))
    guard (try? Scenario.read(file, vocabulary: ProtocolCatalog.vocabulary)) != nil else {
      return nil
    }
    let runner = entry.runner(of: smaller)
    let replayed = runner.replay(
      ReplayRequest(
        steps: shrunk.steps, expectsProgress: shrunk.violation.check == .progress,
        settles: shrunk.settles))
    require(
      replayed.result.divergedAt == nil && replayed.result.digest == shrunk.digest,
      "a shrunk failure replays as another run")
    return Result(
      scenario: smaller, shrunk: shrunk, originalStepCount: stepCount, layout: runner.layout,
      recorded: replayed.notes.recorded(replayed.history))
  }
}

extension FailureShrinking.Result {
  /// The failure file.
  /// - Parameters:
  ///   - original: where the scenario, the seed and the check come from.
  ///   - message: what the check says of the smaller failure.
  func file(like original: FailureFile, message: String, command: String) -> FailureFile {
    let text = StepText(layout)
    var file = original
    file.scenario = scenario
    file.message = message
    file.stepCount = shrunk.steps.count
    file.digest = DigestText.text(shrunk.digest)
    file.decisions = zip(shrunk.steps, shrunk.remarks).map { text.encode($0, remark: $1) }
    if shrunk.settles { file.decisions.append(FailureFile.settlingWord) }
    file.command = command
    // What was shrunk twice tells of the failure as it was found.
    let first = original.shrinking
    file.shrinking = FailureFile.Shrinking(
      originalStepCount: first?.originalStepCount ?? originalStepCount,
      replays: (first?.replays ?? 0) + shrunk.replays,
      end: shrunk.end == .minimal ? .minimal : .budget)
    return file
  }

  /// `31 -> 9 steps, 214 replays, minimal`.
  var sentence: String { sentence(from: originalStepCount, replays: shrunk.replays) }

  /// The same of a failure that may have been made smaller before.
  func sentence(like original: FailureFile) -> String {
    sentence(
      from: original.shrinking?.originalStepCount ?? originalStepCount,
      replays: (original.shrinking?.replays ?? 0) + shrunk.replays)
  }

  private func sentence(from first: Int, replays: Int) -> String {
    let end =
      switch shrunk.end {
      case .minimal: "minimal"
      case .budget: "stopped at the budget, so perhaps not minimal"
      }
    let count = shrunk.steps.count
    return "\(first) -> \(count) steps, \(replays) replays, \(end)"
  }
}

extension Scenario {
  /// The scenario of a failure in a smaller cluster: what the seed would draw, or what the script
  /// says, is not for a cluster of this size.
  fileprivate func sized(servers: Int, clients count: Int) -> Scenario {
    guard servers != serverCount || count != clients.count else { return self }
    var scenario = self
    scenario.serverCount = servers
    scenario.clients.count = count
    scenario.assumptions.down = min(assumptions.down, servers)
    scenario.faults = .scripted([])
    if case .scripted(var script) = workload {
      for index in script.operations.indices {
        script.operations[index].client = min(script.operations[index].client, count)
      }
      script.delays = []
      scenario.workload = .scripted(script)
    }
    return scenario
  }
}

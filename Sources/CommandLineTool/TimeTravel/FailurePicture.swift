import ClusterSimulation
import InputText
import Reporting
import ScenarioFiles

/// A failure file that was just written, told again: its story for the page, and its diagram.
struct FailurePicture {
  let story: FailureStory
  let picture: FailureText

  /// Longer runs are drawn, but how everything looked after each step is not kept.
  static let stateLimit = 400

  /// `nil` if the file cannot be replayed, which its replay will say.
  init?(_ failure: FailureText) {
    let file = SourceFile(path: failure.name, text: failure.text)
    guard let loaded = try? FailureFile.read(file, vocabulary: ProtocolCatalog.vocabulary),
      let entry = ProtocolCatalog.entry(named: loaded.scenario.protocolName)
    else { return nil }
    let conversion = ScenarioConversion(loaded.scenario, entry)
    guard let runner = entry.makeRunner(conversion.setting, conversion.plan) else { return nil }
    let text = StepText(runner.layout)
    let steps = loaded.decisions.compactMap { try? text.decode($0) }
    guard steps.count == loaded.decisions.count else { return nil }
    let telling = FailureTelling(loaded, file: failure.name, runner, steps)
    story = telling.story(states: steps.count <= Self.stateLimit)
    let stem = failure.name.hasSuffix(".json") ? String(failure.name.dropLast(5)) : failure.name
    picture = FailureText(name: stem + ".svg", text: SpaceTimeSVG.text(of: story))
  }
}

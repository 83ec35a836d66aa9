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
    guard let input = try? FailureInput(file) else { return nil }
    let telling = FailureTelling(input)
    story = telling.story(states: input.steps.count <= Self.stateLimit)
    let stem = failure.name.hasSuffix(".json") ? String(failure.name.dropLast(5)) : failure.name
    picture = FailureText(name: stem + ".svg", text: SpaceTimeSVG.text(of: story))
  }
}

import ClusterSimulation
import InputText
import Reporting
import ScenarioFiles

extension ScenarioRun.Outcome {
  /// The failure file, the history and the diagram, as far as there are any; the report is told the
  /// failure's story.
  func files(in told: inout RunReport) -> [FailureText] {
    var files = [failure, history].compactMap { $0 }
    if let picture = failure.flatMap(FailurePicture.init) {
      files.append(picture.picture)
      told.stories[report.file] = picture.story
    }
    return files
  }
}

/// A failure file that was just written, told again: its story for the page, and its diagram.
struct FailurePicture {
  let story: FailureStory
  let picture: FailureText

  /// Longer runs are drawn, but how everything looked after each step is not kept.
  static let stateLimit = 400

  /// `nil` if today's code cannot replay the file, as may be with results of another version that
  /// are merged; the file's own replay says why.
  init?(_ failure: FailureText) {
    let file = SourceFile(path: failure.name, text: failure.text)
    guard let input = try? FailureInput(file) else { return nil }
    let telling = FailureTelling(input)
    let replayed = telling.replay(states: input.steps.count <= Self.stateLimit)
    guard replayed.result.divergedAt == nil else { return nil }
    story = telling.story(of: replayed)
    let stem = failure.name.hasSuffix(".json") ? String(failure.name.dropLast(5)) : failure.name
    picture = FailureText(name: stem + ".svg", text: SpaceTimeSVG.text(of: story))
  }
}

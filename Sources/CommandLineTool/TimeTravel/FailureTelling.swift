import ClusterSimulation
import Foundation
import InputText
import LinearizabilityChecking
import Reporting
import ScenarioFiles

/// A failure that is replayed to be told.
struct FailureTelling {
  let input: FailureInput
  /// Steps to do at most; `nil` for all.
  let limit: Int?

  init(_ input: FailureInput, limit: Int? = nil) {
    self.input = input
    self.limit = limit
  }

  private var failure: FailureFile { input.failure }

  /// What happened in the failing run; with `states` also how everything looked after each step.
  func story(states: Bool) -> FailureStory {
    let replayed = input.runner.replay(
      input.replayRequest(limit: limit ?? .max, detail: .story(states: states)))
    let history = replayed.notes.recorded(replayed.history)
    return FailureStory(
      story: replayed.story ?? RunStory(), title: title,
      sentence: failure.message, conflict: conflict(history))
  }

  /// `violation of linearizability in chain, CR-05`.
  private var title: String {
    let scenario = failure.scenario
    let variant = scenario.variant == "correct" ? "" : ", \(scenario.variant)"
    return "Violation of \(failure.check) in \(scenario.protocolName)\(variant)"
  }

  /// The operations that contradict each other; none unless that is what is wrong.
  private func conflict(_ history: RecordedHistory) -> [Int] {
    guard failure.check == CheckName.linearizability.rawValue else { return [] }
    var checker = HistoryChecker()
    let explained = HistoryExplainer().explain(history, checker.check(history))
    return explained?.conflict.map(Int.init) ?? []
  }

  /// Draws the run in the format that the name's ending says.
  /// - Throws: ``MissingFileError`` if the file cannot be written.
  func draw(_ path: String) throws {
    let story = story(states: false)
    let text =
      if path == "-" || path.hasSuffix(".txt") {
        SpaceTimeText.text(of: story)
      } else if path.hasSuffix(".mmd") {
        MermaidSequence.text(of: story)
      } else {
        SpaceTimeSVG.text(of: story)
      }
    if path == "-" { return Console.print(text) }
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      throw MissingFileError(path: path, reason: "cannot be written")
    }
  }
}

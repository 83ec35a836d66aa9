import ClusterSimulation
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
  func story(states: Bool) -> FailureStory { story(of: replay(states: states)) }

  /// The run with its story.
  func replay(states: Bool) -> ReplayRecording {
    input.runner.replay(
      input.replayRequest(limit: limit ?? .max, detail: .story(states: states)))
  }

  func story(of replayed: ReplayRecording) -> FailureStory {
    FailureStory(
      story: replayed.story ?? RunStory(), title: title, sentence: failure.message,
      conflict: conflict(replayed.notes.recorded(replayed.history)))
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
}

/// Where a diagram goes, and in which form.
struct DiagramFile {
  enum Form: String, CaseIterable {
    case svg
    case mermaid = "mmd"
    case text = "txt"
  }

  /// `-` is stdout.
  let path: String
  let form: Form

  /// - Throws: ``UsageError`` if the ending of the name says no form.
  init(_ path: String) throws {
    self.path = path
    if path == "-" {
      form = .text
      return
    }
    guard let form = Form.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") }) else {
      throw UsageError(
        "\(quoted(path)) says no form of a diagram; known: OUT.svg, OUT.mmd (Mermaid), OUT.txt, -",
        command: "replay")
    }
    self.form = form
  }

  /// - Throws: ``MissingFileError`` if the file cannot be written.
  func write(_ story: FailureStory) throws {
    let text =
      switch form {
      case .svg: SpaceTimeSVG.text(of: story)
      case .mermaid: MermaidSequence.text(of: story)
      case .text: SpaceTimeText.text(of: story)
      }
    if path == "-" { return Console.print(text) }
    try OutputFile.write(text, to: path)
  }
}

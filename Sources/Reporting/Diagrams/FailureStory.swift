import ClusterSimulation

/// A failing run with what its diagram has to point at.
public struct FailureStory: Sendable {
  public var story: RunStory
  /// What the picture is called: the scenario and its seed.
  public var title: String
  /// What contradicts what, in a sentence.
  public var sentence: String
  /// Positions in ``RunStory/operations`` of the operations that contradict each other; empty if
  /// something else is wrong.
  public var conflict: [Int]

  public init(story: RunStory, title: String, sentence: String, conflict: [Int] = []) {
    self.story = story
    self.title = title
    self.sentence = sentence
    self.conflict = conflict.filter(story.operations.indices.contains)
  }

  /// Whether the violation stands in this step: the calls and returns of the conflict, or else the
  /// last step.
  public func isHighlighted(_ step: Int) -> Bool {
    if conflict.isEmpty { return step == story.steps.count - 1 }
    return conflict.contains { index in
      let operation = story.operations[index]
      return operation.invoked == step || operation.returned == step
    }
  }
}

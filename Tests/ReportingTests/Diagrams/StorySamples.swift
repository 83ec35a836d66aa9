import Foundation
import SimulationKernel

@testable import ClusterSimulation
@testable import Reporting

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Stories made by hand.
enum StorySamples {
  /// So many servers, a client and steps in which a message goes round; now and then one dies.
  static func round(servers: Int, steps: Int) -> FailureStory {
    var story = RunStory()
    story.lanes = (1...servers).map { .init(name: "s\($0)", role: .server, hasDisk: $0 == 1) }
    story.lanes.append(.init(name: "c1", role: .client, hasDisk: false))
    for index in 0..<steps {
      let lane = index % servers
      var step = StoryStep(
        time: VirtualTime.start + .milliseconds(Int64(index)), lane: lane,
        event: .start(isRestart: false), text: "s\(lane + 1) starts")
      if index >= servers {
        let message = StoryMessage(
          sender: (lane + servers - 1) % servers, receiver: lane, text: "Forward(<&;#\(index)>)",
          isUnavailable: false, sent: index - 1, fate: .received(index), number: UInt32(index))
        step.event = .receive(story.messages.count)
        step.text = "s\(lane + 1) receives Forward(<&;#\(index)>) with a text that is quite long"
        story.messages.append(message)
      }
      if index % 97 == 90 { step.deaths = [lane] }
      if index == 1 { step.adoptions = [.init(lane: 1 % servers, role: .head, epoch: 2)] }
      story.steps.append(step)
    }
    story.operations = [
      StoryOperation(
        lane: servers, invoked: steps / 4, returned: steps / 2, text: "put(0, \"x\")",
        response: "done"),
      StoryOperation(
        lane: servers, invoked: steps - 3, returned: steps - 1, text: "get(0)", response: "\"\""),
    ]
    return FailureStory(
      story: story, title: "Violation <of> linearizability",
      sentence: "a read & its write disagree",
      conflict: [0, 1])
  }

  /// Whether a text is well-formed XML.
  static func isXML(_ text: String) -> Bool {
    let parser = XMLParser(data: Data(text.utf8))
    return parser.parse() && parser.parserError == nil
  }
}

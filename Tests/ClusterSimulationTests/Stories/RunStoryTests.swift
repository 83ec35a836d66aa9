import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite("the story of a run")
struct RunStoryTests {
  /// A run with power losses and restarts, told again from its steps.
  private static func told(seed: UInt64 = 3, states: Bool = true) -> (RunStory, ReplayRecording) {
    let runner = registerRunner([], SeededRunTests.powerLosses)
    let recording = runner.record(seed, false)
    let replay = runner.replay(
      ReplayRequest(steps: recording.steps, detail: .story(states: states)))
    return (replay.story ?? RunStory(), replay)
  }

  @Test("it has every step, every operation and no message without a fate")
  func completeness() throws {
    let (story, replay) = Self.told()
    #expect(story.steps.count == replay.result.steps)
    #expect(story.operations.count == replay.history.count)
    for (told, entry) in zip(story.operations, replay.history.entries) {
      #expect((told.returned != nil) == (entry.returned != nil))
      #expect(told.text == entry.operation.text)
    }
    #expect(!story.messages.isEmpty)
    for message in story.messages {
      switch message.fate {
      case .received(let step):
        #expect(step >= message.sent)
        #expect(story.steps[step].lane == message.receiver)
      case .lost(let step): #expect(step >= message.sent)
      case .underWay: break
      }
    }
    let receipts = story.steps.count { step in
      if case .receive = step.event { true } else { false }
    }
    let received = story.messages.count { message in
      if case .received = message.fate { true } else { false }
    }
    #expect(receipts == received)
  }

  @Test("deaths, restarts and what disks lost are in it")
  func faults() {
    let stories = (1...12).map { Self.told(seed: $0, states: false).0 }
    let steps = stories.flatMap(\.steps)
    #expect(steps.contains { !$0.deaths.isEmpty })
    #expect(steps.contains { $0.event == .start(isRestart: true) })
    #expect(steps.contains { $0.forced > 0 })
    #expect(steps.contains { $0.dropped > 0 })
    #expect(stories.allSatisfy { $0.parts.isEmpty && $0.initial.isEmpty })
  }

  @Test("added up, the changes are what the world looks like in the end")
  func sum() {
    let layout = ClusterLayout(
      serverCount: 1, coordinatorName: DurableRegister.summary.coordinatorName, clientCount: 2)
    let setting = ClusterSetting<DurableRegister>(
      nodes: ProtocolSetting(layout: layout, detector: .timeouts), detector: .timeouts,
      diskProfile: "default+atomic-dir", checks: [.linearizability, .durability, .progress],
      assumedNetwork: [.fifo, .lossy])
    for seed: UInt64 in 1...6 {
      let steps = registerRunner([], SeededRunTests.powerLosses).record(seed, false).steps
      var replay = ReplayRun<DurableRegister>(
        setting, steps: steps, detail: .story(states: true))
      var checker = StoreChecker(limit: 1_000_000)
      #expect(replay.run(&checker).divergedAt == nil)
      let story = replay.recorder.story ?? RunStory()
      var folded = story.parts.map { _ in [String: String]() }
      for line in story.initial + story.steps.flatMap(\.changes) {
        folded[line.part][line.path] = line.text
      }
      for (index, part) in WorldPart.all(of: replay.cluster).enumerated() {
        let lines = part.lines(in: replay.cluster)
        let looks = Dictionary(uniqueKeysWithValues: lines.map { ($0.path, $0.text) })
        #expect(folded[index] == looks, "\(story.parts[index]), seed \(seed)")
      }
    }
  }

  @Test("a change changes something")
  func changes() {
    let (story, _) = Self.told()
    var state: [Int: [String: String]] = [:]
    for line in story.initial { state[line.part, default: [:]][line.path] = line.text }
    for step in story.steps {
      for line in step.changes {
        #expect(state[line.part]?[line.path] != line.text)
        state[line.part, default: [:]][line.path] = line.text
      }
    }
    let disk = story.parts.firstIndex(of: "disk of s1")
    #expect(disk != nil)
    #expect(state[disk ?? 0]?.isEmpty == false)
    #expect(story.parts.first == "process of s1")
  }

  @Test("the same steps give the same story")
  func determinism() {
    #expect(Self.told().0.steps == Self.told().0.steps)
    #expect(Self.told().0.initial == Self.told().0.initial)
  }

  @Test("values are told by their stored properties, sorted where order means nothing")
  func stateText() {
    struct Inner {
      var number = 7
      var node = NodeID(1)
    }
    enum Choice {
      case plain
      case payload(Int, String)
    }
    struct Outer {
      var list = [1, 2, 3]
      var map = [10: "ten", 2: "two"]
      var names: Set<String> = ["b", "a"]
      var inner = Inner()
      var nothing: Int?
      var choice = Choice.payload(4, "x")
      var plain = Choice.plain
      var request = RequestID(client: NodeID(3), number: 2)
      var long = (0..<40).map { $0 }
    }
    let layout = ClusterLayout(serverCount: 2, coordinatorName: "m", clientCount: 1)
    let lines = StateText.lines(of: Outer(), layout)
    let text = Dictionary(lines.map { ($0.path, $0.text) }, uniquingKeysWith: { first, _ in first })
    #expect(text["list"] == "[1, 2, 3]")
    #expect(text["map"] == #"[2: "two", 10: "ten"]"#)
    #expect(text["names"] == #"{"a", "b"}"#)
    #expect(text["inner"] == "(number: 7, node: s2)")
    #expect(text["nothing"] == "none")
    #expect(text["choice"] == #"payload(4, "x")"#)
    #expect(text["plain"] == "plain")
    #expect(text["request"] == "c1/2")
    #expect(text["long[39]"] == "39")
    #expect(Set(lines.map(\.path)).count == lines.count)
  }
}

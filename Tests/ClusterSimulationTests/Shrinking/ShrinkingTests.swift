import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite("Shrinking a failure of a durable register")
struct ShrinkingTests {
  /// A run of the register without an fsync of its directory that loses an update.
  private static func failing() throws -> (runner: ClusterRunner, steps: [RecordedStep]) {
    let runner = registerRunner([.noDirectorySync], SeededRunTests.powerLosses)
    let failure = try #require(SeededRunTests.campaign(runner, seeds: 300).failure)
    return (runner, runner.record(failure.seed, false).steps)
  }

  private static func shrink(
    _ runner: ClusterRunner, _ steps: [RecordedStep], replays: Int = 500
  ) throws -> ShrunkFailure {
    var request = ShrinkRequest(steps: steps, check: .linearizability)
    request.replays = replays
    guard case .shrunk(let shrunk) = runner.shrink(request) else {
      throw NotReproduced()
    }
    return shrunk
  }

  private struct NotReproduced: Error {}

  @Test("the smallest failure: written, answered, lost with the power, read")
  func smallest() throws {
    let (runner, steps) = try Self.failing()
    let shrunk = try Self.shrink(runner, steps)
    #expect(steps.count > 40)
    #expect(shrunk.end == .minimal)
    #expect((shrunk.servers, shrunk.clients) == (1, 1))
    let kinds = shrunk.steps.map { step -> String in
      switch step.action {
      case .start(let node): "start \(node.index)"
      case .invoke(_, .put): "put"
      case .invoke(_, .get): "get"
      case .deliver(_, let to, _): "deliver to \(to.index)" + (step.crash == nil ? "" : ", crash")
      case .crash: "crash"
      default: "\(step.action)"
      }
    }
    #expect(
      kinds == [
        "start 0", "start 1", "put", "deliver to 0, crash", "start 0", "deliver to 1", "get",
        "deliver to 0", "deliver to 1",
      ]
        || kinds == [
          "start 0", "start 1", "put", "deliver to 0, crash", "deliver to 1", "start 0", "get",
          "deliver to 0", "deliver to 1",
        ], "\(kinds)")
    #expect(shrunk.steps.allSatisfy { $0.crash?.kind != .process })
  }

  @Test("the result replays strictly, with the digest that was told")
  func replays() throws {
    let (runner, steps) = try Self.failing()
    let shrunk = try Self.shrink(runner, steps)
    let smaller = registerRunner([.noDirectorySync]) { $0.workload.clientCount = 1 }
    let text = StepText(smaller.layout)
    let decoded = try zip(shrunk.steps, shrunk.remarks).map {
      try text.decode(text.encode($0, remark: $1))
    }
    #expect(decoded == shrunk.steps)
    let replay = smaller.replay(ReplayRequest(steps: decoded)).result
    #expect(replay.divergedAt == nil)
    #expect(replay.digest == shrunk.digest)
    guard case .violation(let violation) = replay.verdict else {
      Issue.record("the shrunk failure passes")
      return
    }
    #expect(violation.check == .linearizability)
  }

  @Test("without any one of its steps it passes, tried by brute force")
  func minimal() throws {
    let (runner, steps) = try Self.failing()
    let shrunk = try Self.shrink(runner, steps)
    let smaller = registerRunner([.noDirectorySync]) { $0.workload.clientCount = 1 }
    #expect(smaller.follow(shrunk.schedule).verdict != .pass)
    let version = FailureVersion(steps: shrunk.schedule.steps, servers: 1, clients: 1)
    for place in shrunk.steps.indices where version.isRemovable(place) {
      var request = shrunk.schedule
      request.steps.remove(at: place)
      #expect(smaller.follow(request).verdict == .pass, "without step \(place + 1)")
      request = shrunk.schedule
      guard request.steps[place].crash != nil else { continue }
      request.steps[place].crash = nil
      #expect(smaller.follow(request).verdict == .pass, "without the crash in step \(place + 1)")
    }
  }

  @Test("the same failure shrinks to the same")
  func deterministic() throws {
    let (runner, steps) = try Self.failing()
    let first = try Self.shrink(runner, steps)
    let second = try Self.shrink(runner, steps)
    #expect(first.steps == second.steps)
    #expect(first.digest == second.digest)
    #expect(first.replays == second.replays)
    #expect(first.remarks == second.remarks)
  }

  @Test("a budget is kept, and said to be spent", arguments: [1, 2, 7, 20])
  func budget(replays: Int) throws {
    let (runner, steps) = try Self.failing()
    let shrunk = try Self.shrink(runner, steps, replays: replays)
    #expect(shrunk.replays <= replays)
    #expect(shrunk.end == .budget)
    #expect(shrunk.violation.check == .linearizability)
  }

  @Test("what does not fail, or breaks another check, is not shrunk")
  func notReproduced() throws {
    let (runner, steps) = try Self.failing()
    for request in [
      ShrinkRequest(steps: [], check: .linearizability),
      ShrinkRequest(steps: Array(steps.prefix(4)), check: .linearizability),
      ShrinkRequest(steps: steps, check: .splitBrain),
    ] {
      guard case .notReproduced = runner.shrink(request) else {
        Issue.record("\(request.check) of \(request.steps.count) steps was shrunk")
        continue
      }
    }
  }

  @Test("lack of progress is what remains when the world is left alone")
  func progress() throws {
    // A client that asks a dead server once more and more.
    let runner = registerRunner { plan in
      plan.faults = .scripted([
        .crash(.server(NodeID(0)), .process, at: .start + .milliseconds(9))
      ])
      plan.limits.healWithin = .seconds(1)
    }
    let failure = try #require(SeededRunTests.campaign(runner, seeds: 1).failure)
    let steps = runner.record(failure.seed, false).steps
    let request = ShrinkRequest(steps: steps, check: .progress)
    guard case .shrunk(let shrunk) = runner.shrink(request) else {
      Issue.record("the failure does not reproduce")
      return
    }
    #expect(shrunk.settles)
    #expect(shrunk.steps.count == 4, "\(shrunk.steps)")
    #expect(shrunk.steps.contains { $0.action == .crash(NodeID(0), .process) })
    let smaller = registerRunner { plan in
      plan.workload.clientCount = 1
      plan.limits.healWithin = .seconds(1)
    }
    let replay = smaller.replay(ReplayRequest(steps: shrunk.steps, settles: true)).result
    #expect(replay.digest == shrunk.digest)
    #expect(replay.settlingSteps > 0)
  }
}

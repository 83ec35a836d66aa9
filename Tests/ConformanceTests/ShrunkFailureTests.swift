import ClusterSimulation
import Foundation
import InputText
import Reporting
import ScenarioFiles
import SimulationKernel
import Testing

@testable import CommandLineTool

/// Shrunk failures of known bugs, each looked at by brute force.
@Suite("Shrunk failures of known bugs")
struct ShrunkFailureTests {
  private static let bugs = [
    "chain/known-bugs/CR-05-head-answers-updates",
    "chain/known-bugs/CR-12-updates-applied-as-they-arrive",
    "chain/known-bugs/CR-14-repeated-forward-applied-twice",
    "master-backup/known-bugs/MB-04-others-stay-behind",
    "ranked-kv/known-bugs/KV-05-retry-executes-twice",
    "two-node-store/known-bugs/BS-01-primary-commits-first",
    "vm-log/known-bugs/VM-11-pending-write-taken-for-done",
  ]

  private static func shrink(
    _ name: String
  ) throws -> (result: FailureShrinking.Result, entry: CatalogEntry) {
    let path = KnownBugTests.scenarios.appendingPathComponent(name + ".json5").path
    let loaded = try #require(try InputFiles.scenarios([path]).first)
    var options = RunOptions(jobs: 2)
    options.shrinks = false
    let run = ScenarioRun(loaded, options, FailureNames(files: [path]))
    let failure = try #require(try run.run { _ in }.failure)
    let input = try FailureInput(SourceFile(path: path, bytes: Array(failure.text.utf8)))
    let shrinking = FailureShrinking(scenario: loaded.scenario, entry: input.entry)
    let check = try #require(input.check)
    guard
      case .shrunk(let result) = shrinking.shrink(
        input.steps, settles: input.settles, check: check)
    else { throw CocoaError(.featureUnsupported) }
    #expect(result.shrunk.steps.count <= input.steps.count)
    return (result, input.entry)
  }

  @Test("without any one step, crash or invocation the rest passes", arguments: bugs)
  func minimal(name: String) throws {
    let (result, entry) = try Self.shrink(name)
    let shrunk = result.shrunk
    #expect(shrunk.end == .minimal)
    let runner = entry.runner(of: result.scenario)
    func fails(_ request: ScheduleRequest) -> Bool {
      let report = runner.follow(request)
      guard case .violation(let found) = report.verdict else { return false }
      return found.check == shrunk.violation.check
        && report.withinAssumptions == shrunk.withinAssumptions
    }
    #expect(fails(shrunk.schedule))
    var started: Set<NodeID> = []
    for place in shrunk.steps.indices {
      if case .start(let node) = shrunk.steps[place].action, started.insert(node).inserted {
        continue
      }
      var request = shrunk.schedule
      request.steps.remove(at: place)
      #expect(!fails(request), "\(name) without step \(place + 1)")
      guard shrunk.steps[place].crash != nil else { continue }
      request = shrunk.schedule
      request.steps[place].crash = nil
      #expect(!fails(request), "\(name) without the crash of step \(place + 1)")
    }
  }

  @Test("as a scenario it says the same, and it says so in few lines", arguments: bugs)
  func asScenario(name: String) throws {
    let (result, entry) = try Self.shrink(name)
    let original = FailureFile(
      scenario: result.scenario, scenarioFile: name, seed: 1,
      check: result.shrunk.violation.check.rawValue, message: "", stepCount: 0, digest: "0",
      decisions: [], command: "")
    let text = result.scenarioText(like: original, message: "a message")
    let file = SourceFile(path: "a.json5", bytes: Array(text.utf8))
    let scenario = try Scenario.read(file, vocabulary: ProtocolCatalog.vocabulary)
    let schedule = try #require(try LoadedScenario(path: "a.json5", scenario, file).schedule)
    #expect(schedule.settles == result.shrunk.settles)
    var request = ScheduleRequest(steps: schedule.steps)
    request.settles = schedule.settles
    let report = entry.runner(of: scenario).follow(request)
    #expect(report.divergedAt == nil, "\(report.divergence ?? "")")
    #expect(report.digest == result.shrunk.digest)
    #expect(report.steps == result.shrunk.steps)
    #expect(text.split(separator: "\n").count < result.shrunk.steps.count + 30)
  }
}

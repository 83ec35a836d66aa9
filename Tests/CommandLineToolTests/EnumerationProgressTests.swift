import ClusterSimulation
import Foundation
import InputText
import LinearizabilityChecking
import Reporting
import ScenarioFiles
import Testing

@testable import CommandLineTool

@Suite("Progress of an enumeration")
struct EnumerationProgressTests {
  private static let text = """
    { protocol: "two-node-store", clients: { count: 1 },
      script: [{ client: 1, write: 0, count: 1, value: "x" }], run: { mode: "crashpoints" } }
    """

  private func run(_ text: String = Self.text, resumes: Bool = false) throws -> ScenarioRun {
    let scenario = try Scenario.read(
      SourceFile(path: "a.json5", text: text), vocabulary: ProtocolCatalog.vocabulary)
    var options = RunOptions()
    options.reportFolder = NSTemporaryDirectory() + "/crashproof-progress-\(UUID().uuidString)"
    return ScenarioRun(
      LoadedScenario(path: "a.json5", scenario: scenario), options,
      FailureNames(files: ["a.json5"]), EnumerationOptions(resumes: resumes))
  }

  private func key(_ run: ScenarioRun) -> EnumerationKey {
    EnumerationKey(
      run.loaded.scenario, run.crashPointRequest, run.runner().schedules(run.crashPointRequest))
  }

  private static func tallies(_ count: Int) -> [CrashPointTally] {
    Array(repeating: CrashPointTally(), count: count)
  }

  private func read(_ text: String, _ key: EnumerationKey) throws(Diagnostics) -> CrashPointUnits {
    try EnumerationProgress.read(
      SourceFile(path: "p", text: text), key, counts: [3: 2, 5: 1, 6: 1])
  }

  private func complaint(_ text: String, _ key: EnumerationKey) -> String? {
    do throws(Diagnostics) {
      _ = try read(text, key)
      return nil
    } catch {
      return error.headlines.first
    }
  }

  @Test("what was written is read back, whatever the order of the units")
  func roundTrip() throws {
    let key = key(try run())
    let lines = [(5, 1), (3, 2)].map { CrashPointUnitText.encode($0, Self.tallies($1)) }
    let text = EnumerationProgress.text(key, lines)
    #expect(try read(text, key) == [3: Self.tallies(2), 5: Self.tallies(1)])
    #expect(try read(EnumerationProgress.text(key, []), key).isEmpty)
  }

  @Test("every damage is noticed")
  func damage() throws {
    let key = key(try run())
    let line = CrashPointUnitText.encode(3, Self.tallies(2))
    let text = EnumerationProgress.text(key, [line])
    for cut in 0..<text.utf8.count {
      let part = String(decoding: Array(text.utf8.prefix(cut)), as: UTF8.self)
      #expect(complaint(part, key) != nil, "cut after \(cut) bytes")
    }
    for place in 0..<text.utf8.count {
      var bytes = Array(text.utf8)
      bytes[place] = bytes[place] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
      #expect(complaint(String(decoding: bytes, as: UTF8.self), key) != nil, "byte \(place)")
    }
    #expect(complaint("", key)?.contains("no progress of an enumeration") == true)
  }

  @Test("units that the enumeration does not have are refused")
  func otherUnits() throws {
    let key = key(try run())
    for (unit, count) in [(3, 1), (4, 1), (5, 2)] {
      let line = CrashPointUnitText.encode(unit, Self.tallies(count))
      let found = complaint(EnumerationProgress.text(key, [line]), key)
      #expect(found?.contains("unit \(unit) has not so many crash points") == true)
    }
    let line = CrashPointUnitText.encode(5, Self.tallies(1))
    #expect(complaint(EnumerationProgress.text(key, [line, line]), key) != nil)
  }

  @Test("progress of another enumeration is refused, with what is different")
  func otherKeys() throws {
    let here = try run()
    let text = EnumerationProgress.text(key(here), [])
    var changes: [(ScenarioRun, String)] = []
    var other = here
    other.loaded.scenario.run.depth = 2
    changes.append((other, "it was made with depth 1, and now it is 2"))
    other = here
    other.loaded.scenario.checks = ["durability"]
    changes.append((other, "the scenario has changed since"))
    other = here
    other.enumeration.labels = ["1.1"]
    changes.append((other, "it was made with points all, and now it is 1.1"))
    other = here
    other.enumeration.schedules = 2
    changes.append((other, "it was made with seeds 1 from 1, and now it is 2 from 1"))
    other = here
    other.loaded.scenario.expectation = .pass
    changes.append((other, ""))
    var options = here.options
    options.shard = Shard(index: 1, count: 2)
    other = ScenarioRun(here.loaded, options, here.names)
    changes.append((other, "it was made with shard 1/1, and now it is 2/2"))
    for (other, message) in changes {
      let found = complaint(text, key(other))
      #expect(message.isEmpty ? found == nil : found?.contains(message) == true, "\(message)")
    }
  }

  @Test("comments and layout of the scenario do not matter, what it says does")
  func sameScenario() throws {
    let here = key(try run())
    #expect(key(try run("// a comment\n" + Self.text)) == here)
    #expect(key(try run(Self.text.replacing("\"x\"", with: "\"y\""))) != here)
  }

  @Test("an enumeration goes on where its progress ends, and its report is the same")
  func goesOn() throws {
    let whole = try run().enumerate { _ in }
    for share in [0, 11] {
      let run = try run(resumes: true)
      let units = run.runner().schedules(run.crashPointRequest).flatMap { schedule in
        schedule.units.map { ($0, schedule.points(ofUnit: $0).count * 2) }
      }
      // Numbers that only the progress can have come from.
      var marked = CrashPointTally()
      marked.outcomes = 1_000
      let lines = units.prefix(share).map { unit, count in
        CrashPointUnitText.encode(unit, Array(repeating: marked, count: count))
      }
      let file = try run.progress(of: run.crashPointRequest, run.runner()).file
      try file.replace(by: Array(EnumerationProgress.text(key(run), lines).utf8))
      let outcome = try run.enumerate { _ in }
      let rows = try #require(outcome.report.crashPoints?.rows)
      let known = units.prefix(share).reduce(0) { $0 + $1.1 }
      #expect(rows.count == whole.report.crashPoints?.rows.count)
      #expect(rows.prefix(known).allSatisfy { $0.outcomes == 1_000 })
      #expect(
        rows.dropFirst(known).elementsEqual(whole.report.crashPoints?.rows.dropFirst(known) ?? []))
      outcome.progress?.finish(wasInterrupted: false)
      #expect(!file.exists)
    }
  }
}

import ClusterSimulation
import Foundation
import Reporting
import ScenarioFiles
import Testing

@testable import CommandLineTool

@Suite("Known bugs of every protocol")
struct KnownBugTests {
  static let scenarios = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Scenarios")

  @Test("each has an id and one sentence of its own", arguments: ProtocolUnderTest.all)
  func sentences(subject: ProtocolUnderTest) throws {
    let bugs = subject.entry.variants.dropFirst()
    #expect(subject.entry.variants.first?.name == "correct")
    #expect(!bugs.isEmpty)
    #expect(Set(bugs.map(\.name)).count == bugs.count)
    #expect(Set(bugs.map(\.help)).count == bugs.count)
    for bug in bugs {
      // A known bug has an id; a document's own design has a name in lower-case words.
      let isNamed =
        bug.name.wholeMatch(of: /[A-Z]{2,3}-[0-9]{2}[a-z]?/) != nil
        || bug.name.wholeMatch(of: /[a-z0-9-]+/) != nil
      #expect(isNamed, "\(bug.name)")
      #expect(bug.help.count > 20 && !bug.help.hasSuffix("."), "\(bug.name): \(bug.help)")
    }
  }

  @Test("each is a variant that runs, and an unknown one is none", arguments: ProtocolUnderTest.all)
  func members(subject: ProtocolUnderTest) throws {
    let conversion = ScenarioConversion(try subject.worstScenario(), subject.entry)
    for bug in subject.entry.variants.dropFirst() {
      var setting = conversion.setting
      setting.deviations = [bug.name]
      #expect(subject.entry.makeRunner(setting, conversion.plan) != nil)
    }
    var setting = conversion.setting
    setting.deviations = ["XX-99"]
    #expect(subject.entry.makeRunner(setting, conversion.plan) == nil)
  }

  @Test("each is caught by a shipped scenario", arguments: ProtocolUnderTest.all)
  func caught(subject: ProtocolUnderTest) throws {
    let folder = Self.scenarios.appendingPathComponent("\(subject.name)/known-bugs").path
    guard FileManager.default.fileExists(atPath: folder) else {
      Issue.record("\(subject.name) has no folder of scenarios for its known bugs")
      return
    }
    let documented = Self.scenarios.appendingPathComponent("\(subject.name)/as-documented").path
    let folders = [folder, documented].filter { FileManager.default.fileExists(atPath: $0) }
    let loaded = try InputFiles.scenarios(try InputFiles.scenarioPaths(folders))
    // The main job runs all of them. Without optimisation enumerations and searches take minutes;
    // they only have to be there, and of the other variants one scenario has to do.
    var caught = Set(
      loaded.filter { file in
        guard case .violation = file.scenario.expectation else { return false }
        return file.scenario.run.mode != .simulate
      }.map(\.scenario.variant))
    for file in loaded {
      #expect(file.scenario.protocolName == subject.name, "\(file.path)")
      guard case .violation = file.scenario.expectation else { continue }
      if caught.contains(file.scenario.variant) { continue }
      let run = ScenarioRun(
        loaded: file, entry: subject.entry,
        options: RunOptions(jobs: 2, samplesHits: false, shrinks: false),
        names: FailureNames(files: [file.path]))
      let report = try run.run { _ in }.report
      #expect(report.endedAsExpected, "\(file.path): \(report.verdict) \(report.check ?? "")")
      if report.endedAsExpected { caught.insert(file.scenario.variant) }
    }
    for bug in subject.entry.variants.dropFirst() where !caught.contains(bug.name) {
      Issue.record("no scenario of \(subject.name) catches \(bug.name): \(bug.help)")
    }
  }
}

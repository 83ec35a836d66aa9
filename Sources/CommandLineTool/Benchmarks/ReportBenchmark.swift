import Foundation
import InputText
import Reporting
import ScenarioFiles
import SimulationKernel

/// How long a report takes that tells of a hundred thousand seeds, in every format and written to
/// files.
///
/// Outcomes are those of real campaigns, a scenario of every variant of every protocol: known bugs
/// fail, as nobody expected, and their failures are left as long as they were found. What passes is
/// told again under further names until there are enough seeds. Campaigns are not measured.
struct ReportBenchmark {
  /// Seeds that the report tells of, at least.
  var seeds = 100_000
  /// Of each campaign.
  var seedsOfScenario = 200

  func figures() throws -> [BenchmarkFigure] {
    let (report, failures) = try made()
    var figures = ReportFormat.allCases.map { format in
      measure("report as \(format.rawValue)", report, failures) {
        format.text(of: report).utf8.count
      }
    }
    let folder = FileManager.default.temporaryDirectory.path + "/crashproof-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    figures.append(
      try measure("report in every format, written with its failures", report, failures) {
        try ReportFolder(path: folder).publish(
          report, formats: ReportFormat.allCases, failures: failures)
        // The link `current` would not be followed.
        return try Self.bytes(in: folder)
      })
    return figures
  }

  /// - Parameter write: returns the number of bytes.
  private func measure(
    _ name: String, _ report: RunReport, _ failures: [FailureText], write: () throws -> Int
  ) rethrows -> BenchmarkFigure {
    var figure = BenchmarkFigure(benchmark: "report", name: name)
    ResourceUse.forgetPeak()
    let meter = ResourceMeter()
    let bytes = try write()
    meter.fill(&figure)
    figure.counts = [
      .init(name: "seeds", value: report.scenarios.reduce(0) { $0 + $1.runs }),
      .init(name: "scenarios", value: report.scenarios.count),
      .init(name: "failures", value: report.scenarios.count { $0.failureFile != nil }),
      .init(name: "failureFiles", value: failures.count),
      .init(name: "bytes", value: bytes),
    ]
    figure.remark = "\(BenchmarkFigure.rounded(figure.wallSeconds)) s by the clock"
    return figure
  }

  private static func bytes(in folder: String) throws -> Int {
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
    return try files.reduce(0) { sum, name in
      let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
      let isFile = attributes[.type] as? FileAttributeType == .typeRegular
      return sum + (isFile ? (attributes[.size] as? Int ?? 0) : 0)
    }
  }

  /// The report, and its files about failures.
  func made() throws -> (RunReport, [FailureText]) {
    var report = RunReport(version: toolVersion, scenarios: [], wallSeconds: [])
    report.knownBugs = ProtocolCatalog.knownBugs
    report.subjects = ProtocolCatalog.frontierSubjects
    let loaded = try scenarios()
    let names = FailureNames(files: loaded.map(\.path))
    var options = RunOptions()
    options.shrinks = false
    var files: [FailureText] = []
    for scenario in loaded where !Interruption.hasHappened {
      let outcome = try ScenarioRun(scenario, options, names).run(progress: { _ in })
      report.scenarios.append(outcome.report)
      files += outcome.files(in: &report)
    }
    repeatPassing(in: &report)
    report.wallSeconds = report.scenarios.map { _ in 1 }
    return (report, files)
  }

  private func repeatPassing(in report: inout RunReport) {
    let passing = report.scenarios.filter { $0.verdict == .pass }
    var told = report.scenarios.reduce(0) { $0 + $1.runs }
    var round = 1
    while told < seeds, !passing.isEmpty {
      for scenario in passing where told < seeds {
        var again = scenario
        again.file = scenario.file.replacing(".json5", with: "-\(round).json5")
        report.scenarios.append(again)
        told += again.runs
      }
      round += 1
    }
  }

  /// One for each variant of each protocol.
  private func scenarios() throws -> [LoadedScenario] {
    try ProtocolCatalog.entries.flatMap { entry in
      try entry.variants.map { variant in
        let path = "Scenarios/\(entry.name)/\(variant.name).json5"
        let text = """
          { title: "\(entry.name), \(variant.name)", protocol: "\(entry.name)",
            variant: "\(variant.name)", faults: { crashes: 1, restarts: 1 },
            run: { seeds: \(seedsOfScenario) } }
          """
        let file = SourceFile(path: path, text: text)
        let cases = try ScenarioCase.read(file, vocabulary: ProtocolCatalog.vocabulary)
        guard let scenario = cases.first?.scenario else {
          programmingError("\(path) has no case")
        }
        return LoadedScenario(path: path, scenario: scenario)
      }
    }
  }
}

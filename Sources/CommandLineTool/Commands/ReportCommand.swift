import Foundation
import InputText
import Reporting

/// `crashproof report merge`: combines the results of several runs or shards.
enum ReportCommand {
  static let command = Command(
    name: "report", operands: "merge DIR...",
    summary: "combine the results of several runs or shards",
    discussion: """
      Reads results.json of each DIR, sums up the shards of each scenario and writes the combined
      report. Failure files are copied along. The exit code is that of a run with these results.
      --baseline and GITHUB_STEP_SUMMARY are as in crashproof run; annotations are left to the runs.
      """,
    options: [
      CommandOption("report", .named("DIR"), "where to write (default: Reports)"),
      CommandOption("baseline", .named("FILE"), "compare with results.json of an earlier run"),
      CommandOption("json", "one JSON document on stdout"),
    ], run: run)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    guard arguments.operands.first == "merge", arguments.operands.count > 1 else {
      throw UsageError("report needs: merge DIR...", command: "report")
    }
    let folders = arguments.operands.dropFirst()
    let baseline = try arguments.text("baseline").map(Baseline.init(path:))
    let target = arguments.text("report") ?? "Reports"
    var inputs: [ReportMerge.Input] = []
    var wrong: [Diagnostics] = []
    for folder in folders {
      let path = folder + "/results.json"
      let file = try InputFiles.source(path)
      do throws(Diagnostics) {
        let report = try ResultsJSON.read(file)
        inputs.append(
          ReportMerge.Input(name: path, report: ReportMerge.relocated(report, to: folder)))
      } catch {
        wrong.append(error)
      }
    }
    if !wrong.isEmpty { throw BadInputError(diagnostics: wrong) }
    var merged: RunReport
    do throws(ReportMerge.Conflicts) {
      merged = try ReportMerge.merge(inputs)
    } catch {
      Console.error(error.description)
      return 65
    }
    merged.knownBugs = ProtocolCatalog.knownBugs
    merged.subjects = ProtocolCatalog.frontierSubjects
    merged.baseline = baseline?.comparison(with: merged)
    let failures = failureFiles(of: merged)
    merged = ReportMerge.relocated(merged, to: target)
    let pictures = tell(failures, in: &merged)
    try ReportFolder(path: target).publish(
      merged, formats: ReportFormat.allCases, failures: failures + pictures)
    Console.print(
      arguments.has("json")
        ? ResultsJSON.text(of: merged, wallTimes: .leftOut) : TerminalReport.text(of: merged))
    GitHubJob().summarize(merged)
    return merged.exitCode
  }

  /// Replays the failures for the page and for their diagrams.
  private static func tell(
    _ failures: [FailureText], in report: inout RunReport
  ) -> [FailureText] {
    var pictures: [FailureText] = []
    for scenario in report.scenarios {
      guard let path = scenario.failureFile,
        let name = path.split(separator: "/").last.map(String.init),
        let told = failures.first(where: { $0.name == name }).flatMap(FailurePicture.init)
      else { continue }
      report.stories[scenario.file] = told.story
      pictures.append(told.picture)
    }
    return pictures
  }

  /// The failure files and histories that a report names, as far as they are there.
  private static func failureFiles(of report: RunReport) -> [FailureText] {
    report.scenarios.flatMap { [$0.failureFile, $0.historyFile] }.compactMap { path in
      guard let path, let data = FileManager.default.contents(atPath: path) else { return nil }
      let name = path.split(separator: "/").last.map(String.init) ?? path
      return FailureText(name: name, text: String(decoding: data, as: UTF8.self))
    }
  }
}

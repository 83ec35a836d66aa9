import Foundation
import Reporting

/// The results of an earlier run that a run is compared with.
struct Baseline {
  /// As the user named it.
  let path: String
  let report: RunReport

  /// - Throws: ``MissingFileError``, or ``BadInputError`` with everything that is wrong with it.
  init(path: String) throws {
    self.path = path
    report = try InputFiles.results(path)
  }

  /// - Parameter known: the scenarios that there are, whether they were run or not.
  func comparison(with report: RunReport, among known: [String]) -> BaselineComparison {
    let known = Set(known)
    let files = Set(known.map(Self.file))
    return BaselineComparison(report, against: self.report, source: path) { name in
      if known.contains(name) { return false }
      // A file that was read has all of its cases known; of others one can only see that they are.
      let file = Self.file(of: name)
      return files.contains(file) || !FileManager.default.fileExists(atPath: file)
    }
  }

  /// With all scenarios: what is missing is gone.
  func comparison(with report: RunReport) -> BaselineComparison {
    BaselineComparison(report, against: self.report, source: path) { _ in true }
  }

  /// The file of a scenario, which may be a case of it.
  private static func file(of name: String) -> String {
    name.range(of: ".json5#").map { name[..<$0.lowerBound] + ".json5" } ?? name
  }
}

import Foundation

/// A format of the report and the file that it is written to.
public enum ReportFormat: String, Hashable, Sendable, CaseIterable {
  case text
  case json
  case junit
  case markdown
  case html

  public var fileName: String {
    switch self {
    case .text: "report.txt"
    case .json: "results.json"
    case .junit: "junit.xml"
    case .markdown: "report.md"
    case .html: "report.html"
    }
  }

  /// The whole file. Equal reports give equal bytes, the wall times of ``json`` aside.
  public func text(of report: RunReport) -> String {
    switch self {
    case .text: TerminalReport.text(of: report)
    case .json: ResultsJSON.text(of: report, wallTimes: .included)
    case .junit: JUnitXML.text(of: report)
    case .markdown: MarkdownReport.text(of: report)
    case .html: HTMLReport.text(of: report)
    }
  }
}

/// A file of the folder `failures`.
public struct FailureText: Hashable, Sendable {
  /// The name without a folder, such as ``FailureNames`` makes it.
  public var name: String
  public var text: String

  public init(name: String, text: String) {
    self.name = name
    self.text = text
  }
}

/// Why a report folder cannot be used.
public enum ReportFolderError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path, or a part of it, is something else than a folder.
  case notAFolder(path: String)
  /// Something stands where a link of the report must stand, and deleting it could lose data.
  case foreign(path: String)
  /// The operating system refused.
  case failed(action: String, path: String, reason: String)

  public var description: String {
    switch self {
    case .notAFolder(let path):
      "\(path) is not a folder; name another with --report"
    case .foreign(let path):
      "\(path) was not written by CrashProof and stands where the report must; move it away or "
        + "name another folder with --report"
    case .failed(let action, let path, let reason):
      "cannot \(action) \(path): \(reason)"
    }
  }
}

/// The folder that a report is published in, a generation at a time.
///
/// ```
/// Reports/report.md     -> current/report.md
/// Reports/results.json  -> current/results.json
/// Reports/failures      -> current/failures
/// Reports/measurements  -> current/measurements
/// Reports/current       -> .generations/7
/// Reports/.generations/7/{report.md,results.json,failures/}
/// ```
///
/// A generation is written completely, made durable, and then published by one rename of the link
/// `current`. A program that is killed at any moment leaves the old report or the new one. Further
/// entries of the folder are left alone.
///
/// One program at a time publishes: it holds a lock on `.generations/lock`, which the system
/// releases when the program ends in whatever way. What else is found in `.generations` while the
/// lock is held was left over by a killed program, and is removed.
public struct ReportFolder: Sendable {
  /// As the user named it.
  public let path: String

  public init(path: String) {
    self.path = path
  }

  /// Makes the folder if there is none, and finds out whether a report could be published in it:
  /// better before a long run than after it. Changes no report.
  public func prepare() throws(ReportFolderError) {
    var publication = Publication(folder: path, files: FileActions())
    defer { publication.unlock() }
    try publication.lock()
    try publication.refuseForeignEntries()
  }

  /// Replaces the report by this one: files of the chosen formats, and the failure files.
  ///
  /// - Parameter failures: files of other names than before are gone afterwards. Names are made
  ///   safe, as ``FailureNames/safe(_:)`` does; of two of the same name the first counts.
  public func publish(
    _ report: RunReport, formats: [ReportFormat], failures: [FailureText] = []
  ) throws(ReportFolderError) {
    try publish(
      Generation(report, formats: formats, failures: failures), files: FileActions())
  }

  /// The steps, on files that a test can make fail or stop.
  func publish(_ generation: Generation, files: FileActions) throws(ReportFolderError) {
    var publication = Publication(folder: path, files: files)
    // As the system does for a killed program; nothing else is tidied up on the way out.
    defer { publication.unlock() }
    try publication.lock()
    try publication.refuseForeignEntries()
    try publication.removeLeftovers()
    try publication.adoptPlainFiles()
    try publication.write(generation)
    try publication.linkEntries(of: generation)
    try publication.switchCurrent()
    try publication.removeStaleLinks(except: generation)
    try publication.removeLeftovers()
  }
}

/// The files of one generation: path in the generation and content.
struct Generation: Hashable, Sendable {
  struct File: Hashable, Sendable {
    let name: String
    let bytes: [UInt8]
  }

  /// Files at the top, in the order of writing.
  var files: [File]
  /// Files in `failures`.
  var failures: [File]
  /// Files in `measurements`: tables and charts.
  var measurements: [File]

  init(files: [File] = [], failures: [File] = [], measurements: [File] = []) {
    self.files = files
    self.failures = failures
    self.measurements = measurements
  }

  init(_ report: RunReport, formats: [ReportFormat], failures: [FailureText]) {
    files = ReportFormat.allCases.filter(formats.contains).map {
      File(name: $0.fileName, bytes: Array($0.text(of: report).utf8))
    }
    measurements = MeasurementFiles.files(of: report).map {
      File(name: $0.name, bytes: Array($0.text.utf8))
    }
    var names: Set<String> = []
    self.failures = []
    for failure in failures {
      let name = FailureNames.safe(failure.name)
      guard names.insert(name.lowercased()).inserted else { continue }
      self.failures.append(File(name: name, bytes: Array(failure.text.utf8)))
    }
  }

  static let failureFolder = "failures"
  static let measurementFolder = "measurements"
  static let folders = [failureFolder, measurementFolder]

  /// The files of one of the folders.
  subscript(folder: String) -> [File] {
    get { folder == Self.failureFolder ? failures : measurements }
    set {
      if folder == Self.failureFolder { failures = newValue } else { measurements = newValue }
    }
  }

  /// The entries that the report folder links to.
  var entryNames: [String] {
    files.map(\.name) + Self.folders.filter { !self[$0].isEmpty }
  }

  /// Every entry that some generation may have.
  static let allEntryNames = ReportFormat.allCases.map(\.fileName) + folders
}

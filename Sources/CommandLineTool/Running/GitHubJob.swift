import Foundation
import Reporting

/// The job of GitHub Actions that the tool runs in, as far as the environment tells of one.
struct GitHubJob {
  /// Whether annotations are read from what the tool prints.
  let readsAnnotations: Bool
  /// The top of the repository.
  private let workspace: String?
  /// The file that the step's summary is written to.
  private let summaryFile: String?

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    readsAnnotations = given("GITHUB_ACTIONS") == "true"
    workspace = given("GITHUB_WORKSPACE")
    summaryFile = given("GITHUB_STEP_SUMMARY")
  }

  /// Prints an annotation for every scenario that did not end as expected.
  /// - Parameter descriptor: stdout, or stderr if stdout is a document.
  func annotate(_ report: RunReport, on descriptor: Int32) {
    guard readsAnnotations else { return }
    let text = GitHubAnnotations.text(of: report, path: pathInRepository)
    if !text.isEmpty { StandardStreams.write(text, to: descriptor) }
  }

  /// The path as GitHub wants it, from the top of the repository; unchanged outside of it.
  private func pathInRepository(_ path: String) -> String {
    guard let workspace else { return path }
    func real(_ path: String) -> String {
      URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
    let top = real(workspace)
    let file = real(path)
    let prefix = top.hasSuffix("/") ? top : top + "/"
    return file.hasPrefix(prefix) ? String(file.dropFirst(prefix.count)) : path
  }

  /// Appends the report to the step's summary. That it cannot be written is a warning and no more:
  /// the results stand in the report folder.
  func summarize(_ report: RunReport) {
    guard let summaryFile else { return }
    if let reason = Self.append(report, to: summaryFile) {
      Console.error(
        "crashproof: warning: no job summary: cannot write to \(summaryFile): \(reason)")
    }
  }

  /// - Returns: why it could not be written; `nil` if it was.
  private static func append(_ report: RunReport, to path: String) -> String? {
    // A pipe that nobody reads is refused rather than waited for.
    let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0o644)
    guard file >= 0 else { return String(cString: strerror(errno)) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { return String(cString: strerror(errno)) }
    // What earlier commands of the step have written takes room, too.
    let text = JobSummary.text(of: report, room: max(0, JobSummary.room - Int(status.st_size)))
    guard !text.isEmpty else { return "the summary of this step is full" }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if count == 0 || errno != EINTR {
        return String(cString: strerror(errno))
      }
    }
    return nil
  }
}

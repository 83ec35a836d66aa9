import Foundation

/// Where the tool writes: stdout is the result, stderr is progress and errors.
struct Console: Sendable {
  let usesColor: Bool
  /// Whether stderr is a terminal, so that progress may be drawn there.
  let showsProgress: Bool

  init(_ arguments: ParsedArguments) {
    let allowsColor =
      !arguments.has("no-color") && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
    usesColor = allowsColor && isatty(1) == 1
    showsProgress = isatty(2) == 1 && !arguments.has("quiet")
  }

  static func print(_ text: String) {
    FileHandle.standardOutput.write(Data((text.hasSuffix("\n") ? text : text + "\n").utf8))
  }

  static func error(_ text: String) {
    FileHandle.standardError.write(Data((text.hasSuffix("\n") ? text : text + "\n").utf8))
  }
}

/// A line on stderr that is drawn over itself while work goes on.
final class ProgressLine: Sendable {
  private let isShown: Bool
  private let title: String
  private let total: Int
  private let start = ContinuousClock.now

  init(isShown: Bool, title: String, total: Int) {
    self.isShown = isShown && total > 1
    self.title = title
    self.total = total
  }

  func update(_ done: Int, found: String) {
    guard isShown else { return }
    let width = 20
    let filled = total == 0 ? width : width * done / total
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    let elapsed = max(0.001, seconds(start.duration(to: .now)))
    let rate = Int(Double(done) / elapsed)
    let line = "[\(bar)] \(done)/\(total) seeds, \(rate)/s, \(found)  \(title)"
    FileHandle.standardError.write(Data("\r\u{1B}[K\(line.prefix(99))".utf8))
  }

  func clear() {
    if isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
  }
}

/// A duration of the wall clock in seconds, for figures that do not enter results.
func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

import ClusterSimulation
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
    StandardStreams.write(text.hasSuffix("\n") ? text : text + "\n", to: 1)
  }

  /// Asks for something on the line that the answer is typed on.
  static func prompt(_ text: String) {
    StandardStreams.write(text, to: 1)
  }

  /// Whether somebody types and reads at a terminal.
  static var isConversation: Bool { isatty(0) == 1 && isatty(1) == 1 }

  static func error(_ text: String) {
    StandardStreams.write(text.hasSuffix("\n") ? text : text + "\n", to: 2)
  }
}

/// A line on stderr that is drawn over itself while work goes on.
final class ProgressLine: Sendable {
  private let isShown: Bool
  private let title: String
  /// What is counted, in the plural.
  private let unit: String
  /// How many there are; `nil` if that is told on the way.
  private let total: Int?
  private let start = ContinuousClock.now

  init(_ run: ScenarioRun, _ console: Console) {
    title = run.loaded.scenario.title
    switch run.loaded.scenario.run.mode {
    case .crashpoints: (unit, total) = ("crash points", nil)
    case .measure: (unit, total) = ("runs", nil)
    case .simulate, .explore: (unit, total) = ("seeds", run.seeds.count)
    }
    isShown = console.showsProgress && total != 1
  }

  /// - Parameters:
  ///   - unit: what is counted, in the plural.
  ///   - total: how many there are.
  init(_ title: String, unit: String, total: Int, _ console: Console) {
    self.title = title
    self.unit = unit
    self.total = total
    isShown = console.showsProgress && total != 1
  }

  func update(_ done: Int, found: String) {
    draw(done, of: total ?? done, found: found)
  }

  func update(_ progress: ScenarioRun.Progress) {
    switch progress {
    case .seeds(let done): draw(done, of: total ?? done, found: "nothing found")
    case .crashPoints(let points):
      let found = points.violated > 0 ? "\(points.violated) violated" : "nothing found"
      draw(points.done, of: points.total, found: "\(points.outcomes) outcomes, \(found)")
    case .runs(let done, let count): draw(done, of: count, found: "measuring")
    }
  }

  func draw(_ done: Int, of total: Int, found: String) {
    guard isShown else { return }
    let width = 20
    let filled = total == 0 ? width : min(width, width * done / total)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    let elapsed = max(0.001, seconds(start.duration(to: .now)))
    let rate = Int(Double(done) / elapsed)
    let line = "[\(bar)] \(done)/\(total) \(unit), \(rate)/s, \(found)  \(title)"
    StandardStreams.write("\r\u{1B}[K\(line.prefix(99))", to: 2)
  }

  func clear() {
    if isShown { StandardStreams.write("\r\u{1B}[K", to: 2) }
  }
}

/// A duration of the wall clock in seconds, for figures that do not enter results.
func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

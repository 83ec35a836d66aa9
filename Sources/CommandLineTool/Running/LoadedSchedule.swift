import ClusterSimulation
import InputText
import ScenarioFiles
import SimulationKernel

/// The schedule of a scenario, as the simulator follows it.
struct LoadedSchedule: Sendable {
  var steps: [PlannedStep] = []
  /// Whether the world is left alone behind the steps, and judged then.
  var settles = false

  /// - Throws: `Diagnostics` with every line that is no step of the scenario's cluster.
  init(_ scenario: Scenario, _ layout: ClusterLayout, of file: SourceFile) throws(Diagnostics) {
    var lines = scenario.schedule[...]
    if lines.last == FailureFile.settlingWord {
      settles = true
      lines.removeLast()
    }
    let text = StepText(layout)
    let positions = file.ranges(ofElementsOf: ["schedule"])
    var diagnostics = Diagnostics(file: file)
    for (index, line) in lines.enumerated() {
      do throws(StepTextError) {
        steps.append(
          try text.decode(scheduled: line, tag: index, time: Self.time))
      } catch {
        let message =
          line == FailureFile.settlingWord
          ? "\"\(line)\" can only be the last line" : error.message
        diagnostics.error(
          "step \(index + 1): \(message)",
          at: positions.indices.contains(index) ? positions[index] : .startOfFile)
      }
    }
    if diagnostics.hasErrors { throw diagnostics }
  }

  /// A time with a unit, or in nanoseconds as in a failure file.
  private static func time(_ word: String) -> VirtualDuration? {
    if let number = Int64(word), number >= 0 { return VirtualDuration(nanoseconds: number) }
    return VirtualDuration(scenarioText: word)
  }
}

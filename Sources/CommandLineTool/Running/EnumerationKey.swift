import ClusterSimulation
import Reporting
import ScenarioFiles
import SimulationKernel

/// What an enumeration of crash points is about. Progress is worth something to the same one only.
struct EnumerationKey: Hashable {
  struct Field: Hashable {
    var name: String
    /// Without spaces at either end.
    var value: String
  }

  /// In a fixed order.
  let fields: [Field]

  init(
    _ scenario: Scenario, _ request: CrashPointRequest, _ schedules: [CrashPointSchedule]
  ) {
    // What other fields say is left out of the text, so that they can say it better.
    var neutral = scenario
    neutral.run.depth = 1
    neutral.run.seedCount = 1
    neutral.run.firstSeed = 1
    var text = StableHasher()
    text.combine(neutral.text())
    var traces = StableHasher()
    for schedule in schedules {
      traces.combine(schedule.digest)
      traces.combine(schedule.units.count)
    }
    let labels = request.plan.labels
    fields = [
      Field(name: "version", value: toolVersion),
      Field(name: "scenario", value: DigestText.text(text.finalize())),
      Field(name: "depth", value: "\(request.plan.depth)"),
      Field(name: "points", value: labels.isEmpty ? "all" : labels.joined(separator: " ")),
      Field(name: "seeds", value: "\(request.seeds.count) from \(request.seeds.first)"),
      Field(name: "shard", value: "\(request.shard.index + 1)/\(request.shard.count)"),
      Field(name: "schedules", value: DigestText.text(traces.finalize())),
    ]
  }

  /// What a difference in a field means to the user.
  static func explanation(of name: String, was: String, now: String) -> String {
    switch name {
    case "scenario": "the scenario has changed since"
    case "schedules": "its schedules have changed since, so the code has"
    case "version": "it was made by version \(was), and this is \(now)"
    default: "it was made with \(name) \(was), and now it is \(now)"
    }
  }
}

import ClusterSimulation
import ScenarioFiles

/// Whether a mutation makes a difference to how things end: the enumerations of crash points among
/// the scenarios, each under every profile that its protocol claims, with the mutation and without.
///
/// Equal are, for each step of the schedule, the sets of ends of all its crash points, all kinds of
/// crash and all outcomes of the disk: what clients were answered and what the servers hold. That
/// says something only if a server lost power after the mutation had made a difference to it.
struct EndComparison {
  /// An enumeration under one profile.
  struct Schedule {
    var loaded: LoadedScenario
    var profile: String
    /// How the runs of each unit end without a mutation; `nil` until it is asked for.
    var ends: [Int: Set<UInt64>]?
  }

  let search: MutationSearch
  private var schedules: [Schedule] = []

  init(_ search: MutationSearch) {
    self.search = search
    var known: [Scenario] = []
    // A storage fault strikes a call by its place among the others, so that another order of calls
    // is another schedule.
    for loaded in search.scenarios
    where loaded.scenario.run.mode == .crashpoints && loaded.scenario.assumptions.storage.isEmpty {
      let claimed = search.entry(of: loaded).summary.diskProfiles
      // What is left is the schedule: which profile the file names does not matter.
      var schedule = loaded.scenario
      schedule.title = ""
      schedule.assumptions.diskProfile = ""
      guard !known.contains(schedule) else { continue }
      known.append(schedule)
      for profile in claimed.isEmpty ? [loaded.scenario.assumptions.diskProfile] : claimed {
        var under = loaded
        under.scenario.assumptions.diskProfile = profile
        // What a sync leaves behind must not change the time that the next one takes.
        under.scenario.costs[.syncBlock] = .zero
        schedules.append(Schedule(loaded: under, profile: profile))
      }
    }
  }

  /// - Returns: how it is known that nothing differs, or what differs.
  mutating func compare(_ mutation: FileMutation) -> MutationVerdict {
    var profiles: Set<String> = []
    var exercised: Set<String> = []
    var crashPoints = 0
    for index in schedules.indices {
      let schedule = schedules[index]
      profiles.insert(schedule.profile)
      let study = FileStudy(mutation)
      let mutated = enumerate(schedule, study)
      guard study.hasChanged else { continue }
      let place = "\(schedule.loaded.path) under \(schedule.profile)"
      switch MutationSearch.ending(mutated) {
      case .passed: break
      case .failed(let check, let where_):
        return .notCaught("no scenario as it stands, but \(place): \(check), \(where_)")
      case .undecided(let reason): return .notCaught("\(place): \(reason)")
      case .interrupted: return .notCaught("interrupted")
      }
      let ends = schedule.ends ?? enumerate(schedule, nil).ends
      schedules[index].ends = ends
      let differing = mutated.ends.filter { ends[$0.key] != $0.value }.keys.min()
      if let differing, let schedule = mutated.schedules.first(where: { $0.units ~= differing }) {
        let step = schedule.points(ofUnit: differing)[0].step
        return .notCaught("ends differ at step \(step) of \(place)")
      }
      if study.hasLostPowerSince {
        exercised.insert(schedule.profile)
        crashPoints += mutated.total
      }
    }
    let missing = profiles.subtracting(exercised).sorted()
    if schedules.isEmpty { return .notCaught("no enumeration to compare ends with") }
    guard missing.isEmpty else {
      let names = missing.joined(separator: ", ")
      return .notCaught("no enumeration loses power after it under \(names)")
    }
    let names = profiles.sorted().joined(separator: ", ")
    return .equivalent("the same ends at \(crashPoints) crash points under \(names)")
  }

  private func enumerate(_ schedule: Schedule, _ study: FileStudy?) -> CrashPointReport {
    let scenario = schedule.loaded.scenario
    var plan = ScenarioConversion(scenario, search.entry(of: schedule.loaded)).crashPointPlan
    plan.collectsEnds = true
    return search.runner(schedule.loaded, study).crashPoints(search.request(schedule.loaded, plan))
  }
}

import DiskSimulation
import InputText
import SimulationKernel

/// `crashproof benchmark disk`: what open disks save, and the proof that they lose nothing.
enum DiskBenchmark {
  /// Unsynced log records, scanned until the first bad one, over an open disk.
  static func figures() throws -> [BenchmarkFigure] {
    try [4, 8, 16, 32].map { records in
      let disk = try log(records)
      let meter = ResourceMeter()
      var outcomes = Set<Int>()
      var open = disk
      open.losePowerLeavingOpen()
      let summary = forEachRecovery(of: open) { outcomes.insert(goodRecords(&$0, records)) }
      require(summary.isComplete && outcomes.count == records + 1, "the scan of a log")
      var figure = BenchmarkFigure(
        benchmark: "disk", name: "\(records) unsynced records, scanned to the first bad one")
      figure.counts = [
        .init(name: "lazyLeaves", value: summary.leaves),
        .init(name: "outcomes", value: outcomes.count),
      ]
      if let sets = disk.closedSets.count() {
        figure.counts.append(.init(name: "closedSets", value: sets))
      }
      meter.fill(&figure)
      return figure
    }
  }

  private static func log(_ records: Int) throws -> VirtualDisk {
    var disk = VirtualDisk()
    try disk.perform(.create("log"))
    disk.syncAll()
    for number in 0..<records {
      try disk.perform(
        .write("log", offset: number * blockSize, bytes: record(number)))
    }
    return disk
  }

  private static func record(_ number: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(truncatingIfNeeded: number % 200 + 40), count: blockSize)
  }

  private static func goodRecords(_ disk: inout VirtualDisk, _ records: Int) -> Int {
    for number in 0..<records {
      let bytes = try? disk.read("log", offset: number * blockSize, count: blockSize)
      if bytes != record(number) { return number }
    }
    return records
  }

  /// Compares lazy and plain outcomes of every program of `calls` calls, under the named profile
  /// or all of them.
  /// - Returns: the exit code: 1 if they differ, 2 if something was left out.
  static func verify(calls: Int, profile: String?, jobs: Int, _ console: Console) throws -> Int32 {
    let profiles = PersistenceProfile.known.filter { profile == nil || $0.name == profile }
    guard !profiles.isEmpty else {
      let known = PersistenceProfile.known.map(\.name).joined(separator: ", ")
      throw UsageError("unknown disk profile; known: \(known)", command: "benchmark")
    }
    var code: Int32 = 0
    for profile in profiles {
      let line = ProgressLine(isShown: console.showsProgress, title: profile.name, total: 100)
      let showProgress: @Sendable (Int, Int) -> Void = { done, total in
        if done % 16 == 0 { line.update(100 * done / total, found: "per cent") }
      }
      let (recoveries, first) = try DiskAgreement(profile: profile, calls: calls).run(
        jobs: jobs, progress: showProgress)
      let (states, second) = try StateAgreement(profile: profile, calls: calls).run(
        jobs: jobs, progress: showProgress)
      line.clear()
      if Interruption.hasHappened { return max(code, 2) }
      Console.print(text(profile, calls, recoveries, states))
      if let difference = first ?? second {
        Console.print("  DIFFERENT after: \(difference)")
        code = 1
      }
    }
    return code
  }

  private static func text(
    _ profile: PersistenceProfile, _ calls: Int, _ recoveries: DiskAgreement.Figures,
    _ states: StateAgreement.Figures
  ) -> String {
    var text = """
      \(profile.name)
        recoveries agree: \(recoveries.programs) programs of \(calls) calls, \(recoveries.disks) \
      different disks, \(recoveries.closedSets) closed sets, \(recoveries.images) images, \
      \(recoveries.lazyLeaves) lazy leaves; \(recoveries.twice) disks over a second power loss
        states agree: \(states.programs) programs of up to \(calls) calls, \(states.states) states, \
      \(states.lazyLeaves) lazy leaves
      """
    if recoveries.leftOut > 0 {
      text += """

          \(recoveries.leftOut) disks with more than \(DiskAgreement.limit) closed sets each were \
        compared by their states alone
        """
    }
    return text
  }
}

import DiskSimulation
import SimulationKernel
import Testing

/// Recovery code on an open disk: the leaves it visits, and that its outcomes are those of all
/// closed sets. The figures are the published ones of the model.
@Suite struct RecoveryFiguresTests {
  private func disk(_ program: SmallProgram) throws -> VirtualDisk {
    var disk = try SmallProgram.start()
    for step in program.steps {
      if case .call(let operation) = step { try disk.perform(operation) }
    }
    return disk
  }

  private func lazy(
    _ disk: VirtualDisk, _ recover: (inout VirtualDisk) -> String
  ) -> (leaves: Int, outcomes: Set<String>) {
    var open = disk
    open.losePowerLeavingOpen()
    var outcomes = Set<String>()
    let summary = forEachRecovery(of: open) { outcomes.insert(recover(&$0)) }
    #expect(summary.isComplete)
    return (summary.leaves, outcomes)
  }

  private func eager(
    _ disk: VirtualDisk, _ recover: (inout VirtualDisk) -> String
  ) throws -> Set<String> {
    var outcomes = Set<String>()
    disk.closedSets.visit { places in
      var crashed = disk
      guard (try? crashed.losePower(keeping: places)) != nil else { return false }
      outcomes.insert(recover(&crashed))
      return true
    }
    return outcomes
  }

  private func contents(_ path: String, _ disk: inout VirtualDisk) -> String {
    (try? disk.read(path, offset: 0, count: .max)).map { bytes in
      String(
        decoding: stride(from: 0, to: bytes.count, by: blockSize).map { bytes[$0] }, as: UTF8.self)
    } ?? "absent"
  }

  @Test func readingTheReplacedFile() throws {
    let a = lazy(try disk(.a)) { self.contents("f", &$0) }
    #expect(a.leaves == 14 && a.outcomes.count == 14)
    #expect(try eager(try disk(.a)) { self.contents("f", &$0) } == a.outcomes)
    let b = lazy(try disk(.b)) { self.contents("f", &$0) }
    #expect(b.leaves == 2 && b.outcomes == ["oo", "nn"])
    #expect(try eager(try disk(.b)) { self.contents("f", &$0) } == b.outcomes)
  }

  /// A record is good if it is as it was written.
  private func log(_ records: Int) throws -> VirtualDisk {
    var disk = VirtualDisk()
    try disk.perform(.create("log"))
    disk.syncAll()
    for record in 0..<records {
      try disk.perform(
        .write("log", offset: record * blockSize, bytes: SmallProgram.fill("r", blocks: 1)))
    }
    return disk
  }

  /// Scans until the first bad record.
  private func scan(_ disk: inout VirtualDisk) -> String {
    let size = (try? disk.size(of: "log")) ?? 0
    var good = 0
    while (good + 1) * blockSize <= size {
      let record = (try? disk.read("log", offset: good * blockSize, count: blockSize)) ?? []
      guard record.first == UInt8(ascii: "r") else { break }
      good += 1
    }
    return "\(good)"
  }

  @Test(arguments: [(4, 25, 5), (6, 49, 7), (8, 81, 9)])
  func scanningALog(_ records: Int, _ leaves: Int, _ outcomes: Int) throws {
    let disk = try log(records)
    #expect(disk.closedSets.count() == 1 << (3 * records))
    let clock = ContinuousClock()
    var found = (leaves: 0, outcomes: Set<String>())
    let time = clock.measure { found = lazy(disk, scan) }
    #expect(found.leaves == leaves && found.outcomes.count == outcomes)
    #expect(time < .seconds(5), "well under a second on a machine that does nothing else")
    if records == 4 { #expect(try eager(disk, scan) == found.outcomes) }
  }

  /// Two segments, none synced, and a manifest that names one of them, replaced by rename.
  private func segments() throws -> VirtualDisk {
    var disk = VirtualDisk()
    for name in ["one", "two"] {
      try disk.perform(.create(name))
      try disk.perform(.write(name, offset: 0, bytes: SmallProgram.fill("s", blocks: 2)))
    }
    try disk.perform(.create("manifest.tmp"))
    try disk.perform(.write("manifest.tmp", offset: 0, bytes: SmallProgram.fill("2", blocks: 1)))
    try disk.perform(.syncFile("manifest.tmp"))
    try disk.perform(.rename("manifest.tmp", to: "manifest"))
    return disk
  }

  private func openSegments(_ disk: inout VirtualDisk) -> String {
    guard let named = try? disk.read("manifest", offset: 0, count: 1) else { return "nothing" }
    return contents(named == [UInt8(ascii: "2")] ? "two" : "one", &disk)
  }

  @Test func followingAManifest() throws {
    let disk = try segments()
    let found = lazy(disk, openSegments)
    #expect(found.leaves == 15 && found.outcomes.count == 15)
    // What is not named stays open.
    var open = disk
    open.losePowerLeavingOpen()
    var undecided: [Int] = []
    _ = forEachRecovery(of: open) {
      _ = self.openSegments(&$0)
      undecided.append($0.undecidedCount)
    }
    #expect(undecided.allSatisfy { $0 >= 7 })
  }

  /// One value in one file, replaced by way of a temporary file without its fsync: what the
  /// register of the cluster tests does with a known bug, and how it recovers.
  private func register(syncing: Bool) throws -> VirtualDisk {
    var disk = VirtualDisk()
    for value in ["1", "22"] {
      try disk.perform(.create("tmp"))
      try disk.perform(.truncate("tmp", size: 0))
      try disk.perform(.write("tmp", offset: 0, bytes: Array(value.utf8)))
      if syncing { try disk.perform(.syncFile("tmp")) }
      try disk.perform(.rename("tmp", to: "value"))
    }
    return disk
  }

  private func startRegister(_ disk: inout VirtualDisk) -> String {
    let size = (try? disk.size(of: "value")) ?? 0
    let value = (try? disk.read("value", offset: 0, count: size)) ?? []
    try? disk.perform(.create("tmp"))
    try? disk.perform(.truncate("tmp", size: 0))
    try? disk.perform(.write("tmp", offset: 0, bytes: [UInt8(ascii: "3")]))
    return OpenDiskTests.string(value)
  }

  @Test func startingARegister() throws {
    for (syncing, expected) in [
      (true, ["", "1", "22"]), (false, ["", "0", "00", "1", "22", "?", "??"]),
    ] {
      let disk = try register(syncing: syncing)
      let found = lazy(disk, startRegister)
      #expect(found.outcomes.sorted() == expected.sorted())
      #expect(try eager(disk, startRegister) == found.outcomes)
    }
  }
}

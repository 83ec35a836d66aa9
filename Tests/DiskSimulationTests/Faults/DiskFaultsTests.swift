import DiskSimulation
import SimulationKernel
import Testing

/// Arming, counting, and faults on disks that do anything at all.
@Suite struct DiskFaultsTests {
  @Test func passesAndCallsCountWhatCouldBeStruck() throws {
    var disk = try FaultyDisk.furnished()
    disk.arm(
      StorageFaultRequest(.writeError, file: FilePattern("f"), passes: 2, calls: 2))
    try disk.perform(.create("g"))
    var answers = ""
    for _ in 0..<6 {
      try disk.perform(.write("g", offset: 0, bytes: [1]))
      let isDone = (try? disk.perform(.write("f", offset: 0, bytes: [1]))) != nil
      answers += isDone ? "y" : "n"
    }
    #expect(answers == "yynnyy")
  }

  @Test func twoFaultsStrikeOneAfterTheOther() throws {
    var disk = try FaultyDisk.furnished()
    disk.arm(StorageFaultRequest(.syncError(.dirty)))
    disk.arm(StorageFaultRequest(.syncError(.clean)))
    try FaultyDisk.overwrite(&disk, "n")
    for _ in 0..<2 { #expect(throws: FileError.self) { try disk.perform(.syncFile("f")) } }
    try disk.perform(.syncFile("f"))
    #expect(try FaultyDisk.onMedium(disk) == "o")
  }

  @Test func anArmedFaultMakesDisksDifferAndDisarmingMakesThemEqual() throws {
    let plain = try FaultyDisk.furnished()
    for fault in [StorageFault.lostWrite, .staleRead, .stall(.seconds(1)), .tornSectors(.old)] {
      var disk = plain
      disk.arm(StorageFaultRequest(fault))
      #expect(disk != plain)
      #expect(fingerprint(disk) != fingerprint(plain))
      disk.disarm()
      #expect(disk == plain)
      #expect(fingerprint(disk) == fingerprint(plain))
    }
  }

  @Test func damageStaysWhenTheDiskIsDisarmed() throws {
    var disk = try FaultyDisk.furnished()
    disk.arm(StorageFaultRequest(.lostWrite))
    try FaultyDisk.overwrite(&disk, "n")
    try disk.perform(.syncFile("f"))
    disk.disarm()
    #expect(try FaultyDisk.text(&disk) == "n")
    #expect(try FaultyDisk.onMedium(disk) == "o")
  }

  @Test(arguments: [
    ("log.1", "log.*", true), ("log.", "log.*", true), ("log", "log.*", false),
    ("d0/b1.tmp", "*.tmp", true), ("d0/b1", "d0/b1", true), ("d0/b10", "d0/b1", false),
    ("d0/b1", "*/b*", true), ("abcbc", "a*bc", true), ("abcbd", "a*bc", false), ("", "*", true),
    ("x", "", false), ("e\u{301}", "\u{e9}", false),
  ])
  func patterns(_ path: String, _ pattern: String, _ matches: Bool) {
    #expect(FilePattern(pattern).matches(path) == matches)
  }

  @Test func whatAPowerLossLeftOpenIsDecidedBeforeAFaultHasToDoWithIt() throws {
    var disk = try FaultyDisk.furnished()
    try FaultyDisk.overwrite(&disk, "n")
    disk.losePowerLeavingOpen()
    disk.arm(StorageFaultRequest(.lostWrite))
    #expect(disk.isOpen)
    let outcomes = try FaultyDisk.outcomes(disk) { disk in
      try FaultyDisk.overwrite(&disk, "x")
      #expect(!disk.isOpen)
      try disk.perform(.syncFile("f"))
      return try FaultyDisk.onMedium(disk)
    }
    #expect(outcomes == ["o", "n"])
  }

  private static let requests: [StorageFaultRequest] =
    PageAfterError.allCases.map { StorageFaultRequest(.syncError($0)) }
    + SectorRemains.allCases.map { StorageFaultRequest(.tornSectors($0)) }
    + [
      .readError, .writeError, .noSpace, .lostWrite, .misdirectedWrite, .bitRot(byte: nil),
      .staleRead, .stall(.seconds(1)),
    ].map { StorageFaultRequest($0) }

  private static let paths = ["f", "g", "d", "d/a", "d/e/a", "."]

  private func step(_ disk: inout VirtualDisk, _ stream: inout SeededStream) -> String {
    let path = Self.paths[stream.below(Self.paths.count)]
    let other = Self.paths[stream.below(Self.paths.count)]
    func perform(_ operation: FileOperation) -> String {
      do {
        try disk.perform(operation)
        return "done"
      } catch { return "\(error)" }
    }
    switch stream.below(16) {
    case 0: return perform(.create(path))
    case 1, 2, 3:
      let bytes = [UInt8](repeating: UInt8(97 + stream.below(26)), count: 1 + stream.below(9000))
      return perform(.write(path, offset: stream.below(5000), bytes: bytes))
    case 4: return perform(.truncate(path, size: stream.below(9000)))
    case 5: return perform(.rename(path, to: other))
    case 6: return perform(.link(path, to: other))
    case 7: return perform(.unlink(path))
    case 8: return perform(.makeDirectory(path))
    case 9, 10: return perform(.syncFile(path))
    case 11: return perform(.syncDirectory(path))
    case 12: return "\(disk.writeBack(limit: stream.below(4)))"
    case 13:
      let bytes = try? disk.read(path, offset: 0, count: .max)
      return bytes.map { "\(OpenDiskTests.string($0).hashable)" } ?? "refused"
    case 14:
      disk.arm(Self.requests[stream.below(Self.requests.count)])
      return "armed"
    default:
      if stream.below(3) > 0 { return "nothing" }
      disk.losePower { stream.below($0) }
      return "lost power"
    }
  }

  /// Random programs with every kind of fault: nothing traps, and the decisions of each step, given
  /// to another copy, lead to the same answers, the same faults and the same disk.
  @Test func decisionsReplay() throws {
    var struck: Set<StorageWord> = []
    for seed in 0..<400 as Range<UInt64> {
      let profile = PersistenceProfile.known[Int(seed) % PersistenceProfile.known.count]
      var program = SeededStream(seed: seed, name: "program")
      var drawn = try FaultyDisk.furnished(2, profile)
      var replayed = drawn
      var outcomes: SeededStream? = SeededStream(seed: seed, name: "outcomes")
      for _ in 0..<60 {
        drawn.beginDecisions(given: [], drawing: outcomes)
        var again = program
        let answer = step(&drawn, &program)
        outcomes = drawn.decisionStream
        replayed.beginDecisions(given: drawn.takenDecisions.map(\.choice))
        #expect(step(&replayed, &again) == answer)
        #expect(replayed.takenDecisions == drawn.takenDecisions)
        #expect(replayed.struckFaults == drawn.struckFaults)
        struck.formUnion(drawn.struckFaults.map(\.word))
      }
      #expect(drawn == replayed, "seed \(seed)")
      #expect(fingerprint(drawn) == fingerprint(replayed))
      drawn.syncAll()
    }
    #expect(struck == Set(StorageWord.allCases).subtracting([.stall]))
  }

  private func fingerprint(_ disk: VirtualDisk) -> UInt64 {
    var hasher = StableHasher()
    hasher.combine(disk)
    return hasher.finalize()
  }
}

extension String {
  /// A short stand-in for a long text.
  fileprivate var hashable: UInt64 {
    var hasher = StableHasher()
    hasher.combine(self)
    return hasher.finalize()
  }
}

import DiskSimulation
import SimulationKernel
import Testing

/// A record of several blocks that carries a checksum is old, new or torn.
@Suite struct ChecksummedRecordTests {
  private static let blocks = 4

  /// Two records of four blocks: the first durable and overwritten, the second appended.
  private func disk(_ profile: PersistenceProfile = .standard) throws -> VirtualDisk {
    var disk = VirtualDisk(profile: profile)
    try disk.perform(.create("log"))
    try disk.perform(.write("log", offset: 0, bytes: SmallProgram.fill("o", blocks: Self.blocks)))
    disk.syncAll()
    try disk.perform(.write("log", offset: 0, bytes: SmallProgram.fill("n", blocks: Self.blocks)))
    return disk
  }

  /// What a reader that checks sees of the first record.
  private func check(_ disk: inout VirtualDisk) -> String {
    let record = (try? disk.read("log", offset: 0, count: Self.blocks * blockSize)) ?? []
    for letter in ["o", "n"] as [Character]
    where record == SmallProgram.fill(letter, blocks: Self.blocks) {
      return "\(letter)"
    }
    return "torn"
  }

  private func outcomes(_ disk: VirtualDisk) -> [String] {
    var open = disk
    open.losePowerLeavingOpen()
    var found: [String] = []
    _ = forEachRecovery(of: open) { found.append(self.check(&$0)) }
    return found
  }

  @Test func isOldNewOrTornInsteadOfEveryMixture() throws {
    var disk = try disk()
    let exact = outcomes(disk)
    #expect(exact.count == 16 && Set(exact) == ["o", "n", "torn"])
    disk.declareChecksummed("log", recordSize: Self.blocks * blockSize)
    #expect(outcomes(disk) == ["o", "n", "torn"])
    disk.declareChecksummed("log", recordSize: 0)
    #expect(outcomes(disk).count == 16)
  }

  @Test func otherFilesAndOneBlockRecordsAreAsBefore() throws {
    var disk = try disk()
    disk.declareChecksummed("other", recordSize: Self.blocks * blockSize)
    disk.declareChecksummed("log", recordSize: blockSize)
    #expect(outcomes(disk).count == 16)
  }

  @Test func tornKeepsTheOrderOfTheProfile() throws {
    var disk = try disk(.ext3Journal)
    disk.declareChecksummed("log", recordSize: Self.blocks * blockSize)
    #expect(outcomes(disk) == ["o", "n", "torn"])
    try disk.perform(.syncFile("log"))
    #expect(outcomes(disk) == ["n"])
  }

  @Test func anUnsyncedTailOfRecordsIsScannedInFewLeaves() throws {
    var disk = VirtualDisk()
    try disk.perform(.create("log"))
    disk.syncAll()
    for record in 0..<4 {
      try disk.perform(
        .write(
          "log", offset: record * 2 * blockSize,
          bytes: SmallProgram.fill("n", blocks: 2)))
    }
    disk.declareChecksummed("log", recordSize: 2 * blockSize)
    disk.losePowerLeavingOpen()
    var found = Set<Int>()
    let summary = forEachRecovery(of: disk) { disk in
      var good = 0
      while (try? disk.read("log", offset: good * 2 * blockSize, count: 2 * blockSize))
        == SmallProgram.fill("n", blocks: 2)
      {
        good += 1
      }
      found.insert(good)
    }
    #expect(found == [0, 1, 2, 3, 4])
    #expect(summary.leaves < 100)
  }
}

/// Decisions of a handler's copy, adopted by the disk that it was copied from.
@Suite struct AdoptedDecisionTests {
  @Test func effectsAfterAdoptionDecideNothing() throws {
    for disk in try OpenDiskTests.disks(.standard, calls: 2).disks {
      var open = disk
      open.losePowerLeavingOpen()
      _ = forEachRecovery(of: open) { copy in
        _ = OpenDiskTests.repair(&copy)
        var original = open
        original.adopt(copy.takenFacts)
        original.beginDecisions(given: [])
        _ = OpenDiskTests.repair(&original)
        #expect(original.takenDecisions.isEmpty)
        #expect(original == copy)
      }
    }
  }
}

import DiskSimulation
import SimulationKernel
import Testing

/// An fsync that fails: what the page cache, the disk and the next fsync make of it.
@Suite struct FailedSyncTests {
  private func armed(
    _ page: PageAfterError, blocks: Int = 1, _ profile: PersistenceProfile = .standard
  ) throws -> VirtualDisk {
    var disk = try FaultyDisk.furnished(blocks, profile)
    disk.arm(StorageFaultRequest(.syncError(page)))
    return disk
  }

  @Test(arguments: PageAfterError.allCases)
  func failsOnceAndSaysWhatFailed(_ page: PageAfterError) throws {
    var disk = try armed(page)
    try FaultyDisk.overwrite(&disk, "n")
    #expect(throws: FileError.inputOutput("f")) { try disk.perform(.syncFile("f")) }
    #expect(disk.struckFaults.map(\.word) == [.syncError])
    #expect(disk.struckFaults.map(\.text) == ["fsync of f fails with EIO, page \(page.rawValue)"])
    #expect(disk.armedFaults == [])
    try disk.perform(.syncFile("f"))
  }

  @Test func withACleanPageTheSecondSyncSucceedsAndThePowerLossLosesTheData() throws {
    var disk = try armed(.clean)
    try FaultyDisk.overwrite(&disk, "n")
    #expect(throws: FileError.self) { try disk.perform(.syncFile("f")) }
    #expect(try FaultyDisk.text(&disk) == "n")
    #expect(disk.pendingCount == 0)
    try disk.perform(.syncFile("f"))
    #expect(try FaultyDisk.text(&disk) == "n")
    #expect(try FaultyDisk.onMedium(disk) == "o")
    disk.losePower { _ in 0 }
    #expect(try FaultyDisk.text(&disk) == "o")
  }

  @Test func aCleanPageThatIsWrittenAgainIsWrittenEntirely() throws {
    var disk = try armed(.clean)
    try FaultyDisk.overwrite(&disk, "n")
    #expect(throws: FileError.self) { try disk.perform(.syncFile("f")) }
    try disk.perform(.write("f", offset: 10, bytes: [UInt8(ascii: "x")]))
    try disk.perform(.syncFile("f"))
    #expect(try FaultyDisk.onMedium(disk) == "nxn|")
  }

  @Test func withADirtyPageTheSecondSyncTriesAgain() throws {
    var disk = try armed(.dirty)
    try FaultyDisk.overwrite(&disk, "n")
    #expect(throws: FileError.self) { try disk.perform(.syncFile("f")) }
    #expect(disk.pendingCount == 1)
    #expect(try FaultyDisk.onMedium(disk) == "o")
    try disk.perform(.syncFile("f"))
    #expect(try FaultyDisk.onMedium(disk) == "n")
  }

  @Test func withARevertedPageReadsSeeTheOldContent() throws {
    var disk = try armed(.reverted)
    try FaultyDisk.overwrite(&disk, "n")
    try disk.perform(.write("f", offset: blockSize, bytes: SmallProgram.fill("m", blocks: 1)))
    let outcomes = try FaultyDisk.outcomes(disk) { disk in
      #expect(throws: FileError.inputOutput("f")) { try disk.perform(.syncFile("f")) }
      let seen = try FaultyDisk.text(&disk)
      try disk.perform(.syncFile("f"))
      #expect(try FaultyDisk.onMedium(disk) == seen)
      return seen
    }
    // The first block could not be written, or the second; the rest, with the size, has reached the
    // disk or not.
    #expect(outcomes == ["o", "om", "n0"])
  }

  /// Of two blocks one could not be written; the other has reached the disk, or is still pending.
  @Test(
    arguments: zip(PageAfterError.allCases, [["on", "no", "nn"], ["nn"], ["on", "no", "oo"]]))
  func oneBlockFails(_ page: PageAfterError, _ expected: [String]) throws {
    var disk = try armed(page, blocks: 2)
    try FaultyDisk.overwrite(&disk, block: 0, "n")
    try FaultyDisk.overwrite(&disk, block: 1, "n")
    let outcomes = try FaultyDisk.outcomes(disk) { disk in
      #expect(throws: FileError.inputOutput("f")) { try disk.perform(.syncFile("f")) }
      let seen = try FaultyDisk.text(&disk)
      #expect(page == .reverted || seen == "nn")
      #expect(try ["oo", "on", "no"].contains(FaultyDisk.onMedium(disk)))
      try disk.perform(.syncFile("f"))
      return try FaultyDisk.onMedium(disk)
    }
    #expect(outcomes == Set(expected).subtracting(page == .clean ? ["nn"] : []))
  }

  /// A file that grows keeps its size; the block that could not be written is what the disk held.
  @Test func aCleanPageBehindTheEndReadsAsZerosAfterThePowerLoss() throws {
    for profile in PersistenceProfile.known where profile.name != "synchronous" {
      var disk = try armed(.clean, profile)
      try disk.perform(.write("f", offset: blockSize, bytes: SmallProgram.fill("n", blocks: 1)))
      let outcomes = try FaultyDisk.outcomes(disk) { disk in
        #expect(throws: FileError.inputOutput("f")) { try disk.perform(.syncFile("f")) }
        try disk.perform(.syncFile("f"))
        #expect(try FaultyDisk.text(&disk) == "on")
        return try FaultyDisk.onMedium(disk)
      }
      #expect(outcomes == ["o0"], "\(profile.name)")
    }
  }

  @Test func namesStayPendingAndTheNextSyncForcesThem() throws {
    for page in PageAfterError.allCases {
      var disk = try armed(page)
      try disk.perform(.create("g"))
      #expect(throws: FileError.inputOutput(".")) { try disk.perform(.syncDirectory(".")) }
      #expect(try disk.list(".") == ["f", "g"])
      #expect(disk.pendingCount == 1)
      try disk.perform(.syncDirectory("."))
      var crashed = disk
      try crashed.losePower(.losingAll)
      #expect(try crashed.list(".") == ["f", "g"])
    }
  }

  @Test func aSyncWithNothingToWriteDoesNotFail() throws {
    var disk = try armed(.clean)
    try disk.perform(.syncFile("f"))
    try disk.perform(.syncDirectory("."))
    #expect(throws: FileError.notFound("none")) { try disk.perform(.syncFile("none")) }
    #expect(disk.armedFaults.count == 1)
    #expect(disk.struckFaults == [])
  }

  @Test func otherFilesAreLeftAlone() throws {
    var disk = try armed(.clean)
    try disk.perform(.create("g"))
    try disk.perform(.write("g", offset: 0, bytes: SmallProgram.fill("g", blocks: 1)))
    try FaultyDisk.overwrite(&disk, "n")
    #expect(throws: FileError.self) { try disk.perform(.syncFile("f")) }
    try disk.perform(.syncFile("g"))
    try disk.perform(.syncDirectory("."))
    #expect(try FaultyDisk.onMedium(disk, "g") == "g")
  }

  /// What an ordered profile puts after the block that failed stays behind it.
  @Test func whatRequiresTheBlockHasNotReachedTheDisk() throws {
    var disk = try armed(.dirty, blocks: 2, .ext3Journal)
    try FaultyDisk.overwrite(&disk, block: 0, "n")
    try FaultyDisk.overwrite(&disk, block: 1, "n")
    let outcomes = try FaultyDisk.outcomes(disk) { disk in
      #expect(throws: FileError.inputOutput("f")) { try disk.perform(.syncFile("f")) }
      return try FaultyDisk.onMedium(disk)
    }
    #expect(outcomes == ["oo", "no"])
  }

  @Test func aWriteOfTwoBlocksInOnePieceLosesOneOfThem() throws {
    var disk = try armed(.clean, blocks: 2, .aliceCodeWhole)
    try disk.perform(.write("f", offset: 0, bytes: SmallProgram.fill("n", blocks: 2)))
    let outcomes = try FaultyDisk.outcomes(disk) { disk in
      #expect(throws: FileError.inputOutput("f")) { try disk.perform(.syncFile("f")) }
      try disk.perform(.syncFile("f"))
      #expect(try FaultyDisk.text(&disk) == "nn")
      return try FaultyDisk.onMedium(disk)
    }
    #expect(outcomes == ["on", "no"])
  }
}

import DiskSimulation
import SimulationKernel
import Testing

/// For each kind of crash and sync: what it does, and what it does not do.
@Suite struct PowerLossTests {
  private let old = SmallProgram.fill("o", blocks: 1)
  private let new = SmallProgram.fill("n", blocks: 1)

  /// The image after a power loss that loses what may be lost.
  private func worst(_ disk: VirtualDisk) throws -> String {
    var crashed = disk
    try crashed.losePower(.losingAll)
    #expect(crashed.pendingCount == 0)
    return try image(of: crashed)
  }

  @Test func aProcessCrashLosesNothingAndForcesNothing() throws {
    var disk = VirtualDisk()
    try disk.perform(.create("a"))
    let before = disk
    disk.crashProcess()
    #expect(disk == before)
    #expect(disk.pendingCount == 1)
  }

  @Test func nothingSurvivesThatWasNotForced() throws {
    var disk = VirtualDisk()
    try disk.perform(.create("a"))
    try disk.perform(.write("a", offset: 0, bytes: new))
    #expect(try worst(disk) == "")
  }

  @Test func syncOfAFileDoesNotPersistItsName() throws {
    var disk = VirtualDisk()
    try disk.perform(.create("a"))
    try disk.perform(.write("a", offset: 0, bytes: new))
    try disk.perform(.syncFile("a"))
    #expect(disk.pendingMicroOperations.map(\.description) == ["entry a"])
    #expect(try worst(disk) == "")
    try disk.perform(.syncDirectory("."))
    #expect(try worst(disk) == "a=n")
  }

  @Test func syncOfADirectoryDoesNotPersistDataNorOtherDirectories() throws {
    var disk = VirtualDisk()
    try disk.perform(.makeDirectory("d"))
    try disk.perform(.create("d/inner"))
    try disk.perform(.create("a"))
    try disk.perform(.write("a", offset: 0, bytes: new))
    try disk.perform(.syncDirectory("."))
    #expect(disk.pendingMicroOperations.map(\.kind) == [.entry, .size, .garbage, .data])
    var crashed = disk
    try crashed.losePower(.losingAll)
    #expect(try crashed.size(of: "a") == 0)
    #expect(try crashed.list("d") == [])
  }

  @Test func anEntryInALostDirectoryIsLostWithIt() throws {
    var disk = VirtualDisk()
    try disk.perform(.makeDirectory("d"))
    try disk.perform(.create("d/inner"))
    try disk.perform(.syncDirectory("d"))
    #expect(try worst(disk) == "")
    try disk.perform(.syncDirectory("."))
    var crashed = disk
    try crashed.losePower(.losingAll)
    #expect(try crashed.list("d") == ["inner"])
  }

  @Test func renameWithoutSyncOfTheDirectoryMayBeLost() throws {
    var disk = try SmallProgram.start()
    try disk.perform(.create("tmp"))
    try disk.perform(.write("tmp", offset: 0, bytes: new))
    try disk.perform(.syncFile("tmp"))
    try disk.perform(.rename("tmp", to: "f"))
    #expect(try image(of: disk) == "f=n")
    #expect(try worst(disk) == "f=oo")
    try disk.perform(.syncDirectory("."))
    #expect(try worst(disk) == "f=n")
  }

  @Test func renameWithoutSyncOfTheFileMayLeaveItEmpty() throws {
    var disk = try SmallProgram.start()
    try disk.perform(.create("tmp"))
    try disk.perform(.write("tmp", offset: 0, bytes: new))
    try disk.perform(.rename("tmp", to: "f"))
    try disk.perform(.syncDirectory("."))
    #expect(try worst(disk) == "f=")
  }

  /// A rename between directories is one micro-operation: a sync of either forces all of it, also
  /// when the older creation of its source is still pending.
  @Test(arguments: ["a", "b"])
  func syncOfEitherParentForcesARenameBetweenThem(_ synced: String) throws {
    var disk = VirtualDisk()
    try disk.perform(.makeDirectory("a"))
    try disk.perform(.makeDirectory("b"))
    disk.syncAll()
    try disk.perform(.create("a/x"))
    try disk.perform(.rename("a/x", to: "b/x"))
    try disk.perform(.syncDirectory(synced))
    for outcome in [CrashOutcome.losingAll, .keepingAll] {
      var crashed = disk
      try crashed.losePower(outcome)
      #expect(try crashed.list("a") == [])
      #expect(try crashed.list("b") == ["x"])
    }
  }

  /// The file has no durable name and no visible one, but a pending entry still names it.
  @Test func contentsLastAsLongAsAPendingEntryNamesThem() throws {
    var disk = try SmallProgram.start()
    try disk.perform(.makeDirectory("e"))
    disk.syncAll()
    try disk.perform(.link("f", to: "e/f"))
    try disk.perform(.unlink("f"))
    try disk.perform(.unlink("e/f"))
    try disk.perform(.syncDirectory("."))
    #expect(
      disk.pendingMicroOperations.map(\.kind) == [.entry, .truncation, .truncation, .removal])
    try disk.losePower(keeping: [0])
    #expect(try disk.read("e/f", offset: 0, count: 9000) == SmallProgram.fill("o", blocks: 2))
  }

  @Test func bytesOfAnAppendMayBeGarbageOrZerosOrInvisible() throws {
    var disk = try SmallProgram.start()
    try disk.perform(.write("f", offset: 8192, bytes: new))
    let pending = disk.pendingMicroOperations
    #expect(
      pending.map(\.description) == [
        "size f 12288", "garbage f 8192..<12288", "data f 8192..<12288",
      ])
    let images = try [[], [0], [0, 1], [0, 1, 2], [0, 2], [1, 2]].map { places in
      var crashed = disk
      try crashed.losePower(keeping: places)
      return try image(of: crashed)
    }
    #expect(images == ["f=oo", "f=oo0", "f=oo?", "f=oon", "f=oon", "f=oo"])
  }

  /// What lay beyond the end at the power loss is gone, not hidden.
  @Test func invisibleDataDoesNotReturnWhenTheFileGrows() throws {
    var disk = try SmallProgram.start()
    try disk.perform(.write("f", offset: 8192, bytes: new))
    try disk.losePower(keeping: [2])
    try disk.perform(.truncate("f", size: 12288))
    try disk.losePower(keeping: [0])
    #expect(try image(of: disk) == "f=oo0")
  }

  @Test func blocksOfAnOverwriteAreIndependentAndDoNotTear() throws {
    var disk = try SmallProgram.start()
    try disk.perform(.write("f", offset: 2048, bytes: new))
    let images = try subsets(of: disk.pendingCount).map { places in
      var crashed = disk
      try crashed.losePower(keeping: places)
      let bytes = try crashed.read("f", offset: 0, count: 8192)
      return stride(from: 0, to: 8192, by: 2048).map {
        String(UnicodeScalar(bytes[$0])) + String(UnicodeScalar(bytes[$0 + 2047]))
      }.joined()
    }
    #expect(images == ["oooooooo", "oonnoooo", "oooonnoo", "oonnnnoo"])
  }

  @Test func truncationIsPendingUntilTheFileIsSynced() throws {
    var disk = try SmallProgram.start()
    try disk.perform(.truncate("f", size: 100))
    #expect(
      disk.pendingMicroOperations.map(\.description) == [
        "truncation f 8192 to 4096", "truncation f 4096 to 100",
      ])
    #expect(try worst(disk) == "f=oo")
    try disk.perform(.syncFile("f"))
    var crashed = disk
    try crashed.losePower(.losingAll)
    #expect(try crashed.size(of: "f") == 100)
  }

  @Test func aReplacedOrUnlinkedFileComesBackUntilItsDirectoryIsSynced() throws {
    var disk = try SmallProgram.start()
    try disk.perform(.unlink("f"))
    #expect(
      disk.pendingMicroOperations.map(\.kind) == [.truncation, .truncation, .removal])
    #expect(try worst(disk) == "f=oo")
    try disk.perform(.syncDirectory("."))
    #expect(try worst(disk) == "")
  }

  @Test func unlinkOfOneOfTwoNamesDoesNotTruncate() throws {
    var disk = try SmallProgram.start()
    try disk.perform(.link("f", to: "g"))
    try disk.perform(.unlink("f"))
    #expect(disk.pendingMicroOperations.map(\.kind) == [.entry, .removal])
    var crashed = disk
    try crashed.losePower(keeping: [0])
    #expect(try image(of: crashed) == "f=oo g=oo")
    crashed = disk
    try crashed.losePower(keeping: [1])
    #expect(try image(of: crashed) == "")
  }

  @Test func aSynchronousDiskForgetsNothing() throws {
    var disk = try SmallProgram.start(.synchronous)
    try disk.perform(.write("f", offset: 4096, bytes: SmallProgram.fill("n", blocks: 2)))
    try disk.perform(.rename("f", to: "g"))
    #expect(disk.pendingCount == 0)
    #expect(try worst(disk) == "g=onn")
  }

  @Test func aDiskThatLostPowerIsAsGoodAsAnyOther() throws {
    var disk = try SmallProgram.start()
    try disk.perform(.create("tmp"))
    try disk.perform(.write("tmp", offset: 0, bytes: new))
    try disk.losePower(.losingAll)
    #expect(disk == (try SmallProgram.start()))
    try disk.perform(.create("tmp"))
    #expect(try disk.size(of: "tmp") == 0)
    #expect(try disk.read("f", offset: 0, count: 4096) == old)
  }
}

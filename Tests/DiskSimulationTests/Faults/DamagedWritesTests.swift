import DiskSimulation
import SimulationKernel
import Testing

/// Writes that a disk acknowledges without carrying them out, or carries out elsewhere.
@Suite struct DamagedWritesTests {
  private func armed(
    _ fault: StorageFault, blocks: Int = 1, file: String? = nil,
    _ profile: PersistenceProfile = .standard
  ) throws -> VirtualDisk {
    var disk = try FaultyDisk.furnished(blocks, profile)
    disk.arm(StorageFaultRequest(fault, file: file.map { FilePattern($0) }))
    return disk
  }

  @Test func aLostWriteIsReadFromTheCacheUntilThePowerLoss() throws {
    var disk = try armed(.lostWrite)
    try FaultyDisk.overwrite(&disk, "n")
    #expect(disk.struckFaults == [])
    try disk.perform(.syncFile("f"))
    #expect(disk.struckFaults.map(\.text) == ["write of f block 0 is lost"])
    #expect(disk.pendingCount == 0)
    #expect(try FaultyDisk.text(&disk) == "n")
    disk.crashProcess()
    #expect(try FaultyDisk.text(&disk) == "n")
    try disk.perform(.syncFile("f"))
    disk.losePower { _ in 0 }
    #expect(try FaultyDisk.text(&disk) == "o")
  }

  @Test func aLostPageThatIsWrittenAgainIsWrittenEntirely() throws {
    var disk = try armed(.lostWrite)
    try FaultyDisk.overwrite(&disk, "n")
    try disk.perform(.syncFile("f"))
    try disk.perform(.write("f", offset: 0, bytes: [UInt8(ascii: "x")]))
    try disk.perform(.syncFile("f"))
    #expect(try FaultyDisk.onMedium(disk) == "xn|")
  }

  @Test func oneBlockIsLostAndTheOthersArrive() throws {
    for profile in PersistenceProfile.known {
      var disk = try FaultyDisk.furnished(1, profile)
      disk.arm(StorageFaultRequest(.lostWrite))
      let outcomes = try FaultyDisk.outcomes(disk) { disk in
        try disk.perform(.write("f", offset: 0, bytes: SmallProgram.fill("n", blocks: 3)))
        try disk.perform(.syncFile("f"))
        #expect(disk.struckFaults.count == 1)
        #expect(try FaultyDisk.text(&disk) == "nnn")
        return try FaultyDisk.onMedium(disk)
      }
      #expect(outcomes == ["onn", "n0n", "nn0"], "\(profile.name)")
    }
  }

  @Test func writeBackLosesWritesToo() throws {
    var disk = try armed(.lostWrite)
    try FaultyDisk.overwrite(&disk, "n")
    disk.writeBack(limit: 8)
    #expect(disk.struckFaults.map(\.word) == [.lostWrite])
    #expect(try FaultyDisk.onMedium(disk) == "o")
  }

  @Test func namesAreNotLost() throws {
    var disk = try armed(.lostWrite)
    try disk.perform(.create("g"))
    try disk.perform(.syncDirectory("."))
    #expect(disk.armedFaults.count == 1)
    try disk.losePower(.losingAll)
    #expect(try disk.list(".") == ["f", "g"])
  }

  @Test func aMisdirectedWriteLandsOnAnotherBlockOfTheDisk() throws {
    var disk = try FaultyDisk.furnished(2)
    try disk.perform(.create("g"))
    try disk.perform(.write("g", offset: 0, bytes: Array("gg".utf8)))
    try disk.perform(.syncFile("g"))
    try disk.perform(.syncDirectory("."))
    disk.arm(StorageFaultRequest(.misdirectedWrite, file: FilePattern("f")))
    try FaultyDisk.overwrite(&disk, block: 0, "n")
    let outcomes = try FaultyDisk.outcomes(disk) { disk in
      try disk.perform(.syncFile("f"))
      #expect(disk.struckFaults.count == 1)
      #expect(try FaultyDisk.text(&disk) == "no")
      #expect(try FaultyDisk.text(&disk, "g") == "g")
      return try FaultyDisk.onMedium(disk) + "," + FaultyDisk.onMedium(disk, "g")
    }
    // It keeps the size of the file that it lands on.
    #expect(outcomes == ["on,g", "oo,n"])
    try disk.perform(.syncFile("f"))
    #expect(try disk.size(of: "g") == 2)
  }

  @Test func withNowhereElseToLandNothingIsMisdirected() throws {
    var disk = try armed(.misdirectedWrite)
    try FaultyDisk.overwrite(&disk, "n")
    try disk.perform(.syncFile("f"))
    #expect(disk.armedFaults.count == 1)
    #expect(try FaultyDisk.onMedium(disk) == "n")
  }

  @Test func onlyFilesOfThePatternAreHit() throws {
    for fault in [StorageFault.lostWrite, .misdirectedWrite] {
      var disk = try armed(fault, blocks: 2, file: "log.*")
      try FaultyDisk.overwrite(&disk, "n")
      try disk.perform(.syncFile("f"))
      #expect(disk.armedFaults.count == 1)
      #expect(try FaultyDisk.onMedium(disk) == "no")
    }
  }
}

import DiskSimulation
import SimulationKernel
import Testing

/// Sectors of 512 bytes tear, of what was pending when the power failed, and of nothing else.
@Suite struct TornSectorsTests {
  /// Two sectors of a durable block, overwritten and not forced.
  private func overwritten(_ profile: PersistenceProfile = .standard) throws -> VirtualDisk {
    var disk = try FaultyDisk.furnished(1, profile)
    try disk.perform(
      .write("f", offset: 512, bytes: [UInt8](repeating: UInt8(ascii: "n"), count: 1024)))
    return disk
  }

  /// What the two sectors can hold after a power loss.
  private func sectors(_ disk: VirtualDisk) throws -> Set<String> {
    let images = try #require(disk.crashImages(limit: 10_000)).images
    return Set(
      try images.map { image in
        var image = image
        let bytes = try image.read("f", offset: 0, count: .max)
        // What the write did not touch is as it was.
        #expect(bytes[..<512].allSatisfy { $0 == UInt8(ascii: "o") })
        #expect(bytes[1536...].allSatisfy { $0 == UInt8(ascii: "o") })
        return OpenDiskTests.string([512, 1024].map { bytes[$0] })
      })
  }

  @Test(
    arguments: zip(
      SectorRemains.allCases,
      [
        ["oo", "on", "no", "nn"],
        ["oo", "on", "no", "nn", "00", "0n", "n0", "o0", "0o"],
        ["oo", "on", "no", "nn", "??", "?n", "n?", "o?", "?o"],
      ]))
  func eachSectorIsNewOrWhatRemains(_ remains: SectorRemains, _ expected: [String]) throws {
    var disk = try overwritten()
    #expect(try sectors(disk) == ["oo", "nn"])
    let isTorn = disk.tearPending(remains)
    #expect(isTorn)
    #expect(try sectors(disk) == Set(expected))
  }

  @Test func nothingTearsThatIsDurable() throws {
    var disk = try overwritten()
    try disk.perform(.syncFile("f"))
    let before = disk
    let isTorn = disk.tearPending(.garbage)
    #expect(!isTorn)
    #expect(disk == before)
    #expect(try sectors(disk) == ["nn"])
  }

  @Test func namesAndSizesDoNotTear() throws {
    var disk = try FaultyDisk.furnished()
    try disk.perform(.create("g"))
    try disk.perform(.truncate("f", size: 100))
    let isTorn = disk.tearPending(.zeros)
    #expect(!isTorn)
  }

  @Test func aSectorIsNotTornWithin() throws {
    var disk = try FaultyDisk.furnished()
    try disk.perform(
      .write("f", offset: 1000, bytes: Array(repeating: UInt8(ascii: "n"), count: 24)))
    let isTorn = disk.tearPending(.old)
    #expect(isTorn)
    #expect(disk.crashImages(limit: 100)?.images.count == 2)
  }

  /// A file system that journals data, or copies it, hides what the device does to a block.
  @Test func journaledAndCopiedBlocksDoNotTear() throws {
    for profile in PersistenceProfile.known where profile.durability == .whenForced {
      var disk = try overwritten(profile)
      let hides = ["ext3-j", "btrfs"].contains(profile.name)
      let isTorn = disk.tearPending(.old)
      #expect(isTorn == !hides, "\(profile.name)")
      #expect(try sectors(disk).count == (hides ? 2 : 4), "\(profile.name)")
    }
  }

  @Test func theArmedFaultStrikesTheNextPowerLossOnly() throws {
    var disk = try FaultyDisk.furnished()
    disk.arm(StorageFaultRequest(.tornSectors(.garbage)))
    // With nothing pending there is nothing to tear.
    disk.losePower { _ in 0 }
    #expect(disk.armedFaults.count == 1 && disk.struckFaults == [])
    try FaultyDisk.overwrite(&disk, "n")
    disk.losePower { count in count - 1 }
    #expect(disk.struckFaults.map(\.word) == [.tornSectors])
    #expect(try FaultyDisk.text(&disk) == "n")
    disk.beginDecisions(given: [])
    try FaultyDisk.overwrite(&disk, "x")
    var seen: Set<String> = []
    for seed in 0..<50 as Range<UInt64> {
      var stream = SeededStream(seed: seed, name: "loss")
      var crashed = disk
      crashed.losePower { stream.below($0) }
      seen.insert(try FaultyDisk.text(&crashed))
    }
    #expect(seen == ["n", "x"])
  }

  @Test func aDrawnPowerLossTearsBlocksAndKeepsOthersWhole() throws {
    var disk = try FaultyDisk.furnished(3)
    for block in 0..<3 { try FaultyDisk.overwrite(&disk, block: block, "n") }
    try disk.perform(.syncFile("f"))
    for block in 0..<2 { try FaultyDisk.overwrite(&disk, block: block, "x") }
    disk.arm(StorageFaultRequest(.tornSectors(.old)))
    var torn = 0
    for seed in 0..<100 as Range<UInt64> {
      var stream = SeededStream(seed: seed, name: "loss")
      var crashed = disk
      crashed.losePower { stream.below($0) }
      let bytes = try crashed.read("f", offset: 0, count: .max)
      #expect(bytes[(2 * blockSize)...].allSatisfy { $0 == UInt8(ascii: "n") })
      for start in stride(from: 0, to: bytes.count, by: sectorSize) {
        #expect(Set(bytes[start..<start + sectorSize]).count == 1)
      }
      if Set(bytes[..<blockSize]).count == 2 { torn += 1 }
    }
    #expect(torn > 20)
  }

  /// With what reading decides there are as many outcomes as over all closed sets; a file that
  /// declares its records has three.
  @Test(arguments: zip(SectorRemains.allCases, [4, 9, 9]))
  func readingDecidesSectors(_ remains: SectorRemains, _ count: Int) throws {
    var disk = try overwritten()
    disk.arm(StorageFaultRequest(.tornSectors(remains)))
    func records(_ disk: VirtualDisk) throws -> [String] {
      var open = disk
      open.losePowerLeavingOpen()
      #expect(open.struckFaults.map(\.word) == [.tornSectors])
      var found: [String] = []
      _ = try forEachRecovery(of: open) { (disk: inout VirtualDisk) throws in
        let bytes = try disk.read("f", offset: 512, count: 1024)
        found.append(Set(bytes).count == 1 ? OpenDiskTests.string([bytes[0]]) : "torn")
      }
      return found
    }
    let exact = try records(disk)
    #expect(exact.count == count)
    disk.declareChecksummed("f", recordSize: blockSize)
    let declared = try records(disk)
    #expect(Set(declared) == Set(exact))
    #expect(declared.count == Set(exact).count)
  }

  /// What follows a write in an ordered profile follows all its sectors.
  @Test func orderIsKept() throws {
    var disk = try FaultyDisk.furnished(1, .ext3Ordered)
    try FaultyDisk.overwrite(&disk, "n")
    try disk.perform(.rename("f", to: "g"))
    let isTorn = disk.tearPending(.old)
    #expect(isTorn)
    let images = try #require(disk.crashImages(limit: 10_000)).images
    for image in images {
      var image = image
      if try image.list(".") == ["g"] { #expect(try FaultyDisk.text(&image, "g") == "n") }
    }
    #expect(images.count == 257)
  }
}
